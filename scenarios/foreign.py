"""Somebody else's script, met half-way: what can be mapped is, and all the rest is listed row by row. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from scenarios.cells import Cell, as_text
from scenarios.durations import format_duration
from scenarios.foreign_headers import Heading, find_heading
from scenarios.foreign_names import Names, Numbering, id_of, slug_of
from scenarios.grids import Grid, GridRow, column_letters
from scenarios.merging import spread
from scenarios.model import EVERYONE
from scenarios.moments import Beginning, read_moment, shown
from scenarios.problems import Path, Severity, quoted
from scenarios.table_reader import Document, sheet_not_read
from scenarios.wording import Wording

_EVERYBODY = re.compile(
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
_DECISIONS = frozenset({"decision", "keputusan"})


@dataclass(frozen=True)
class Foreign:
    """What was made of a foreign script; ``remarks`` by the index of the inject, ``-1`` for the whole."""

    document: Document
    remarks: Mapping[int, tuple[Wording, ...]]


def read_foreign(grids: Sequence[Grid], stem: str) -> Foreign:
    """The data in a script of somebody else's layout; ``stem`` is its file's name without the ending.

    Raises:
        UnreadableFileError: its merged cells cover more than a file may hold.
    """
    heading = find_heading(grids)
    if heading is None:
        document = Document()
        place = grids[0].place(1, 0) if grids else "csv!A1"
        message = Wording(
            "this is no scenario: neither the sheets 'exercise' and 'injects' nor a header row such as "
            "No, Waktu, Narasi, Pelaksana or Seq, Time, From, To, Description were found"
        )
        document.say(place, message)
        return Foreign(document, {})
    return _Script(heading, grids, stem).read()


@dataclass
class _Row:
    """A row of the script, and what is to be said of it: for each remark its column and words."""

    heading: Heading
    row: GridRow
    said: list[tuple[int, Wording]] = field(default_factory=list)

    def text(self, key: str) -> str:
        column = self.heading.columns.get(key)
        return self.row.text(column) if column is not None else ""

    def cell(self, key: str) -> Cell:
        column = self.heading.columns.get(key)
        return self.row.cells[column] if column is not None and column < len(self.row.cells) else None

    def say(self, key: str, message: Wording) -> None:
        self.said.append((self.heading.columns.get(key, 0), message))

    def place(self, key: str) -> str:
        return self.heading.grid.place(self.row.number, self.heading.columns.get(key, 0))

    @property
    def filled(self) -> list[int]:
        return [column for column in range(len(self.row.cells)) if self.row.text(column)]


class _Script:
    def __init__(self, heading: Heading, grids: Sequence[Grid], stem: str) -> None:
        self.heading = heading
        self.grids = grids
        self.stem = stem
        self.document = Document()
        self.remarks: dict[int, list[Wording]] = {}
        self.units = Names()
        self.phases = Names()
        self.injects: list[dict[str, Any]] = []
        self.beginning = Beginning()
        self.at: timedelta | None = None
        self.phase: str | None = None

    def read(self) -> Foreign:
        grid, heading = self.heading.grid, self.heading
        presumed = Wording("read from a foreign layout; no acknowledgement is asked unless a column says")
        self._remark(grid.place(1, 0), presumed)
        for other in self.grids:
            if other is not grid:
                self._remark(other.place(1, 0), sheet_not_read(other))
        whole, shared = spread(grid)
        rows = [_Row(heading, row) for row in whole.rows[heading.last + 1 :] if not row.is_empty]
        self.numbering = Numbering(row.text("id") for row in rows)
        for row in rows:
            self._read_row(row, shared.get(row.row.number, ()))
        if not self.units.by_slug:
            self.units.slug("Peserta")
            self._remark(grid.place(1, 0), Wording("no unit is named; one unit 'peserta' was made"))
        title = " ".join(" - ".join(_words(row) for row in grid.rows[: heading.first] if not row.is_empty).split())
        self.document.places["injects",] = grid.place(grid.rows[heading.last].number, 0)
        phases = [{"id": slug, "title": name} for slug, name in self.phases.by_slug.items()]
        self.document.data = {
            "format": 1,
            "id": slug_of(self.stem) or "scenario",
            "title": title or self.stem,
            "units": {slug: {"name": name} for slug, name in self.units.by_slug.items()},
            **({"phases": phases} if phases else {}),
            "injects": self.injects,
        }
        return Foreign(self.document, {index: tuple(lines) for index, lines in self.remarks.items()})

    def _remark(self, place: str, message: Wording, index: int = -1) -> None:
        self.remarks.setdefault(index, []).append(Wording("{place}: {remark}", place=place, remark=message))
        self.document.say(place, message, Severity.WARNING)

    def _read_row(self, row: _Row, shared: Sequence[int]) -> None:
        grid, number = self.heading.grid, row.row.number
        filled = row.filled
        if self.heading.is_repeated_in(row.row):
            self._remark(grid.place(number, filled[0]), Wording("the header stands here again and is left out"))
        elif len(filled) == 1 and filled[0] not in {self.heading.columns.get(key) for key in ("at", "to", "text")}:
            title = row.row.text(filled[0])
            self.phase = self.phases.slug(title)
            self._remark(grid.place(number, filled[0]), Wording("{title} is taken as a phase", title=quoted(title)))
        elif not any(row.text(key) for key in ("text", "order", "expect")):
            said = " | ".join(" ".join(row.row.text(column).split()) for column in filled)
            message = Wording("row {row} tells nothing to a unit and is left out: {said}", row=number, said=said)
            self._remark(row.place("text"), message)
        else:
            self._read_inject(row, shared)

    def _read_inject(self, row: _Row, shared: Sequence[int]) -> None:
        grid, number, index = self.heading.grid, row.row.number, len(self.injects)
        if shared:
            cells = ", ".join(f"{column_letters(column)}{number}" for column in shared)
            message = Wording("{cells} merged with the row above, whose words count here too", cells=cells)
            row.said.append((shared[0], message))
        inject: dict[str, Any] = {"id": self._id(row), "to": self._receivers(row), "text": self._words_told(row)}
        self._time(row, inject)
        for key in ("from", "expect", "notes", "acknowledge"):
            if row.text(key) and row.text(key) != inject["text"]:
                inject[key] = row.text(key)
        self._kind(row, inject)
        if name := row.text("phase"):
            self.phase = self.phases.slug(name)
        if self.phase:
            inject["phase"] = self.phase
        self._rest(row)
        path: Path = ("injects", index)
        self.document.places[path] = row.place("text")
        for key in ("id", "text", "to", "at", "from", "expect", "notes", "kind", "phase", "acknowledge"):
            self.document.places[*path, key] = row.place(key)
        for column, message in sorted(row.said, key=lambda said: said[0]):
            self._remark(grid.place(number, column), message, index)
        self.injects.append(inject)

    def _id(self, row: _Row) -> str:
        written = row.text("id")
        made = self.numbering.id_for(written)
        if "id" in self.heading.columns and (made != id_of(written) or not (made == written or written.isdecimal())):
            name = quoted(made)
            row.say(
                "id",
                Wording("{number} is called {name}", number=quoted(written), name=name)
                if written
                else Wording("no number; it is called {name}", name=name),
            )
        return made

    def _receivers(self, row: _Row) -> list[str]:
        written = (_BULLET.sub("", name.strip()) for name in re.split(r"[,;/\n]", row.text("to")))
        names = [" ".join(name.split()) for name in written if name]
        slugs = [EVERYONE if _EVERYBODY.fullmatch(name) else self.units.slug(name) for name in names]
        if not slugs:
            row.say("to", Wording("no receiver is named; it goes to all"))
            return [EVERYONE]
        return list(dict.fromkeys(slugs))

    def _words_told(self, row: _Row) -> str:
        text, order = row.text("text"), row.text("order")
        if order:
            title = self.heading.titles[self.heading.columns["order"]]
            row.say("order", Wording("{column}: put below the text", column=title))
            return f"{text}\n\n{title}: {order}" if text else order
        if not text:
            row.say("expect", Wording("there is no narrative; this is what the unit is told"))
            return row.text("expect")
        return text

    def _time(self, row: _Row, inject: dict[str, Any]) -> None:
        cell = row.cell("at")
        if not as_text(cell).strip():
            if self.at is None:
                row.say("at", Wording("no time is given; it waits for the director"))
            else:
                inject["at"] = format_duration(self.at)
                row.say("at", Wording("no time is given; it goes with the row above"))
            return
        moment = read_moment(cell)
        if moment is None:
            unread = Wording("{cell} is no time that can be read; it waits for the director", cell=quoted(shown(cell)))
            row.say("at", unread)
            return
        at = self.at = self.beginning.offset(moment)
        inject["at"] = format_duration(at)
        if moment.is_clock or moment.remark:
            presumed = Wording(" ({remark})", remark=moment.remark) if moment.remark else ""
            row.say(
                "at",
                Wording("{cell} is {at} after STARTEX{presumed}", cell=shown(cell), at=inject["at"], presumed=presumed),
            )

    def _kind(self, row: _Row, inject: dict[str, Any]) -> None:
        written = row.text("kind")
        kind = _KINDS.get(written.casefold())
        if kind:
            inject["kind"] = kind
        elif written.casefold() in _DECISIONS:
            message = Wording(
                "{kind} needs options, which no column holds; it is an order until they are added", kind=quoted(written)
            )
            row.say("kind", message)
        elif written:
            row.say("kind", Wording("{kind} is no kind of inject; it is an order", kind=quoted(written)))

    def _rest(self, row: _Row) -> None:
        """Say what stands in columns that have no place."""
        used = set(self.heading.columns.values())
        for column in row.filled:
            said = " ".join(row.row.text(column).split())
            if column not in self.heading.titles:
                row.said.append((column, Wording("{said} (in a column without a title)", said=said)))
            elif column not in used:
                title = self.heading.titles[column]
                message = Wording("{column}: {said} (has no place in a scenario)", column=title, said=said)
                row.said.append((column, message))


def _words(row: GridRow) -> str:
    return " ".join(as_text(cell).strip() for cell in row.cells if as_text(cell).strip())
