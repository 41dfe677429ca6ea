"""A scenario as tables of cells, one for each sheet, and tables as the data that a scenario is read from. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.cells import Cell, join, join_evidence, join_media
from scenarios.columns import (
    CONDITIONS,
    ENTRIES,
    EXERCISE,
    GROUPS,
    INJECTS,
    LANGUAGES,
    OBJECTIVES,
    OPTIONS,
    PHASES,
    SHEETS,
    SITUATIONS,
    UNITS,
    Column,
    Sheet,
    label,
)
from scenarios.model import Scenario, dump
from scenarios.text_validation import texts_in

Row = dict[str, Cell]
"""Cells by the key of their column; of a text in one language, by ``key (language)``."""


@dataclass(frozen=True)
class Field:
    """One column as it is written: the column, and the language of its words, if it is of one."""

    column: Column
    of: str = ""

    @property
    def key(self) -> str:
        """The key of its cells in a row."""
        return keyed(self.column.key, self.of)

    def header(self, language: str) -> str:
        """What stands above it."""
        return label(self.column, language, self.of)


@dataclass(frozen=True)
class Table:
    """A sheet with its rows."""

    sheet: Sheet
    fields: tuple[Field, ...]
    rows: Sequence[Row]


def keyed(key: str, of: str) -> str:
    """The key of the cell for the words of ``key`` in the language ``of``."""
    return f"{key} ({of})" if of else key


def tables_of(scenario: Scenario) -> tuple[Table, ...]:
    """The sheets of ``scenario``; nothing of it is lost in them."""
    document = dump(scenario)
    split_by = {language for _, text in texts_in(scenario) if isinstance(text.root, Mapping) for language in text.root}
    if len(scenario.languages) > 1:
        split_by.update(scenario.languages)
    languages = tuple(language for language in LANGUAGES if language in split_by)
    rows = {
        EXERCISE.name: [_entry(key, document.get(key, "")) for key in ENTRIES if key in document or key in _ALWAYS],
        UNITS.name: [{"id": slug, **_texts(unit)} for slug, unit in document["units"].items()],
        GROUPS.name: [{"id": slug, "units": join(units)} for slug, units in document.get("groups", {}).items()],
        PHASES.name: [{"id": phase["id"], **_texts(phase)} for phase in document.get("phases", ())],
        SITUATIONS.name: [{"id": slug} for slug in document.get("situations", ())],
        OBJECTIVES.name: [{"id": each["id"], **_texts(each)} for each in document.get("objectives", ())],
        INJECTS.name: [_inject(inject) for inject in document["injects"]],
        OPTIONS.name: [row for inject in document["injects"] for row in _options(inject)],
        CONDITIONS.name: [row for inject in document["injects"] for row in _conditions(inject)],
    }
    return tuple(
        Table(sheet, _needed(fields_of(sheet, languages), rows[sheet.name]), rows[sheet.name]) for sheet in SHEETS
    )


def template_tables(languages: Sequence[str]) -> tuple[Table, ...]:
    """The sheets without a scenario, for a planner to fill in."""
    of = tuple(languages) if len(languages) > 1 else ()
    entries: list[Row] = [_entry(key, "") for key in ENTRIES]
    entries[ENTRIES.index("format")]["value"] = "1"
    entries[ENTRIES.index("languages")]["value"] = join(languages)
    return tuple(Table(sheet, fields_of(sheet, of), entries if sheet is EXERCISE else ()) for sheet in SHEETS)


def fields_of(sheet: Sheet, languages: Sequence[str]) -> tuple[Field, ...]:
    """The columns of ``sheet`` as they are written; texts also in each of ``languages``."""
    return tuple(Field(column, of) for column in sheet.columns for of in ("", *(languages if column.is_text else ())))


def _needed(fields: tuple[Field, ...], rows: Sequence[Row]) -> tuple[Field, ...]:
    """``fields`` without the column of a text that is written in each language everywhere."""
    used = {key for row in rows for key, cell in row.items() if cell}
    in_languages = {field.column.key for field in fields if field.of and field.key in used}
    return tuple(field for field in fields if field.of or field.key in used or field.key not in in_languages)


_ALWAYS = frozenset({"duration", "languages"})


def _entry(key: str, value: object) -> Row:
    match value:
        case dict():
            return {"key": key, **_by_language("value", value)}
        case list():
            return {"key": key, "value": join(value)}
        case "" if key == "languages":
            return {"key": key, "value": "id"}
        case _:
            return {"key": key, "value": str(value)}


def _texts(part: Mapping[str, Any]) -> Row:
    return {
        key: cell for name, value in part.items() if name != "id" for key, cell in _by_language(name, value).items()
    }


def _by_language(key: str, value: object) -> Row:
    if isinstance(value, Mapping):
        return {keyed(key, language): words for language, words in value.items()}
    return {key: str(value)}


def _inject(inject: Mapping[str, Any]) -> Row:
    row: Row = {}
    for key, value in inject.items():
        match key, value:
            case (("to" | "objectives" | "progress" | "if_silent"), list()):
                row[key] = join(value)
            case (("from" | "text" | "expect" | "notes"), _):
                row.update(_by_language(key, value))
            case "acknowledge", dict():
                further: dict[str, str] = {"by": "acknowledge_by", "within": "acknowledge"}
                for name, each in value.items():
                    row[further.get(str(name), str(name))] = each
            case "evidence", list():
                row[key] = join_evidence(value)
            case "media", list():
                row[key] = join_media(value)
            case "location", dict():
                row.update(lat=_number(value["lat"]), lon=_number(value["lon"]))
                row.update(_by_language("place", value["name"]) if "name" in value else {})
            case "decision", dict():
                row.update(decision_by=value["by"], decision_within=value["within"])
            case "requires", dict():
                row.update(requires=_gate(value), otherwise=value.get("otherwise"))
            case _:
                row[key] = value
    return row


def _number(value: float) -> Cell:
    # Spreadsheets keep 16 digits; a number that needs more is kept as text.
    return value if float(f"{value:.15g}") == value else repr(value)


def _gate(requires: Mapping[str, Any]) -> str:
    return "any" if requires.get("any") is not None else "all"


def _options(inject: Mapping[str, Any]) -> Iterator[Row]:
    for option in inject.get("decision", {}).get("options", ()):
        yield {
            "inject": inject["id"],
            "id": option["id"],
            **_by_language("text", option["text"]),
            "then": join(option.get("then", ())),
            "reason": option.get("reason"),
        }


def _conditions(inject: Mapping[str, Any]) -> Iterator[Row]:
    requires = inject.get("requires", {})
    for condition in requires.get("any") or requires.get("all") or ():
        yield {
            "inject": inject["id"],
            "needs": condition["inject"],
            "option": condition.get("option"),
            "acknowledged": "yes" if condition.get("acknowledged") else None,
        }
