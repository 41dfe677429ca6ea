"""Corrective actions: what is to become better, who sees to it, and until when. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.exercise.errors import Refusal
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise
from bot.exercise.people import Person

KINDS = frozenset({FactKind.IMPROVEMENT, FactKind.IMPROVEMENT_WITHDRAWN})
"""The facts that tell of them."""

_MONTHS = (
    ("januari", "january"),
    ("februari", "february", "pebruari"),
    ("maret", "march"),
    ("april",),
    ("mei", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("agustus", "august"),
    ("september",),
    ("oktober", "october"),
    ("november", "nopember"),
    ("desember", "december"),
)
_SHORT = {"agt": 8, "ags": 8}
_SHORTEST_MONTH = 3
_ISO = re.compile(r"(?:^|\s)(\d{4})-(\d{1,2})-(\d{1,2})$")
_DIGITS = re.compile(r"(?:^|\s)(\d{1,2})[/.](\d{1,2})(?:[/.](\d{4}|\d{2}))?$")
_WORDS = re.compile(r"(?:^|\s)(\d{1,2}) ([^\W\d_]{3,})\.?(?: (\d{4}))?$")
_OWNER = re.compile(r"(?:^|\s)(@\w+)$")
_CENTURY = 2_000


class NoSuchDate(Refusal):
    """The date that was written is in no calendar; ``date`` is what was written."""

    key = "refused.no_such_date"


class DatePassed(Refusal):
    """The date that was written has passed; ``date`` is what was written."""

    key = "refused.date_passed"


class NothingToImprove(Refusal):
    """An owner or a date was written, and not what is to be done."""

    key = "refused.nothing_to_improve"


class UnknownAction(Refusal):
    """There is no corrective action of that ``number``."""

    key = "refused.unknown_action"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done; ``owner`` is empty and ``due`` is ``None`` where nobody has said."""

    text: str
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A corrective action of an exercise; ``number`` counts from 1."""

    number: int
    plan: Plan
    by: Person | None
    at: datetime


def planned(words: str, today: date) -> Plan:
    """What the words of a command mean: the text, then, in any order, an owner as ``@name`` and a date.

    A date is written ``2026-12-01``, ``1/12``, ``1/12/2026``, ``1 Des`` or ``1 December 2026``; without a year it is
    the next such day, ``today`` included.

    Raises:
        DatePassed: the date has passed.
        NoSuchDate: the words end like a date, and there is none such.
        NothingToImprove: nothing but an owner and a date was written.
    """
    rest, owner, due = " ".join(words.split()), "", None
    while True:
        if not owner and (named := _OWNER.search(rest)):
            owner, rest = named[1], rest[: named.start()]
        elif due is None and (found := _date(rest, today)) is not None:
            due, rest = found
        else:
            break
    if not rest:
        raise NothingToImprove
    return Plan(rest, owner, due)


def actions_in(facts: Iterable[Fact]) -> list[Action]:
    """The corrective actions that a log tells of and that nobody has withdrawn, first to last."""
    actions: dict[int, Action] = {}
    count = 0
    for fact in facts:
        if fact.kind is FactKind.IMPROVEMENT:
            count += 1
            due = fact.detail.get("due")
            until = date.fromisoformat(due) if isinstance(due, str) else None
            plan = Plan(str(fact.detail.get("text", "")), str(fact.detail.get("owner", "")), until)
            actions[count] = Action(count, plan, fact.actor, fact.at)
        elif fact.kind is FactKind.IMPROVEMENT_WITHDRAWN:
            number = fact.detail.get("number")
            actions.pop(number if isinstance(number, int) else 0, None)
    return list(actions.values())


def add(exercise: Exercise, plan: Plan, by: Person, at: datetime) -> Change:
    """One more corrective action."""
    detail = {"text": plan.text, "owner": plan.owner, "due": plan.due.isoformat() if plan.due else None}
    return Change(exercise, (Fact(at, FactKind.IMPROVEMENT, by, detail=detail),))


def withdraw(exercise: Exercise, actions: Iterable[Action], number: int, by: Person, at: datetime) -> Change:
    """Take a corrective action back; the log keeps that it was there.

    Raises:
        UnknownAction: there is none of that number.
    """
    if number not in {action.number for action in actions}:
        raise UnknownAction(number=number)
    return Change(exercise, (Fact(at, FactKind.IMPROVEMENT_WITHDRAWN, by, detail={"number": number}),))


def _date(words: str, today: date) -> tuple[date, str] | None:
    """The date at the end of the words and what stands before it; ``None`` where they end otherwise."""
    if iso := _ISO.search(words):
        return _day(iso, today, iso[1], int(iso[2]), iso[3]), words[: iso.start()]
    if digits := _DIGITS.search(words):
        return _day(digits, today, digits[3], int(digits[2]), digits[1]), words[: digits.start()]
    if named := _WORDS.search(words):
        month = _month(named[2].casefold())
        if month is not None:
            return _day(named, today, named[3], month, named[1]), words[: named.start()]
    return None


def _day(written: re.Match[str], today: date, year: str | None, month: int, day: str) -> date:
    as_written = written[0].strip()
    try:
        if year is not None:
            number = int(year)
            found = date(number if number > 99 else _CENTURY + number, month, int(day))
        else:
            found = date(today.year, month, int(day))
            if found < today:
                found = date(today.year + 1, month, int(day))
    except ValueError:
        raise NoSuchDate(date=as_written) from None
    if found < today:
        raise DatePassed(date=as_written)
    return found


def _month(word: str) -> int | None:
    if word in _SHORT:
        return _SHORT[word]
    fits = [
        number
        for number, names in enumerate(_MONTHS, start=1)
        if len(word) >= _SHORTEST_MONTH and any(name.startswith(word) for name in names)
    ]
    return fits[0] if len(fits) == 1 else None
