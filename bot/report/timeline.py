"""The summary of an exercise, ready to be posted: pages of Telegram's HTML without the exercise marking. Pure.

Each page holds at most 3,900 UTF-16 units after entity parsing, uses the tags b, i, code and pre only, and ends
with a whole line.
"""

from collections import Counter
from collections.abc import Sequence

from bot.exercise import hot_wash, improving
from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.figures import figures, figures_of_all
from bot.exercise.model import Exercise
from bot.report.names import short
from bot.report.overview import after_endex, decision_log, decision_result, exceptions, head, observed, result, table
from bot.report.pages import Line, Style, paged
from bot.report.seals import printed
from bot.report.standing import decisions, delivered_to, standing
from bot.report.story import decisions_of, progress_of, story
from bot.report.telling import MARKS, WORDS, Telling

IN_SUMMARY = frozenset(
    {FactKind.REPORTED, FactKind.NOTED, FactKind.RATED, FactKind.SUMMARISED, *hot_wash.KINDS, *improving.KINDS}
)
"""The facts that the summary counts or names; besides them it needs the last entry alone, for its seal."""
MOST_PAGES = 12
"""Of a summary; what is beyond them is in the record."""


def summary_pages(exercise: Exercise, language: str, log: Sequence[LogEntry] = ()) -> tuple[str, ...]:
    """The summary for the control room: the overview first, then the timeline.

    Args:
        exercise: at any stage, also before STARTEX.
        language: of the words; names come in it where the scenario has them.
        log: where given, reports are counted and the seal is printed; the entries of :data:`IN_SUMMARY` and the last
            suffice.
    """
    telling = Telling.of(exercise, language)
    if exercise.clock.startex_at is None:
        return _bound([*head(telling), Line(), Line(telling.say("nothing_yet"))], telling)
    asked = decisions(exercise)
    together, by_unit = figures_of_all(exercise)
    overview = [
        *head(telling),
        *result(telling, together),
        *decision_result(asked, telling),
        *observed(telling, log),
        *after_endex(telling, log),
        Line(telling.say("meaning"), Style.ITALIC),
        *exceptions(telling),
        *table(telling, by_unit),
        *decision_log(asked, telling),
    ]
    if log:
        seal = printed(log)
        words = telling.say("seal", entries=seal.entries)
        overview += [Line(), Line(words, heading=True), Line(seal.head, Style.CODE)]
    facts = (entry.fact for entry in log)
    reports = Counter(fact.inject for fact in facts if fact.kind is FactKind.REPORTED and fact.inject)
    return _bound([*overview, *story(telling, reports)], telling)


def unit_pages(exercise: Exercise, unit: str, language: str) -> tuple[str, ...]:
    """What ``unit`` may see of the summary: its own injects, answers and times, and nothing of any other unit."""
    # No unit is called by its short name here, and with a thousand of them the names are most of the work.
    telling = Telling(exercise, language, labels={})
    name = exercise.scenario.units[unit].name.in_language(language)
    lines = [*head(telling), Line(telling.say("unit", unit=short(name, WORDS)), Style.BOLD)]
    own = list(delivered_to(exercise, unit))
    if not own:
        return _bound([*lines, Line(), Line(telling.say("nothing_received"))], telling)
    lines += [*result(telling, figures(exercise, unit), unit), Line(telling.say("meaning"), Style.ITALIC), Line()]
    for run, delivery in own:
        how = standing(run, delivery, exercise)
        words = (telling.clock(delivery.due_at), run.id, telling.answer_time(run, delivery, how))
        lines.append(Line(f"{MARKS[how]} " + " · ".join(word for word in words if word)))
        lines += [Line(line) for line in (*decisions_of(telling, run, unit), *progress_of(telling, delivery))]
    lines += [Line(), *(Line(telling.say(f"legend.{number}"), Style.ITALIC) for number in range(1, 5))]
    return _bound(lines, telling)


def _bound(lines: Sequence[Line], telling: Telling) -> tuple[str, ...]:
    return paged(lines, MOST_PAGES, lambda number: Line(telling.say("rest", n=number), Style.ITALIC))
