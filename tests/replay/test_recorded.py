"""What is no record is refused in words that say what and where; nothing that a file holds ends in a traceback."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.report.recorded import LARGEST, recorded
from bot.report.verifying import verify
from bot.report.written import NotARecordError, read_record
from tests.replay.records import of_the_builders, replay_of

Meddling = Callable[[dict[str, Any]], None]


def placed(path: str, value: Any) -> Meddling:
    """A change of one value, named as the words name it."""

    def change(document: dict[str, Any]) -> None:
        *above, last = path.split(".")
        part: Any = document
        for name in above:
            part = part[int(name) if name.isdecimal() else name]
        part[int(last) if last.isdecimal() else last] = value

    return change


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"null", b"[]", b'"record"', b"\xff\xfe", b"[" * 100_000, b'{"exercise": 1, "log": []}', b"PK\x03\x04"],
)
def test_what_is_no_record_at_all_is_refused(content: bytes) -> None:
    with pytest.raises(NotARecordError, match="not a record"):
        recorded(content)


def test_a_file_larger_than_any_record_is_refused_unread() -> None:
    with pytest.raises(NotARecordError, match="larger than a record can be"):
        recorded(bytes(LARGEST + 1))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("format", 2, "format: "),
        ("exercise.timezone", "Mars/Olympus", "exercise.timezone: Value error, no such time zone"),
        ("exercise.timezone", "../../etc/passwd", "exercise.timezone: "),
        ("exercise.language", "jv", "exercise.language: "),
        ("exercise.name", None, "exercise.name: "),
        ("units", [], "units: "),
        ("units", {"posko": "Posko"}, "units: "),
        ("script.injects.0.text", 7, "script.injects.0.text"),
        ("script.units", {}, "script.units: "),
        ("injects.1.offset_seconds", 1e300, "injects.1.offset_seconds: "),
        ("deliveries.0.unit", ["posko"], "deliveries.0.unit: "),
        ("log", [], "log: nothing happened"),
        ("log", ["nothing"], "log: nothing happened"),
    ],
)
def test_what_is_not_as_a_record_has_it_is_refused_by_its_place(path: str, value: Any, words: str) -> None:
    with pytest.raises(NotARecordError) as refused:
        replay_of(of_the_builders(), placed(path, value))
    assert str(refused.value).startswith(words)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("log.20.exercise_seconds", 1e308),
        ("log.20.at", "9999-12-31T23:59:59.999999-23:00"),
        ("log.20.at", "0001-01-01T00:00:00.000000Z"),
        ("log.20.detail", {"units": {"a": [1]}, "cause": ["schedule"]}),
        ("log.20.actor", {"id": 0, "name": "\u202e\u0000 <b>"}),
        ("log.20.actor", {"id": -(2**63), "name": ""}),
        ("log.20.unit", "nobody"),
        ("log.20.inject", "nothing"),
        ("log.20.kind", "refused"),
        ("exercise.name", "<b>&\u0007"),
        ("script.groups", {"lapangan": ["nobody"]}),
    ],
)
def test_a_record_that_was_meddled_with_is_told_with_a_warning_or_refused(path: str, value: Any) -> None:
    try:
        replay = replay_of(of_the_builders(), placed(path, value))
    except NotARecordError:
        return
    assert replay.is_over


def test_an_entry_nested_deeper_than_geladi_writes_is_no_entry() -> None:
    deep = b'"detail":' + b'{"a":' * 400 + b"{}" + b"}" * 400
    content = orjson.dumps(orjson.loads(of_the_builders())).replace(b'"detail":{}', deep, 1)
    assert any("is not what was written" in problem for problem in verify(read_record(content)).problems)


PATHS = st.sampled_from(
    [
        f"log.{entry}.{key}"
        for entry in (0, 2, 5, 6, 12, 30, 55)
        for key in ("at", "exercise_seconds", "kind", "actor", "inject", "unit", "detail", "seq")
    ]
    + [
        f"log.{entry}.detail.{key}"
        for entry in range(5, 60, 5)
        for key in ("units", "cause", "why", "message_id", "kind")
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


@pytest.mark.timeout(300)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PATHS, VALUES)
def test_whatever_stands_in_the_log_the_rest_is_told(path: str, value: Any) -> None:
    try:
        replay = replay_of(of_the_builders(), placed(path, value))
    except NotARecordError:
        return
    assert replay.is_over
