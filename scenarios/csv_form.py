"""Scenarios as one CSV file: every sheet below the other, each under its name in brackets."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from scenarios.cells import as_text, disarmed, rearmed
from scenarios.grids import Allowance, Grid, GridRow, UnreadableFileError, too_large
from scenarios.tables import Table
from scenarios.wording import Wording

LARGEST_FILE = 1024 * 1024
"""Bytes of a CSV file."""
WHOLE = "csv"
"""The name of the sheet, where a file names none."""
_SECTION = re.compile(r"\[([a-z]+)\]")
_DELIMITERS = ",;\t"
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff]")


def write_csv(tables: Sequence[Table], language: str) -> str:
    """``tables`` as CSV text; in Indonesian with semicolons, as Excel there reads it.

    Cells that a spreadsheet program would run get an apostrophe before them, which the reader takes off.
    """
    file = StringIO(newline="")
    rows = csv.writer(file, delimiter=";" if language == "id" else ",", lineterminator="\r\n")
    for table in tables:
        if table.rows:
            rows.writerow([f"[{table.sheet.name}]"])
            rows.writerow([field.header(language) for field in table.fields])
            rows.writerows([disarmed(as_text(row.get(field.key))) for field in table.fields] for row in table.rows)
            rows.writerow([])
    return file.getvalue()


def read_csv(data: bytes) -> list[Grid]:
    """The sheets in a CSV file: UTF-8 with or without a mark, with commas, semicolons or tabs.

    Row numbers are those of the whole file, as a spreadsheet program shows it.

    Raises:
        UnreadableFileError: it is too large, or no such text.
    """
    if len(data) > LARGEST_FILE:
        raise UnreadableFileError(too_large(len(data), LARGEST_FILE))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFileError(Wording("this is not UTF-8 text; save it as 'CSV UTF-8'")) from None
    if found := _FORBIDDEN.search(text):
        sign = f"U+{ord(found[0]):04X}"
        raise UnreadableFileError(Wording("the control character {sign} is not allowed; remove it", sign=sign))
    return _sections(text)


def _sections(text: str) -> list[Grid]:
    delimiter, text, first = _delimiter(text)
    allowance = Allowance()
    grids: list[tuple[str, list[GridRow]]] = [(WHOLE, [])]
    try:
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), first):
            taken = allowance.take(grids[-1][0], number, [rearmed(cell) for cell in cells])
            section = _SECTION.fullmatch(str(taken[0]).strip()) if len(taken) == 1 else None
            if section:
                grids.append((section[1], []))
            elif taken:
                grids[-1][1].append(GridRow(number, taken))
    except csv.Error as error:
        why = Wording("this is no CSV file that can be read: {error}", error=str(error))
        raise UnreadableFileError(why) from None
    return [Grid(name, rows) for name, rows in grids if rows]


def _delimiter(text: str) -> tuple[str, str, int]:
    """The delimiter, the text after a line that names it, and the number of the text's first row."""
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r'"?sep=([,;\t])"?\r?', first)
    if named:
        return named[1], rest, 2
    counts = dict.fromkeys(_DELIMITERS, 0)
    for sign in _unquoted(text[:20_000]):
        if sign in counts:
            counts[sign] += 1
    return max(counts, key=lambda sign: counts[sign]), text, 1


def _unquoted(text: str) -> Iterator[str]:
    quoted = False
    for sign in text:
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            yield sign
