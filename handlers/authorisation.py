"""Who may do what, where: one table. What it does not list is denied.

Whether the state of the exercise allows it is the exercise's own to say; this is about people and chats.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Role
from handlers.request import Request


class AnonymousPerson(Refusal):
    """An anonymous administrator is nobody in particular: the command has to come from a person."""

    key = "reply.anonymous"


class DirectorOnly(Refusal):
    """Only the director may do that."""

    key = "reply.director_only"


class OwnerOnly(Refusal):
    """Only the owner may do that."""

    key = "reply.owner_only"


class NotAllowed(Refusal):
    """That is not this person's to do."""

    key = "reply.not_allowed"


class Deed(StrEnum):
    """Everything that somebody can ask for."""

    HELP = "help"
    WHOAMI = "whoami"
    SCENARIOS = "scenarios"
    NEW = "new"
    JOIN = "join"
    UNITS = "units"
    NEXT = "next"
    STARTEX = "startex"
    PAUSEX = "pausex"
    RESUMEX = "resumex"
    STATUS = "status"
    FIRE = "fire"
    SKIP = "skip"
    DELAY = "delay"
    ENDEX = "endex"
    ABORT = "abort"
    SUMMARY = "summary"
    ROLE = "role"
    LANGUAGE = "language"
    ACKNOWLEDGE = "ack"
    PROGRESS = "progress"
    DECIDE = "decide"
    REPORT = "sitrep"
    PENDING = "pending"
    LEADER = "leader"
    REALWORLD = "realworld"


class Standing(StrEnum):
    """What somebody is, for one deed in one chat."""

    OWNER = "owner"
    DIRECTOR = "director"
    CONTROLLER = "controller"
    OBSERVER = "observer"
    LEADER = "leader"
    MEMBER = "member"
    """Anybody else in a unit's chat."""
    STRANGER = "stranger"
    """Anybody else at all."""


_ANYONE = frozenset(Standing)
_STEERS = frozenset({Standing.OWNER, Standing.DIRECTOR})
_CONTROL = _STEERS | {Standing.CONTROLLER}
_WATCHES = _CONTROL | {Standing.OBSERVER}
_UNIT = frozenset({Standing.LEADER, Standing.MEMBER})


_HARMLESS = frozenset({Deed.HELP, Deed.WHOAMI})
"""What nobody in particular may ask, too."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do something, and the refusal for everybody else."""

    who: frozenset[Standing]
    refusal: type[Refusal] = NotAllowed


TABLE: Mapping[Deed, Rule] = {
    Deed.HELP: Rule(_ANYONE),
    Deed.WHOAMI: Rule(_ANYONE),
    Deed.LANGUAGE: Rule(_ANYONE),
    Deed.SCENARIOS: Rule(_CONTROL, DirectorOnly),
    Deed.NEW: Rule(_STEERS, OwnerOnly),
    Deed.JOIN: Rule(_ANYONE),
    Deed.UNITS: Rule(_WATCHES),
    Deed.NEXT: Rule(_WATCHES),
    Deed.STARTEX: Rule(_STEERS, DirectorOnly),
    Deed.PAUSEX: Rule(_STEERS, DirectorOnly),
    Deed.RESUMEX: Rule(_STEERS, DirectorOnly),
    Deed.STATUS: Rule(_WATCHES),
    Deed.FIRE: Rule(_STEERS, DirectorOnly),
    Deed.SKIP: Rule(_STEERS, DirectorOnly),
    Deed.DELAY: Rule(_STEERS, DirectorOnly),
    Deed.ENDEX: Rule(_STEERS, DirectorOnly),
    Deed.ABORT: Rule(_STEERS, DirectorOnly),
    Deed.SUMMARY: Rule(_WATCHES | _UNIT),
    Deed.ROLE: Rule(_STEERS, DirectorOnly),
    Deed.ACKNOWLEDGE: Rule(_UNIT),
    Deed.PROGRESS: Rule(_UNIT),
    # That a decision is its leader's is the scenario's word, and the exercise holds to it.
    Deed.DECIDE: Rule(_UNIT),
    Deed.REPORT: Rule(_UNIT),
    Deed.PENDING: Rule(_UNIT),
    Deed.LEADER: Rule(_STEERS | {Standing.LEADER}),
    Deed.REALWORLD: Rule(_WATCHES | _UNIT),
}


def standing_of(
    request: Request, owners: Collection[int], exercise: Exercise | None, unit: str | None = None
) -> Standing:
    """What the person is: by the settings, by the exercise, and, in a unit's chat, by the unit."""
    user_id = request.person.id
    if user_id in owners:
        return Standing.OWNER
    role = exercise.role_of(user_id) if exercise else None
    if role in {Role.DIRECTOR, Role.OWNER}:
        return Standing.DIRECTOR
    if exercise and unit and user_id in exercise.seats[unit].leaders:
        return Standing.LEADER
    if role is not None:
        return Standing(role.value)
    return Standing.MEMBER if unit else Standing.STRANGER


def require(
    deed: Deed,
    request: Request,
    owners: Collection[int],
    exercise: Exercise | None = None,
    unit: str | None = None,
) -> None:
    """Refuse whoever may not do ``deed`` here.

    A director or an owner who sits in a unit's chat may do there what its people may.

    Raises:
        AnonymousPerson: the request comes from no person.
        Refusal: the table's own, for everybody whom it does not list.
    """
    rule = TABLE[deed]
    if request.anonymous and deed not in _HARMLESS:
        raise AnonymousPerson
    standing = standing_of(request, owners, exercise, unit)
    if standing in rule.who or (unit is not None and Standing.MEMBER in rule.who):
        return
    raise rule.refusal
