"""The report as CSV: a ZIP archive with a file for each table, as spreadsheet programs read them."""

import csv
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.report.account import Account
from bot.report.tables import Cell, Seconds, Table, tables

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The oldest that an archive can name: the same exercise always gives the same bytes."""


def report_csv(told: Account, language: str) -> bytes:
    """The archive. Moments are ISO 8601 in UTC, times are seconds; words never run as formulas."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for number, table in enumerate(tables(told, language), 1):
            entry = ZipInfo(f"{number:02}-{table.key}.csv", _STAMP)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, _written(table))
    return file.getvalue()


def _written(table: Table) -> bytes:
    words = StringIO(newline="")
    writer = csv.writer(words)
    writer.writerow(table.heads)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    # The mark at the beginning tells Excel that it is UTF-8.
    return words.getvalue().encode("utf-8-sig", "replace")


def _cell(value: Cell) -> str | int | None:
    match value:
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return _seconds(value.total_seconds())
        case Seconds():
            return value.bound + _seconds(value.seconds)
        case _:
            return value


def _seconds(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")
