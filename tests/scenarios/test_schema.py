"""What the JSON Schema promises to an editor."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.durations import DURATION_PATTERN, format_duration, parse_duration
from scenarios.model import Inject, Scenario
from scenarios.schema import json_schema, schema_text


def everything_in(schema: object) -> list[dict[str, Any]]:
    """``schema`` and every schema inside it."""
    match schema:
        case dict():
            return [schema, *(inner for value in schema.values() for inner in everything_in(value))]
        case list():
            return [inner for value in schema for inner in everything_in(value)]
        case _:
            return []


def test_the_schema_says_what_it_is() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "Geladi scenario, format 1"
    assert schema["description"]
    assert set(schema["required"]) == {"format", "id", "title", "units", "injects"}
    assert schema["additionalProperties"] is False


def test_every_key_of_the_format_is_there_under_the_name_it_has_in_a_file() -> None:
    schema = json_schema()
    assert list(schema["properties"]) == list(Scenario.model_fields)
    names = [field.alias or name for name, field in Inject.model_fields.items()]
    assert list(schema["$defs"]["Inject"]["properties"]) == names
    assert "from" in names


def test_every_part_and_every_key_has_a_help_text() -> None:
    schema = json_schema()
    parts = {"scenario": schema, **{name: part for name, part in schema["$defs"].items() if "properties" in part}}
    keys = {(name, key): about for name, part in parts.items() for key, about in part["properties"].items()}
    assert len(keys) > 60
    assert [name for name, part in parts.items() if not part.get("description")] == []
    assert [key for key, about in keys.items() if not about.get("description")] == []
    # No two keys of a part are helped with the same words, as a copy would.
    for name, part in parts.items():
        texts = [about["description"] for about in part["properties"].values()]
        assert len(set(texts)) == len(texts), name


def test_nothing_may_be_null_as_in_a_file() -> None:
    for schema in everything_in(json_schema()):
        assert schema.get("type") != "null"
        assert "default" not in schema or schema["default"] is not None


def test_short_forms_are_allowed() -> None:
    inject = json_schema()["$defs"]["Inject"]["properties"]
    assert {"pattern": DURATION_PATTERN, "type": "string"} in inject["acknowledge"]["anyOf"]
    assert [form.get("type") for form in inject["to"]["anyOf"]] == ["string", "array"]
    assert inject["at"]["pattern"] == DURATION_PATTERN


@pytest.mark.parametrize("written", ["90s", "5m", "1h05m30s", "01:05:30", "00:00:00", "2.5s", " 5M ", "0s"])
def test_the_pattern_allows_every_way_to_write_a_duration(written: str) -> None:
    parse_duration(written)
    assert re.search(DURATION_PATTERN, written)


@pytest.mark.parametrize("written", ["", " ", "90", "5 m", "1m1h", "1:5:0", "h", "5m\n6s", "-5m", "٣s", "1.5m"])
def test_the_pattern_refuses_what_is_no_duration(written: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        parse_duration(written)
    assert not re.search(DURATION_PATTERN, written, re.ASCII)


@given(st.timedeltas(timedelta(0), timedelta(days=366)))
def test_the_pattern_allows_every_duration_that_is_written_by_the_product(duration: timedelta) -> None:
    assert re.search(DURATION_PATTERN, format_duration(duration), re.ASCII)
    assert parse_duration(format_duration(duration)) == duration


@given(st.text("0123456789hms:. ", max_size=12))
def test_the_pattern_and_the_reader_agree(written: str) -> None:
    assert is_spelled_right(written) == bool(re.search(DURATION_PATTERN, written, re.ASCII))


def is_spelled_right(written: str) -> bool:
    """Whether the reader takes it for a duration, even for one that is too long."""
    try:
        parse_duration(written)
    except ValueError as error:
        return "longer than a year" in str(error)
    return True


LIBRARY = Path(__file__).parents[2] / "scenarios" / "library"


def test_the_schema_beside_the_bundled_scenarios_is_the_one_that_is_printed() -> None:
    assert (LIBRARY / "schema" / "scenario.schema.json").read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("file", sorted(LIBRARY.glob("*.yaml")), ids=lambda file: file.name)
def test_a_bundled_scenario_names_the_schema_for_editors(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (file.parent / first.partition("=")[2]).is_file()
