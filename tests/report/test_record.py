"""The JSON record: exactly the shape the contract promises, and figures that agree with its deliveries."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from bot.exercise.facts import FactKind
from bot.report.account import Sending
from bot.report.record import record, record_json
from scenarios.model import load
from tests.builders import Play, a_wide_scenario, an_exercise, played

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
PERSON = {"id": int, "name": str}
FIGURES = {
    "asked": int,
    "acknowledged": int,
    "late": int,
    "missed": int,
    "open": int,
    "reminded": int,
    "upper_bounds": int,
    "median_seconds": (float, None),
    "median_at_least": bool,
    "p90_seconds": (float, None),
    "p90_at_least": bool,
    "worst_seconds": (float, None),
    "worst_at_least": bool,
}
SHAPE: dict[str, Any] = {
    "format": int,
    "exercise": {
        "number": int,
        "name": str,
        "scenario": str,
        "state": str,
        "timezone": str,
        "startex_at": (MOMENT, None),
        "endex_at": (MOMENT, None),
        "paused_seconds": float,
        "realworld_seconds": float,
    },
    "units": [{"id": str, "name": str, "chat_id": (int, None), "thread_id": (int, None), "leaders": [PERSON]}],
    "deliveries": [
        {
            "inject": str,
            "unit": str,
            "due_at": MOMENT,
            "sent_at": (MOMENT, None),
            "message_date": (MOMENT, None),
            "message_id": (int, None),
            "state": str,
            "attempts": int,
            "possible_duplicate": bool,
            "acknowledged_at": (MOMENT, None),
            "acknowledged_by": (PERSON, None),
            "acknowledged_exact": (bool, None),
            "late": bool,
            "progress": [{"step": str, "at": MOMENT, "exact": bool, "by": PERSON}],
            "option": (str, None),
            "option_at": (MOMENT, None),
            "option_exact": (bool, None),
            "option_by": (PERSON, None),
            "reason": (str, None),
        }
    ],
    "reports": [
        {"inject": (str, None), "unit": str, "at": MOMENT, "by": PERSON, "kind": str, "text": str, "file": str}
    ],
    "notes": [dict],
    "ratings": [dict],
    "log": [
        {
            "seq": int,
            "at": MOMENT,
            "exercise_seconds": float,
            "kind": str,
            "actor": (PERSON, None),
            "inject": (str, None),
            "unit": (str, None),
            "detail": dict,
        }
    ],
    "figures": {"overall": FIGURES, "units": dict},
    "seal": {"algorithm": str, "head": str, "entries": int, "closing": ({"head": str, "entries": int}, None)},
}


def assert_shape(value: Any, shape: Any, where: str = "record") -> None:
    """Hold ``value`` against ``shape``: further keys are additions, a missing or otherwise typed one is not."""
    match shape:
        case dict():
            assert isinstance(value, dict), where
            for key, inner in shape.items():
                assert key in value, f"{where}.{key} is missing"
                assert_shape(value[key], inner, f"{where}.{key}")
        case [inner]:
            assert isinstance(value, list), where
            for index, item in enumerate(value):
                assert_shape(item, inner, f"{where}[{index}]")
        case (inner, None):
            if value is not None:
                assert_shape(value, inner, where)
        case re.Pattern():
            assert isinstance(value, str), where
            assert shape.fullmatch(value), f"{where} is {value!r}"
        case _:
            assert type(value) is shape, f"{where} is {value!r}"


def recorded(play: Play, sending: dict[tuple[str, str], Sending] | None = None) -> dict[str, Any]:
    """The record as another program reads it."""
    document = orjson.loads(record_json(play.exercise, play.log, sending or {}))
    assert isinstance(document, dict)
    return document


def delivery(document: dict[str, Any], inject: str, unit: str) -> dict[str, Any]:
    """One delivery of a record."""
    found = [row for row in document["deliveries"] if (row["inject"], row["unit"]) == (inject, unit)]
    assert len(found) == 1
    row = found[0]
    assert isinstance(row, dict)
    return row


def test_the_record_holds_the_script_that_was_played() -> None:
    play = played()
    document = orjson.loads(record_json(play.exercise, play.log, {}))
    assert load(document["script"]) == play.exercise.scenario


def test_the_record_has_the_shape_that_the_contract_promises() -> None:
    document = recorded(played())
    assert_shape(document, SHAPE)
    for unit, figures in document["figures"]["units"].items():
        assert_shape(figures, FIGURES, unit)
    assert document["format"] == 1
    assert list(document["figures"]["units"]) == ["posko", "dalmas", "medis", "humas"]


def test_an_exercise_that_has_not_begun_has_a_record_too() -> None:
    document = recorded(Play(an_exercise(unbound=["medis"])))
    assert_shape(document, SHAPE)
    assert document["exercise"]["state"] == "preparing"
    assert document["exercise"]["startex_at"] is None
    assert document["units"][2]["chat_id"] is None
    assert document["units"][2]["leaders"] == []
    assert document["seal"] == {"algorithm": "sha256", "head": "", "entries": 0, "closing": None}


def test_times_are_utc_with_microseconds() -> None:
    document = recorded(played())
    assert document["exercise"]["startex_at"] == "2023-10-16T02:00:00.000000Z"
    assert document["exercise"]["endex_at"] == "2023-10-16T02:35:00.000000Z"
    row = delivery(document, "I-02", "medis")
    assert row["due_at"] == "2023-10-16T02:05:00.000000Z"
    assert row["sent_at"] == "2023-10-16T02:05:00.500000Z"
    assert row["message_date"] == "2023-10-16T02:05:00.000000Z"
    assert row["acknowledged_at"] == "2023-10-16T02:06:35.500000Z"


def test_pauses_and_real_events_are_told_apart_and_taken_out() -> None:
    document = recorded(played())
    assert document["exercise"]["paused_seconds"] == 180
    assert document["exercise"]["realworld_seconds"] == 120
    across_the_pause = delivery(document, "C-01", "dalmas")
    assert across_the_pause["latency_seconds"] == 24.5
    assert across_the_pause["late"] is False
    assert document["log"][-1]["exercise_seconds"] == 1800


def test_a_stop_that_lasts_counts_up_to_the_last_line_of_the_log() -> None:
    play = Play(an_exercise()).startex().stand_still(60, 90)
    lasting = play.exercise.clock.stops[0]
    exercise = play.exercise.evolve(
        clock=replace(play.exercise.clock, stops=(replace(lasting, ended_at=None),)),
    )
    document = record(exercise, play.log, {})
    assert document["exercise"]["paused_seconds"] == 30


def test_each_delivery_says_what_became_of_it() -> None:
    document = recorded(played())
    late = delivery(document, "I-02", "medis")
    assert (late["late"], late["outcome"]) == (True, "late")
    missed = delivery(document, "I-02", "dalmas")
    assert (missed["late"], missed["outcome"], missed["acknowledged_by"]) == (False, "missed", None)
    assert delivery(document, "I-01", "humas")["acknowledged_exact"] is False
    assert delivery(document, "I-08", "posko")["outcome"] == "open"
    failed = delivery(document, "I-06", "medis")
    assert (failed["state"], failed["why"], failed["outcome"]) == (
        "failed",
        "Forbidden: bot was kicked from the supergroup chat",
        None,
    )
    assert delivery(document, "I-06", "humas")["possible_duplicate"] is True
    decided = delivery(document, "I-03", "posko")
    assert decided["option"] == "lapis"
    assert decided["option_by"] == {"id": 1001, "name": "Pimpinan posko"}
    assert delivery(document, "I-05", "dalmas")["progress"] == [
        {
            "step": "underway",
            "at": "2023-10-16T02:23:30.000000Z",
            "exact": True,
            "by": {"id": 1002, "name": "Pimpinan dalmas"},
        }
    ]
    assert decided["option_exact"] is True


def test_an_inject_left_out_is_in_the_record_with_the_reason() -> None:
    injects = {inject["id"]: inject for inject in recorded(played())["injects"]}
    assert (injects["I-04"]["state"], injects["I-04"]["why"]) == ("skipped", "condition")
    assert (injects["I-07"]["state"], injects["I-07"]["why"]) == ("skipped", "Waktu habis")
    assert (injects["I-09"]["state"], injects["I-09"]["why"]) == ("skipped", "endex")
    assert (injects["C-02"]["cause"], injects["C-02"]["because"]) == ("silence", "I-05")


def test_a_delivery_under_way_is_sending_and_counts_its_attempts() -> None:
    play = played()
    document = recorded(play, {("I-01", "posko"): Sending(2, in_flight=True), ("I-01", "medis"): Sending(3)})
    sending = delivery(document, "I-01", "posko")
    assert (sending["state"], sending["attempts"]) == ("sending", 2)
    tried = delivery(document, "I-01", "medis")
    assert (tried["state"], tried["attempts"]) == ("sent", 3)
    assert delivery(document, "I-01", "humas")["attempts"] == 0


def test_reports_are_read_from_the_log() -> None:
    assert recorded(played())["reports"] == [
        {
            "inject": "C-01",
            "unit": "dalmas",
            "at": "2023-10-16T02:14:30.000000Z",
            "by": {"id": 1002, "name": "Pimpinan dalmas"},
            "kind": "text",
            "text": "Lapis ganti selesai",
            "file": "",
            "files": [],
            "corrections": [],
        }
    ]


def test_the_seal_is_the_hash_of_the_last_line() -> None:
    play = played()
    document = recorded(play)
    last = play.log[-1]
    assert document["seal"] == {"algorithm": "sha256", "head": last.hash, "entries": last.seq, "closing": None}
    assert [line["seq"] for line in document["log"]] == list(range(1, len(play.facts) + 1))
    assert document["log"][-1]["hash"] == document["seal"]["head"]
    assert {line["kind"] for line in document["log"]} >= {FactKind.STARTEX, FactKind.DECIDED, FactKind.ENDEX}


@st.composite
def plays(draw: st.DrawFn) -> Play:
    """Three units, some injects, and answers that come early, late or never."""
    injects = draw(st.integers(1, 6))
    play = Play(an_exercise(a_wide_scenario(3, injects, every=200))).startex()
    answers: list[tuple[int, str, str]] = []
    for inject in range(injects):
        for unit in range(1, 4):
            after = draw(st.none() | st.integers(1, 199))
            if after:
                answers.append((inject * 200 + after, f"I-{inject:03d}", f"u{unit}"))
    pause = draw(st.none() | st.integers(1, 150))
    for second, inject_id, unit_id in sorted(answers):
        play.acknowledge(second, inject_id, unit_id)
    last = max((second for second, _, _ in answers), default=0)
    if pause:
        play.stand_still(last + 1, last + 1 + pause)
    return play.endex(last + 1 + (pause or 0) + draw(st.integers(0, 200)))


@settings(max_examples=60, deadline=None)
@given(plays())
def test_figures_are_the_counts_over_the_deliveries(play: Play) -> None:
    document = recorded(play)
    for unit, figures in [(None, document["figures"]["overall"]), *document["figures"]["units"].items()]:
        rows = [row for row in document["deliveries"] if unit in {None, row["unit"]} and row["sent_at"]]
        answered = [row for row in rows if row["acknowledged_at"]]
        seconds = sorted(row["latency_seconds"] for row in answered)
        assert figures["asked"] == len(rows)
        assert figures["acknowledged"] == len(answered)
        assert figures["late"] == sum(row["late"] for row in rows) == sum(taken > 60 for taken in seconds)
        assert figures["missed"] == sum(row["outcome"] == "missed" for row in rows)
        assert figures["asked"] == figures["acknowledged"] + figures["missed"] + figures["open"]
        missing = len(rows) - len(answered)
        watched = [watched_seconds(play, row["sent_at"]) for row in rows if not row["acknowledged_at"]]
        assert figures["worst_at_least"] is (missing > 0)
        for key, share in (("median", 0.5), ("p90", 0.9)):
            reached = reached_by(seconds, watched, share) if rows else None
            assert figures[f"{key}_at_least"] is (bool(rows) and reached is None)
            if reached is not None:
                assert figures[f"{key}_seconds"] == reached


def watched_seconds(play: Play, sent_at: str) -> float:
    """How long an answer was looked out for."""
    clock = play.exercise.clock
    assert clock.endex_at
    return clock.between(datetime.fromisoformat(sent_at), clock.endex_at).total_seconds()


def reached_by(seconds: list[float], watched: list[float], share: float) -> float | None:
    """When SciPy's estimate says that ``share`` had answered; ``None`` where it never says so."""
    estimate = ecdf(CensoredData(uncensored=seconds, right=watched)).cdf
    reached = estimate.quantiles[estimate.probabilities >= share - 1e-9]
    return float(reached.min()) if len(reached) else None
