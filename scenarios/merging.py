"""Merged cells: what stands in one counts for every row that it covers. Pure."""

from collections.abc import Mapping, Sequence

from scenarios.cells import Cell
from scenarios.grids import MOST_CELLS, Grid, GridRow, UnreadableFileError
from scenarios.wording import Wording


def spread(grid: Grid) -> tuple[Grid, Mapping[int, Sequence[int]]]:
    """``grid`` with what stands in merged cells in every row that they cover, and for each such row the columns filled.

    A row that holds nothing of its own stays empty: there, rows were merged to have room for many words.

    Raises:
        UnreadableFileError: merged cells cover more than a file may hold.
    """
    by_number = {row.number: row for row in grid.rows if not row.is_empty}
    filled: dict[int, dict[int, Cell]] = {}
    left = MOST_CELLS
    for area in grid.merged:
        left -= area.last - area.first
        if left < 0:
            why = Wording("the merged cells of the sheet '{sheet}' cover too much; unmerge them", sheet=grid.name)
            raise UnreadableFileError(why)
        above = by_number.get(area.first)
        if above is not None and above.text(area.column):
            for number in range(area.first + 1, area.last + 1):
                if number in by_number and not by_number[number].text(area.column):
                    filled.setdefault(number, {})[area.column] = above.cells[area.column]
    rows = [_filled(row, filled.get(row.number, {})) for row in grid.rows]
    return Grid(grid.name, rows, grid.merged), {number: sorted(cells) for number, cells in filled.items()}


def _filled(row: GridRow, cells: Mapping[int, Cell]) -> GridRow:
    if not cells:
        return row
    width = max(len(row.cells), max(cells) + 1)
    held = [*row.cells, *[None] * (width - len(row.cells))]
    return GridRow(row.number, [cells.get(column, cell) for column, cell in enumerate(held)])
