"""What the page on the format promises: each of its examples is read as it says."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

from scenarios import model
from scenarios.columns import SHEETS
from scenarios.foreign_headers import find_heading
from scenarios.grids import Grid, GridRow
from scenarios.moments import read_moment
from scenarios.reading import Check, read_scenario
from scenarios.yaml_reader import read_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "scenario-format.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+) ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [(kind, body) for language, kind, body in FENCE.findall(PAGE) if language == "yaml"]
READ = [example for example in EXAMPLES if example[0] != "wrong"]
AROUND = {
    "format": "format: 1\n",
    "id": "id: contoh\n",
    "title": "title: Contoh\n",
    "situations": "situations: [hijau, kuning, merah]\n",
    "objectives": "objectives: [{id: komunikasi, title: Komunikasi}, {id: koordinasi, title: Koordinasi}]\n",
    "units": "units: {posko: {name: P}, dalmas_awal: {name: A}, dalmas_lanjut: {name: L}}\n",
    "phases": "phases: [{id: kampanye, title: Kampanye}]\n",
    "injects": "injects: [{id: X-99, to: all, text: Lapor.}]\n",
}
PARTS = [part for part in vars(model).values() if isinstance(part, type) and issubclass(part, model.Part)]


def other(language: str, kind: str) -> str:
    """The page's one example of this kind in another language than YAML."""
    [body] = [body for found, of, body in FENCE.findall(PAGE) if (found, of) == (language, kind)]
    return str(body)


def keys_of(body: str) -> set[str]:
    """The keys at the top of an example."""
    return set(re.findall(r"^(\w+):", body, re.MULTILINE))


def in_a_scenario(kind: str, body: str) -> str:
    """A whole scenario around the example."""
    if kind == "injects":
        body = "injects:\n" + body
    return body if kind == "complete" else body + "".join(AROUND[key] for key in AROUND if key not in keys_of(body))


@pytest.mark.parametrize(("kind", "body"), READ)
def test_an_example_is_read_without_a_problem(kind: str, body: str) -> None:
    assert kind in {"complete", "keys", "injects"}
    assert read_yaml(in_a_scenario(kind, body).encode()).problems == ()


def test_the_wrong_example_is_answered_as_the_page_says() -> None:
    [wrong] = [body for kind, body in EXAMPLES if kind == "wrong"]
    told = [problem.located("contoh.yaml") for problem in read_yaml(wrong.encode()).problems]
    assert told == other("text", "wrong").splitlines()


def written() -> Iterator[tuple[type, str, object]]:
    """Every value that an example itself gives: of which part of a scenario, under which of its keys, and the value."""
    for kind, body in READ:
        scenario = read_yaml(in_a_scenario(kind, body).encode()).scenario
        assert scenario is not None
        of_its_own = keys_of("injects:\n" if kind == "injects" else body)
        yield from ((model.Scenario, key, getattr(scenario, key)) for key in of_its_own)
        for key in of_its_own:
            yield from within(getattr(scenario, key))


def within(value: object) -> Iterator[tuple[type, str, object]]:
    match value:
        case model.Part():
            for key in value.model_fields_set:
                yield type(value), key, getattr(value, key)
                yield from within(getattr(value, key))
        case dict():
            for each in value.values():
                yield from within(each)
        case tuple():
            for each in value:
                yield from within(each)


def test_every_key_of_every_part_of_a_scenario_is_in_an_example() -> None:
    shown = {(part, key) for part, key, _ in written()}
    assert len(PARTS) > 10
    assert {(part, key) for part in PARTS for key in part.model_fields} - shown == set()


def choices(annotation: Any) -> Iterable[object]:
    """The values to choose from that a type names, at whatever depth."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return [choice for inner in get_args(annotation) for choice in choices(inner)]


def test_every_value_to_choose_from_is_in_an_example() -> None:
    shown = {(part, key, value) for part, key, values in written() for value in flat(values)}
    wanted = {
        (part, key, value)
        for part in PARTS
        for key, field in part.model_fields.items()
        for value in choices(field.annotation)
    }
    assert (model.Requires, "otherwise", "ask") in wanted
    assert wanted - shown == set()


def flat(value: object) -> Iterator[object]:
    """The value, or those in a list, where they are such as one chooses from."""
    each = value if isinstance(value, tuple) else (value,)
    return (one for one in each if isinstance(one, str | int))


def test_a_text_is_shown_as_one_string_and_in_both_languages() -> None:
    texts = [value.root for _, _, value in written() if isinstance(value, model.Text)]
    assert any(isinstance(text, str) for text in texts)
    assert any(isinstance(text, dict) and set(text) == {"id", "en"} for text in texts)


def test_the_csv_file_is_read_without_a_problem() -> None:
    checked = read_scenario(other("csv", "ours").encode(), "gladi.csv")
    assert checked.problems == ()
    assert checked.scenario is not None
    assert [inject.id for inject in checked.scenario.injects] == ["F-01", "F-02"]


def test_somebody_elses_file_is_answered_as_the_page_says() -> None:
    checked = read_scenario(other("csv", "foreign").encode(), "naskah.csv", Check())
    assert checked.scenario is not None
    assert [problem.located("naskah.csv") for problem in checked.problems] == other("text", "foreign").splitlines()


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose header begins so."""
    [table] = re.findall(rf"^\| {heading} \|.*\n\|-.*\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_the_sheets_and_columns_are_those_of_the_workbook() -> None:
    told = [(sheet.strip("`"), re.findall(r"`([^`]+)`", columns)) for sheet, _, columns in rows("sheet")]
    labels = [(sheet.name, [list(dict.fromkeys(column.labels)) for column in sheet.columns]) for sheet in SHEETS]
    assert told == [(name, [label for labels in columns for label in labels]) for name, columns in labels]


def test_foreign_headers_are_understood_as_the_page_says() -> None:
    for becomes, headers in rows("becomes"):
        key = "order" if becomes.startswith("below") else becomes.strip("`")
        beside = ["waktu" if key != "at" else "kepada", *(["teks"] if key != "text" else [])]
        for header in re.findall(r"`([^`]+)`", headers):
            heading = find_heading([Grid("naskah", [GridRow(1, [header.upper(), *beside])])])
            assert heading is not None
            assert heading.columns.get(key) == 0, header


def test_foreign_times_are_understood_as_the_page_says() -> None:
    [line] = re.findall(r"^- \*\*Times\*\*.*$", PAGE, re.MULTILINE)
    times = re.findall(r"`([^`]+)`", line)
    assert len(times) > 8
    assert [time for time in times if read_moment(time) is None] == []
