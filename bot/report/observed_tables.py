"""What controllers noted and how they rated, as rows of the report. Pure."""

from collections.abc import Iterator
from datetime import datetime

from bot.exercise.facts import FactKind
from bot.report.account import Account
from bot.report.observed import Observation, observations_in
from bot.report.telling import Telling

Row = tuple[str | datetime, ...]


def note_rows(told: Account, telling: Telling) -> Iterator[Row]:
    """Every note."""
    for note in observations_in(told.entries, FactKind.NOTED):
        yield note.at, note.inject or "", _unit(note, telling), _by(note), note.text


def rating_rows(told: Account, telling: Telling) -> Iterator[Row]:
    """Every rating, with the objectives that its inject is to test."""
    titles = {each.id: each.title.in_language(telling.language) for each in told.exercise.scenario.objectives}
    for rating in observations_in(told.entries, FactKind.RATED):
        objectives = ", ".join(titles.get(objective, objective) for objective in rating.objectives)
        unit = _unit(rating, telling)
        yield rating.at, objectives, rating.inject or "", unit, rating.rating, _by(rating), rating.text


def _unit(observed: Observation, telling: Telling) -> str:
    units = telling.exercise.scenario.units
    return units[observed.unit].name.in_language(telling.language) if observed.unit else ""


def _by(observed: Observation) -> str:
    return observed.by.name if observed.by else ""
