"""The report on paper: the after-action report, and the decision log as a document of its own, set by Typst.

The layout is ``layout.typ``; it gets values only, so that nothing that people wrote is ever read as markup.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import typst

from bot.report.account import Account
from bot.report.album import Album
from bot.report.cells import worded
from bot.report.chart import chart_png, chart_svg
from bot.report.overview import decision_result, head, result
from bot.report.paper.cards import decision_cards
from bot.report.seals import latest, printed
from bot.report.spread_chart import spread_png, spread_svg
from bot.report.tables import Cell, Row, Table, tables
from bot.report.telling import Telling
from bot.texts.catalogue import say, template

MOST_ROWS = 500
"""Of one table on paper; what is beyond them is in the workbook."""
MOST_DRAWN = 5_000
"""Answers up to which the charts are drawings; beyond them, setting a drawing takes half a gigabyte."""
_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "decisions": frozenset({"clock"}),
    "timeline": frozenset({"phase"}),
    "actions": frozenset({"by", "at"}),
    "answers": frozenset({"unit", "acknowledged"}),
    "ratings": frozenset({"objective"}),
}
"""Columns for which paper is too narrow, by table; they are in the workbook."""
_SHARES = {
    "words": 6, "value": 6, "reason": 4, "offered": 4, "chosen": 3, "unit": 3, "objective": 3, "cause": 3.5, "owner": 3,
    "item": 3, "asked": 2, "received": 2, "missing": 2, "question": 3, "effect": 3, "event": 2.6, "by": 2.6,
    "remark": 2, "until": 2,
}  # fmt: skip
"""How columns share the width that those as wide as their words leave."""
_COUNT = 1.8
"""The share of a column of counts: its head may break."""
_COUNTS = frozenset({"asked", "in_time", "late", "missed", "open", "reminded"})
_TO_THE_RIGHT = _COUNTS | {"median", "p90", "worst", "took", "number", "count"}
_REPORT = (
    "exceptions",
    "timeline",
    "units",
    "answers",
    "decisions",
    "branches",
    "spans",
    "hand_overs",
    "evidence",
    "reports",
    "notes",
    "ratings",
    "hot_wash",
    "unmeasured",
)
"""The tables of the report, in the order in which a reader expects them; the plan comes last."""
MOST_ANSWERS = 500
"""Answers up to which each is on paper, unit by unit; of more, paper has those that went wrong."""
_WORDS = ("meaning", "seal", "chart", "signed", "nothing", "no_picture")
_PLAN_LINES = 6
"""Lines of the improvement plan at the least: what is not filled in the chat is filled by hand."""


def report_pdf(told: Account, language: str) -> bytes:
    """The after-action report on A4 paper, in ``language``. The same account always gives the same bytes."""
    telling = Telling.of(told.exercise, language)
    album = Album.of(told, telling)
    return _set(_Paper(told, telling, album).report(), {**_charts(told, language), **album.files})


def decisions_pdf(told: Account, language: str) -> bytes:
    """The decision log alone, a card for each: who decided what, when, knowing what, in which situation, and why."""
    return _set(_Paper(told, Telling.of(told.exercise, language), Album()).decisions(), {})


def _charts(told: Account, language: str) -> dict[str, bytes]:
    """The charts, by the names of their files."""
    exercise = told.exercise
    if exercise.clock.startex_at is None:
        return {}
    if len(told.answers) > MOST_DRAWN:
        return {"chart.png": chart_png(exercise, language), "spread.png": spread_png(exercise, language)}
    return {"chart.svg": chart_svg(exercise, language), "spread.svg": spread_svg(exercise, language)}


_CHARTS = frozenset({"chart.png", "spread.png", "chart.svg", "spread.svg"})


@dataclass(frozen=True, slots=True)
class _Paper:
    """The values of one document, all of them words by now."""

    told: Account
    telling: Telling
    album: Album

    def report(self) -> dict[str, Any]:
        """All that the layout shows of the report, but for the pictures."""
        too_long = {"log", *(["answers"] if len(self.told.answers) > MOST_ANSWERS else [])}
        found = self._tables(but=too_long)
        parts = [self._part(found[key]) for key in _REPORT if key in found and found[key].rows]
        return {**self._cover("report"), "parts": [*parts, self._plan(found["actions"])]}

    def decisions(self) -> dict[str, Any]:
        """All that the layout shows of the decision log."""
        table = self._tables(but={"answers", "log"})["decisions"]
        cards = list(decision_cards(self.told, table, self.telling))
        parts = [{"title": table.title, "note": "", "groups": cards}] if cards else []
        return {**self._cover("decisions"), "parts": parts}

    def _tables(self, but: Collection[str]) -> dict[str, Table]:
        return {table.key: table for table in tables(self.told, self.telling.language, but)}

    def _cover(self, document: str) -> dict[str, Any]:
        """What every document has: its cover, its words and who signs."""
        say_of, exercise, entries = self.telling.say, self.told.exercise, self.told.entries
        seal = printed(entries) if entries else latest(entries)
        begun = exercise.clock.startex_at is not None
        lines = []
        if begun:
            lines += result(self.telling, self.told.overall)
            lines += decision_result(list(self.told.decisions), self.telling)
        number, _, scenario, *period = (line.text for line in head(self.telling))
        return {
            "language": self.telling.language,
            "title": say_of(f"doc.{document}"),
            "number": number,
            "name": exercise.name,
            "scenario": scenario,
            "marking": say(self.telling.language, "marking"),
            "period": period,
            "result": [line.text for line in lines if line.text],
            "seal": {"entries": seal.entries, "head": seal.head},
            # The layout fills the gaps of this one itself: only it knows the pages.
            "page": template(self.telling.language, "report.doc.page"),
            "words": {key: say_of(f"doc.{key}") for key in _WORDS},
            "signers": [say_of("doc.director"), say_of("doc.chief")],
        }

    def _part(self, table: Table) -> dict[str, Any]:
        """One table, or several: by phase the timeline, by unit the answers, by objective the ratings."""
        rows, left = table.rows[:MOST_ROWS], len(table.rows) - MOST_ROWS
        note = self.telling.say("doc.rest", number=left) if left > 0 else ""
        grouped = list(self._grouped(table, rows))
        groups = [self._group(table, title, of_group) for title, of_group in grouped]
        if table.key == "timeline":
            place = table.columns.index("at")
            begun = [of_phase[0][place] for _, of_phase in grouped]
            for group, frames in zip(groups, self.album.by_start(begun), strict=True):
                group["pictures"] = frames
            note = " ".join(words for words in (note, self.album.note) if words)
        return {"title": table.title, "note": note, "groups": groups}

    def _grouped(self, table: Table, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
        match table.key:
            case "timeline":
                place = table.columns.index("phase")
                for phase, of_phase in groupby(_with_phase(rows, place), key=lambda row: row[place]):
                    yield str(phase or ""), list(of_phase)
            case "answers":
                by_unit: dict[str, list[Row]] = {unit: [] for unit in self.told.exercise.seats}
                for answer, row in zip(self.told.answers, rows, strict=True):
                    by_unit[answer.delivery.unit].append(row)
                units = self.told.exercise.scenario.units
                for unit, of_unit in by_unit.items():
                    if of_unit:
                        yield units[unit].name.in_language(self.telling.language), of_unit
            case "ratings":
                place = table.columns.index("objective")
                by_objective = sorted(rows, key=lambda row: (not row[place], str(row[place])))
                for objective, of_objective in groupby(by_objective, key=lambda row: row[place]):
                    yield str(objective or self.telling.say("no_objective")), list(of_objective)
            case _:
                yield "", rows

    def _plan(self, table: Table) -> dict[str, Any]:
        """The improvement plan, with room to write."""
        blank = (None,) * len(table.columns)
        rows = (*table.rows, *(blank for _ in range(_PLAN_LINES - len(table.rows))))
        group = {**self._group(table, "", rows), "to_fill": True}
        return {"title": table.title, "note": "", "groups": [group]}

    def _group(self, table: Table, title: str, rows: Sequence[Row]) -> dict[str, Any]:
        left_out = _LEFT_OUT.get(table.key, frozenset())
        kept = [index for index, column in enumerate(table.columns) if column not in left_out]
        columns = [table.columns[index] for index in kept]
        figures = {column for column in _TO_THE_RIGHT if _is_of_figures(table, column)}
        return {
            "title": title,
            "heads": [table.heads[index] for index in kept],
            "rows": [[worded(row[index], self.telling) for index in kept] for row in rows],
            "widths": [_COUNT if column in _COUNTS & figures else _SHARES.get(column, 0) for column in columns],
            "right": [index for index, column in enumerate(columns) if column in figures],
            "to_fill": False,
            "pictures": [],
        }


def _is_of_figures(table: Table, column: str) -> bool:
    """Whether a column of the table has figures; where evidence is asked for, it has words."""
    return column in table.columns and not any(isinstance(cell, str) for cell in table.column(column))


def _with_phase(rows: Iterable[Row], place: int) -> Iterable[Row]:
    """The rows, those without a phase in that of the row before."""
    phase: Cell = ""
    for row in rows:
        phase = row[place] or phase
        yield (*row[:place], phase, *row[place + 1 :])


def _set(values: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    layout = files("bot.report.paper").joinpath("layout.typ").read_bytes()
    data = orjson.dumps({**values, "charts": [name for name in pictures if name in _CHARTS]})
    with TemporaryDirectory(prefix="geladi-paper-") as folder:
        for name, content in {"main.typ": layout, "data.json": data, **pictures}.items():
            (Path(folder) / name).write_bytes(content)
        return typst.compile(Path(folder) / "main.typ", timestamp=0)
