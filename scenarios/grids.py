"""Spreadsheets as plain grids of cells, and problems placed in them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.cells import Cell, as_text
from scenarios.problems import Problem, Severity
from scenarios.wording import Wording

MOST_ROWS = 20_000
"""In one sheet."""
MOST_COLUMNS = 100
MOST_CELLS = 200_000
"""In one file, empty ones at the end of a row left out."""
MOST_SHEETS = 30
MOST_TOLD = 1_000


@dataclass(frozen=True)
class Told:
    """Something wrong in a file of any form; ``place`` is ``LINE:COLUMN``, or ``SHEET!CELL`` in a spreadsheet."""

    place: str
    severity: Severity
    message: Wording

    @classmethod
    def of(cls, problem: Problem) -> "Told":
        """The same about a text file."""
        return cls(f"{problem.line}:{problem.column}", problem.severity, problem.message)

    def located(self, file_name: str) -> str:
        """``FILE:PLACE: severity: message``, on one line."""
        return f"{file_name}:{self.place}: {self.severity}: {self.message}"


@dataclass(frozen=True)
class GridRow:
    """A row with its number (from 1) and its cells from column A on."""

    number: int
    cells: Sequence[Cell]

    def text(self, column: int) -> str:
        """What the cell at index ``column`` says, without space around it."""
        return as_text(self.cells[column]).strip() if column < len(self.cells) else ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not any(as_text(cell).strip() for cell in self.cells)


@dataclass(frozen=True)
class Merged:
    """A cell that covers several rows; its words stand in the uppermost of them, at the index ``column``."""

    column: int
    first: int
    last: int
    """Rows, numbered from 1, both included."""


@dataclass(frozen=True)
class Grid:
    """A sheet as it was found."""

    name: str
    rows: Sequence[GridRow]
    merged: Sequence[Merged] = ()

    def place(self, row: int, column: int) -> str:
        """``SHEET!CELL``; ``row`` counts from 1, ``column`` from 0."""
        return f"{self.name}!{column_letters(column)}{row}"


class UnreadableFileError(ValueError):
    """The file is refused as a whole; ``why`` says so to people."""

    def __init__(self, why: Wording) -> None:
        super().__init__(why)
        self.why = why


def too_large(size: int, most: int) -> Wording:
    """What is said of a file of ``size`` bytes where ``most`` are possible."""
    return Wording("the file is too large: {size:,} bytes, {most:,} are possible", size=size, most=most)


def column_letters(column: int) -> str:
    """``A`` for 0, ``AA`` for 26, as spreadsheet programs name columns."""
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def column_of(letters: str) -> int:
    """The index, from 0, of the column that spreadsheet programs call ``letters``."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


class Allowance:
    """How many cells a file may still hold.

    Raises:
        UnreadableFileError: from :meth:`take`, when a bound is crossed.
    """

    def __init__(self) -> None:
        self._cells = MOST_CELLS

    def take(self, sheet: str, row: int, cells: Sequence[Cell]) -> Sequence[Cell]:
        """The cells of a row, empty ones at its end left out."""
        if row > MOST_ROWS:
            why = Wording(
                "the sheet '{sheet}' has more than {most:,} rows; delete the empty ones", sheet=sheet, most=MOST_ROWS
            )
            raise UnreadableFileError(why)
        width = len(cells)
        while width and (cells[width - 1] is None or cells[width - 1] == ""):
            width -= 1
        if width > MOST_COLUMNS:
            why = Wording(
                "row {row} of the sheet '{sheet}' has more than {most} columns", row=row, sheet=sheet, most=MOST_COLUMNS
            )
            raise UnreadableFileError(why)
        self._cells -= width
        if self._cells < 0:
            why = Wording("the file holds too much: more than {most:,} cells; split the scenario", most=MOST_CELLS)
            raise UnreadableFileError(why)
        return cells[:width]
