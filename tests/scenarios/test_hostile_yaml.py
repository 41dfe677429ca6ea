"""What the reader promises of input that is made to hurt: an answer in less than three seconds."""

import time

import pytest

from scenarios.yaml_reader import UPLOADED, read_yaml

HEAD = "format: 1\nid: x\ntitle: x\nunits: {posko: {name: x}}\n"
SECONDS = 3.0


def full(piece: str, beginning: str = "") -> str:
    """``beginning`` and as many of ``piece`` as a file from a chat may hold."""
    return beginning + piece * ((UPLOADED.size - len(beginning.encode())) // len(piece.encode()))


def distinct(line: str) -> str:
    """Many lines, each with its own number."""
    return HEAD + "".join(line.format(number) for number in range(12_000))


def laughs() -> str:
    rows = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)]
    return HEAD + "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(rows)


def nested_aliases() -> str:
    return HEAD + "a0: &a0 [x]\n" + "".join(f"a{level}: &a{level} [*a{level - 1}]\n" for level in range(1, 100))


HOSTILE = {
    "twenty thousand brackets": ("[" * 20_000, "nested too deeply"),
    "brackets to the end": (full("["), "nested too deeply"),
    "braces": (full("{a: "), "nested too deeply"),
    "dashes": (full("- "), "nested too deeply"),
    "nested keys": ("".join(" " * depth + "a:\n" for depth in range(900)), "nested too deeply"),
    "a billion laughs": (laughs(), "aliases expand this file to more than"),
    "aliases in aliases": (nested_aliases(), "nested too deeply"),
    "aliases to the end": (full("- *a\n", "- &a b\n"), "the file holds too much"),
    "anchors": (full("- &a b\n"), "anchors"),
    "entries": (full("- a\n"), "the file holds too much"),
    "entries in brackets": (full("a,", "["), "the file holds too much"),
    "one key again and again": (full("a: b\n"), "appears twice"),
    "unknown keys": (distinct("key{}: x\n"), "unknown key"),
    "tags": (full("- !a b\n"), "YAML tags are not allowed"),
    "empty entries": (full("-\n"), "this entry is empty"),
    "documents": (full("--- a\n"), "a second document starts here"),
    "words": (full("x ", HEAD + "description: "), "missing key 'injects'"),
    "quoted lines": (full("\n x", HEAD + 'description: "'), "this is no valid YAML"),
    "line ends": (full("\n"), "the file is empty"),
    "comments": (full("#\n"), "the file is empty"),
    "directives": (full("%A b\n"), "this is no valid YAML"),
    "a long duration": (full("9", HEAD + "duration: "), "is no duration"),
    "a long id": (full("a", "id: "), "is not possible here"),
    "too large": (full("x") + "xxxx" * 8, "the file is too large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_refused_quickly(name: str) -> None:
    text, reason = HOSTILE[name]
    started = time.process_time()
    reading = read_yaml(text.encode())
    assert time.process_time() - started < SECONDS
    assert reading.scenario is None
    assert any(reason in problem.message for problem in reading.problems), reading.problems[:3]
    assert len(reading.problems) <= 1_001


@pytest.mark.parametrize("target", ["[unit-{}x]", "unit{}"])
def test_thousands_of_unknown_units_are_told_quickly(target: str) -> None:
    units = "".join(f"  unit-{number}: {{name: x}}\n" for number in range(1_000))
    injects = "".join(f"  - {{id: I-{n}, to: {target.format(n)}, text: x}}\n" for n in range(4_000))
    started = time.process_time()
    reading = read_yaml(f"format: 1\nid: x\ntitle: x\nunits:\n{units}injects:\n{injects}".encode())
    assert time.process_time() - started < SECONDS
    assert "unknown unit" in reading.problems[0].message
    assert "did you mean" in reading.problems[0].message
    assert reading.problems[-1].message == "3,000 more problems are not listed"


def test_five_thousand_injects_to_a_thousand_units_are_read_quickly() -> None:
    units = "".join(f"  u{number}: {{name: Unit {number}}}\n" for number in range(1_000))
    half = ", ".join(f"u{number}" for number in range(500))
    injects = "".join(
        f"  - {{id: I-{n}, to: {'all' if n % 2 else '[half]'}, at: {n}s, text: Perintah nomor {n}}}\n"
        for n in range(5_000)
    )
    text = f"format: 1\nid: x\ntitle: x\nunits:\n{units}groups:\n  half: [{half}]\ninjects:\n{injects}"
    started = time.process_time()
    reading = read_yaml(text.encode())
    assert time.process_time() - started < SECONDS
    assert reading.problems == ()
    assert reading.scenario is not None
    assert len(reading.scenario.injects) == 5_000
    assert len(reading.scenario.units_of(reading.scenario.injects[0])) == 500


@pytest.mark.parametrize(("units", "injects"), [(1_001, 1), (1, 5_001)])
def test_more_units_or_injects_than_the_format_allows_are_refused(units: int, injects: int) -> None:
    some = "".join(f"  u{number}: {{name: x}}\n" for number in range(units))
    many = "".join(f"  - {{id: I-{number}, to: all, text: x}}\n" for number in range(injects))
    reading = read_yaml(f"format: 1\nid: x\ntitle: x\nunits:\n{some}injects:\n{many}".encode())
    assert [problem.message.split(" has ")[1] for problem in reading.problems] == [
        "more than 1,000 entries" if units > 1_000 else "more than 5,000 entries"
    ]
