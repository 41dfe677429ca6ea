"""What a measurement gives: a table, as it goes into docs/performance.md."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One table; the first column is text, the others are numbers as they are shown."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def markdown(self) -> str:
        """The table in Markdown."""
        ruler = "|".join("-" if number == 0 else "-:" for number, _ in enumerate(self.columns))
        lines = [" | ".join(row) for row in (self.columns, *self.rows)]
        return "\n".join(
            [f"**{self.title}**", "", f"| {lines[0]} |", f"|{ruler}|", *(f"| {line} |" for line in lines[1:])]
        )


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which so many of a hundred lie; ``values`` are sorted."""
    return values[min(len(values) - 1, int(len(values) * percent / 100))]


def middle(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)
