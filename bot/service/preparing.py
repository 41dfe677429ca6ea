"""Before STARTEX: a new exercise, its join codes, units taking their seats."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.exercise import conduct, enrolment
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Place
from bot.messages import Created
from bot.service import library
from bot.service.recording import record
from bot.store import exercises, outbox, tries
from bot.store.transaction import Transaction

MOST_TRIES: Final = 5
TRIES_WITHIN: Final = timedelta(minutes=10)
CODES_PER_MESSAGE: Final = 15
"""Join codes that surely fit into one message, however long the names are."""


class UnknownScenario(Refusal):
    """The library has no such scenario; ``scenario`` is what was written."""

    key = "reply.scenario_unknown"


class UnknownCode(Refusal):
    """No unit has that join code."""

    key = "reply.code_unknown"


class TooManyTries(Refusal):
    """Somebody has tried too many codes that were none, and has to wait ``span``."""

    key = "reply.too_many_tries"


def create(
    tx: Transaction,
    scenario_id: str,
    name: str,
    *,
    control: Place,
    language: str,
    timezone: str,
    by: Person,
    at: datetime,
    new_code: Callable[[], str],
) -> tuple[Exercise, dict[str, str]]:
    """A new exercise, and one join code per unit: the codes leave here once and are kept as hashes only.

    Raises:
        UnknownScenario: the library has none of that id.
    """
    scenario = library.find(tx, scenario_id)
    if scenario is None:
        raise UnknownScenario(scenario=scenario_id)
    codes = {unit: new_code() for unit in scenario.units}
    change = conduct.create(
        exercises.next_number(tx),
        scenario,
        name or scenario.title.in_language(language),
        control=control,
        language=language,
        timezone=timezone,
        by=by,
        at=at,
        code_hashes={unit: hashed(code) for unit, code in codes.items()},
    )
    return record(tx, change), codes


def codes_posted(tx: Transaction, exercise: Exercise, codes: Mapping[str, str], place: Place, at: datetime) -> None:
    """Post join codes in the control room, in as many messages as they take."""
    units = list(codes)
    for first in range(0, len(units), CODES_PER_MESSAGE):
        some = {unit: codes[unit] for unit in units[first : first + CODES_PER_MESSAGE]}
        outbox.add(tx, Created(exercise=exercise.number, codes=some), place, at, exercise=exercise.number)


def seat_of(tx: Transaction, code: str, by: Person, at: datetime) -> tuple[Exercise, str]:
    """The exercise and the unit that a join code belongs to.

    Raises:
        TooManyTries: the person has tried too many wrong ones lately; this one is not even looked at.
        UnknownCode: the code belongs to no unit.
    """
    if tries.count_since(tx, by.id, at - TRIES_WITHIN) >= MOST_TRIES:
        raise TooManyTries
    found = exercises.by_code(tx, hashed(code.strip()))
    if found is None:
        raise UnknownCode
    return found


def code_failed(tx: Transaction, by: Person, at: datetime) -> None:
    """Count a code that was none against the person who tried it."""
    tries.failed(tx, by.id, at, at - TRIES_WITHIN)


def join(tx: Transaction, code: str, place: Place, chat_title: str, by: Person, at: datetime) -> tuple[Exercise, str]:
    """Seat the unit that a code belongs to in a chat.

    Raises:
        Refusal: as :func:`seat_of`, and as :func:`bot.exercise.enrolment.join`.
    """
    exercise, unit = seat_of(tx, code, by, at)
    return record(tx, enrolment.join(exercise, unit, place, chat_title, by, at)), unit


def renew_codes(
    tx: Transaction, exercise: Exercise, units: Iterable[str], by: Person, at: datetime, new_code: Callable[[], str]
) -> Exercise:
    """Post a fresh join code for each of the units; the older ones are good for nothing any more."""
    codes = {unit: new_code() for unit in units}
    change = enrolment.renew_codes(exercise, {unit: hashed(code) for unit, code in codes.items()}, by, at)
    renewed = record(tx, change)
    codes_posted(tx, renewed, codes, renewed.control, at)
    return renewed


def unbind(
    tx: Transaction, exercise: Exercise, unit: str, by: Person, at: datetime, new_code: Callable[[], str]
) -> Exercise:
    """Take a unit out of its chat, and post the code by which it can take its seat in another."""
    code = new_code()
    unbound = record(tx, enrolment.unbind(exercise, unit, hashed(code), by, at))
    codes_posted(tx, unbound, {unit: code}, unbound.control, at)
    return unbound


def hashed(code: str) -> str:
    """A join code as the store keeps it: SHA-256 in hexadecimal. The code's 128 random bits need no salt."""
    return hashlib.sha256(code.encode()).hexdigest()
