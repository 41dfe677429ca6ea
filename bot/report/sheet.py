"""A sheet to draw on, in pixels from its upper left corner, with the fonts that come with matplotlib.

It holds no global state and never touches pyplot, so several threads may each draw on their own.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.patches import Rectangle

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
_REGULAR = _FONTS / "DejaVuSans.ttf"
_BOLD = _FONTS / "DejaVuSans-Bold.ttf"
_DPI = 100
_POINTS = 72 / _DPI
"""Points to a pixel."""

# Names within an SVG are made of what they name and this, not of chance. Set once: threads draw at the same time.
mpl.rcParams["svg.hashsalt"] = "geladi"

Align = Literal["left", "center", "right"]


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """How many pixels wide ``words`` are when set ``size`` pixels high."""
    font = get_font(_BOLD if bold else _REGULAR)
    font.set_size(size, 72)
    font.set_text(words, 0)
    return float(font.get_width_height()[0]) / 64


def legible(words: str) -> str:
    """``words`` without what the font cannot show."""
    known = get_font(_REGULAR)
    return " ".join("".join(c for c in words if known.get_char_index(ord(c))).split())


def fitted(words: str, size: float, width: float, *, bold: bool = False) -> str:
    """``words``, legible and cut so that they are at most ``width`` pixels wide."""
    words = legible(words)
    if text_width(words, size, bold=bold) <= width:
        return words
    while words and text_width(f"{words}…", size, bold=bold) > width:
        words = words[:-1].rstrip()
    return f"{words}…"


class Sheet:
    """A white sheet of ``width`` by ``height`` pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor="white")
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = "black",
        align: Align = "left",
        halo: bool = False,
    ) -> None:
        """Words, centred on ``y``; they are never read as mathematics."""
        font = FontProperties(fname=_BOLD if bold else _REGULAR, size=size * _POINTS)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.8} if halo else None
        self._axes.text(
            x,
            y,
            legible(words),
            fontproperties=font,
            color=colour,
            ha=align,
            va="center",
            parse_math=False,
            bbox=box,
            zorder=6,
        )

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: str = "none",
        edge: str = "none",
        hatch: str = "",
        layer: float = 1,
    ) -> None:
        """A rectangle; a hatch is drawn in the colour of the edge."""
        patch = Rectangle(
            (left, top),
            right - left,
            bottom - top,
            facecolor=fill,
            edgecolor=edge,
            hatch=hatch or None,
            linewidth=1.0,
            zorder=layer,
        )
        self._axes.add_patch(patch)

    def lines(
        self,
        segments: Sequence[tuple[float, float, float, float]],
        width: float,
        colour: str,
        *,
        dashes: Sequence[float] = (),
        layer: float = 3,
    ) -> None:
        """Straight lines from ``(x, y)`` to ``(x, y)``; ``dashes`` in multiples of the width."""
        if segments:
            ends = [[(x1, y1), (x2, y2)] for x1, y1, x2, y2 in segments]
            style = (0, tuple(dashes)) if dashes else "solid"
            collection = LineCollection(
                ends, linewidths=width * _POINTS, colors=colour, linestyles=[style], zorder=layer, capstyle="butt"
            )
            self._axes.add_collection(collection, autolim=False)

    def marks(
        self,
        points: Sequence[tuple[float, float]],
        shape: str,
        size: float,
        *,
        fill: str,
        edge: str,
        thickness: float = 2,
        layer: float = 4,
    ) -> None:
        """The same mark at each point, ``size`` pixels across."""
        if points:
            xs, ys = zip(*points, strict=True)
            self._axes.scatter(
                xs,
                ys,
                s=(size * _POINTS) ** 2,
                marker=shape,
                facecolors=fill,
                edgecolors=edge,
                linewidths=thickness * _POINTS,
                zorder=layer,
                clip_on=False,
            )

    def png(self) -> bytes:
        """The sheet as a PNG picture."""
        file = BytesIO()
        FigureCanvasAgg(self._figure).print_png(file)  # type: ignore[no-untyped-call]  # untyped in matplotlib
        return file.getvalue()

    def svg(self) -> bytes:
        """The sheet as an SVG picture without any date; words are drawn as outlines, so they need no font."""
        file = BytesIO()
        nothing = {"Date": None, "Creator": None}
        FigureCanvasSVG(self._figure).print_svg(file, metadata=nothing)  # type: ignore[no-untyped-call]  # as above
        return file.getvalue()
