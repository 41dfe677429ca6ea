"""What a form of the report says, row by row, so that one test can look for the same thing in all of them."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

import orjson
from openpyxl import load_workbook
from pypdf import PdfReader

from bot.exercise.forms import Form
from bot.report.account import Account
from bot.report.chart_layout import Bar
from bot.report.chart_plan import Plan
from bot.report.forms import made
from bot.report.timeline import summary_pages, unit_pages
from tests.report.reading import read

SUMMARY, UNITS, PLAN = "summary", "units' summaries", "chart's plan"
_COMMENT = re.compile(r"<!-- (.*?) -->", re.DOTALL)
_BOUND = re.compile(r'"([≥≤])"')
_NEAR = 200
"""Characters without spaces within which words on paper belong together."""


def said(told: Account, language: str) -> Mapping[str, list[str]]:
    """Every form, as rows of words: what stands in one row belongs together. Of paper there is one row."""
    readers: dict[str, Callable[[Account, str], Iterator[str]]] = {
        SUMMARY: _summary,
        UNITS: _units,
        PLAN: _plan,
        Form.SVG: lambda told, language: _drawn(made(told, Form.SVG, language)),
        Form.SPREAD_SVG: lambda told, language: _drawn(made(told, Form.SPREAD_SVG, language)),
        Form.PDF: lambda told, language: _printed(made(told, Form.PDF, language)),
        Form.DECISIONS_PDF: lambda told, language: _printed(made(told, Form.DECISIONS_PDF, language)),
        Form.XLSX: lambda told, language: _workbook(made(told, Form.XLSX, language)),
        Form.CSV: lambda told, language: _archive(made(told, Form.CSV, language)),
        Form.JSON: lambda told, language: _record(made(told, Form.JSON, language)),
        Form.HTML: lambda told, language: _page(made(told, Form.HTML, language)),
    }
    return {form: list(reader(told, language)) for form, reader in readers.items()}


def finds(rows: list[str], words: tuple[str, ...]) -> bool:
    """Whether the words stand in one row, in that order; on paper, spaces and line breaks mean nothing."""
    wanted = [re.sub(r"\s", "", word) for word in words]
    near = f".{{0,{_NEAR}}}?" if len(rows) == 1 else ".*?"
    pattern = re.compile(near.join(map(re.escape, wanted)), re.DOTALL)
    return any(pattern.search(re.sub(r"\s", "", row)) for row in rows)


def _summary(told: Account, language: str) -> Iterator[str]:
    for page in summary_pages(told.exercise, language, told.entries):
        yield from read(page).lines


def _units(told: Account, language: str) -> Iterator[str]:
    for unit in told.exercise.seats:
        for page in unit_pages(told.exercise, unit, language):
            yield from (f"{unit}: {line}" for line in read(page).lines)


def _plan(told: Account, language: str) -> Iterator[str]:
    plan = Plan(told.exercise, language, 1400)
    yield from (line.words for line in plan.head)
    yield from (sign.words for sign in plan.signs)
    for lane in plan.lanes:
        in_time = lane.numbers.acknowledged - lane.numbers.late
        yield f"{lane.unit} {in_time}/{lane.numbers.asked}"
        yield from map(_bar, lane.bars)


def _bar(bar: Bar) -> str:
    seen = [bar.unit, bar.inject, bar.standing.value]
    seen += ["unsure"] if bar.unsure else []
    seen += ["at most"] if bar.at_most else []
    if bar.diamond:
        seen.append("decided" if bar.diamond.taken else "undecided")
    return " ".join(seen)


def _drawn(svg: bytes) -> Iterator[str]:
    """The words of a drawing, each in brackets: they are outlines, with their words beside them."""
    yield from (f"[{words}]" for words in _COMMENT.findall(svg.decode()))


def _printed(pdf: bytes) -> Iterator[str]:
    yield "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def _workbook(file: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(file)).worksheets:
        for row in sheet.iter_rows():
            cells = [(cell.value, _BOUND.search(str(cell.number_format))) for cell in row]
            yield " | ".join((bound[1] if bound else "") + _shown(value) for value, bound in cells)


def _shown(value: object) -> str:
    """A number as the CSV has it."""
    if value is None:
        return ""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _archive(file: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        for name in archive.namelist():
            for row in csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))):
                yield " | ".join(row)


def _record(file: bytes) -> Iterator[str]:
    document: dict[str, Any] = orjson.loads(file)
    for name, part in document.items():
        for each in part if isinstance(part, list) else [part]:
            yield f"{name} {orjson.dumps(each).decode()}"


def _page(file: bytes) -> Iterator[str]:
    reader = _Rows()
    reader.feed(file.decode())
    yield from reader.rows
    timeline = orjson.loads(reader.data)["timeline"]
    for stop in timeline["ground"]["stops"]:
        yield f"stop {orjson.dumps(stop).decode()}"
    for bar in timeline["bars"]:
        inject, unit = timeline["injects"][bar["inject"]][0], timeline["units"][bar["unit"]][1]
        yield f"bar {inject} {unit} {orjson.dumps(bar).decode()}"


class _Rows(HTMLParser):
    """Rows of tables and lines of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows = [""]
        self.data = ""
        self._script = False
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._script = tag in {"script", "style"}
        self._is_data = dict(attrs).get("id") == "data"
        if tag in {"tr", "p", "h1", "h2", "div"}:
            self.rows.append("")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._script = self._is_data = False

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self.data += data
        elif not self._script:
            self.rows[-1] += f" {data}"
