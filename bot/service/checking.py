"""The test of the line: asked in every unit's chat, its result kept current in the control room."""

from datetime import datetime

from bot.exercise import commcheck
from bot.exercise.commcheck import KINDS, Heard
from bot.exercise.facts import Fact
from bot.exercise.model import Exercise
from bot.exercise.people import Person
from bot.messages import CommCheck, CommCheckResult
from bot.service.keys import commcheck_key
from bot.service.recording import record
from bot.store import log, outbox
from bot.store.outbox import Priority
from bot.store.transaction import Transaction


def begin(tx: Transaction, exercise: Exercise, by: Person, at: datetime, reply_to: int | None) -> None:
    """Ask every unit that has a chat, and post the result where the director sees it; an older one is let be."""
    exercise = record(tx, commcheck.begin(exercise, by, at))
    number = exercise.number
    check = commcheck.newest(_facts(tx, number))
    if check is None:
        raise AssertionError("a test that was recorded is in the log")
    for unit in check.units:
        place = exercise.seats[unit].place
        if place is not None:
            asked = CommCheck(exercise=number, unit=unit, round=check.round)
            key = commcheck_key(number, check.round, unit)
            outbox.add(tx, asked, place, at, exercise=number, priority=Priority.NOTICE, key=key)
    outbox.retire(tx, commcheck_key(number))
    result = CommCheckResult(exercise=number)
    outbox.add(tx, result, exercise.control, at, exercise=number, reply_to=reply_to, key=commcheck_key(number))


def answer(
    tx: Transaction,
    exercise: Exercise,
    unit: str,
    round_number: int | None,
    by: Person,
    at: datetime,
    *,
    exact: bool,
) -> Heard:
    """Take a unit's answer, and have both messages show it.

    Raises:
        Refusal: see :func:`bot.exercise.commcheck.answer`.
    """
    change = commcheck.answer(exercise, _facts(tx, exercise.number), unit, round_number, by, at, exact=exact)
    record(tx, change)
    check = commcheck.newest(_facts(tx, exercise.number))
    if check is None:
        raise AssertionError("an answer that was recorded is in the log")
    outbox.mark_out_of_date(tx, commcheck_key(exercise.number, check.round, unit))
    outbox.mark_out_of_date(tx, commcheck_key(exercise.number))
    return check.answers[unit]


def _facts(tx: Transaction, number: int) -> list[Fact]:
    return [entry.fact for entry in log.entries(tx, number, KINDS)]
