"""The hot wash: what each unit says after ENDEX, by three questions and a rating. Pure.

It lives in the log alone: nothing of it is an inject, and no figure counts it. Whoever answers for a unit that asked
for it without names is not written down at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.exercise.errors import Refusal
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise, ExerciseState
from bot.exercise.people import SYSTEM, Person
from bot.exercise.timing import StopKind

KINDS = frozenset(
    {
        FactKind.HOT_WASH,
        FactKind.HOT_WASH_REMINDED,
        FactKind.HOT_WASH_NAMELESS,
        FactKind.HOT_WASH_RATED,
        FactKind.HOT_WASH_ANSWERED,
        FactKind.HOT_WASH_CLOSED,
    }
)
"""The facts that tell of it."""
MOST_ANSWERS = 60
"""Of one unit: more than that nobody reads, and the log is for ever."""


class Question(StrEnum):
    """What each unit is asked in words."""

    WELL = "well"
    IMPROVE = "improve"
    COORDINATION = "coordination"


RATINGS = range(1, 6)
"""How well it went, from 1 (poorly) to 5."""


class HotWashOver(Refusal):
    """There is no hot wash, or its time has passed."""

    key = "refused.hot_wash_over"


class NamelessAlready(Refusal):
    """The unit's answers are taken without names already."""

    key = "refused.nameless_already"


class AnswersFull(Refusal):
    """The unit has given as many answers as are taken; ``number`` says how many."""

    key = "refused.answers_full"


@dataclass(frozen=True, slots=True)
class Rated:
    """A unit's rating of the exercise, 1 to 5; ``by`` is ``None`` without a name."""

    rating: int
    at: datetime
    by: Person | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A unit's answer to one question; ``by`` is ``None`` without a name."""

    unit: str
    question: Question
    text: str
    at: datetime
    by: Person | None


@dataclass(frozen=True, slots=True)
class HotWash:
    """The hot wash of an exercise, as its log tells it."""

    opened_at: datetime
    closes_at: datetime
    units: tuple[str, ...]
    """Those that were asked."""
    closed: bool = False
    nameless: frozenset[str] = frozenset()
    """The units whose answers are taken without names."""
    ratings: Mapping[str, Rated] = field(default_factory=dict)
    """By unit, the last one given."""
    remarks: tuple[Remark, ...] = ()

    @property
    def heard(self) -> list[str]:
        """The units that have said anything at all."""
        spoken = {remark.unit for remark in self.remarks}
        return [unit for unit in self.units if unit in self.ratings or unit in spoken]

    @property
    def mean(self) -> float | None:
        """The mean of the units' ratings; ``None`` while there is none."""
        if not self.ratings:
            return None
        return sum(rated.rating for rated in self.ratings.values()) / len(self.ratings)

    def of(self, unit: str, question: Question) -> list[Remark]:
        """A unit's answers to one question, in the order in which they came."""
        return [remark for remark in self.remarks if (remark.unit, remark.question) == (unit, question)]


def hot_wash_in(facts: Iterable[Fact]) -> HotWash | None:
    """The hot wash that a log tells of; facts of other kinds are passed over."""
    wash: HotWash | None = None
    for fact in facts:
        if fact.kind is FactKind.HOT_WASH:
            units = fact.detail.get("units")
            asked = tuple(map(str, units)) if isinstance(units, list) else ()
            wash = HotWash(fact.at, fact.at + timedelta(seconds=_number(fact, "open_seconds")), asked)
        elif wash is None or fact.kind not in KINDS:
            continue
        elif fact.kind is FactKind.HOT_WASH_CLOSED:
            wash = replace(wash, closed=True)
        elif fact.unit is not None:
            wash = _heard(wash, fact, fact.unit)
    return wash


def wanted(exercise: Exercise, lasting: timedelta) -> bool:
    """Whether units are asked: after an ENDEX that was meant, and not while a real emergency goes on."""
    clock = exercise.clock
    last = clock.stops[-1] if clock.stops else None
    into_real = last is not None and last.kind is StopKind.REALWORLD and last.ended_at == clock.endex_at
    reachable = any(seat.place is not None for seat in exercise.seats.values())
    begun = exercise.state is ExerciseState.ENDED and clock.startex_at is not None
    return begun and not into_real and reachable and lasting > timedelta()


def open_up(exercise: Exercise, lasting: timedelta, at: datetime) -> Change:
    """Ask every unit that has a chat, for so long."""
    units = [unit for unit, seat in exercise.seats.items() if seat.place is not None]
    detail = {"units": units, "open_seconds": lasting.total_seconds()}
    return Change(exercise, (Fact(at, FactKind.HOT_WASH, SYSTEM, detail=detail),))


def remind(exercise: Exercise, wash: HotWash, at: datetime) -> Change:
    """Remind the units that have said nothing at all; nothing happens where there are none."""
    silent = [unit for unit in wash.units if unit not in wash.heard]
    facts = (Fact(at, FactKind.HOT_WASH_REMINDED, SYSTEM, detail={"units": silent}),) if silent else ()
    return Change(exercise, facts)


def close(exercise: Exercise, at: datetime) -> Change:
    """Its time has passed."""
    return Change(exercise, (Fact(at, FactKind.HOT_WASH_CLOSED, SYSTEM),))


def without_names(exercise: Exercise, wash: HotWash | None, unit: str, at: datetime) -> Change:
    """Take a unit's answers without names from now on; who asked for it is not written down either.

    Raises:
        HotWashOver: there is none, or its time has passed.
        NamelessAlready: it is so already.
    """
    asked = _open(wash, unit, at)
    if unit in asked.nameless:
        raise NamelessAlready
    return Change(exercise, (Fact(at, FactKind.HOT_WASH_NAMELESS, None, unit=unit),))


def rate(exercise: Exercise, wash: HotWash | None, unit: str, rating: int, by: Person, at: datetime) -> Change:
    """A unit's rating, which takes the place of the one before.

    Raises:
        HotWashOver: there is none, or its time has passed.
    """
    asked = _open(wash, unit, at)
    detail = {"rating": rating}
    return Change(exercise, (Fact(at, FactKind.HOT_WASH_RATED, _named(asked, unit, by), unit=unit, detail=detail),))


def answer(
    exercise: Exercise, wash: HotWash | None, unit: str, question: Question, text: str, by: Person, at: datetime
) -> Change:
    """A unit's answer to one question; several stand beside one another.

    Raises:
        AnswersFull: the unit has given as many as are taken.
        HotWashOver: there is none, or its time has passed.
    """
    asked = _open(wash, unit, at)
    if sum(remark.unit == unit for remark in asked.remarks) >= MOST_ANSWERS:
        raise AnswersFull(number=MOST_ANSWERS)
    detail = {"question": question.value, "text": text}
    return Change(exercise, (Fact(at, FactKind.HOT_WASH_ANSWERED, _named(asked, unit, by), unit=unit, detail=detail),))


def _heard(wash: HotWash, fact: Fact, unit: str) -> HotWash:
    match fact.kind:
        case FactKind.HOT_WASH_NAMELESS:
            return replace(wash, nameless=wash.nameless | {unit})
        case FactKind.HOT_WASH_RATED:
            rated = Rated(int(_number(fact, "rating")), fact.at, fact.actor)
            return replace(wash, ratings={**wash.ratings, unit: rated})
        case FactKind.HOT_WASH_ANSWERED if fact.detail.get("question") in set(Question):
            question, text = Question(str(fact.detail["question"])), str(fact.detail.get("text", ""))
            return replace(wash, remarks=(*wash.remarks, Remark(unit, question, text, fact.at, fact.actor)))
        case _:
            return wash


def _open(wash: HotWash | None, unit: str, at: datetime) -> HotWash:
    """What was said in time counts, also where it is heard late."""
    if wash is None or unit not in wash.units or at >= wash.closes_at:
        raise HotWashOver
    return wash


def _named(wash: HotWash, unit: str, by: Person) -> Person | None:
    return None if unit in wash.nameless else by


def _number(fact: Fact, key: str) -> float:
    number = fact.detail.get(key)
    return number if isinstance(number, int | float) else 0
