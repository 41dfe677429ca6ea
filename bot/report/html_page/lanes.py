"""What the page's timeline draws: shares of its width, rows in lanes, and the words of each answer. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from bot.report.account import Account, Answer
from bot.report.cells import worded
from bot.report.chart_layout import Bar, Diamond, TimeScale, bars, packed, phase_starts
from bot.report.story import decisions_of, phase_title, progress_of
from bot.report.tables import Table
from bot.report.telling import MARKS, Telling

MOST_ROWS = 8
"""Rows in a lane; answers that overlap beyond them lie over one another."""
MOST_TICKS = 12
_MARK = 0.012
"""The share of the width that a mark takes where the whole exercise is seen."""

Details = dict[str, Any]


def timeline_of(told: Account, answers: Table, telling: Telling) -> Details:
    """The timeline as the page's script reads it. ``answers`` is the report's table of them."""
    exercise, scale = told.exercise, TimeScale(told.exercise)
    placed: dict[str, list[Bar]] = defaultdict(list)
    found = bars(exercise, scale)
    for bar in found:
        placed[bar.unit].append(bar)
    rows = {
        (bar.inject, bar.unit): bar.row
        for lane in placed.values()
        for bar in packed(lane, lambda bar: _extent(bar, scale), MOST_ROWS)
    }
    names = {unit: part.name.in_language(telling.language) for unit, part in exercise.scenario.units.items()}
    phases = [phase.id for phase in exercise.scenario.phases]
    issued = sorted({bar.inject for bar in found})
    where = {inject: number for number, inject in enumerate(issued)}
    units = {unit: number for number, unit in enumerate(names)}
    return {
        "units": [[telling.labels[unit], name] for unit, name in names.items()],
        "phases": [phase_title(telling, phase) for phase in phases],
        "injects": [[inject, exercise.injects[inject].inject.text.in_language(telling.language)] for inject in issued],
        "heads": answers.heads[2:],
        "ground": _ground(scale, telling),
        "bars": [
            {
                "unit": units[bar.unit],
                "inject": where[bar.inject],
                "phase": phases.index(phase) if (phase := answer.run.inject.phase) in phases else -1,
                "how": bar.standing.value,
                "unsure": bar.unsure,
                "most": bar.at_most,
                "from": _share(scale.share(bar.start)),
                "to": _share(scale.share(bar.end)),
                "row": rows[bar.inject, bar.unit],
                "diamond": _diamond(bar.diamond, scale) if bar.diamond else None,
                "mark": MARKS[bar.standing],
                "words": [worded(cell, telling) for cell in row[2:]],
                "more": _more(answer, telling),
            }
            for bar, answer, row in zip(found, told.answers, answers.rows, strict=True)
        ],
    }


def _more(answer: Answer, telling: Telling) -> list[str]:
    """What became of the inject beyond its acknowledgement."""
    unit = answer.delivery.unit
    return [*decisions_of(telling, answer.run, unit), *progress_of(telling, answer.delivery)]


def _ground(scale: TimeScale, telling: Telling) -> Details:
    """Phases, stops and the hours behind the lanes."""
    starts = phase_starts(telling.exercise)
    ends = [*(scale.share(at) for _, at in starts), 1.0]
    clock = telling.exercise.clock
    return {
        "phases": [
            [phase_title(telling, phase), _share(left), _share(right)]
            for (phase, _), (left, right) in zip(starts, pairwise(ends), strict=True)
        ],
        "stops": [
            [
                stop.kind.value,
                telling.say(
                    f"stop.{stop.kind}",
                    span=telling.span(stop.ended_at - stop.began_at) if stop.ended_at else telling.say("lasts"),
                ),
                stop.why,
                _share(scale.share(stop.began_at)),
                _share(scale.share(stop.ended_at or scale.end)),
            ]
            for stop in clock.stops
        ],
        "ticks": [
            [_share(scale.share(moment)), telling.offset(offset), telling.clock(moment)]
            for offset, moment in scale.ticks(MOST_TICKS)
        ],
        "end": telling.clock(clock.endex_at) if clock.endex_at else "",
    }


def _diamond(diamond: Diamond, scale: TimeScale) -> list[float | bool]:
    return [_share(scale.share(diamond.at)), diamond.taken, diamond.at_most]


def _extent(bar: Bar, scale: TimeScale) -> tuple[float, float]:
    ends: Sequence[float] = [scale.share(at) for at in (bar.end, bar.diamond.at if bar.diamond else bar.end)]
    return scale.share(bar.start) - _MARK / 2, max(ends) + _MARK / 2


def _share(share: float) -> float:
    return round(share, 5)
