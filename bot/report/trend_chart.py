"""How the units' median times have moved from run to run: a small picture."""

from itertools import pairwise

from bot.exercise.figures import Figures
from bot.report.chart_marks import BLUE, GREY, RED
from bot.report.comparison import Comparison
from bot.report.sheet import Sheet, fitted, text_width
from bot.report.telling import Telling
from bot.texts.catalogue import say

_EDGE, _TOP, _ROW, _SMALL = 40.0, 250.0, 44.0, 26
_TALLEST, _LEAST = 900.0, 420.0
MOST_LINES = 12
_RULE = "#c3cad2"
_SHAPES = {-1: "v", 0: "o", 1: "^"}
_COLOURS = {-1: BLUE, 0: GREY, 1: RED}


def trend_png(compared: Comparison, language: str, width_px: int = 1400) -> bytes:
    """The picture as PNG: one line per unit (those that changed most), and all of them together, bold.

    Colour and the shape of the marks say the same: down and blue has become faster, up and red slower. A median that
    is only known to be at least so long is drawn hollow.
    """
    telling = Telling.of(compared.runs[-1], language)
    names = _ends(compared, telling)
    height = min(_TALLEST, max(_LEAST, _ROW * (len(names) + 1)))
    bottom = _TOP + height
    sheet = Sheet(width_px, int(bottom + 150))
    marking, middle = say(language, "marking"), width_px / 2
    for words, size, y, colour in (
        (marking, 32, 36.0, RED),
        (telling.say("trend.title"), 36, 90.0, "black"),
        (telling.say("trend.meaning"), _SMALL, 140.0, "black"),
        (marking, 32, bottom + 110, RED),
    ):
        cut = fitted(words, size, width_px - 2 * _EDGE, bold=size > _SMALL)
        sheet.text(middle, y, cut, size, bold=size > _SMALL, colour=colour, align="center")
    right = width_px - _EDGE - max((text_width(words, _SMALL, bold=True) for words in names.values()), default=0) - 40
    left = _EDGE + 130
    longest = max(one.median_seconds or 0 for of in (*compared.units.values(), compared.overall) for one in of)
    xs = [left + (right - left) * number / (len(compared.runs) - 1) for number in range(len(compared.runs))]

    def y_of(seconds: float) -> float:
        return bottom - (bottom - _TOP) * seconds / (longest * 1.05 or 1.0)

    for share in (0.0, 0.5, 1.0):
        y = y_of(longest * share)
        sheet.lines([(left, y, right, y)], 1.5, _RULE, layer=1)
        sheet.text(left - 16, y, telling.bound(longest * share, at_least=False), _SMALL, align="right")
    for run, x in zip(compared.runs, xs, strict=True):
        sheet.lines([(x, _TOP, x, bottom + 8)], 1.5, _RULE, dashes=(1, 2), layer=1.2)
        sheet.text(x, bottom + 36, f"#{run.number}", _SMALL, bold=True, align="center")
    taken: list[float] = []
    for unit, name in sorted(names.items(), key=lambda pair: _last(compared, pair[0])):
        of = compared.units.get(unit, compared.overall)
        direction = compared.changed(unit) if unit in compared.units else 0
        colour = _COLOURS[direction] if unit in compared.units else "black"
        points = [
            (x, y_of(one.median_seconds), one.median_at_least)
            for x, one in zip(xs, of, strict=True)
            if one.median_seconds is not None
        ]
        thick = 7 if unit not in compared.units else 3
        sheet.lines([(a[0], a[1], b[0], b[1]) for a, b in pairwise(points)], thick, colour, layer=2)
        for hollow in (False, True):
            found = [(x, y) for x, y, bound in points if bound is hollow]
            fill = "white" if hollow else colour
            sheet.marks(found, _SHAPES[direction], 22, fill=fill, edge=colour, thickness=3)
        if points:
            y = _free(points[-1][1], taken)
            taken.append(y)
            sheet.text(points[-1][0] + 24, y, name, _SMALL, bold=unit not in compared.units, colour=colour)
    return sheet.png()


def _ends(compared: Comparison, telling: Telling) -> dict[str, str]:
    """The units that are drawn, by id, and (under no id) all together; each with its words."""

    def moved(unit: str) -> float:
        first, last = compared.units[unit][0].median_seconds, compared.units[unit][-1].median_seconds
        return -1.0 if first is None or last is None else abs(last - first)

    chosen = sorted(compared.units, key=moved, reverse=True)[:MOST_LINES]
    return {**{unit: telling.labels[unit] for unit in chosen}, "": telling.say("compare.all")}


def _last(compared: Comparison, unit: str) -> float:
    """What puts the slowest first: it stands highest."""
    of: Figures = compared.units.get(unit, compared.overall)[-1]
    return -(of.median_seconds or 0.0)


def _free(wanted: float, taken: list[float]) -> float:
    """The height at which a name does not touch the one above it."""
    return max([wanted, *(each + 32 for each in taken[-1:])])
