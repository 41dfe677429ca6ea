"""The report as a workbook: a sheet for each table, typed cells, frozen heads and filters."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import cast
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.cell.cell import Cell as XlsxCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.report.account import LOG_LINES, Account
from bot.report.tables import Cell, Seconds, Table, tables
from bot.texts.catalogue import count, say

_LONGEST = 32_767
"""Characters that a cell holds."""
_WRAPS = 16
"""Characters from which words may not fit on the line of their cell."""
_FORMULA = ("=", "+", "-", "@")
_HEAD = PatternFill("solid", start_color="1F3864")
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_MARK = Font(bold=True, color="C00000")
_TOP = Alignment(vertical="top", wrap_text=True)
_WIDTHS = {"words": 60, "reason": 40, "offered": 40, "detail": 60, "hash": 20, "value": 48, "item": 28, "unit": 28}
_FORMATS = {"": '0" s"', "≥": '"≥"0" s"', "≤": '"≤"0" s"'}


def report_xlsx(told: Account, language: str) -> bytes:
    """The workbook. Moments are in the exercise's zone, times in seconds; words never run as formulas."""
    book = Workbook(write_only=True)
    zone = ZoneInfo(told.exercise.timezone)
    for table in tables(told, language):
        # Written row by row, so that a large exercise takes little memory; it looks like any other sheet.
        _write(cast("Worksheet", book.create_sheet(table.title[:31])), table, zone, language)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: Worksheet, table: Table, zone: ZoneInfo, language: str) -> None:
    marking = say(language, "marking")
    last = get_column_letter(len(table.columns))
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(column, 16)
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{last}{len(table.rows) + 2}"
    sheet.append([_head(sheet, marking, _MARK)])
    sheet.append([_head(sheet, head, _HEAD_FONT, _HEAD) for head in table.heads])
    pens = _Pens(sheet, zone)
    rows = table.rows[:LOG_LINES] if table.key == "log" else table.rows
    for row in rows:
        sheet.append([value if _is_plain(value) else pens.cell(column, value) for column, value in enumerate(row)])
    left = len(table.rows) - len(rows) + table.more
    if left:
        # The rest is in the record and in the CSV files.
        sheet.append([count(language, "count.more", left)])


def _head(sheet: Worksheet, words: str, font: Font, fill: PatternFill | None = None) -> XlsxCell:
    cell = WriteOnlyCell(sheet, words)
    cell.font, cell.alignment = font, _TOP
    if fill:
        cell.fill = fill
    return cell


def _is_plain(value: Cell) -> bool:
    """Whether a value can stand as it is, without a format of its own."""
    if isinstance(value, str):
        return len(value) <= _WRAPS and value.isprintable() and not value.startswith(_FORMULA)
    return value is None or isinstance(value, int)


class _Pens:
    """Cells with their formats, one for each column and kind of value, written with again for every row.

    A row is in the file as soon as it is appended. A cell of its own for each value took half the time of a workbook.
    """

    def __init__(self, sheet: Worksheet, zone: ZoneInfo) -> None:
        self._sheet = sheet
        self._zone = zone
        self._pens: dict[tuple[int, str], XlsxCell] = {}

    def cell(self, column: int, value: Cell) -> XlsxCell:
        """A cell that shows ``value``, until the same column is asked for one again."""
        match value:
            case str():
                formula = value.startswith(_FORMULA)
                cell = self._pen(column, "formula" if formula else "words")
                cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)[:_LONGEST]
                # Set after the value: words that begin like a formula stay words, also when somebody edits them.
                cell.data_type = "s"
            case datetime():
                cell = self._pen(column, "yyyy-mm-dd hh:mm:ss")
                cell.value = value.astimezone(self._zone).replace(tzinfo=None)
            case timedelta():
                cell = self._pen(column, "[h]:mm:ss")
                cell.value = value
            case Seconds():
                cell = self._pen(column, _FORMATS[value.bound])
                cell.value = round(value.seconds, 3)
            case _:
                cell = self._pen(column, "General")
                cell.value = value
        return cell

    def _pen(self, column: int, kind: str) -> XlsxCell:
        pen = self._pens.get((column, kind))
        if pen is None:
            pen = self._pens[column, kind] = WriteOnlyCell(self._sheet)
            if kind in {"words", "formula"}:
                pen.alignment = _TOP
                pen.quotePrefix = kind == "formula"
            else:
                pen.number_format = kind
        return pen
