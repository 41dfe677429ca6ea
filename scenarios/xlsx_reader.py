"""Reading the cells of an XLSX workbook from a stranger: bounded, without macros, entities or formulas that run."""

import re
import zipfile
from io import BytesIO

from scenarios.cells import Cell
from scenarios.grids import (
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    Allowance,
    Grid,
    GridRow,
    Merged,
    UnreadableFileError,
    column_of,
    too_large,
)
from scenarios.problems import quoted
from scenarios.wording import Wording

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes of a workbook."""
LARGEST_INFLATED = 10 * 1024 * 1024
"""Bytes of everything in it."""
_LARGEST_RATIO = 100
_SMALL = 512 * 1024
"""Parts up to this size may be pressed together as much as they like."""
_MOST_PARTS = 300
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_xlsx(data: bytes) -> list[Grid]:
    """The sheets of a workbook; a formula is the text that its author typed, hidden sheets included.

    Raises:
        UnreadableFileError: it is no workbook, too large, or holds what a scenario does not need.
    """
    _check_archive(data)
    try:
        return _sheets(data)
    except UnreadableFileError:
        raise
    except MemoryError:
        raise UnreadableFileError(Wording("the workbook needs too much memory")) from None
    except RecursionError:
        raise UnreadableFileError(Wording("the workbook is nested too deeply")) from None
    except Exception as error:  # noqa: BLE001 - the library fails in every way on a broken workbook
        why = Wording("this is no workbook that can be read: {error}", error=quoted(error))
        raise UnreadableFileError(why) from None


def _check_archive(data: bytes) -> None:
    if len(data) > LARGEST_FILE:
        raise UnreadableFileError(too_large(len(data), LARGEST_FILE))
    if data.startswith(_OLD_EXCEL):
        raise UnreadableFileError(
            Wording("this is an old or a protected workbook; save it as .xlsx without a password")
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except Exception:  # noqa: BLE001 - a broken archive fails in many ways, all of which mean the same
        raise UnreadableFileError(Wording("this is no XLSX workbook")) from None
    if len(parts) > _MOST_PARTS:
        why = Wording("the workbook has {parts:,} parts; {most} are possible", parts=len(parts), most=_MOST_PARTS)
        raise UnreadableFileError(why)
    if sum(part.file_size for part in parts) > LARGEST_INFLATED:
        why = Wording("the workbook is too large: unpacked, {most:,} bytes are possible", most=LARGEST_INFLATED)
        raise UnreadableFileError(why)
    for part in parts:
        if part.file_size > _SMALL and part.file_size > _LARGEST_RATIO * max(part.compress_size, 1):
            raise UnreadableFileError(Wording("the workbook is packed suspiciously tight; it is not opened"))
        if part.flag_bits & 1:
            raise UnreadableFileError(Wording("the workbook is protected by a password"))
        if "vbaproject" in part.filename.casefold():
            raise UnreadableFileError(Wording("the workbook holds macros; save it as .xlsx without them"))
        if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnreadableFileError(Wording("the workbook is packed in a way that spreadsheets are not"))


def _sheets(data: bytes) -> list[Grid]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, and a start does not need it

    archive = zipfile.ZipFile(BytesIO(data))
    workbook = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False, keep_vba=False)
    try:
        if len(workbook.sheetnames) > MOST_SHEETS:
            raise UnreadableFileError(Wording("the workbook has more than {most} sheets", most=MOST_SHEETS))
        allowance = Allowance()
        grids = []
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()
            rows = []
            # One column more than is possible, so that a wider row is noticed.
            for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
                taken = allowance.take(sheet.title, number, [_cell(value) for value in cells])
                if taken:
                    rows.append(GridRow(number, taken))
            # The library passes over merged cells when it streams a sheet, and keeps the name of its part to itself.
            part = archive.open(sheet._worksheet_path)  # type: ignore[attr-defined]  # noqa: SLF001 - see above
            grids.append(Grid(sheet.title, rows, _merged(part.read(LARGEST_INFLATED))))
        return grids
    finally:
        archive.close()
        workbook.close()


def _merged(part: bytes) -> list[Merged]:
    """The cells of a sheet that cover several rows."""
    tail = part[part.rfind(b"</sheetData>") :]
    areas = (
        Merged(column_of(match[1].decode()), int(match[2]), min(int(match[3]), MOST_ROWS))
        for match in _MERGED.finditer(tail)
    )
    return [area for area in areas if area.last > area.first]


def _cell(value: object) -> Cell:
    match value:
        case str():
            return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
        case None | bool() | int() | float():
            return value
        case _ if isinstance(value, Cell):
            return value
        case _:
            return str(getattr(value, "text", value))
