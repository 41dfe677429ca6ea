"""The state of one exercise: frozen values. Pure.

An :class:`Exercise` holds an :class:`InjectRun` for each inject of its scenario (and each ad hoc one), which
holds a :class:`Delivery` for each unit that receives it. The functions of :mod:`bot.exercise.conduct` and
:mod:`bot.exercise.answers` turn one exercise into the next and say what happened as facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.exercise.people import Person, Place, Role, UnitSeat
from bot.exercise.timing import ExerciseClock
from scenarios.model import EvidenceKind, Inject, Scenario


class ExerciseState(StrEnum):
    """Where an exercise stands."""

    PREPARING = "preparing"
    RUNNING = "running"
    PAUSED = "paused"
    REALWORLD = "realworld"
    ENDED = "ended"
    ABORTED = "aborted"

    @property
    def is_under_way(self) -> bool:
        """Whether STARTEX has been and ENDEX has not."""
        return self in {ExerciseState.RUNNING, ExerciseState.PAUSED, ExerciseState.REALWORLD}

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen in it."""
        return self in {ExerciseState.ENDED, ExerciseState.ABORTED}


class InjectState(StrEnum):
    """Where an inject stands. Only ``WAITING``, ``ASKED`` and ``HELD`` can change."""

    WAITING = "waiting"
    """For its moment, or (a contingency inject) for a person or a condition."""
    ASKED = "asked"
    """Due, its gate undecided: the director has been asked whether to send it."""
    HELD = "held"
    """Came due during an interruption: the director has been asked what becomes of it."""
    ISSUED = "issued"
    SKIPPED = "skipped"


class Cause(StrEnum):
    """What makes an inject come due."""

    SCHEDULE = "schedule"
    DIRECTOR = "director"
    CHOICE = "choice"
    SILENCE = "silence"
    AD_HOC = "ad_hoc"


class DeliveryState(StrEnum):
    """What is known about the sending of an inject to a unit; ``sending`` is known to the outbox alone."""

    PENDING = "pending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def may_have_arrived(self) -> bool:
        """Whether the unit may be looking at the message."""
        return self in {DeliveryState.SENT, DeliveryState.UNCERTAIN}


class Timer(StrEnum):
    """What goes off while an answer is awaited."""

    REMIND = "remind"
    """A while before the acknowledgement's deadline."""
    SILENT = "silent"
    """At the acknowledgement's deadline."""
    ESCALATE = "escalate"
    """A while after it."""
    REMIND_DECISION = "remind_decision"
    """A while before the decision's deadline."""
    UNDECIDED = "undecided"
    """At the decision's deadline."""
    TEXT = "evidence_text"
    """At the deadline for evidence of that kind; the kinds follow."""
    PHOTO = "evidence_photo"
    LOCATION = "evidence_location"
    DOCUMENT = "evidence_document"
    VOICE = "evidence_voice"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The first acknowledgement by a unit. ``exact`` is false where ``at`` is only an upper bound.

    ``by_radio``: the unit answered by radio or telephone; ``by`` is who says so in the control room, and ``at`` is
    when, which tells nothing of how long the unit took.
    """

    at: datetime
    by: Person
    exact: bool = True
    by_radio: bool = False


@dataclass(frozen=True, slots=True)
class ProgressMark:
    """A one-tap state that a unit reported. ``exact`` is false where ``at`` is only an upper bound."""

    step: str
    at: datetime
    by: Person
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """The option that a leader chose. ``exact`` is false where ``at`` is only an upper bound."""

    option: str
    at: datetime
    by: Person
    reason: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """The first piece of one kind of evidence that a unit sent for an inject."""

    kind: EvidenceKind
    at: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class Delivery:
    """One inject to one unit."""

    inject: str
    unit: str
    reference: str
    """What the buttons carry: opaque, and without authority of its own."""
    due_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    why: str = ""
    """Why it failed or was skipped."""
    sent_at: datetime | None = None
    """When Telegram's answer came (or, uncertain, when the attempt ended)."""
    message_date: datetime | None = None
    message_id: int | None = None
    possible_duplicate: bool = False
    resent: int = 0
    """How often the director has had it sent again."""
    acknowledged: Acknowledgement | None = None
    progress: tuple[ProgressMark, ...] = ()
    choice: Choice | None = None
    evidence: tuple[EvidenceMark, ...] = ()
    """What has come of the evidence asked, each kind once."""
    rung: frozenset[Timer] = frozenset()
    """The timers that have gone off for it."""

    @property
    def answered(self) -> bool:
        """Whether the unit has said anything to it: then it has it, by whatever road."""
        return bool(self.acknowledged or self.progress or self.choice or self.evidence)

    def evolve(self, **changes: object) -> "Delivery":
        """This delivery with ``changes``."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the field names are checked by replace


@dataclass(frozen=True, slots=True)
class InjectRun:
    """One inject in one exercise.

    ``at`` is its offset as things stand: after delays, and for a contingency inject ``None`` until something
    fires it.
    """

    inject: Inject
    at: timedelta | None
    state: InjectState = InjectState.WAITING
    cause: Cause = Cause.SCHEDULE
    because: str = ""
    """The inject whose choice or silence fired it."""
    due_at: datetime | None = None
    issued_at: datetime | None = None
    why: str = ""
    """Why it was skipped."""
    silence_answered: bool = False
    """Whether its ``if_silent`` has been acted on."""
    settled: bool = False
    """Whether no timer of any of its deliveries can still go off."""
    deliveries: Mapping[str, Delivery] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The inject's id."""
        return self.inject.id

    @property
    def open(self) -> bool:
        """Whether it may still be issued."""
        return self.state in {InjectState.WAITING, InjectState.ASKED, InjectState.HELD}

    def with_delivery(self, delivery: Delivery) -> "InjectRun":
        """This run with ``delivery`` in the place of the one to the same unit."""
        return replace(self, deliveries={**self.deliveries, delivery.unit: delivery})

    def evolve(self, **changes: object) -> "InjectRun":
        """This run with ``changes``."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the field names are checked by replace


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody with a role in the control of the exercise."""

    person: Person
    role: Role


@dataclass(frozen=True, slots=True)
class Exercise:
    """One run of a scenario, whole."""

    number: int
    name: str
    scenario: Scenario
    control: Place
    language: str
    timezone: str
    created_at: datetime
    state: ExerciseState = ExerciseState.PREPARING
    clock: ExerciseClock = field(default_factory=ExerciseClock)
    scheduled_at: datetime | None = None
    situation: str | None = None
    phase: str | None = None
    summarised: bool = False
    """Whether the summary has been ordered."""
    participants: Mapping[int, Participant] = field(default_factory=dict)
    seats: Mapping[str, UnitSeat] = field(default_factory=dict)
    injects: Mapping[str, InjectRun] = field(default_factory=dict)

    def evolve(self, **changes: object) -> "Exercise":
        """This exercise with ``changes``."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the field names are checked by replace

    def with_run(self, run: InjectRun) -> "Exercise":
        """This exercise with ``run`` in the place of the one of the same inject."""
        return replace(self, injects={**self.injects, run.id: run})

    def with_delivery(self, delivery: Delivery) -> "Exercise":
        """This exercise with ``delivery`` in its place."""
        return self.with_run(self.injects[delivery.inject].with_delivery(delivery))

    def role_of(self, user_id: int) -> Role | None:
        """The role that a person has in the control of this exercise."""
        participant = self.participants.get(user_id)
        return participant.role if participant else None

    def seat_at(self, place: Place) -> UnitSeat | None:
        """The unit that sits at ``place``."""
        return next((seat for seat in self.seats.values() if seat.place == place), None)
