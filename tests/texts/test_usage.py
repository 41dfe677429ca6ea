"""What the source says and what the catalogues hold are the same."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from bot.texts.catalogue import forms, keys

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py"))
KEYS = keys()
FAMILIES = {key.partition(".")[0] for key in KEYS}
KEY = re.compile(r"[a-z]+(\.[a-z0-9_]+)+|marking")
KNOWN_ANYWAY = {"time", "number", "exercise_name", "exercise_time", "bound", "units", "at"}
"""Gaps that the rendering fills from the exercise where a notice does not."""
SAID_BY_NAME = {"say": 1, "fill": 1, "count": 1}
"""Functions that take a key, and the place of it; their gaps are keywords."""


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Every node of the source, with where it stands."""
    return [
        (f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@cache
def literals() -> dict[str, str]:
    """Every literal in the source that is a key or looks like one, with where it stands."""
    found = {}
    for where, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            found[node.value] = where
    return found


@cache
def beginnings() -> dict[str, str]:
    """Every beginning of a key that the source completes at run time."""
    found = {}
    for where, node in nodes():
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            first = str(node.values[0].value)
            if first.endswith(".") and first.partition(".")[0] in FAMILIES:
                found[first] = where
    return found


def begins_keys(first: str) -> bool:
    return any(key.startswith(first) for key in KEYS)


def calls(*names: str) -> Iterator[tuple[str, ast.Call]]:
    for where, node in nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield where, node


def test_every_key_in_the_source_is_in_the_catalogues() -> None:
    said = {key: where for key, where in literals().items() if key.partition(".")[0] in FAMILIES}
    assert not [f"{where}: {key}" for key, where in said.items() if key not in KEYS and not begins_keys(f"{key}.")]


def test_every_key_completed_at_run_time_has_texts() -> None:
    assert not [
        f"{where}: {first}" for first, where in beginnings().items() if not any(k.startswith(first) for k in KEYS)
    ]


def test_every_text_is_said_somewhere() -> None:
    completed = (*beginnings(), *(f"{key}." for key in literals() if key not in KEYS and begins_keys(f"{key}.")))
    # What people are told in answer to a command is chosen by handlers and use cases.
    answers = ("notice.", "reply.", "toast.")
    silent = [key for key in KEYS if key not in literals() and not key.startswith((*completed, *answers))]
    assert not silent


def test_whoever_says_a_text_fills_its_gaps_and_no_others() -> None:
    wrong = []
    for where, call in calls(*SAID_BY_NAME):
        key = call.args[1] if len(call.args) > 1 else None
        if not isinstance(key, ast.Constant) or key.value not in KEYS or any(k.arg is None for k in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords} | ({"n"} if ast.unparse(call.func) == "count" else set())
        wanted = set.union(*(gaps(form) for form in forms("id", key.value)))
        if given != wanted:
            wrong.append(f"{where}: {key.value} wants {sorted(wanted)}")
    assert not wrong


def test_a_message_brings_what_its_text_needs_and_nothing_that_it_drops() -> None:
    wrong = []
    for where, call in calls("Notice", "Plain"):
        given = {keyword.arg: keyword.value for keyword in call.keywords}
        key, params = given.get("key"), given.get("params", ast.Dict([], []))
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(params, ast.Dict)):
            continue
        names = {str(name.value) for name in params.keys if isinstance(name, ast.Constant)}
        [text] = forms("id", key.value)
        needed = gaps(text.partition("\n")[0]) - KNOWN_ANYWAY
        if not needed <= names <= gaps(text) | KNOWN_ANYWAY:
            wrong.append(
                f"{where}: {key.value} needs {sorted(needed)}, knows {sorted(gaps(text))}, got {sorted(names)}"
            )
    assert not wrong


@pytest.mark.parametrize("seen", ["ack.button", "refused.unknown_inject", "board.title"])
def test_the_search_finds_what_is_said(seen: str) -> None:
    assert seen in literals()
    assert "role." in beginnings()
