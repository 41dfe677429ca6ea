"""How long each unit took to answer: every answer as a mark, the middle half as a box, the median as a stroke.

An answer that never came is not left out: it stands at the least that it can have taken, and the box and the strokes
count it so (see :mod:`bot.exercise.survival`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.exercise.figures import Asked, Outcome, asked_by_unit
from bot.exercise.model import Exercise
from bot.exercise.survival import Bound, Wait, quantile
from bot.report.chart_layout import side_by_side
from bot.report.chart_marks import GREY, LOOKS, RED, draw_arrows, draw_marks
from bot.report.chart_plan import DENSITIES, EDGE, MOST_LANES, SEAL_ROW, SMALL, TALLEST, Density, draw_seal
from bot.report.names import short
from bot.report.seals import Seal
from bot.report.sheet import Sheet, fitted, text_width
from bot.report.standing import Standing
from bot.report.telling import WORDS, Telling
from bot.texts.catalogue import say

MOST_ROWS = 3
_TICKS = (0, 5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400)
_BOX, _BOX_EDGE, _RULE = "#d7e3f0", "#4a6b8a", "#c3cad2"
_LEGEND_COLUMNS, _LEGEND_ROW = 2, 46
_STANDINGS = {
    Outcome.IN_TIME: Standing.IN_TIME,
    Outcome.LATE: Standing.LATE,
    Outcome.MISSED: Standing.MISSED,
    Outcome.OPEN: Standing.OPEN,
}


@dataclass(frozen=True, slots=True)
class Strip:
    """One unit's answers."""

    name: str
    found: Sequence[tuple[Asked, Wait]]
    """Those that have a time: by radio there is none."""
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2

    def quantile(self, share: float) -> Bound | None:
        """The time within which that share of the answers came."""
        return quantile([wait for _, wait in self.found], share)


def spread_png(exercise: Exercise, language: str, width_px: int = 1400, seal: Seal | None = None) -> bytes:
    """The picture as PNG, ``width_px`` wide; of more than a hundred units, the slowest."""
    return _Spread(exercise, language, width_px, seal).sheet.png()


def spread_svg(exercise: Exercise, language: str, width_px: int = 1400, seal: Seal | None = None) -> bytes:
    """The same picture as SVG, the same bytes for the same exercise."""
    return _Spread(exercise, language, width_px, seal).sheet.svg()


class _Spread:
    """The picture while it is drawn."""

    def __init__(self, exercise: Exercise, language: str, width: int, seal: Seal | None) -> None:
        self._telling = Telling.of(exercise, language)
        self._width = width
        units = _shown(exercise)
        self._density = next((d for d in DENSITIES if self._lane(d) * len(units) <= TALLEST * width), DENSITIES[-1])
        names = {unit: fitted(self._telling.labels[unit], self._density.text, 300) for unit in units}
        self._left = 2 * EDGE + max(text_width(name, self._density.text) for name in names.values()) + 12
        self._right = width - EDGE - 260.0
        self._top = 250.0
        self._strips = self._placed(units, names)
        self._bottom = self._top + self._lane(self._density) * len(units)
        times = [wait.seconds for strip in self._strips for _, wait in strip.found]
        self._longest = max(times, default=60.0) * 1.04 or 60.0
        legend = self._legend()
        below = self._bottom + 80 + _LEGEND_ROW * -(-len(legend) // _LEGEND_COLUMNS) + (SEAL_ROW if seal else 0)
        self.sheet = Sheet(width, int(below + 64))
        self._draw_head(exercise, below)
        self._draw_ground()
        for strip in self._strips:
            self._draw_strip(strip)
        self._draw_legend(legend)
        if seal:
            draw_seal(self.sheet, seal, self._telling, below - SEAL_ROW)

    def _lane(self, density: Density) -> float:
        return density.text * 1.6

    def _placed(self, units: dict[str, list[Asked]], names: dict[str, str]) -> list[Strip]:
        height = self._lane(self._density)
        return [
            Strip(
                names[unit],
                [(asked, asked.wait) for asked in found if asked.wait is not None],
                self._top + number * height,
                self._top + (number + 1) * height,
            )
            for number, (unit, found) in enumerate(units.items())
        ]

    def _x(self, seconds: float) -> float:
        # By the root, so that one answer of five minutes does not press all the others against the edge.
        return self._left + (self._right - self._left) * math.sqrt(seconds / self._longest)

    def _draw_head(self, exercise: Exercise, below: float) -> None:
        marking, middle = say(self._telling.language, "marking"), self._width / 2
        lines = (
            (marking, 32, 36, RED),
            (self._telling.say("spread.title"), 36, 86, "black"),
            (short(exercise.name, WORDS), 28, 134, "black"),
            (self._telling.say("spread.meaning"), SMALL, 178, "black"),
            (marking, 32, below + 34, RED),
        )
        for words, size, y, colour in lines:
            cut = fitted(words, size, self._width - 2 * EDGE, bold=size > SMALL)
            self.sheet.text(middle, y, cut, size, bold=size > SMALL, colour=colour, align="center")

    def _draw_ground(self) -> None:
        ends = [self._top, *(strip.bottom for strip in self._strips)]
        self.sheet.lines([(EDGE, y, self._width - EDGE, y) for y in ends], 1.5, _RULE, layer=1)
        room = 0.0
        for seconds in (tick for tick in _TICKS if tick <= self._longest):
            x, words = self._x(seconds), self._telling.span(timedelta(seconds=seconds))
            half = text_width(words, SMALL) / 2 + 8
            if x - half >= room:
                room = x + half
                self.sheet.lines([(x, self._top, x, self._bottom + 10)], 1.5, "#7b8794", dashes=(1, 2), layer=1.2)
                self.sheet.text(x, self._bottom + 28, words, SMALL, align="center")
        heads = (self._telling.say("head.median"), self._telling.say("head.p90"))
        for words, right in zip(heads, self._columns(), strict=True):
            self.sheet.text(right, self._top - 20, words, SMALL, bold=True, align="right")

    def _columns(self) -> tuple[float, float]:
        return self._right + 130, self._width - EDGE

    def _draw_strip(self, strip: Strip) -> None:
        text, y = self._density.text, strip.middle
        self.sheet.text(EDGE, y, strip.name, text)
        if not strip.found:
            self.sheet.text(self._left, y, self._telling.say("spread.nothing"), text, colour=GREY)
            return
        half = (strip.bottom - strip.top) * 0.36
        quarter, median, three, most = (strip.quantile(share) for share in (0.25, 0.5, 0.75, 0.9))
        if quarter and three:
            box = (self._x(quarter.seconds), y - half, self._x(three.seconds), y + half)
            self.sheet.box(*box, fill=_BOX, edge=_BOX_EDGE, layer=1.5)
        for bound, thick, dashes in ((median, 5, ()), (most, 3, (1.2, 0.8))):
            if bound:
                x = self._x(bound.seconds)
                self.sheet.lines([(x, y - half, x, y + half)], thick, "black", dashes=dashes, layer=2)
        for bound, right in zip((median, most), self._columns(), strict=True):
            words = self._telling.bound(bound.seconds, at_least=bound.at_least) if bound else ""
            self.sheet.text(right, y, words, min(text, SMALL), bold=bound is median, align="right")
        self._draw_answers(strip, y)

    def _draw_answers(self, strip: Strip, y: float) -> None:
        size = self._density.mark * 17
        found = sorted(strip.found, key=lambda pair: pair[1].seconds)
        xs = [self._x(wait.seconds) for _, wait in found]
        rows = side_by_side([(x - size * 0.4, x + size * 0.4) for x in xs])
        # The first of those that touch lies in the middle, the next below it, the third above.
        offsets = [(0, 1, -1)[row % MOST_ROWS] * size * 0.6 for row in rows]
        for outcome, standing in _STANDINGS.items():
            points = [
                (x, y + offset)
                for (asked, _), x, offset in zip(found, xs, offsets, strict=True)
                if asked.outcome is outcome
            ]
            draw_marks(self.sheet, LOOKS[standing], points, size)
        placed = [(pair, (x, y + offset)) for pair, x, offset in zip(found, xs, offsets, strict=True)]
        draw_arrows(self.sheet, [at for (_, wait), at in placed if not wait.answered], size, beyond=True)
        bounds = [at for (asked, wait), at in placed if wait.answered and not asked.exact]
        draw_arrows(self.sheet, bounds, size, beyond=False)

    def _legend(self) -> list[tuple[str, "_Sample"]]:
        """What is to be seen, each with how a sample of it is drawn."""
        seen = {asked.outcome for strip in self._strips for asked, _ in strip.found}
        entries: list[tuple[str, _Sample]] = [
            (self._telling.say(f"spread.{outcome}"), self._outcome_sample(standing))
            for outcome, standing in _STANDINGS.items()
            if outcome in seen
        ]
        if any(not asked.exact for strip in self._strips for asked, _ in strip.found):
            entries.append((self._telling.say("spread.upper_bound"), self._upper_bound_sample))
        return [
            *entries,
            (self._telling.say("spread.box"), self._box_sample),
            (self._telling.say("spread.p90"), self._p90_sample),
        ]

    def _draw_legend(self, legend: list[tuple[str, "_Sample"]]) -> None:
        column = (self._width - 2 * EDGE) / _LEGEND_COLUMNS
        for number, (words, sample) in enumerate(legend):
            row, place = divmod(number, _LEGEND_COLUMNS)
            x, y = EDGE + place * column, self._bottom + 80 + row * _LEGEND_ROW
            sample(x + 34, y)
            self.sheet.text(x + 88, y, fitted(words, SMALL, column - 94), SMALL)

    def _outcome_sample(self, standing: Standing) -> "_Sample":
        def draw(x: float, y: float) -> None:
            draw_marks(self.sheet, LOOKS[standing], [(x, y)], 22)
            if standing in {Standing.MISSED, Standing.OPEN}:
                draw_arrows(self.sheet, [(x, y)], 22, beyond=True)

        return draw

    def _upper_bound_sample(self, x: float, y: float) -> None:
        draw_marks(self.sheet, LOOKS[Standing.IN_TIME], [(x + 8, y)], 22)
        draw_arrows(self.sheet, [(x + 8, y)], 22, beyond=False)

    def _box_sample(self, x: float, y: float) -> None:
        self.sheet.box(x - 24, y - 14, x + 24, y + 14, fill=_BOX, edge=_BOX_EDGE)
        self.sheet.lines([(x - 4, y - 14, x - 4, y + 14)], 5, "black")

    def _p90_sample(self, x: float, y: float) -> None:
        self.sheet.lines([(x, y - 14, x, y + 14)], 3, "black", dashes=(1.2, 0.8))


_Sample = Callable[[float, float], None]


def _shown(exercise: Exercise) -> dict[str, list[Asked]]:
    """The units that have a strip, in the scenario's order; of very many, those that took longest."""
    units = asked_by_unit(exercise)
    if len(units) <= MOST_LANES:
        return units

    def slowness(unit: str) -> float:
        median = quantile([asked.wait for asked in units[unit] if asked.wait], 0.5)
        return median.seconds if median else 0.0

    slowest = set(sorted(units, key=slowness, reverse=True)[:MOST_LANES])
    return {unit: found for unit, found in units.items() if unit in slowest}
