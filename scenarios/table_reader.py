"""Sheets in our own layout to the data of a scenario, with the place of every value. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scenarios.cells import as_text, split, split_evidence, split_media
from scenarios.columns import LANGUAGES, SHEETS, TEXT_ENTRIES, Sheet
from scenarios.grids import Grid, GridRow, Told
from scenarios.problems import Path, Severity, quoted
from scenarios.tables import fields_of, keyed
from scenarios.wording import Wording

_LISTS = frozenset({"to", "objectives", "progress", "if_silent", "units", "then"})
_NOT_READ = frozenset({"help", "penjelasan", "lists"})
_YES = frozenset({"yes", "ya", "y", "true", "1", "x"})
_TEXTS = {(sheet.name, column.key) for sheet in SHEETS for column in sheet.columns if column.is_text}


@dataclass
class Document:
    """What was read: plain data as in the YAML format, where each value stands, and what was wrong."""

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, str] = field(default_factory=dict)
    problems: list[Told] = field(default_factory=list)

    def place(self, path: Path) -> str:
        """Where the value at ``path`` stands, or the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, "exercise!A1")

    def say(self, place: str, message: Wording, severity: Severity = Severity.ERROR) -> None:
        """Note a problem."""
        self.problems.append(Told(place, severity, message))


@dataclass(frozen=True)
class _Line:
    """A row of a sheet whose header is known."""

    grid: Grid
    row: GridRow
    columns: Mapping[str, int]
    document: Document

    def text(self, key: str) -> str:
        column = self.columns.get(key)
        return "" if column is None else self.row.text(column)

    def place(self, key: str = "") -> str:
        return self.grid.place(self.row.number, self.columns.get(key, 0))

    def words(self, key: str, path: Path) -> object:
        """A text for people, as it stands; noted at ``path``."""
        by_language = {}
        for language in LANGUAGES:
            words = self._raw(keyed(key, language))
            if words.strip():
                by_language[language] = words
                self.document.places[*path, language] = self.place(keyed(key, language))
        plain = self._raw(key)
        if plain.strip():
            self.document.places[path] = self.place(key)
            if by_language:
                message = Wording("fill in either this column or those of the languages, not both")
                self.document.say(self.place(key), message)
            return plain
        if by_language:
            self.document.places[path] = self.place(keyed(key, next(iter(by_language))))
        return by_language or None

    def _raw(self, key: str) -> str:
        column = self.columns.get(key)
        return as_text(self.row.cells[column]) if column is not None and column < len(self.row.cells) else ""

    def fill(self, part: dict[str, Any], path: Path, keys: Mapping[str, str]) -> None:
        """Put what stands under the columns ``keys`` into ``part`` under the names they map to."""
        for key, name in keys.items():
            if (self.grid.name.casefold(), key) in _TEXTS:
                value = self.words(key, (*path, name))
            else:
                written = self.text(key)
                value = split(written) if key in _LISTS and written else written
                if written:
                    self.document.places[*path, name] = self.place(key)
                    if isinstance(value, list):
                        self.document.places.update({(*path, name, i): self.place(key) for i in range(len(value))})
            if value:
                part[name] = value


def sheet_not_read(grid: Grid) -> Wording:
    """What is said of a sheet that holds no part of a scenario."""
    return Wording("the sheet {sheet} is not read", sheet=quoted(grid.name))


def is_ours(grids: Sequence[Grid]) -> bool:
    """Whether these sheets are in our own layout."""
    return {"exercise", "injects"} <= {grid.name.casefold() for grid in grids}


def read_tables(grids: Sequence[Grid]) -> Document:
    """The data in sheets of our own layout."""
    document = Document()
    sheets: dict[str, list[_Line]] = {}
    known = {sheet.name: sheet for sheet in SHEETS}
    for grid in grids:
        name = grid.name.casefold()
        if name in _NOT_READ:
            continue
        if name not in known or name in sheets:
            document.say(grid.place(1, 0), sheet_not_read(grid), Severity.WARNING)
            continue
        sheets[name] = _lines(grid, known[name], document)
    _read_exercise(document, sheets.get("exercise", []))
    for name in ("units", "groups"):
        _read_named(document, name, sheets.get(name, []))
    for name in ("phases", "objectives"):
        _read_listed(document, name, sheets.get(name, []))
    lines = sheets.get("situations", [])
    if lines:
        document.data["situations"] = [line.text("id") for line in lines]
        document.places.update({("situations", i): line.place("id") for i, line in enumerate(lines)})
    _read_injects(document, sheets.get("injects", []))
    _read_options(document, sheets.get("options", []))
    _read_conditions(document, sheets.get("conditions", []))
    return document


def _lines(grid: Grid, sheet: Sheet, document: Document) -> list[_Line]:
    rows = [row for row in grid.rows if not row.is_empty]
    document.places[sheet.name,] = grid.place(rows[0].number if rows else 1, 0)
    if not rows:
        return []
    titles = {
        title.casefold(): each.key
        for each in fields_of(sheet, LANGUAGES)
        for title in (each.key, *(each.header(language) for language in LANGUAGES))
    }
    columns: dict[str, int] = {}
    for column in range(len(rows[0].cells)):
        title = rows[0].text(column)
        key = titles.get(" ".join(title.casefold().split()))
        if key is None:
            if title:
                message = Wording("the column {column} is not part of a scenario and is not read", column=quoted(title))
                document.say(grid.place(rows[0].number, column), message, Severity.WARNING)
        elif key in columns:
            message = Wording("the column {column} is there already", column=quoted(title))
            document.say(grid.place(rows[0].number, column), message)
        else:
            columns[key] = column
    return [_Line(grid, row, columns, document) for row in rows[1:]]


def _read_exercise(document: Document, lines: Sequence[_Line]) -> None:
    for line in lines:
        key = line.text("key")
        path: Path = (key,)
        if key in document.data:
            document.say(line.place("key"), Wording("{name} is there already", name=quoted(key)))
            continue
        value: object = line.words("value", path) if key in TEXT_ENTRIES else line.text("value")
        document.places[path] = document.places.get(path, line.place("value"))
        if key == "languages":
            value = split(str(value))
        elif key == "format" and str(value).isdecimal() and len(str(value)) < 10:
            value = int(str(value))
        if value:
            document.data[key] = value


def _read_named(document: Document, name: str, lines: Sequence[_Line]) -> None:
    """Sheets of which each row has a name of its own."""
    for line in lines:
        slug = line.text("id")
        parts = document.data.setdefault(name, {})
        if not slug:
            document.say(line.place("id"), Wording("this row has no id"))
        elif slug in parts:
            document.say(line.place("id"), Wording("{name} is there already", name=quoted(slug)))
        else:
            part: dict[str, Any] = {}
            document.places[name, slug] = line.place("id")
            keys = ("units",) if name == "groups" else ("name", "description", "leader")
            line.fill(part, (name, slug), {key: key for key in keys})
            parts[slug] = part
            if name == "groups":
                parts[slug] = part.get("units", [])
                members = len(parts[slug])
                document.places.update({(name, slug, i): line.place("units") for i in range(members)})


def _read_listed(document: Document, name: str, lines: Sequence[_Line]) -> None:
    for index, line in enumerate(lines):
        part: dict[str, Any] = {}
        document.places[name, index] = line.place()
        line.fill(part, (name, index), {"id": "id", "title": "title"})
        document.data.setdefault(name, []).append(part)


_OF_INJECT = ("id", "to", "text", "at", "phase", "from", "kind", "situation", "objectives", "expect", "notes")
_GROUPED = {
    "acknowledge": {"acknowledge": "within", "acknowledge_by": "by", "remind": "remind", "escalate": "escalate"},
    "location": {"lat": "lat", "lon": "lon", "place": "name"},
    "decision": {"decision_by": "by", "decision_within": "within"},
}


def _read_injects(document: Document, lines: Sequence[_Line]) -> None:
    injects = document.data.setdefault("injects", [])
    for index, line in enumerate(lines):
        inject: dict[str, Any] = {}
        path: Path = ("injects", index)
        document.places[path] = line.place("id")
        line.fill(inject, path, {key: key for key in (*_OF_INJECT, "progress", "if_silent")})
        for name, keys in _GROUPED.items():
            part: dict[str, Any] = {}
            line.fill(part, (*path, name), keys)
            if part:
                inject[name] = part
                document.places[*path, name] = line.place(next(iter(keys)))
        for key in ("lat", "lon"):
            if key in inject.get("location", {}):
                inject["location"][key] = _number(inject["location"][key])
        for key, parse in (("evidence", split_evidence), ("media", split_media)):
            if line.text(key):
                inject[key] = parse(line.text(key))
                document.places[*path, key] = line.place(key)
        if line.text("requires") or line.text("otherwise"):
            inject["requires"] = {line.text("requires") or "all": []}
            line.fill(inject["requires"], (*path, "requires"), {"otherwise": "otherwise"})
            document.places[*path, "requires"] = line.place("requires")
        injects.append(inject)


def _number(written: str) -> object:
    try:
        return float(written.replace(",", "."))
    except ValueError:
        return written


def _owner(document: Document, line: _Line, by_id: Mapping[str, int]) -> int | None:
    name = line.text("inject")
    index = by_id.get(name.casefold())
    if index is None:
        unknown = Wording("unknown inject {inject}", inject=quoted(name))
        document.say(line.place("inject"), unknown if name else Wording("this row names no inject"))
    return index


def _by_id(document: Document) -> dict[str, int]:
    injects = document.data["injects"]
    return {str(inject.get("id", "")).casefold(): index for index, inject in reversed(list(enumerate(injects)))}


def _read_options(document: Document, lines: Sequence[_Line]) -> None:
    by_id = _by_id(document)
    for line in lines:
        index = _owner(document, line, by_id)
        if index is not None:
            options = document.data["injects"][index].setdefault("decision", {}).setdefault("options", [])
            path: Path = ("injects", index, "decision", "options", len(options))
            document.places[path] = line.place("id")
            option: dict[str, Any] = {}
            line.fill(option, path, {key: key for key in ("id", "text", "then", "reason")})
            options.append(option)


def _read_conditions(document: Document, lines: Sequence[_Line]) -> None:
    by_id = _by_id(document)
    for line in lines:
        index = _owner(document, line, by_id)
        if index is not None:
            requires = document.data["injects"][index].setdefault("requires", {"all": []})
            key = next(name for name in requires if name != "otherwise")
            path: Path = ("injects", index, "requires", key, len(requires[key]))
            document.places[path] = line.place("inject")
            condition: dict[str, Any] = {}
            line.fill(condition, path, {"needs": "inject", "option": "option", "acknowledged": "acknowledged"})
            if condition.get("acknowledged", "").casefold() in _YES:
                condition["acknowledged"] = True
            requires[key].append(condition)
