"""Who may do what, where and when: one table. What it does not list is denied."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.exercise.errors import (
    AlreadyStarted,
    ExerciseOver,
    NothingToStop,
    NotPaused,
    NotRunning,
    NotStarted,
    Refusal,
)
from bot.exercise.hot_wash import HotWashOver
from bot.exercise.model import Exercise, ExerciseState
from bot.exercise.people import Role
from bot.service.finding import NotAUnitChat
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


class InControlOnly(Refusal):
    """That is done in the control room."""

    key = "reply.in_control_only"


class NotBegun(Refusal):
    """There is nothing to answer before STARTEX."""

    key = "refused.not_begun"


class Deed(StrEnum):
    """Everything that somebody can ask for."""

    HELP = "help"
    WHOAMI = "whoami"
    SCENARIOS = "scenarios"
    ADD_SCENARIO = "add_scenario"
    NEW = "new"
    JOIN = "join"
    UNITS = "units"
    SEAT = "seat"
    """A unit's code renewed or withdrawn, or its chat taken from it."""
    NEXT = "next"
    COMMCHECK = "commcheck"
    STARTEX = "startex"
    PAUSEX = "pausex"
    RESUMEX = "resumex"
    STATUS = "status"
    FIRE = "fire"
    SKIP = "skip"
    DELAY = "delay"
    SAY = "say"
    RESEND = "resend"
    NOTE = "note"
    RATE = "rate"
    ENDEX = "endex"
    ABORT = "abort"
    SUMMARY = "summary"
    EXPORT = "export"
    ROLE = "role"
    LANGUAGE = "language"
    ACKNOWLEDGE = "ack"
    PROGRESS = "progress"
    DECIDE = "decide"
    REPORT = "sitrep"
    PENDING = "pending"
    LEADER = "leader"
    REALWORLD = "realworld"
    RADIO = "radio"
    HOT_WASH = "hot_wash"
    IMPROVE = "improve"
    COMPARE = "compare"


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


class Where(StrEnum):
    """What a chat, or a topic, is to the exercise."""

    CONTROL = "control"
    UNIT = "unit"
    ELSEWHERE = "elsewhere"


_ANYONE = frozenset(Standing)
_STEERS = frozenset({Standing.OWNER, Standing.DIRECTOR})
_CONTROL = _STEERS | {Standing.CONTROLLER}
_WATCHES = _CONTROL | {Standing.OBSERVER}
_UNIT = frozenset({Standing.LEADER, Standing.MEMBER})


_NAMELESS_TOO = frozenset({Deed.HELP, Deed.WHOAMI, Deed.REALWORLD})
"""What an anonymous administrator may do as well: nothing that steers, and never a reason to overhear an emergency."""


_ANYWHERE = frozenset(Where)
_CONTROL_ROOM = frozenset({Where.CONTROL})
_UNIT_CHAT = frozenset({Where.UNIT})
_TO_BE_CONTROL_ROOM = frozenset({Where.CONTROL, Where.ELSEWHERE})

_ALWAYS = frozenset(ExerciseState)
_PREPARING = frozenset({ExerciseState.PREPARING})
_RUNNING = frozenset({ExerciseState.RUNNING})
_STOPPED = frozenset({ExerciseState.PAUSED, ExerciseState.REALWORLD})
_UNDER_WAY = _RUNNING | _STOPPED
_NOT_OVER = _PREPARING | _UNDER_WAY
_ENDED = frozenset({ExerciseState.ENDED})


def _too_early_or_late(state: ExerciseState) -> type[Refusal]:
    """Why something that the director steers does not go in that state."""
    match state:
        case ExerciseState.PREPARING:
            return NotStarted
        case ExerciseState.RUNNING:
            return NotPaused
        case ExerciseState.PAUSED | ExerciseState.REALWORLD:
            return NotRunning
        case ExerciseState.ENDED | ExerciseState.ABORTED:
            return ExerciseOver


def _begun(state: ExerciseState) -> type[Refusal]:
    return ExerciseOver if state.is_over else AlreadyStarted


def _nothing_to_answer(state: ExerciseState) -> type[Refusal]:
    return ExerciseOver if state.is_over else NotBegun


def _no_hot_wash(_: ExerciseState) -> type[Refusal]:
    return HotWashOver


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may do something, in which chats, in which states of the exercise; and the refusal for everybody else."""

    who: frozenset[Standing]
    refusal: type[Refusal] = NotAllowed
    where: frozenset[Where] = _ANYWHERE
    when: frozenset[ExerciseState] = _ALWAYS
    untimely: Callable[[ExerciseState], type[Refusal]] = _too_early_or_late


def _steering(
    when: frozenset[ExerciseState] = _ALWAYS, untimely: Callable[[ExerciseState], type[Refusal]] = _too_early_or_late
) -> Rule:
    return Rule(_STEERS, DirectorOnly, _CONTROL_ROOM, when, untimely)


def _answering(when: frozenset[ExerciseState] = _ALWAYS) -> Rule:
    return Rule(_UNIT, where=_UNIT_CHAT, when=when, untimely=_nothing_to_answer)


TABLE: Mapping[Deed, Rule] = {
    Deed.HELP: Rule(_ANYONE),
    Deed.WHOAMI: Rule(_ANYONE),
    Deed.LANGUAGE: Rule(_ANYONE),
    Deed.SCENARIOS: Rule(_CONTROL, DirectorOnly, _TO_BE_CONTROL_ROOM),
    Deed.ADD_SCENARIO: Rule(_STEERS, OwnerOnly, _TO_BE_CONTROL_ROOM),
    Deed.NEW: Rule(_STEERS, OwnerOnly, _TO_BE_CONTROL_ROOM),
    Deed.JOIN: Rule(_ANYONE),
    Deed.UNITS: Rule(_WATCHES, where=_CONTROL_ROOM),
    Deed.SEAT: _steering(_NOT_OVER),
    Deed.NEXT: Rule(_WATCHES, where=_CONTROL_ROOM),
    Deed.COMMCHECK: _steering(_PREPARING, _begun),
    Deed.STARTEX: _steering(_PREPARING, _begun),
    Deed.PAUSEX: _steering(_RUNNING),
    Deed.RESUMEX: _steering(_STOPPED),
    Deed.STATUS: Rule(_WATCHES, where=_CONTROL_ROOM),
    Deed.FIRE: _steering(_RUNNING),
    Deed.SKIP: _steering(_NOT_OVER),
    Deed.DELAY: _steering(_NOT_OVER),
    Deed.SAY: _steering(_UNDER_WAY),
    Deed.RESEND: _steering(_RUNNING),
    # What controllers saw is told after ENDEX too, when there is time for it.
    Deed.NOTE: Rule(_CONTROL, where=_CONTROL_ROOM),
    Deed.RATE: Rule(_CONTROL, where=_CONTROL_ROOM),
    Deed.ENDEX: _steering(_UNDER_WAY),
    Deed.ABORT: _steering(_NOT_OVER),
    Deed.SUMMARY: Rule(_WATCHES | _UNIT, where=_CONTROL_ROOM | _UNIT_CHAT),
    # The record names people; observers see the figures.
    Deed.EXPORT: Rule(_CONTROL, where=_CONTROL_ROOM),
    Deed.RADIO: _steering(_UNDER_WAY),
    Deed.ROLE: _steering(),
    # Whether its time has passed is told by the hot wash itself.
    Deed.HOT_WASH: Rule(_UNIT, where=_UNIT_CHAT, when=_ENDED, untimely=_no_hot_wash),
    Deed.IMPROVE: Rule(_CONTROL, where=_CONTROL_ROOM),
    Deed.COMPARE: Rule(_CONTROL, where=_CONTROL_ROOM),
    # A test of the line before STARTEX is acknowledged as well.
    Deed.ACKNOWLEDGE: _answering(_NOT_OVER),
    Deed.PROGRESS: _answering(_UNDER_WAY),
    # That a decision is its leader's is the scenario's word, and the exercise holds to it.
    Deed.DECIDE: _answering(_UNDER_WAY),
    Deed.REPORT: _answering(_UNDER_WAY),
    Deed.PENDING: _answering(),
    Deed.LEADER: Rule(_STEERS | {Standing.LEADER}, where=_CONTROL_ROOM | _UNIT_CHAT, when=_NOT_OVER),
    Deed.REALWORLD: Rule(
        _WATCHES | _UNIT,
        where=_CONTROL_ROOM | _UNIT_CHAT,
        when=_UNDER_WAY,
        untimely=lambda _: NothingToStop,
    ),
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


def where_of(request: Request, exercise: Exercise | None, unit: str | None = None) -> Where:
    """What the chat of a request is: the unit's that was found to sit there, the control room, or neither."""
    if exercise is None:
        return Where.ELSEWHERE
    if unit is not None:
        return Where.UNIT
    return Where.CONTROL if exercise.control == request.place else Where.ELSEWHERE


def require(
    deed: Deed,
    request: Request,
    owners: Collection[int],
    exercise: Exercise | None = None,
    unit: str | None = None,
) -> None:
    """Refuse whoever may not do ``deed``, a place where it is not done, and a state in which it makes no sense.

    A director or an owner who sits in a unit's chat may do there what its people may.

    Raises:
        AnonymousPerson: the request comes from no person.
        Refusal: the table's own, for everybody whom it does not list, and for places and states.
    """
    rule = TABLE[deed]
    if request.anonymous and deed not in _NAMELESS_TOO:
        raise AnonymousPerson
    standing = standing_of(request, owners, exercise, unit)
    if standing not in rule.who and not (unit is not None and Standing.MEMBER in rule.who):
        raise rule.refusal
    if where_of(request, exercise, unit) not in rule.where:
        raise NotAUnitChat if rule.where == _UNIT_CHAT else InControlOnly
    if exercise is not None and exercise.state not in rule.when:
        raise rule.untimely(exercise.state)
