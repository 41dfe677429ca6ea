"""Whoever meddles with a record is found out, and the entry is named."""

import copy
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exercise.facts import Change, Fact, FactKind, LogEntry
from bot.exercise.people import SYSTEM
from bot.exercise.sealing import FIRST, seal
from bot.report.record import record_json
from bot.report.seals import printed
from bot.report.timeline import summary_pages
from bot.report.verifying import Verdict, report, verify
from bot.report.written import NotARecordError, read_record
from tests.builders import DIRECTOR, STARTEX, Play, played

NUMBER = 7
"""Of the exercise that the builders play."""


def chained(play: Play) -> list[LogEntry]:
    """The play's log, sealed as the store seals it."""
    entries: list[LogEntry] = []
    for seq, fact in enumerate(play.facts, 1):
        elapsed = play.exercise.clock.elapsed(fact.at)
        head = seal(NUMBER, seq, entries[-1].hash if entries else FIRST, fact, elapsed)
        entries.append(LogEntry(seq, elapsed.total_seconds(), fact, head))
    return entries


@cache
def recorded() -> tuple[bytes, str]:
    """The record of an exercise that was summarised and after whose summary a press was refused, and its seal."""
    play = played()
    at = STARTEX + timedelta(seconds=2200)
    for kind, detail in ((FactKind.SUMMARISED, {}), (FactKind.REFUSED, {"why": "reply.over", "text": "/ack"})):
        play.take(Change(play.exercise, (Fact(at, kind, SYSTEM, detail=detail),)))
    entries = chained(play)
    return record_json(play.exercise, entries, {}), printed(entries).head


def document() -> dict[str, Any]:
    parsed: dict[str, Any] = orjson.loads(recorded()[0])
    return parsed


def examined(changed: dict[str, Any], printed_seal: str | None = None) -> Verdict:
    return verify(read_record(orjson.dumps(changed)), printed_seal)


def test_a_record_as_it_was_written_is_whole() -> None:
    content, head = recorded()
    assert verify(read_record(content)).problems == []
    assert verify(read_record(content), head).anchor == document()["seal"]["entries"] - 1


def test_what_comes_after_the_summary_continues_the_chain_of_the_printed_seal() -> None:
    content, head = recorded()
    seal_in_record = document()["seal"]
    assert seal_in_record["closing"]["head"] == head != seal_in_record["head"]
    lines = list(report(verify(read_record(content), head)))
    assert any("1 after it continue the chain" in line for line in lines)


def test_the_summary_prints_the_same_seal_however_late_it_is_asked_for() -> None:
    play = played()
    play.take(Change(play.exercise, (Fact(STARTEX, FactKind.SUMMARISED, SYSTEM),)))
    at_the_end = "".join(summary_pages(play.exercise, "en", chained(play)))
    play.take(Change(play.exercise, (Fact(STARTEX, FactKind.REFUSED, DIRECTOR),)))
    assert "".join(summary_pages(play.exercise, "en", chained(play))) == at_the_end


def with_decision(**changes: object) -> dict[str, Any]:
    """The record with something else said of the decision that was taken; ``...`` leaves it out."""
    record = document()
    delivery = next(delivery for delivery in record["deliveries"] if delivery["option"])
    delivery.update(changes)
    for name in [name for name, value in changes.items() if value is ...]:
        del delivery[name]
    return record


def test_a_record_from_before_the_bounds_of_decisions_and_steps_were_kept_is_still_whole() -> None:
    before = with_decision(option_exact=...)
    for delivery in before["deliveries"]:
        for mark in delivery["progress"]:
            del mark["exact"]
    assert examined(before).problems == []


def test_a_decision_whose_moment_is_called_a_bound_and_was_none_is_found() -> None:
    assert any("option_exact" in problem for problem in examined(with_decision(option_exact=False)).problems)


def test_a_record_from_before_the_hot_wash_was_kept_is_still_whole() -> None:
    older = document()
    del older["hot_wash"], older["actions"]
    assert examined(older).problems == []


def entry_changed(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda doc: doc["log"][4].update(fields)


MEDDLING: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "another moment": (entry_changed(at="2023-10-09T02:00:00.000001Z"), "entry 5"),
    "the same moment in other words": (lambda d: d["log"][4].update(at=d["log"][4]["at"][:-1] + "+00:00"), "entry 5"),
    "another kind": (entry_changed(kind="refused"), "entry 5"),
    "a kind there is not": (entry_changed(kind="forged"), "entry 5"),
    "another actor": (entry_changed(actor={"id": 1, "name": "Orang lain"}), "entry 5"),
    "a field more": (entry_changed(extra=1), "entry 5"),
    "another detail": (entry_changed(detail={"new": True}), "entry 5"),
    "another hash": (entry_changed(hash="0" * 64), "entry 5"),
    "an entry taken out": (lambda d: d["log"].pop(4), "entry 5: missing"),
    "entries taken out": (lambda d: d["log"].__delitem__(slice(4, 7)), "entries 5 to 7: missing"),
    "the first taken out": (lambda d: d["log"].pop(0), "entry 1: missing"),
    "two exchanged": (lambda d: d["log"].insert(4, d["log"].pop(5)), "entry 5: out of order"),
    "one put in twice": (lambda d: d["log"].insert(4, d["log"][4]), "entry 5: stands there more than once"),
    "the end cut off": (lambda d: d["log"].__delitem__(slice(-3, None)), "missing at the end"),
    "nothing left": (lambda d: d["log"].clear(), "missing at the end"),
    "another exercise": (lambda d: d["exercise"].update(number=8), "entry 1"),
    "a delivery's time": (
        lambda d: d["deliveries"][0].update(acknowledged_at="2023-10-09T02:00:00.000000Z"),
        "delivery of I-01 to posko, acknowledged_at",
    ),
    "a delivery taken out": (lambda d: d["deliveries"].pop(0), "delivery of I-01 to posko: missing"),
    "a delivery made up": (
        lambda d: d["deliveries"].append({**d["deliveries"][0], "inject": "X-1"}),
        "delivery of X-1 to posko: the log has none",
    ),
    "a report's words": (lambda d: d["reports"][0].update(text="Nihil"), "reports"),
    "the end of the exercise": (lambda d: d["exercise"].update(endex_at=None), "exercise, endex_at"),
    "the seal": (lambda d: d["seal"].update(head="0" * 64), "seal"),
    "the closing seal": (lambda d: d["seal"].update(closing=None), "closing seal"),
    "a unit's figure": (lambda d: d["figures"]["units"]["medis"].update(late=0), "figures of medis, late: 0"),
    "a figure of all": (lambda d: d["figures"]["overall"].update(missed=0), "figures of all units, missed: 0"),
    "an outcome": (lambda d: d["deliveries"][0].update(outcome="missed"), "figures of posko, missed"),
    "no deliveries": (lambda d: d.update(deliveries=None), "not as Geladi writes them"),
}


@pytest.mark.parametrize(("meddle", "named"), MEDDLING.values(), ids=MEDDLING)
def test_meddling_is_found_and_named(meddle: Callable[[dict[str, Any]], None], named: str) -> None:
    changed = document()
    meddle(changed)
    problems = examined(changed).problems
    assert any(named in problem for problem in problems), problems


def test_one_entry_meddled_with_is_named_alone() -> None:
    changed = document()
    changed["log"][4]["inject"] = "X-9"
    assert [p for p in examined(changed).problems if p.startswith("entr")] == ["entry 5: is not what was written"]


def sealed_anew(lines: list[dict[str, Any]], exercise: int) -> None:
    """What a forger who knows the algorithm does: every hash is made to fit."""
    entries = read_record(orjson.dumps({"exercise": {"number": exercise}, "log": lines})).entries
    previous = FIRST
    for seq, (written, entry) in enumerate(zip(lines, entries, strict=True), 1):
        previous = seal(exercise, seq, previous, entry.fact, timedelta(seconds=entry.exercise_seconds))
        written.update(seq=seq, hash=previous)


def test_a_log_cut_off_and_sealed_anew_shows_against_the_printed_seal() -> None:
    changed, head = document(), recorded()[1]
    del changed["log"][-2:]
    sealed_anew(changed["log"], NUMBER)
    last = changed["log"][-1]
    changed["seal"].update(head=last["hash"], entries=last["seq"], closing=None)
    # By itself such a record cannot be told from one that was written so, and that is said.
    by_itself = examined(changed)
    assert by_itself.problems == []
    assert any("Not shown by this: whether the end was cut off" in line for line in report(by_itself))
    assert any("no entry bears the seal" in problem for problem in examined(changed, head).problems)


def test_a_log_written_anew_shows_against_the_printed_seal() -> None:
    changed, head = document(), recorded()[1]
    changed["log"][1]["detail"] = {"why": "made up"}
    sealed_anew(changed["log"], NUMBER)
    closing = next(entry for entry in changed["log"] if entry["kind"] == "summarised")
    changed["seal"].update(
        head=changed["log"][-1]["hash"], closing={"entries": closing["seq"], "head": closing["hash"]}
    )
    assert examined(changed).problems == []
    assert examined(changed, head).problems != []


@st.composite
def meddled(draw: st.DrawFn) -> tuple[list[dict[str, Any]], str]:
    """The log's lines after some edits, deletions, exchanges or a cut, and what was done."""
    lines = copy.deepcopy(document()["log"])
    done = draw(st.sampled_from(["edit", "delete", "move", "cut", "repeat"]))
    place = draw(st.integers(0, len(lines) - 1))
    match done:
        case "edit":
            field = draw(st.sampled_from(sorted(lines[place])))
            value = draw(
                st.none()
                | st.integers(-5, 500)
                | st.text(max_size=5)
                | st.floats(0, 9, allow_nan=False)
                | st.just({"id": 3, "name": "x"})
                | st.sampled_from(lines).map(lambda other: other[field])
            )
            lines[place][field] = value
        case "delete":
            del lines[place : place + draw(st.integers(1, 4))]
        case "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(place))
        case "cut":
            del lines[place:]
        case "repeat":
            lines.insert(draw(st.integers(0, len(lines))), lines[place])
    return lines, done


@settings(max_examples=400, deadline=None)
@given(meddled())
def test_whatever_is_done_to_the_lines_of_a_log_shows(change: tuple[list[dict[str, Any]], str]) -> None:
    lines, done = change
    original = document()
    problems = examined({**original, "log": lines}).problems
    # A number may be written as 0 or 0.0.
    if lines != original["log"]:
        assert problems, done
    elif orjson.dumps(lines) == orjson.dumps(original["log"]):
        assert not problems, done


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_whatever_a_file_holds_is_answered(place: int, byte: int) -> None:
    content = bytearray(recorded()[0])
    content[place % len(content)] = byte
    try:
        verify(read_record(bytes(content)))
    except NotARecordError:
        return


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b'{"log": []}', b'{"exercise": {"number": "1"}, "log": []}', b"\xff"]
)
def test_what_is_no_record_is_called_so(content: bytes) -> None:
    with pytest.raises(NotARecordError):
        read_record(content)
