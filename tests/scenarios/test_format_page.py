"""What the page on the format promises: each of its examples is read as it says."""

import re
from pathlib import Path

import pytest

from scenarios import model
from scenarios.yaml_reader import read_yaml

PAGE = (Path(__file__).parents[2] / "docs" / "scenario-format.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+) ?(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [(kind, body) for language, kind, body in FENCE.findall(PAGE) if language == "yaml"]
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


def in_a_scenario(kind: str, body: str) -> str:
    """A whole scenario around the example."""
    if kind == "injects":
        body = "injects:\n" + body
    written = set(re.findall(r"^(\w+):", body, re.MULTILINE))
    return body if kind == "complete" else body + "".join(AROUND[key] for key in AROUND if key not in written)


@pytest.mark.parametrize(("kind", "body"), [example for example in EXAMPLES if example[0] != "wrong"])
def test_an_example_is_read_without_a_problem(kind: str, body: str) -> None:
    assert kind in {"complete", "keys", "injects"}
    assert read_yaml(in_a_scenario(kind, body).encode()).problems == ()


def test_the_wrong_example_is_answered_as_the_page_says() -> None:
    [wrong] = [body for kind, body in EXAMPLES if kind == "wrong"]
    [told] = [body for language, _, body in FENCE.findall(PAGE) if language == "text"]
    assert [problem.located("contoh.yaml") for problem in read_yaml(wrong.encode()).problems] == told.splitlines()


def test_every_key_of_the_format_is_in_an_example() -> None:
    parts = [part for part in vars(model).values() if isinstance(part, type) and issubclass(part, model.Part)]
    keys = {field.alias or name for part in parts for name, field in part.model_fields.items()}
    shown = {key for _, body in EXAMPLES for key in re.findall(r"(\w+):", body)}
    assert {"injects", "from", "otherwise", "lat"} <= keys
    assert keys - shown == set()
