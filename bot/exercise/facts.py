"""What happened: the lines of the log. Pure.

The log is the product: board, summary, report and replay are read from it, and each change of state is
explained by the facts written with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.exercise.model import Exercise
from bot.exercise.people import Person


class FactKind(StrEnum):
    """The kinds of fact, as the record names them."""

    CREATED = "created"
    ROLE_GIVEN = "role_given"
    ROLE_TAKEN = "role_taken"
    JOINED = "joined"
    UNBOUND = "unbound"
    CODE_RENEWED = "code_renewed"
    CODE_WITHDRAWN = "code_withdrawn"
    LEADER_APPOINTED = "leader_appointed"
    LEADER_REMOVED = "leader_removed"
    UNREACHABLE = "unreachable"
    REACHABLE = "reachable"
    LANGUAGE = "language"
    COMMCHECK = "commcheck"
    COMMCHECK_ANSWERED = "commcheck_answered"
    SCHEDULED = "scheduled"
    STARTEX = "startex"
    PAUSED = "paused"
    REALWORLD = "realworld"
    REALWORLD_AGAIN = "realworld_again"
    RESUMED = "resumed"
    ENDEX = "endex"
    ABORTED = "aborted"
    PHASE = "phase"
    SITUATION = "situation"
    TRIGGERED = "triggered"
    ADDED = "added"
    ISSUED = "issued"
    ASKED = "asked"
    HELD = "held"
    RELEASED = "released"
    SKIPPED = "skipped"
    DELAYED = "delayed"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    NOT_SENT = "not_sent"
    RESENT = "resent"
    ACKNOWLEDGED = "acknowledged"
    PROGRESSED = "progressed"
    DECIDED = "decided"
    REPORTED = "reported"
    REPORT_GREW = "report_grew"
    CORRECTED = "corrected"
    REMINDED = "reminded"
    SILENT = "silent"
    UNDECIDED = "undecided"
    ESCALATED = "escalated"
    EVIDENCE_MISSING = "evidence_missing"
    NOTED = "noted"
    RATED = "rated"
    REFUSED = "refused"
    SUMMARISED = "summarised"
    HOT_WASH = "hot_wash"
    HOT_WASH_REMINDED = "hot_wash_reminded"
    HOT_WASH_NAMELESS = "hot_wash_nameless"
    HOT_WASH_RATED = "hot_wash_rated"
    HOT_WASH_ANSWERED = "hot_wash_answered"
    HOT_WASH_CLOSED = "hot_wash_closed"
    IMPROVEMENT = "improvement"
    IMPROVEMENT_WITHDRAWN = "improvement_withdrawn"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened at ``at``; ``inject`` and ``unit`` name what it changed."""

    at: datetime
    kind: FactKind
    actor: Person | None = None
    inject: str | None = None
    unit: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    """JSON values only."""

    @property
    def exact(self) -> bool:
        """Whether it happened at ``at``; otherwise that is only an upper bound, see :func:`bound`."""
        return self.detail.get("exact") is not False


def bound(*, exact: bool) -> dict[str, object]:
    """What the detail of a fact says where its moment is only an upper bound: out of a backlog, a press has no time."""
    return {} if exact else {"exact": False}


@dataclass(frozen=True, slots=True)
class Change:
    """An exercise after something happened, and the facts that say what.

    The facts name every inject and every delivery whose state differs (``ISSUED`` names all deliveries of its
    inject at once, ``HELD`` those alone that it keeps), so that storing what they name stores the whole change.
    """

    exercise: Exercise
    facts: tuple[Fact, ...] = ()

    def then(self, step: "Change") -> "Change":
        """This change followed by ``step``, which began where this one ended."""
        return Change(step.exercise, self.facts + step.facts)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A fact as the log keeps it: numbered from 1, with the exercise time, sealed by a hash over the one before."""

    seq: int
    exercise_seconds: float
    fact: Fact
    hash: str
    """SHA-256 in hexadecimal over the previous entry's hash and this entry, see :mod:`bot.exercise.sealing`."""
    salt: str = ""
    """Of its commitment; empty where nothing is personal, where that is erased, and in entries from before salts."""
    commitment: str = ""
    """What the seal holds in the place of what was erased; empty where nothing was."""
