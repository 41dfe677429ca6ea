"""The plan of a chart: what stands where, in pixels. Pure, but for measuring words with the font's own widths."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from bot.exercise.figures import Figures, figures, figures_by_unit
from bot.exercise.model import Exercise
from bot.exercise.timing import Stop, StopKind
from bot.report.chart_layout import Bar, TimeScale, bars, packed, phase_starts, side_by_side
from bot.report.chart_marks import GREY, RED
from bot.report.names import short
from bot.report.seals import Seal
from bot.report.sheet import Sheet, fitted, text_width
from bot.report.telling import WORDS, Telling
from bot.texts.catalogue import say

MOST_LANES = 100
MOST_NAMED = 30
"""Troubles up to which each is named with its inject."""
TALLEST = 1.35
"""Lanes, as a share of the width: with head and legend, the chart still fills one sheet of paper."""

EDGE = 24
SMALL = 23
STRIP = 36
"""The height of a row of signs above the lanes."""
SEAL, SEAL_ROW = 18, 40
"""The size of the seal's words, and the height of their row."""
COUNTS = 105
"""Room for the counts at the right."""


@dataclass(frozen=True, slots=True)
class Density:
    """How closely lanes are set, in pixels."""

    text: float
    mark: float
    """A mark's size as a share of what it is where there is room."""
    rows: int
    """Rows in a lane; answers that overlap beyond them are drawn over one another."""
    gap: float
    """Between two rows."""
    pad: float
    """Around the rows of a lane."""


DENSITIES = (Density(27, 1.0, 5, 10, 8), Density(21, 0.8, 2, 5, 4), Density(16, 0.6, 1, 3, 2))
"""From a phone's to a sheet of paper's."""


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of the head, centred."""

    words: str
    size: float
    y: float
    colour: str = "black"

    @property
    def bold(self) -> bool:
        """Small print is not bold."""
        return self.size > SMALL


@dataclass(frozen=True, slots=True)
class Sign:
    """Words above the lanes, with a line down at the moment ``x`` that they name."""

    words: str
    colour: str
    x: float
    left: float
    right: float
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A unit's strip of the chart."""

    unit: str
    name: str
    numbers: Figures
    bars: tuple[Bar, ...]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2


class Plan:
    """Where everything of one chart goes, ``width`` pixels being given and the height following from the units."""

    def __init__(self, exercise: Exercise, language: str, width: int) -> None:
        self.exercise = exercise
        self.telling = Telling.of(exercise, language)
        self.marking = say(language, "marking")
        self.width = width
        self.scale = TimeScale(exercise)
        self.bars = bars(exercise, self.scale)
        self._troubles = sum(bar.trouble for bar in self.bars)
        self._numbers = _shown(exercise)
        self._of_unit: dict[str, list[Bar]] = defaultdict(list)
        for bar in self.bars:
            self._of_unit[bar.unit].append(bar)
        self.right = float(width - EDGE - COUNTS)
        self.head = self._head(len(self._numbers))
        for density in DENSITIES:
            self._place(density)
            if self.bottom - self.top <= TALLEST * width:
                break

    def _place(self, density: Density) -> None:
        """Set the lanes that closely."""
        self.text = density.text
        self.named = self._troubles <= MOST_NAMED and density.rows > 1
        names = {unit: fitted(self.telling.labels[unit], self.text, 300) for unit in self._numbers}
        self.left = 2 * EDGE + max(text_width(name, self.text) for name in names.values())
        busiest = max(map(len, self._of_unit.values()), default=0)
        self.mark = density.mark * (24 if busiest <= 25 else 19 if busiest <= 45 else 15)
        self.row_height = self.mark + density.gap
        self.signs = self._signs(self.head[-1].y + 34)
        self.top = max((sign.y for sign in self.signs), default=self.head[-1].y + 34) + STRIP / 2 + 4
        self.lanes: list[Lane] = []
        top = self.top
        for unit, unit_numbers in self._numbers.items():
            rows = packed(self._of_unit[unit], self.extent, density.rows)
            height = max(self.row_height * (1 + max((bar.row for bar in rows), default=0)), self.text) + density.pad
            self.lanes.append(Lane(unit, names[unit], unit_numbers, tuple(rows), top, top + height))
            top += height
        self.bottom = top

    def x(self, at: datetime) -> float:
        """Where a moment lies from the left."""
        return self.left + (self.right - self.left) * self.scale.share(at)

    def y(self, lane: Lane, bar: Bar) -> float:
        """Where a bar of a lane lies from the top."""
        rows = 1 + max(other.row for other in lane.bars)
        return lane.middle + (bar.row + 0.5 - rows / 2) * self.row_height

    def extent(self, bar: Bar) -> tuple[float, float]:
        """The room that a bar takes with its marks and its name."""
        left, right = self.x(bar.start) - self.mark * 0.45, self.x(bar.end) + self.mark * 0.45
        if bar.diamond:
            right = max(right, self.x(bar.diamond.at) + self.mark * 0.9)
        if bar.unsure:
            left -= text_width("?", self.text)
        if self.named and bar.trouble:
            room = text_width(bar.inject, SMALL) + 14
            return (left - room, right) if self.named_before(bar) else (left, right + room)
        return left, right

    def named_before(self, bar: Bar) -> bool:
        """Whether the name of a bar stands to its left, for want of room to its right."""
        end = max(self.x(bar.end), self.x(bar.diamond.at) if bar.diamond else 0.0)
        return end + self.mark + text_width(bar.inject, SMALL) + 6 > self.right

    def _head(self, shown: int) -> list[HeadLine]:
        exercise, telling, clock = self.exercise, self.telling, self.exercise.clock
        numbers = figures(exercise)
        lines = [(self.marking, 32, RED), (short(exercise.name, WORDS), 40, "black")]
        if clock.startex_at:
            end = {"end": telling.clock(clock.endex_at)} if clock.endex_at else {}
            start, zone = telling.clock(clock.startex_at), telling.zone(clock.startex_at)
            period = telling.say("period" if end else "since", start=start, zone=zone, **end)
            lines.append((f"{telling.date(clock.startex_at)} · {period}", SMALL, "black"))
        in_time = numbers.acknowledged - numbers.late
        lines.append((telling.say("result", in_time=in_time, asked=numbers.asked), 30, "black"))
        rest = telling.say("result_rest", late=numbers.late, missed=numbers.missed, open=numbers.open)
        lines.append((rest, SMALL, "black"))
        if shown < len(exercise.seats):
            lines.append((telling.say("chart.shown", shown=shown, units=len(exercise.seats)), SMALL, RED))
        placed = []
        y = 14.0
        for words, size, colour in lines:
            y += size / 2 + 8
            placed.append(HeadLine(fitted(words, size, self.width - 2 * EDGE, bold=size > SMALL), size, y, colour))
            y += size / 2 + 4
        return placed

    def _signs(self, top: float) -> list[Sign]:
        titles = {phase.id: phase.title.in_language(self.telling.language) for phase in self.exercise.scenario.phases}
        found = [(at, titles.get(phase, phase), "black") for phase, at in phase_starts(self.exercise)]
        found += [(stop.began_at, self._stop_words(stop), stop_colour(stop)) for stop in self.exercise.clock.stops]
        signs = []
        for at, words, colour in sorted(found, key=lambda sign: sign[0]):
            cut = fitted(words, SMALL, 280 if colour == "black" else 480, bold=True)
            room = text_width(cut, SMALL, bold=True) + 16
            left = min(self.x(at), self.right - room)
            signs.append(Sign(cut, colour, self.x(at), left, left + room))
        rows = side_by_side([(sign.left, sign.right) for sign in signs])
        return [
            Sign(sign.words, sign.colour, sign.x, sign.left, sign.right, top + STRIP * (row + 0.5))
            for sign, row in zip(signs, rows, strict=True)
        ]

    def _stop_words(self, stop: Stop) -> str:
        lasted = self.telling.span(stop.ended_at - stop.began_at) if stop.ended_at else self.telling.say("lasts")
        return self.telling.say(f"stop.{stop.kind}", span=lasted)


def draw_seal(sheet: Sheet, seal: Seal, telling: Telling, y: float) -> None:
    """The seal of the record, small and across the whole width."""
    words = fitted(f"{telling.say('seal', entries=seal.entries)} {seal.head}", SEAL, sheet.width - 2 * EDGE)
    sheet.text(sheet.width / 2, y, words, SEAL, colour=GREY, align="center")


def stop_colour(stop: Stop) -> str:
    """A real event is red, a pause is grey."""
    return RED if stop.kind is StopKind.REALWORLD else GREY


def _shown(exercise: Exercise) -> dict[str, Figures]:
    """The units that have a lane, in the scenario's order; of very many, those with most to mend."""
    numbers = figures_by_unit(exercise)
    if len(numbers) <= MOST_LANES:
        return numbers
    worst = sorted(numbers, key=lambda unit: (-numbers[unit].missed, -numbers[unit].late))[:MOST_LANES]
    return {unit: numbers[unit] for unit in numbers if unit in set(worst)}
