"""Which units a person means by what they write. Pure."""

from collections.abc import Iterable
from difflib import get_close_matches

from bot.exercise.errors import UnknownUnit
from bot.exercise.model import Exercise
from scenarios.model import EVERYONE

_ALL = {EVERYONE, "semua"}
_MOST_NAMED = 40


def one_unit(exercise: Exercise, written: str) -> str:
    """The id of the unit that is written, in any case and with ``-`` or ``_``.

    Raises:
        UnknownUnit: there is no such unit.
    """
    return _find(written, exercise.scenario.units)


def addressees(exercise: Exercise, written: str) -> tuple[str, ...]:
    """The units and groups that are written, several with commas between them, as an inject's ``to`` names them.

    Raises:
        UnknownUnit: there is no such unit or group.
    """
    scenario = exercise.scenario
    names = [name for name in written.split(",") if name.strip()]
    known = [*scenario.units, *scenario.groups, EVERYONE]
    return tuple(EVERYONE if name.strip().casefold() in _ALL else _find(name, known) for name in names)


def _find(written: str, known: Iterable[str]) -> str:
    wanted = _plain(written)
    by_name = {_plain(name): name for name in known}
    if wanted in by_name:
        return by_name[wanted]
    close = get_close_matches(wanted, by_name, n=5) or list(by_name)[:_MOST_NAMED]
    raise UnknownUnit(unit=written.strip(), names=", ".join(by_name[name] for name in close))


def _plain(name: str) -> str:
    return name.strip().casefold().replace("-", "_")
