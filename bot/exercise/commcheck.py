"""The test of the line before STARTEX: who answers, and after how long. Pure.

It lives in the log alone: an exercise has no deliveries before STARTEX, and its figures count none of this.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.exercise.errors import AlreadyStarted, ExerciseOver, Refusal
from bot.exercise.facts import Change, Fact, FactKind, bound
from bot.exercise.model import Exercise
from bot.exercise.people import Person

KINDS = frozenset({FactKind.COMMCHECK, FactKind.COMMCHECK_ANSWERED})
"""The facts that tell of it."""


class NobodyJoined(Refusal):
    """No unit sits in a chat, so there is nobody to test the line with."""

    key = "refused.nobody_joined"


class CheckAnswered(Refusal):
    """Somebody of the unit was first; ``name`` says who."""

    key = "refused.check_answered"


class CheckOver(Refusal):
    """There is no test to be answered, or a newer one has been sent since."""

    key = "refused.check_over"


@dataclass(frozen=True, slots=True)
class Heard:
    """The first answer of a unit, and how long after the beginning of the test it came, or (not ``exact``) at most."""

    by: Person
    after: timedelta
    exact: bool = True


@dataclass(frozen=True, slots=True)
class CommCheck:
    """The newest test: its number from 1, when it began, whom it asked, and who has answered."""

    round: int
    began_at: datetime
    units: tuple[str, ...]
    answers: Mapping[str, Heard]


def newest(facts: Iterable[Fact]) -> CommCheck | None:
    """The newest test that a log tells of."""
    check: CommCheck | None = None
    for fact in facts:
        if fact.kind is FactKind.COMMCHECK:
            units = fact.detail.get("units")
            asked = tuple(map(str, units)) if isinstance(units, list) else ()
            check = CommCheck((check.round if check else 0) + 1, fact.at, asked, {})
        elif fact.kind is FactKind.COMMCHECK_ANSWERED and check is not None and fact.unit and fact.actor:
            heard = Heard(fact.actor, max(fact.at - check.began_at, timedelta()), fact.exact)
            check = CommCheck(check.round, check.began_at, check.units, {**check.answers, fact.unit: heard})
    return check


def begin(exercise: Exercise, by: Person, at: datetime) -> Change:
    """Test the line to every unit that has a chat.

    Raises:
        AlreadyStarted: STARTEX has been.
        ExerciseOver: ENDEX has been.
        NobodyJoined: no unit has a chat.
    """
    _require_preparing(exercise)
    units = [unit for unit, seat in exercise.seats.items() if seat.place is not None]
    if not units:
        raise NobodyJoined
    return Change(exercise, (Fact(at, FactKind.COMMCHECK, by, detail={"units": units}),))


def answer(
    exercise: Exercise,
    facts: Iterable[Fact],
    unit: str,
    round_number: int | None,
    by: Person,
    at: datetime,
    *,
    exact: bool = True,
) -> Change:
    """A unit hears the control room: its first answer counts.

    Args:
        exercise: before STARTEX.
        facts: of :data:`KINDS`, from its log.
        unit: the unit that answers.
        round_number: the test that is answered; ``None`` for the newest.
        by: whoever answers for the unit.
        at: the moment; where it is not ``exact``, an upper bound.
        exact: whether it is.

    Raises:
        AlreadyStarted: STARTEX has been.
        CheckAnswered: somebody of the unit was first.
        CheckOver: that test is not the newest, or did not ask the unit.
        ExerciseOver: ENDEX has been.
    """
    _require_preparing(exercise)
    check = newest(facts)
    if check is None or round_number not in {None, check.round} or unit not in check.units:
        raise CheckOver
    if heard := check.answers.get(unit):
        raise CheckAnswered(name=heard.by.name)
    detail = {"round": check.round, **bound(exact=exact)}
    return Change(exercise, (Fact(at, FactKind.COMMCHECK_ANSWERED, by, unit=unit, detail=detail),))


def _require_preparing(exercise: Exercise) -> None:
    if exercise.state.is_over:
        raise ExerciseOver
    if exercise.state.is_under_way:
        raise AlreadyStarted
