"""What follows ENDEX, as rows of the report: the hot wash and the improvement plan. Pure."""

from collections.abc import Iterator
from datetime import datetime

from bot.exercise.hot_wash import Question
from bot.exercise.people import Person
from bot.report.account import Account
from bot.report.telling import Telling
from bot.texts.catalogue import say
from bot.texts.times import day, decimal

Row = tuple[str | int | datetime | None, ...]


def hot_wash_rows(told: Account, telling: Telling) -> Iterator[Row]:
    """What the units said: the ratings first, then question by question."""
    wash = told.hot_wash
    if wash is None:
        return
    units = told.exercise.scenario.units
    names = {unit: units[unit].name.in_language(telling.language) for unit in wash.units}
    for unit, rated in wash.ratings.items():
        yield names[unit], telling.say("hot_wash_rating"), str(rated.rating), _who(rated.by, telling), rated.at
    for question in Question:
        asked = say(telling.language, f"wash.question.{question}")
        for remark in wash.remarks:
            if remark.question is question:
                yield names[remark.unit], asked, remark.text, _who(remark.by, telling), remark.at


def action_rows(told: Account, telling: Telling) -> Iterator[Row]:
    """The corrective actions; owner and date are empty where nobody has said."""
    for action in told.actions:
        plan = action.plan
        due = day(plan.due, telling.language) if plan.due else ""
        yield action.number, plan.text, plan.owner, due, action.by.name if action.by else "", action.at


def after_endex_items(told: Account, telling: Telling) -> Iterator[tuple[str, str | int]]:
    """What the overview says of them."""
    wash = told.hot_wash
    if wash is not None:
        yield telling.say("item.hot_wash"), f"{len(wash.heard)} / {len(wash.units)}"
        if wash.mean is not None:
            yield telling.say("item.hot_wash_mean"), decimal(wash.mean, telling.language)
    if told.actions:
        yield telling.say("item.actions"), len(told.actions)


def _who(person: Person | None, telling: Telling) -> str:
    return person.name if person else telling.say("nameless")
