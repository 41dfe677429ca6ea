"""Before STARTEX: a new exercise, its join codes, units taking their seats."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from bot.exercise import conduct, enrolment
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Place
from bot.service import library
from bot.service.recording import record
from bot.store import exercises
from bot.store.transaction import Transaction


class UnknownScenario(Refusal):
    """The library has no such scenario; ``scenario`` is what was written."""

    key = "reply.scenario_unknown"


class UnknownCode(Refusal):
    """No unit has that join code."""

    key = "reply.code_unknown"


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


def join(tx: Transaction, code: str, place: Place, chat_title: str, by: Person, at: datetime) -> tuple[Exercise, str]:
    """Seat the unit that a code belongs to in a chat.

    Raises:
        UnknownCode: the code belongs to no unit.
    """
    found = exercises.by_code(tx, hashed(code.strip()))
    if found is None:
        raise UnknownCode
    exercise, unit = found
    return record(tx, enrolment.join(exercise, unit, place, chat_title, by, at)), unit


def hashed(code: str) -> str:
    """A join code as the store keeps it: SHA-256 in hexadecimal. The code's 128 random bits need no salt."""
    return hashlib.sha256(code.encode()).hexdigest()
