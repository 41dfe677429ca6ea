"""The chart of an exercise: every unit's answers over exercise time, legible on a phone."""

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

from bot.exercise.model import Exercise
from bot.exercise.timing import StopKind
from bot.report.chart_layout import Bar, phase_starts
from bot.report.chart_marks import BLUE, GREY, LOOKS, RED, draw_arrows, draw_bars, draw_diamonds, draw_marks
from bot.report.chart_plan import COUNTS, EDGE, SEAL_ROW, SMALL, STRIP, Plan, draw_seal, stop_colour
from bot.report.seals import Seal
from bot.report.sheet import Sheet, fitted, text_width
from bot.report.standing import Standing

_UNDERMOST = (
    Standing.INFORMED,
    Standing.PENDING,
    Standing.IN_TIME,
    Standing.OPEN,
    Standing.LATE,
    Standing.MISSED,
    Standing.NOT_SENT,
    Standing.FAILED,
)
"""What is drawn over what, where there is no room beside it: trouble on top."""
MOST_TICKS = 7
LEGEND_COLUMNS = 3
LEGEND_ROW = 46
_PALE, _RULE, _RULE_OF_PHASE = "#edf2f7", "#c3cad2", "#8795a1"


def chart_png(exercise: Exercise, language: str, width_px: int = 1400, seal: Seal | None = None) -> bytes:
    """The chart as a PNG picture ``width_px`` wide; its height grows with the units.

    Of more than a hundred units, those with most to mend are shown. The exercise marking stands at the top and at
    the bottom, the ``seal`` of the record, where the chart stands alone, above it.
    """
    return _drawn(exercise, language, width_px, seal).png()


def chart_svg(exercise: Exercise, language: str, width_px: int = 1400, seal: Seal | None = None) -> bytes:
    """The same chart as an SVG picture: sharp at any size, the same bytes for the same exercise."""
    return _drawn(exercise, language, width_px, seal).svg()


def _drawn(exercise: Exercise, language: str, width_px: int, seal: Seal | None) -> Sheet:
    plan = Plan(exercise, language, width_px)
    legend = _legend(plan)
    legend_top = plan.bottom + 90
    legend_bottom = legend_top + LEGEND_ROW * -(-len(legend) // LEGEND_COLUMNS) + (SEAL_ROW if seal else 0)
    sheet = Sheet(width_px, int(legend_bottom + 64))
    middle = width_px / 2
    for line in plan.head:
        sheet.text(middle, line.y, line.words, line.size, bold=line.bold, colour=line.colour, align="center")
    _draw_ground(sheet, plan)
    _draw_time(sheet, plan)
    _draw_lanes(sheet, plan)
    _draw_legend(sheet, legend, legend_top)
    if seal:
        draw_seal(sheet, seal, plan.telling, legend_bottom - SEAL_ROW / 2)
    sheet.text(middle, legend_bottom + 34, plan.marking, 32, bold=True, colour=RED, align="center")
    return sheet


def _draw_ground(sheet: Sheet, plan: Plan) -> None:
    """Phases as bands, stops hatched, each with its sign above; a rule between lanes."""
    starts = [plan.x(at) for _, at in phase_starts(plan.exercise)]
    for number, (left, right) in enumerate(pairwise([*starts, plan.right])):
        sheet.box(left, plan.top, right, plan.bottom, fill=_PALE if number % 2 == 0 else "white", layer=0)
    rules = [plan.top, *(lane.bottom for lane in plan.lanes)]
    sheet.lines([(EDGE, y, plan.right + COUNTS, y) for y in rules], 1.5, _RULE, layer=1)
    for sign in plan.signs:
        # Words that had to be moved back from the edge are not struck through by their own line.
        top = sign.y + STRIP / (2 if sign.left < sign.x else -2)
        sheet.lines(
            [(sign.x, top, sign.x, plan.bottom)],
            2,
            _RULE_OF_PHASE if sign.colour == "black" else sign.colour,
            layer=1.5,
        )
        sheet.text(sign.left + 7, sign.y, sign.words, SMALL, bold=True, colour=sign.colour, halo=True)
    for stop in plan.exercise.clock.stops:
        left, right = plan.x(stop.began_at), plan.x(stop.ended_at or plan.scale.end)
        _draw_stop(sheet, stop.kind, stop_colour(stop), (left, plan.top, right, plan.bottom))


def _draw_stop(
    sheet: Sheet, kind: StopKind, colour: str, corners: tuple[float, float, float, float], layer: float = 2
) -> None:
    real = kind is StopKind.REALWORLD
    fill, hatch = ("#fdecee", "xx") if real else ("#f4f4f4", "//")
    sheet.box(*corners, fill=fill, edge=colour, hatch=hatch, layer=layer)


def _draw_time(sheet: Sheet, plan: Plan) -> None:
    """Exercise time below the lanes with the wall clock under it, and ENDEX."""
    telling, clock = plan.telling, plan.exercise.clock
    y, below = plan.bottom + 26, plan.bottom + 56
    room = 0.0
    if clock.endex_at:
        room = text_width("ENDEX", SMALL, bold=True) / 2 + 10
        sheet.lines([(plan.right, plan.top - 8, plan.right, plan.bottom + 10)], 5, "black", layer=2.8)
        sheet.text(plan.right, y, "ENDEX", SMALL, bold=True, align="center")
        sheet.text(plan.right, below, telling.clock(clock.endex_at)[:-3], SMALL, colour=GREY, align="center")
    short_one = plan.scale.duration.total_seconds() < 300
    for offset, moment in plan.scale.ticks(MOST_TICKS):
        x = plan.x(moment)
        words = telling.offset(offset) if short_one else telling.offset(offset)[:-3]
        sheet.lines([(x, plan.top, x, plan.bottom + 10)], 1.5, "#7b8794", dashes=(1, 2), layer=1.2)
        if x + text_width(words, SMALL) / 2 < plan.right - room:
            sheet.text(x, y, words, SMALL, align="center")
            sheet.text(x, below, telling.clock(moment)[:-3], SMALL, colour=GREY, align="center")


def _draw_lanes(sheet: Sheet, plan: Plan) -> None:
    """Names at the left, counts at the right, and between them a bar for each inject."""
    sheet.text(plan.right + COUNTS, plan.top - 18, plan.telling.say("column.in_time"), SMALL, bold=True, align="right")
    placed: dict[Standing, list[tuple[Bar, float]]] = defaultdict(list)
    for lane in plan.lanes:
        in_time = lane.numbers.acknowledged - lane.numbers.late
        counts, short_of = f"{in_time}/{lane.numbers.asked}", in_time < lane.numbers.asked
        sheet.text(EDGE, lane.middle, lane.name, plan.text)
        sheet.text(plan.right + COUNTS, lane.middle, counts, plan.text, bold=short_of, align="right")
        for bar in lane.bars:
            placed[bar.standing].append((bar, plan.y(lane, bar)))
    for standing, found in sorted(placed.items(), key=lambda pair: _UNDERMOST.index(pair[0])):
        look = LOOKS[standing]
        spans = [(plan.x(bar.start), plan.x(bar.end), y) for bar, y in found]
        draw_bars(sheet, look, [span for span in spans if span[1] > span[0]], plan.mark)
        draw_marks(sheet, look, [(right, y) for _, right, y in spans], plan.mark)
        draw_arrows(sheet, [(plan.x(bar.end), y) for bar, y in found if bar.at_most], plan.mark, beyond=False)
        for bar, y in found:
            undecided = bar.diamond is not None and not bar.diamond.taken
            _draw_words(sheet, plan, bar, y, RED if undecided else look.edge)
    for taken in (True, False):
        diamonds = [
            (plan.x(bar.end), plan.x(bar.diamond.at), y)
            for found in placed.values()
            for bar, y in found
            if bar.diamond and bar.diamond.taken is taken
        ]
        sheet.lines([(left, y, right, y) for left, right, y in diamonds], 3, BLUE if taken else RED, layer=2.5)
        draw_diamonds(sheet, [(right, y) for _, right, y in diamonds], plan.mark, taken=taken)
    decided = [(bar.diamond, y) for found in placed.values() for bar, y in found if bar.diamond]
    bounds = [(plan.x(diamond.at), y) for diamond, y in decided if diamond.at_most]
    draw_arrows(sheet, bounds, plan.mark, beyond=False)


def _draw_words(sheet: Sheet, plan: Plan, bar: Bar, y: float, colour: str) -> None:
    """The name of an inject that went wrong, and the doubt whether it arrived."""
    if bar.unsure:
        sheet.text(plan.x(bar.start) - plan.mark * 0.35, y, "?", plan.text, bold=True, colour=BLUE, align="right")
    if plan.named and bar.trouble:
        left, right = plan.extent(bar)
        if plan.named_before(bar):
            sheet.text(left + 6, y, bar.inject, SMALL, colour=colour, halo=True)
        else:
            sheet.text(right - 4, y, bar.inject, SMALL, colour=colour, align="right", halo=True)


_Sample = Callable[[Sheet, float, float, float], None]


def _legend(plan: Plan) -> list[tuple[str, _Sample]]:
    """What the chart shows, each with how a sample of it is drawn; what does not occur is left out."""
    seen = {bar.standing for bar in plan.bars}
    entries: list[tuple[str, _Sample]] = []
    groups = (
        ("in_time", (Standing.IN_TIME,)),
        ("late", (Standing.LATE,)),
        ("missed", (Standing.MISSED,)),
        ("open", (Standing.OPEN, Standing.PENDING)),
        ("informed", (Standing.INFORMED,)),
        ("failed", (Standing.FAILED, Standing.NOT_SENT)),
    )
    entries += [(key, _outcome_sample(standings[0])) for key, standings in groups if seen & set(standings)]
    if any(bar.unsure for bar in plan.bars):
        entries.append(("unsure", _unsure_sample))
    if any(bar.at_most or (bar.diamond and bar.diamond.at_most) for bar in plan.bars):
        entries.append(("upper_bound", _upper_bound_sample))
    for key, taken in (("decided", True), ("undecided", False)):
        if any(bar.diamond and bar.diamond.taken is taken for bar in plan.bars):
            entries.append((key, _diamond_sample(taken=taken)))
    for stop_kind in StopKind:
        stops = [stop for stop in plan.exercise.clock.stops if stop.kind is stop_kind]
        if stops:
            entries.append((stop_kind.value, _stop_sample(stop_kind, stop_colour(stops[0]))))
    return [(plan.telling.say(f"chart.{key}"), sample) for key, sample in entries]


def _draw_legend(sheet: Sheet, legend: list[tuple[str, _Sample]], top: float) -> None:
    column = (sheet.width - 2 * EDGE) / LEGEND_COLUMNS
    for number, (words, sample) in enumerate(legend):
        row, place = divmod(number, LEGEND_COLUMNS)
        x, y = EDGE + place * column, top + (row + 0.5) * LEGEND_ROW
        sample(sheet, x, y, 26)
        sheet.text(x + 88, y, fitted(words, SMALL, column - 94), SMALL)


def _outcome_sample(standing: Standing) -> _Sample:
    def draw(sheet: Sheet, x: float, y: float, size: float) -> None:
        look = LOOKS[standing]
        if standing in {Standing.IN_TIME, Standing.LATE, Standing.MISSED, Standing.OPEN}:
            draw_bars(sheet, look, [(x + 4, x + 56, y)], size)
        draw_marks(sheet, look, [(x + 56, y)], size)

    return draw


def _unsure_sample(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.text(x + 56, y, "?", size, bold=True, colour=BLUE, align="center")


def _upper_bound_sample(sheet: Sheet, x: float, y: float, size: float) -> None:
    _outcome_sample(Standing.IN_TIME)(sheet, x, y, size)
    draw_arrows(sheet, [(x + 56, y)], size, beyond=False)


def _diamond_sample(*, taken: bool) -> _Sample:
    def draw(sheet: Sheet, x: float, y: float, size: float) -> None:
        draw_diamonds(sheet, [(x + 56, y)], size, taken=taken)

    return draw


def _stop_sample(kind: StopKind, colour: str) -> _Sample:
    def draw(sheet: Sheet, x: float, y: float, size: float) -> None:
        _draw_stop(sheet, kind, colour, (x + 16, y - size * 0.6, x + 70, y + size * 0.6))

    return draw
