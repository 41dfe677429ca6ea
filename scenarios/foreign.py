"""Somebody else's script, met half-way: what can be mapped is, and all the rest is listed row by row. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from scenarios.cells import as_text
from scenarios.durations import format_duration
from scenarios.foreign_headers import Heading, find_heading
from scenarios.grids import Grid, GridRow
from scenarios.moments import Beginning, read_moment, shown
from scenarios.problems import Path, Severity, quoted
from scenarios.table_reader import Document

_EVERYONE = re.compile(
    r"(?:all|semua|seluruh)(?: (?:units?|unsur|satuan|peserta|pihak|pelaku|participants?|pelaksana|players))*|everyone",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:[-*\u2022\u00b7]|\d{1,2}[.)])\s*")
_KINDS: Mapping[str, str] = {
    "order": "order",
    "perintah": "order",
    "information": "information",
    "info": "information",
    "informasi": "information",
    "report": "report",
    "laporan": "report",
    "admin": "admin",
    "administrative": "admin",
    "administrasi": "admin",
}
_ID = re.compile(r"[A-Za-z0-9-]{1,16}")


@dataclass(frozen=True)
class Foreign:
    """What was made of a foreign script; ``remarks`` by the index of the inject, ``-1`` for the whole."""

    document: Document
    remarks: Mapping[int, tuple[str, ...]]


def read_foreign(grids: Sequence[Grid], stem: str) -> Foreign:
    """The data in a script of somebody else's layout; ``stem`` is its file's name without the ending."""
    heading = find_heading(grids)
    if heading is None:
        document = Document()
        place = grids[0].place(1, 0) if grids else "csv!A1"
        message = (
            "this is no scenario: neither the sheets 'exercise' and 'injects' nor a header row such as "
            "No, Waktu, Narasi, Pelaksana or Seq, Time, From, To, Description were found"
        )
        document.say(place, message)
        return Foreign(document, {})
    return _Script(heading, grids, stem).read()


@dataclass
class _Script:
    heading: Heading
    grids: Sequence[Grid]
    stem: str
    document: Document = field(default_factory=Document)
    remarks: dict[int, list[str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    """Names by slug."""
    phases: dict[str, str] = field(default_factory=dict)
    injects: list[dict[str, Any]] = field(default_factory=list)
    beginning: Beginning = field(default_factory=Beginning)
    at: timedelta | None = None
    phase: str | None = None
    ids: set[str] = field(default_factory=set)

    def read(self) -> Foreign:
        grid = self.heading.grid
        self._remark(
            -1, grid.place(1, 0), "read from a foreign layout; no acknowledgement is asked unless a column says"
        )
        for other in self.grids:
            if other is not grid:
                self._remark(-1, other.place(1, 0), f"the sheet {quoted(other.name)} is not read")
        before = [row for row in grid.rows[: self.heading.position] if not row.is_empty]
        for row in grid.rows[self.heading.position + 1 :]:
            if not row.is_empty:
                self._row(row)
        if not self.units:
            self.units["peserta"] = "Peserta"
            self._remark(-1, grid.place(1, 0), "no unit is named; one unit 'peserta' was made")
        title = " ".join(" - ".join(_words(row) for row in before).split())
        self.document.places["injects",] = grid.place(self.heading.grid.rows[self.heading.position].number, 0)
        self.document.data = {
            "format": 1,
            "id": _slug(self.stem) or "scenario",
            "title": title or self.stem,
            "units": {slug: {"name": name} for slug, name in self.units.items()},
            **({"phases": [{"id": slug, "title": name} for slug, name in self.phases.items()]} if self.phases else {}),
            "injects": self.injects,
        }
        return Foreign(self.document, {index: tuple(lines) for index, lines in self.remarks.items()})

    def _remark(self, index: int, place: str, message: str) -> None:
        self.remarks.setdefault(index, []).append(f"{place}: {message}")
        self.document.say(place, message, Severity.WARNING)

    def _place(self, row: GridRow, key: str) -> str:
        return self.heading.grid.place(row.number, self.heading.columns.get(key, 0))

    def _text(self, row: GridRow, key: str) -> str:
        column = self.heading.columns.get(key)
        return row.text(column) if column is not None else ""

    def _row(self, row: GridRow) -> None:
        filled = [column for column in range(len(row.cells)) if row.text(column)]
        told = [self._text(row, key) for key in ("at", "to", "text", "order", "expect")]
        if len(filled) == 1 and not any(told[:2]) and self.heading.columns["text"] not in filled:
            self._begin_phase(row, row.text(filled[0]), filled[0])
            return
        index = len(self.injects)
        inject: dict[str, Any] = {}
        path: Path = ("injects", index)
        self.document.places[path] = self._place(row, "text")
        for key in ("text", "to", "at", "from", "expect", "notes", "kind", "phase", "acknowledge"):
            self.document.places[*path, "from" if key == "from" else key] = self._place(row, key)
        inject["id"] = self._id(row, index)
        inject["to"] = self._receivers(row, index)
        inject["text"] = self._words_told(row, index)
        self._time(row, index, inject)
        for key in ("from", "expect", "notes", "acknowledge"):
            if self._text(row, key):
                inject[key] = self._text(row, key)
        self._kind(row, index, inject)
        if name := self._text(row, "phase"):
            self.phase = self._named(self.phases, name)
        if self.phase:
            inject["phase"] = self.phase
        if not inject["text"]:
            self._remark(-1, self._place(row, "text"), f"row {row.number} tells nothing to a unit and is left out")
            self.remarks.pop(index, None)
            return
        for column in self.heading.unmapped:
            if row.text(column):
                said = " ".join(row.text(column).split())
                where = self.heading.grid.place(row.number, column)
                self._remark(index, where, f"{self.heading.titles[column]}: {said} (has no place in a scenario)")
        for column in filled:
            if column not in self.heading.titles:
                said = " ".join(row.text(column).split())
                self._remark(
                    index, self.heading.grid.place(row.number, column), f"{said} (in a column without a title)"
                )
        self.ids.add(inject["id"].casefold())
        self.injects.append(inject)

    def _begin_phase(self, row: GridRow, title: str, column: int) -> None:
        self.phase = self._named(self.phases, title)
        self._remark(-1, self.heading.grid.place(row.number, column), f"{quoted(title)} is taken as a phase")

    def _id(self, row: GridRow, index: int) -> str:
        written = self._text(row, "id")
        wanted = re.sub(r"[^A-Za-z0-9-]+", "-", written).strip("-")[:16]
        if wanted.isdecimal():
            wanted = f"I-{int(wanted):02d}"
        elif written and wanted != written and wanted:
            self._remark(index, self._place(row, "id"), f"{quoted(written)} is called {wanted!r}")
        if _ID.fullmatch(wanted) and wanted.casefold() not in self.ids:
            return wanted
        number = index + 1
        while f"i-{number:02d}" in self.ids:
            number += 1
        made = f"I-{number:02d}"
        if written:
            self._remark(index, self._place(row, "id"), f"{quoted(written)} is called {made!r}")
        return made

    def _receivers(self, row: GridRow, index: int) -> list[str]:
        names = [_BULLET.sub("", name.strip()) for name in re.split(r"[,;/\n]", self._text(row, "to"))]
        slugs = []
        for name in filter(None, (" ".join(name.split()) for name in names)):
            slug = "all" if _EVERYONE.fullmatch(name) else self._named(self.units, name)
            if slug:
                slugs.append(slug)
        if not slugs:
            self._remark(index, self._place(row, "to"), "no receiver is named; it goes to all")
            return ["all"]
        return list(dict.fromkeys(slugs))

    def _words_told(self, row: GridRow, index: int) -> str:
        text, order = self._text(row, "text"), self._text(row, "order")
        if order:
            title = self.heading.titles[self.heading.columns["order"]]
            self._remark(index, self._place(row, "order"), f"{title}: put below the text")
            return f"{text}\n\n{title}: {order}" if text else order
        if not text and self._text(row, "expect"):
            self._remark(index, self._place(row, "expect"), "there is no narrative; this is what the unit is told")
            return self._text(row, "expect")
        return text

    def _time(self, row: GridRow, index: int, inject: dict[str, Any]) -> None:
        column = self.heading.columns.get("at")
        cell = row.cells[column] if column is not None and column < len(row.cells) else None
        if not as_text(cell).strip():
            if self.at is None:
                self._remark(index, self._place(row, "at"), "no time is given; it waits for the director")
            else:
                inject["at"] = format_duration(self.at)
                self._remark(index, self._place(row, "at"), "no time is given; it goes with the row above")
            return
        moment = read_moment(cell)
        if moment is None:
            message = f"{quoted(shown(cell))} is no time that can be read; it waits for the director"
            self._remark(index, self._place(row, "at"), message)
            return
        at = self.at = self.beginning.offset(moment)
        inject["at"] = format_duration(at)
        if moment.is_clock or moment.remark:
            presumed = f" ({moment.remark})" if moment.remark else ""
            self._remark(index, self._place(row, "at"), f"{shown(cell)} is {inject['at']} after STARTEX{presumed}")

    def _kind(self, row: GridRow, index: int, inject: dict[str, Any]) -> None:
        written = self._text(row, "kind")
        kind = _KINDS.get(written.casefold())
        if kind:
            inject["kind"] = kind
        elif written:
            self._remark(index, self._place(row, "kind"), f"{quoted(written)} is no kind of inject; it is an order")

    def _named(self, names: dict[str, str], name: str) -> str:
        """The slug of ``name``, which joins ``names`` when it is new."""
        for slug, known in names.items():
            if known.casefold() == name.casefold():
                return slug
        base = _slug(name) or "x"
        slug, number = base, 2
        while slug in names or slug == "all":
            slug = f"{base[:36]}_{number}"
            number += 1
        names[slug] = name
        return slug


def _words(row: GridRow) -> str:
    return " ".join(as_text(cell).strip() for cell in row.cells if as_text(cell).strip())


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
