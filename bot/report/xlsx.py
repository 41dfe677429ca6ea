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
    marked = _cell(sheet, marking, zone)
    marked.font = _MARK
    sheet.append([marked])
    heads = [_cell(sheet, head, zone) for head in table.heads]
    for head in heads:
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD
    sheet.append(heads)
    rows = table.rows[:LOG_LINES] if table.key == "log" else table.rows
    for row in rows:
        sheet.append([value if _is_plain(value) else _cell(sheet, value, zone) for value in row])
    left = len(table.rows) - len(rows) + table.more
    if left:
        # The rest is in the record and in the CSV files.
        sheet.append([count(language, "count.more", left)])


def _is_plain(value: Cell) -> bool:
    """Whether a value can stand as it is. Cells of their own cost ten times as much, and a log has many."""
    if isinstance(value, str):
        return len(value) <= _WRAPS and value.isprintable() and not value.startswith(_FORMULA)
    return value is None or isinstance(value, int)


def _cell(sheet: Worksheet, value: Cell, zone: ZoneInfo) -> XlsxCell:
    cell = WriteOnlyCell(sheet)
    match value:
        case str():
            cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)[:_LONGEST]
            # Set after the value: words that begin like a formula stay words, also when somebody edits them.
            cell.data_type = "s"
            cell.alignment = _TOP
            cell.quotePrefix = value.startswith(_FORMULA)
        case datetime():
            cell.value = value.astimezone(zone).replace(tzinfo=None)
            cell.number_format = "yyyy-mm-dd hh:mm:ss"
        case timedelta():
            cell.value = value
            cell.number_format = "[h]:mm:ss"
        case Seconds():
            cell.value = round(value.seconds, 3)
            cell.number_format = _FORMATS[value.bound]
        case _:
            cell.value = value
    return cell
