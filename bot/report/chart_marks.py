"""How each outcome looks: a colour and a shape of its own, so that it can be told in black and white too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.report.sheet import Sheet
from bot.report.standing import Standing

BLUE, RED, GREY = "#0b5cad", "#c8102e", "#5f5f5f"
DARK_BLUE = "#062f59"
THICK = 0.45
"""A bar's thickness as a share of a mark's size."""


@dataclass(frozen=True, slots=True)
class Look:
    """A mark, and the bar up to it; ``size`` is a share of the chart's mark size."""

    shape: str
    fill: str
    edge: str
    dashes: tuple[float, ...] = ()
    size: float = 1.0
    cross: bool = False


LOOKS: Mapping[Standing, Look] = {
    Standing.IN_TIME: Look("o", "#00a87a", "#00573f"),
    Standing.LATE: Look("^", "#f5a300", "#7a4b00", size=1.2),
    Standing.MISSED: Look("X", RED, "#7d0a1d", (0.7, 0.5), size=1.2),
    Standing.OPEN: Look("s", "white", GREY, (0.3, 0.4)),
    Standing.INFORMED: Look("o", GREY, GREY, size=0.45),
    Standing.PENDING: Look("s", "white", GREY),
    Standing.FAILED: Look("s", "black", "black", cross=True),
    Standing.NOT_SENT: Look("s", "black", "black", cross=True),
}


def draw_marks(sheet: Sheet, look: Look, points: Sequence[tuple[float, float]], size: float) -> None:
    """The mark of an outcome at each point; ``size`` is the chart's mark size in pixels."""
    sheet.marks(points, look.shape, size * look.size, fill=look.fill, edge=look.edge)
    if look.cross:
        sheet.marks(points, "X", size * 0.75, fill="white", edge="none", layer=4.5)


def draw_bars(sheet: Sheet, look: Look, bars: Sequence[tuple[float, float, float]], size: float) -> None:
    """A bar from left to right at a height, each with an upright stroke where the message went out."""
    thick = size * THICK
    colour = look.edge if look.fill == "white" else look.fill
    sheet.lines([(left, y, right, y) for left, right, y in bars], thick, colour, dashes=look.dashes)
    sheet.lines([(left, y - thick, left, y + thick) for left, _, y in bars], 3, look.edge)


def draw_arrows(sheet: Sheet, points: Sequence[tuple[float, float]], size: float, *, beyond: bool) -> None:
    """That the times at these points are the least that they can be (``beyond``), or the most."""
    way = 1 if beyond else -1
    shafts = [(x + way * size * 0.6, y, x + way * size * 1.5, y) for x, y in points]
    sheet.lines(shafts, 2.5, "black", layer=4.6)
    tips = [(tip, y) for _, _, tip, y in shafts]
    sheet.marks(tips, ">" if beyond else "<", size * 0.55, fill="black", edge="black", layer=4.6)


def draw_diamonds(sheet: Sheet, points: Sequence[tuple[float, float]], size: float, *, taken: bool) -> None:
    """A decision, full where it was taken and hollow where its time ran out; it lies under the answer's mark."""
    if taken:
        sheet.marks(points, "D", size * 1.15, fill=BLUE, edge=DARK_BLUE, layer=3.5)
    else:
        sheet.marks(points, "D", size * 1.05, fill="white", edge=RED, thickness=5, layer=3.5)
