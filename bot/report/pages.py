"""Lines of text put into messages: never longer than Telegram takes, never cut within a line. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from itertools import groupby

from bot.report.names import columns, short

LONGEST_PAGE = 3_900
"""In UTF-16 units after entity parsing: Telegram's 4,096 less room for the exercise marking."""
LONGEST_LINE = 400
"""In columns; a line that people's words made longer is cut."""
PHONE = 40
"""Columns of a line that a phone shows unbroken."""


class Style(StrEnum):
    """How a line is set: Telegram's tag for it."""

    PLAIN = ""
    BOLD = "b"
    ITALIC = "i"
    CODE = "code"
    TABLE = "pre"
    """A row of a table; rows that follow one another make one block, the first is its header."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as people read it, without markup. A ``heading`` stays on the page of the line below it."""

    text: str = ""
    style: Style = Style.PLAIN
    heading: bool = False


def paged(lines: Iterable[Line], most_pages: int, rest: Callable[[int], Line]) -> tuple[str, ...]:
    """The lines on at most ``most_pages`` pages of HTML, each full before the next begins.

    Where they do not suffice, the last page ends with the line ``rest`` of how many lines were left out.
    """
    pages: list[list[Line]] = [[]]
    length = 0
    table_head: Line | None = None
    for line in _fitting(lines):
        if line.style is not Style.TABLE:
            table_head = None
        if length + _length(line) > LONGEST_PAGE:
            pages[-1], carried = _without_last_headings(pages[-1])
            if table_head:
                carried = [*carried, table_head]
            pages.append(carried)
            length = sum(map(_length, carried))
        if line.style is Style.TABLE and table_head is None:
            table_head = line
        pages[-1].append(line)
        length += _length(line)
    if len(pages) > most_pages:
        pages = _cut_off(pages, most_pages, rest)
    return tuple(_html(page) for page in pages)


def wrapped(mark: str, entries: Sequence[str], width: int = PHONE) -> list[Line]:
    """The entries side by side on as many lines as they need, each line behind ``mark``."""
    lines: list[str] = []
    for entry in entries:
        if lines and columns(lines[-1]) + 3 + columns(entry) <= width:
            lines[-1] += f" · {entry}"
        else:
            lines.append(f"{mark} {entry}")
    return [Line(line) for line in lines]


def utf16_units(text: str) -> int:
    """The length of ``text`` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        fits = line.style is Style.TABLE or columns(line.text) <= LONGEST_LINE
        yield line if fits else Line(short(line.text, LONGEST_LINE), line.style, line.heading)


def _without_last_headings(page: list[Line]) -> tuple[list[Line], list[Line]]:
    end = len(page)
    while end and (page[end - 1].heading or not page[end - 1].text):
        end -= 1
    return (page[:end], page[end:]) if end else (page, [])


def _cut_off(pages: list[list[Line]], most_pages: int, rest: Callable[[int], Line]) -> list[list[Line]]:
    kept, left = pages[:most_pages], [line for page in pages[most_pages:] for line in page]
    last = kept[-1]
    while sum(map(_length, last)) + _length(rest(len(left))) > LONGEST_PAGE:
        left.append(last.pop())
    last.append(rest(sum(bool(line.text) for line in left)))
    return kept


def _length(line: Line) -> int:
    return utf16_units(line.text) + 1


def _html(page: Sequence[Line]) -> str:
    parts = []
    for style, run in groupby(page, key=lambda line: line.style):
        texts = [escape(line.text, quote=False) for line in run]
        match style:
            case Style.PLAIN:
                parts += texts
            case Style.TABLE:
                parts.append("<pre>" + "\n".join(texts) + "</pre>")
            case _:
                parts += [f"<{style}>{text}</{style}>" for text in texts]
    return "\n".join(parts).strip("\n")
