"""Lists for the control room: scenarios, join codes, units. Pure."""

from bot.buttons import OF_NO_EXERCISE
from bot.exercise.model import Exercise, InjectRun
from bot.messages import Created, NextInjects, ScenarioList
from bot.report.pages import utf16_units
from bot.texts.catalogue import count
from bot.texts.times import clock_time, exercise_time, span
from bot.wire.rendering.html import Html, as_many, bold, code, escape, fill, joined, one_line, visible
from bot.wire.rendering.marking import LONGEST_TEXT, marked, room
from bot.wire.rendering.paging import page_of
from bot.wire.rendering.rendered import Rendered
from bot.wire.rendering.view import ScenarioEntry, View
from bot.wire.rendering.words import unit_name

_LONGEST_GIST = 60
_INJECTS_ON_A_PAGE = 25
_SCENARIOS_ON_A_PAGE = 15


def scenario_list(message: ScenarioList, view: View) -> Rendered:
    """The library, and how to choose from it. Unmarked: it belongs to no exercise."""
    language = view.language
    if not view.scenarios:
        return Rendered(fill(language, "scenarios.none"))
    head, foot = bold(fill(language, "scenarios.title")), fill(language, "scenarios.next")
    some, turning = page_of(view.scenarios, message.page, _SCENARIOS_ON_A_PAGE, OF_NO_EXERCISE)
    entries = [_scenario(entry, language) for entry in some]
    left = LONGEST_TEXT - utf16_units(visible(head)) - utf16_units(visible(foot)) - 2
    return Rendered(joined((head, as_many(entries, left, language), foot)), (turning,) if turning else ())


def created(message: Created, view: View) -> Rendered:
    """A new exercise, and for each unit of the message the link and the code by which its chat joins.

    Up to fifteen codes find room; those that do not are left out, and counted.
    """
    exercise, language = view.run, view.language
    head = joined(
        (
            bold(fill(language, "created.title", number=str(exercise.number), exercise_name=one_line(exercise.name))),
            fill(language, "created.scenario", scenario=one_line(exercise.scenario.title.in_language(language))),
            fill(language, "created.how"),
        )
    )
    foot = fill(language, "created.next")
    codes = [_code(exercise, unit, join_code, view) for unit, join_code in message.codes.items()]
    left = room(language) - utf16_units(visible(head)) - utf16_units(visible(foot)) - 2
    return Rendered(marked(joined((head, as_many(codes, left, language), foot)), language))


def next_injects(message: NextInjects, view: View) -> Rendered:
    """What waits, each with its exercise time and, while the clock runs, its time of day; then the shelf."""
    exercise, language = view.run, view.language
    open_runs = [run for run in exercise.injects.values() if run.open]
    planned = sorted((run.at, position, run) for position, run in enumerate(open_runs) if run.at is not None)
    shelf = [run for run in open_runs if run.at is None]
    lines = [_waiting(exercise, run, language) for _, _, run in planned] or [fill(language, "next.none")]
    if shelf:
        lines += [bold(fill(language, "next.shelf")), *(_waiting(exercise, run, language) for run in shelf)]
    some, turning = page_of(lines, message.page, _INJECTS_ON_A_PAGE, exercise.number)
    body = joined((bold(fill(language, "next.title")), *some))
    return Rendered(marked(body, language), (turning,) if turning else ())


def _waiting(exercise: Exercise, run: InjectRun, language: str) -> Html:
    moment = None if run.at is None else exercise.clock.moment(run.at)
    parts = [] if run.at is None else [exercise_time(run.at, language)]
    if moment is not None:
        parts.append(clock_time(moment, exercise.timezone, language))
    parts.append(one_line(run.inject.text.in_language(language), _LONGEST_GIST))
    return Html(f"{code(run.id)} {escape(' · '.join(parts))}")


def _scenario(entry: ScenarioEntry, language: str) -> Html:
    units, injects = count(language, "count.units", entry.units), count(language, "count.injects", entry.injects)
    if entry.duration is None:
        size = fill(language, "scenarios.size", units=units, injects=injects)
    else:
        size = fill(language, "scenarios.size_long", units=units, injects=injects, span=span(entry.duration, language))
    return Html(f"{code(entry.id)}\n{escape(one_line(entry.title))}\n{size}")


def _code(exercise: Exercise, unit: str, join_code: str, view: View) -> Html:
    link = f"https://t.me/{view.bot_username}?startgroup={join_code}"
    name = unit_name(exercise, unit, view.language)
    return Html(f"\n{bold(name)}\n{escape(link)}\n{code(f'/join {join_code}')}")
