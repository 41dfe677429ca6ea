"""Runs side by side: which unit got faster, which inject is late every time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.exercise.errors import Refusal
from bot.exercise.figures import Figures, figures_by_inject, figures_of_all
from bot.exercise.model import Exercise
from bot.report.names import padded, short
from bot.report.pages import Line, Style, paged
from bot.report.telling import WORDS, Telling

MOST_RUNS = 5
"""More do not fit beside one another on a phone."""
MOST_UNITS = 60
_COLUMNS, _CELL = 38, 6
_MOST_NAMED = 10


class TooFewRuns(Refusal):
    """Fewer than two runs can be compared here."""

    key = "refused.too_few_runs"


class TooManyRuns(Refusal):
    """At most ``number`` runs fit beside one another."""

    key = "refused.too_many_runs"


class NotRun(Refusal):
    """Exercise ``number`` has not begun: there is nothing in it to compare."""

    key = "refused.not_run"


class NothingInCommon(Refusal):
    """No unit takes part in all of these runs."""

    key = "refused.nothing_in_common"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs, the earliest first, and the figures of the units that take part in all of them."""

    runs: Sequence[Exercise]
    overall: Sequence[Figures]
    """Of each run."""
    units: dict[str, Sequence[Figures]]
    """By unit, one for each run."""
    always_late: Sequence[str]
    """The injects that were late or missed at some unit in every run; of one scenario alone."""
    same_scenario: bool

    def changed(self, unit: str) -> int:
        """From the first run to the last: -1 where the unit has become faster, 1 slower, 0 neither or not known."""
        first, last = self.units[unit][0], self.units[unit][-1]
        if first.median_seconds is None or last.median_seconds is None:
            return 0
        before, after = round(first.median_seconds), round(last.median_seconds)
        # A bound tells in one direction only: what took at least so long may have taken longer.
        if after < before and not last.median_at_least:
            return -1
        return int(after > before and not first.median_at_least)


def compare(exercises: Sequence[Exercise]) -> Comparison:
    """The comparison of runs, in whatever order they are given; one that is given twice counts once.

    Raises:
        NotRun: one of them has not begun.
        NothingInCommon: no unit takes part in all of them.
        TooFewRuns: there are not two.
        TooManyRuns: there are more than find room.
    """
    different = {exercise.number: exercise for exercise in exercises}
    if len(different) < 2:
        raise TooFewRuns
    if len(different) > MOST_RUNS:
        raise TooManyRuns(number=MOST_RUNS)
    for exercise in different.values():
        if exercise.clock.startex_at is None:
            raise NotRun(number=exercise.number)
    runs = sorted(different.values(), key=lambda run: (run.clock.startex_at or run.created_at, run.number))
    overall, by_unit = zip(*(figures_of_all(run) for run in runs), strict=True)
    common = [unit for unit in by_unit[-1] if all(unit in of for of in by_unit)]
    if not common:
        raise NothingInCommon
    same = len({run.scenario.id for run in runs}) == 1
    return Comparison(
        runs=runs,
        overall=overall,
        units={unit: [of[unit] for of in by_unit] for unit in common},
        always_late=_always_late(runs) if same else (),
        same_scenario=same,
    )


def comparison_pages(compared: Comparison, language: str) -> tuple[str, ...]:
    """The comparison for a chat: pages of Telegram's HTML without the marking."""
    telling = Telling.of(compared.runs[-1], language)
    return paged(
        comparison_lines(compared, language), 4, lambda number: Line(telling.say("rest", n=number), Style.ITALIC)
    )


def comparison_lines(compared: Comparison, language: str) -> list[Line]:
    """The comparison as people read it: the runs, who changed, what is late every time, and the medians."""
    telling = Telling.of(compared.runs[-1], language)
    lines = [Line(telling.say("compare.title", number=len(compared.runs)), Style.BOLD)]
    for run, numbers in zip(compared.runs, compared.overall, strict=True):
        lines.append(_run(run, numbers, language))
    if not compared.same_scenario:
        lines.append(Line(telling.say("compare.other_scenarios"), Style.ITALIC))
    lines.append(Line())
    for key, direction in (("faster", -1), ("slower", 1)):
        units = [unit for unit in compared.units if compared.changed(unit) == direction]
        lines += [_change(telling, compared, key, units)] if units else []
    if compared.always_late:
        named = ", ".join(compared.always_late[:_MOST_NAMED])
        lines.append(Line(telling.say("compare.always_late", injects=named)))
    elif compared.same_scenario:
        lines.append(Line(telling.say("compare.never_always_late")))
    return [*lines, Line(), Line(telling.say("compare.medians"), Style.BOLD, heading=True), *_table(telling, compared)]


def _always_late(runs: Sequence[Exercise]) -> list[str]:
    by_inject = [figures_by_inject(run) for run in runs]
    return [
        inject
        for inject in by_inject[-1]
        if all(inject in of and of[inject].late + of[inject].missed for of in by_inject)
    ]


def _run(run: Exercise, numbers: Figures, language: str) -> Line:
    telling = Telling.of(run, language)
    began = run.clock.startex_at or run.created_at
    words = telling.say(
        "compare.run",
        number=run.number,
        name=short(run.name, WORDS),
        date=telling.date(began),
        in_time=numbers.acknowledged - numbers.late,
        asked=numbers.asked,
        median=telling.bound(numbers.median_seconds, at_least=numbers.median_at_least) or "-",
    )
    return Line(words)


def _change(telling: Telling, compared: Comparison, key: str, units: Sequence[str]) -> Line:
    def by_how_much(unit: str) -> float:
        figures_of = compared.units[unit]
        return -abs((figures_of[-1].median_seconds or 0) - (figures_of[0].median_seconds or 0))

    most = sorted(units, key=by_how_much)
    named = [
        f"{telling.labels[unit]} ({_seconds(compared.units[unit][0])} → {_seconds(compared.units[unit][-1])})"
        for unit in most[:_MOST_NAMED]
    ]
    more = [telling.more(len(most) - _MOST_NAMED)] if len(most) > _MOST_NAMED else []
    return Line(telling.say(f"compare.{key}", units=", ".join([*named, *more])))


def _table(telling: Telling, compared: Comparison) -> list[Line]:
    room = _COLUMNS - _CELL * len(compared.runs)

    def row(name: str, cells: Sequence[str], *, heading: bool = False) -> Line:
        return Line(padded(name, room) + "".join(cell.rjust(_CELL) for cell in cells), Style.TABLE, heading=heading)

    units = list(compared.units)[:MOST_UNITS]
    lines = [row(telling.say("column.unit"), [f"#{run.number}" for run in compared.runs], heading=True)]
    lines += [row(telling.labels[unit], [_seconds(one) for one in compared.units[unit]]) for unit in units]
    lines.append(row(telling.say("compare.all"), [_seconds(one) for one in compared.overall]))
    left_out = len(compared.units) - len(units)
    return [*lines, *([Line(telling.more(left_out), Style.ITALIC)] if left_out else [])]


def _seconds(numbers: Figures) -> str:
    """A median in whole seconds, ``≥`` where it is the least that it can be; beyond that, in minutes."""
    if numbers.median_seconds is None:
        return "-"
    whole = round(timedelta(seconds=numbers.median_seconds).total_seconds())
    shown = str(whole) if whole < 1_000 else f"{whole // 60}m"
    return ("≥" if numbers.median_at_least else "") + shown
