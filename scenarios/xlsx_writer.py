"""Writing a scenario as the workbook that a planner would want."""

import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from scenarios.cells import Cell
from scenarios.columns import INJECTS, KINDS, LANGUAGES, SHEETS, SITUATIONS
from scenarios.model import EVERYONE
from scenarios.tables import Field, Table

_LONGEST = 32_767
"""Characters that a cell holds."""
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_HEAD = PatternFill("solid", start_color="1F3864")
_COLOURS = {
    "order": "FCE4D6",
    "information": "DDEBF7",
    "report": "E2EFDA",
    "decision": "FFF2CC",
    "admin": "EDEDED",
}
_LISTS = "lists"
_HELP = ("penjelasan", "help")
_RANGES = {"units": "units", "phases": "phases", "situations": SITUATIONS.name, "injects": INJECTS.name}
_STRICT = frozenset({"kinds", "phases", "units", "situations"})
_LAST = 5_001
_LINE = 15.0
"""Points that a line of words needs."""
_HIGHEST = 409.0
"""Points of the highest row that there can be."""


class TooLongForCellError(ValueError):
    """A text has more than the 32,767 characters that a cell holds."""


def write_xlsx(tables: Sequence[Table], language: str) -> bytes:
    """A workbook of ``tables``, its headers and explanations in ``language``.

    Raises:
        TooLongForCellError: a text does not fit into a cell.
    """
    workbook = Workbook()
    for standing in workbook.worksheets:
        workbook.remove(standing)
    targets = [str(row["id"]) for table in tables if table.sheet.name in {"units", "groups"} for row in table.rows]
    for table in tables:
        _write(workbook.create_sheet(table.sheet.name), table, language, has_targets=bool(targets))
    _explain(workbook.create_sheet(_HELP[LANGUAGES.index(language)]), language)
    _list_targets(workbook.create_sheet(_LISTS), targets)
    # A scenario opens at its script, an empty one where the filling in begins.
    workbook.active = next((i for i, table in enumerate(tables) if table.sheet is INJECTS and table.rows), 0)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _write(sheet: Worksheet, table: Table, language: str, *, has_targets: bool) -> None:
    _head(sheet, [field.header(language) for field in table.fields], [field.column.width for field in table.fields])
    for number, row in enumerate(table.rows, 2):
        for column, field in enumerate(table.fields, 1):
            value = row.get(field.key)
            if value not in {None, ""}:
                _put(sheet.cell(number, column), value)
        _fit(sheet, number, [(str(row.get(field.key) or ""), field.column.width) for field in table.fields])
    sheet.auto_filter.ref = sheet.dimensions
    for column, field in enumerate(table.fields, 1):
        _offer(sheet, column, field, has_targets=has_targets)
    if table.sheet is INJECTS:
        sheet.freeze_panes = "B2"
        _colour(sheet, table.fields)


def _head(sheet: Worksheet, titles: Sequence[str], widths: Sequence[int]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), 1):
        cell = sheet.cell(1, column)
        _put(cell, title)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = width
        # What a planner types into the cells below is wrapped too.
        dimension.alignment = _WRAPPED
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"


def _fit(sheet: Worksheet, row: int, cells: Iterable[tuple[str, int]]) -> None:
    """Make a row high enough for its words, each cell given with its width: not every program does so itself."""
    lines = max(sum(max(1, ceil(len(line) / width)) for line in words.split("\n")) for words, width in cells)
    if lines > 1:
        sheet.row_dimensions[row].height = min(lines * _LINE, _HIGHEST)


def _put(cell: XlsxCell | MergedCell, value: Cell) -> None:
    """Write ``value``: words stay words, also those that begin like a formula."""
    if isinstance(value, str):
        if len(value) > _LONGEST:
            raise TooLongForCellError(f"a text of {len(value):,} characters; a cell holds {_LONGEST:,}")
        cell.value = _UNSAFE.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
        if isinstance(cell, XlsxCell):
            cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value
    cell.alignment = _WRAPPED


def _offer(sheet: Worksheet, column: int, field: Field, *, has_targets: bool) -> None:
    """A list to choose from; where several may stand, or names grow, other words are let in.

    Receivers are chosen from units and groups, or from the units still to be written when there are none.
    """
    choices = field.column.choices
    if not choices:
        return
    match choices:
        case "kinds":
            formula = f'"{",".join(KINDS)}"'
        case "targets" if has_targets:
            formula = f"{_LISTS}!$A$1:$A${_LAST}"
        case "targets":
            formula = f"{_RANGES['units']}!$A$2:$A${_LAST}"
        case name if name in _RANGES:
            formula = f"{_RANGES[name]}!$A$2:$A${_LAST}"
        case _:
            formula = f'"{choices}"'
    validation = DataValidation(type="list", formula1=formula, allow_blank=True)
    validation.showErrorMessage = choices in _STRICT
    letter = get_column_letter(column)
    validation.add(f"{letter}2:{letter}{_LAST}")
    sheet.add_data_validation(validation)


def _colour(sheet: Worksheet, fields: Sequence[Field]) -> None:
    kind = get_column_letter(1 + next(i for i, field in enumerate(fields) if field.key == "kind"))
    area = f"A2:{get_column_letter(len(fields))}{_LAST}"
    for name, colour in _COLOURS.items():
        test = f'${kind}2="{name}"' if name != "order" else f'AND($A2<>"",OR(${kind}2="",${kind}2="order"))'
        fill = PatternFill("solid", start_color=colour, end_color=colour)
        rule = FormulaRule(formula=[test], fill=fill)  # type: ignore[no-untyped-call]  # the stubs say no more of it
        sheet.conditional_formatting.add(area, rule)


def _explain(sheet: Worksheet, language: str) -> None:
    index = LANGUAGES.index(language)
    heads = ("lembar", "kolom", "penjelasan") if language == "id" else ("sheet", "column", "explanation")
    _head(sheet, heads, (16, 24, 90))
    rows: list[tuple[str, str, str]] = []
    for each in SHEETS:
        rows.append((each.name, "", each.help[index]))
        rows.extend((each.name, column.labels[index], column.help[index]) for column in each.columns)
    for number, row in enumerate(rows, 2):
        for column, words in enumerate(row, 1):
            if words:
                _put(sheet.cell(number, column), words)


def _list_targets(sheet: Worksheet, targets: Sequence[str]) -> None:
    """What the column of receivers offers, on a sheet out of sight."""
    for number, name in enumerate([EVERYONE, *targets], 1):
        _put(sheet.cell(number, 1), name)
    sheet.sheet_state = "hidden"
