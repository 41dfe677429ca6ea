"""What the validation promises: whatever one part says of another is checked, with the path of the mistake."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scenarios.model import Scenario, load
from scenarios.problems import Path, Severity
from scenarios.validation import validate
from tests.scenarios.strategies import scenarios

ASK = {"by": "posko", "within": "1m", "options": [{"id": "ya", "text": "Ya"}, {"id": "tidak", "text": "Tidak"}]}
FIRST: Mapping[str, Any] = {"id": "I-01", "to": ["posko"], "text": "Satu."}
SECOND: Mapping[str, Any] = {"id": "I-02", "to": ["all"], "text": "Dua?", "kind": "decision", "decision": ASK}
THIRD: Mapping[str, Any] = {"id": "I-03", "to": ["lapangan"], "text": "Tiga.", "acknowledge": "1m"}


def a_scenario(first: Mapping[str, Any] | None = None, **further: object) -> Scenario:
    """Two units, three injects; ``first`` adds to the first inject, ``further`` to the scenario."""
    return load(
        {
            "format": 1,
            "id": "uji",
            "title": "Uji",
            "duration": "1h",
            "situations": ["hijau", "kuning"],
            "objectives": [{"id": "lapor", "title": "Lapor"}],
            "units": {"posko": {"name": "Posko"}, "dalmas": {"name": "Dalmas"}},
            "groups": {"lapangan": ["dalmas"]},
            "phases": [{"id": "awal", "title": "Awal"}],
            "injects": [{**FIRST, **(first or {})}, SECOND, THIRD],
            **further,
        }
    )


def found(scenario: Scenario) -> list[tuple[Path, str]]:
    return [(finding.path, finding.message) for finding in validate(scenario)]


def test_a_sound_scenario_has_no_findings() -> None:
    assert validate(a_scenario()) == ()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios())
def test_no_scenario_made_to_be_sound_has_findings(scenario: Scenario) -> None:
    assert validate(scenario) == ()


def asks(**changes: object) -> Mapping[str, Any]:
    """A first inject that asks the command post to decide."""
    return {"kind": "decision", "decision": {**ASK, **changes}}


def gate(**condition: object) -> Mapping[str, Any]:
    """A first inject that waits for one condition."""
    return {"requires": {"any": [condition]}}


@pytest.mark.parametrize(
    ("first", "path", "message"),
    [
        ({"to": ["poska"]}, ("to", 0), "unknown unit 'poska'; did you mean 'posko'?"),
        ({"to": ["posko", "lapangn"]}, ("to", 1), "unknown unit 'lapangn'; did you mean 'lapangan'?"),
        ({"phase": "akhir"}, ("phase",), "unknown phase 'akhir'"),
        ({"situation": "merah"}, ("situation",), "unknown situation 'merah'"),
        ({"objectives": ["lapor", "lapur"]}, ("objectives", 1), "unknown objective 'lapur'; did you mean 'lapor'?"),
        ({"objectives": ["lapor", "lapor"]}, ("objectives", 1), "objective 'lapor' is there already, in entry 1"),
        ({"progress": ["done", "done"]}, ("progress", 1), "progress step 'done' is there already, in entry 1"),
        ({"evidence": ["text", "text"]}, ("evidence", 1, "kind"), "evidence 'text' is there already, in entry 1"),
        ({"evidence": [{"kind": "text", "within": "0s"}]}, ("evidence", 0, "within"), "'within' must be longer than"),
        ({"media": [{}]}, ("media", 0), "a medium needs exactly one of photo, document, video or voice"),
        ({"media": [{"photo": "a.jpg", "voice": "b.ogg"}]}, ("media", 0), "a medium needs exactly one of"),
        ({"media": [{"photo": "../a.jpg"}]}, ("media", 0, "photo"), "'../a.jpg' must be the path of a file beside"),
        ({"media": [{"photo": "x/../../a.jpg"}]}, ("media", 0, "photo"), "'x/../../a.jpg' must be the path"),
        ({"media": [{"video": "/etc/passwd"}]}, ("media", 0, "video"), "'/etc/passwd' must be the path"),
        ({"media": [{"voice": "C:\\a.ogg"}]}, ("media", 0, "voice"), "'C:\\\\a.ogg' must be the path"),
        ({"media": [{"document": "c:a.pdf"}]}, ("media", 0, "document"), "'c:a.pdf' must be the path"),
        ({"media": [{"document": "https://x/a"}]}, ("media", 0, "document"), "'https://x/a' must be the path"),
        ({"media": [{"document": "peta/"}]}, ("media", 0, "document"), "'peta/' must be the path"),
        ({"acknowledge": "0s"}, ("acknowledge", "within"), "'within' must be longer than 0s"),
        (
            {"acknowledge": {"within": "1m", "remind": "60s"}},
            ("acknowledge", "remind"),
            "'remind' counts back from the deadline and must be shorter than 'within' (1m)",
        ),
        ({"acknowledge": {"within": "1m", "remind": "0s"}}, ("acknowledge", "remind"), "'remind' must be longer than"),
        ({"kind": "decision"}, ("kind",), "inject 'I-01' is of kind 'decision' but has no 'decision'; add it"),
        (
            {"decision": ASK},
            ("decision",),
            "'decision' belongs to 'kind: decision', but this inject is of kind 'order'",
        ),
        (asks(by="dalmas"), ("decision", "by"), "'dalmas' is to decide but does not receive this inject; add it to"),
        (asks(by="dalmos"), ("decision", "by"), "unknown unit 'dalmos'; did you mean 'dalmas'?"),
        (asks(by="lapangan"), ("decision", "by"), "unknown unit 'lapangan'"),
        (asks(within="0s"), ("decision", "within"), "'within' must be longer than 0s"),
        (
            asks(options=[{"id": "ya", "text": "Ya"}, {"id": "ya", "text": "Tidak"}]),
            ("decision", "options", 1, "id"),
            "option id 'ya' is there already, in entry 1",
        ),
        (
            asks(options=[{"id": "ya", "text": "Ya"}, {"id": "tidak", "text": "Tidak", "then": ["I-02", "i-03"]}]),
            ("decision", "options", 1, "then", 1),
            "unknown inject 'i-03'; did you mean 'I-03'?",
        ),
        (
            asks(options=[{"id": "ya", "text": "Ya", "then": ["I-01"]}, {"id": "tidak", "text": "Tidak"}]),
            ("decision", "options", 0, "then", 0),
            "'I-01' cannot fire itself: each inject fires once",
        ),
        ({"if_silent": ["I-02"]}, ("if_silent",), "'if_silent' needs a deadline: this inject asks for no"),
        ({"acknowledge": "1m", "if_silent": ["C-99"]}, ("if_silent", 0), "unknown inject 'C-99'"),
        ({"requires": {}}, ("requires",), "'requires' needs exactly one of 'any' and 'all'"),
        (
            {"requires": {"any": [{"inject": "I-03", "acknowledged": True}], "all": []}},
            ("requires",),
            "'requires' needs exactly one of 'any' and 'all'",
        ),
        ({"requires": {"all": []}}, ("requires", "all"), "'all' needs at least one condition"),
        (gate(inject="I-02"), ("requires", "any", 0), "a condition needs exactly one of 'option' and 'acknowledged:"),
        (gate(inject="I-01", acknowledged=True), ("requires", "any", 0, "inject"), "'I-01' cannot require itself"),
        (gate(inject="I-30", option="ya"), ("requires", "any", 0, "inject"), "unknown inject 'I-30'"),
        (gate(inject="I-03", option="ya"), ("requires", "any", 0, "option"), "inject 'I-03' is no decision and has no"),
        (gate(inject="I-02", option="yo"), ("requires", "any", 0, "option"), "unknown option of inject 'I-02': 'yo'"),
        (gate(inject="I-02", acknowledged=True), ("requires", "any", 0, "acknowledged"), "inject 'I-02' asks for no"),
        ({"at": "1h1s"}, ("at",), "'I-01' comes after the end: 'duration' is 1h"),
    ],
)
def test_a_mistake_in_an_inject_is_found(first: Mapping[str, Any], path: Path, message: str) -> None:
    findings = found(a_scenario(first))
    assert (findings[0][0], findings[0][1][: len(message)]) == (("injects", 0, *path), message)
    assert len(findings) <= 2


@pytest.mark.parametrize(
    ("further", "path", "message"),
    [
        ({"groups": {"lapangan": ["dalmas", "medis"]}}, ("groups", "lapangan", 1), "unknown unit 'medis'"),
        ({"groups": {"lapangan": []}}, ("groups", "lapangan"), "the group 'lapangan' has no units"),
        ({"groups": {"lapangan": ["posko", "posko"]}}, ("groups", "lapangan", 1), "unit 'posko' is there already"),
        ({"groups": {"lapangan": ["posko"], "x": ["lapangan"]}}, ("groups", "x", 0), "'lapangan' is a group; a group"),
        ({"groups": {"lapangan": ["all"]}}, ("groups", "lapangan", 0), "'all' is a group; a group holds units only"),
        ({"groups": {"lapangan": ["posko"], "all": ["posko"]}}, ("groups", "all"), "the group 'all' exists by itself"),
        ({"groups": {"lapangan": ["posko"], "posko": ["dalmas"]}}, ("groups", "posko"), "'posko' is a unit already"),
        (
            {"units": {"posko": {"name": "P"}, "dalmas": {"name": "D"}, "all": {"name": "A"}}},
            ("units", "all"),
            "no unit can be called 'all': that means every unit",
        ),
        ({"situations": ["hijau", "hijau"]}, ("situations", 1), "situation 'hijau' is there already, in entry 1"),
        ({"languages": ["id", "id"]}, ("languages", 1), "language 'id' is there already, in entry 1"),
        (
            {"phases": [{"id": "awal", "title": "A"}, {"id": "awal", "title": "B"}]},
            ("phases", 1, "id"),
            "phase id 'awal' is there already, in entry 1",
        ),
        (
            {"objectives": [{"id": "lapor", "title": "A"}, {"id": "lapor", "title": "B"}]},
            ("objectives", 1, "id"),
            "objective id 'lapor' is there already, in entry 1",
        ),
        (
            {"injects": [FIRST, SECOND, THIRD, {**FIRST, "id": "i-03"}]},
            ("injects", 3, "id"),
            "inject id 'i-03' is there already as 'I-03', in entry 3",
        ),
        ({"title": {"en": "Test"}}, ("title",), "no text in 'id', which 'languages' declares"),
    ],
)
def test_a_mistake_in_a_declaration_is_found(further: Mapping[str, Any], path: Path, message: str) -> None:
    findings = found(a_scenario(None, **further))
    assert [(where, what[: len(message)]) for where, what in findings] == [(path, message)]


def test_only_what_comes_after_the_end_is_a_mere_warning() -> None:
    assert [finding.severity for finding in validate(a_scenario({"at": "2h"}))] == [Severity.WARNING]
    assert [finding.severity for finding in validate(a_scenario({"to": ["x"]}))] == [Severity.ERROR]
    assert validate(a_scenario({"at": "1h"})) == ()


def test_every_text_must_be_there_in_every_declared_language() -> None:
    half = {"en": "Half."}
    scenario = a_scenario(
        {"text": half, "from": half, "expect": half, "location": {"lat": 0, "lon": 0, "name": half}},
        languages=["id", "en"],
        phases=[{"id": "awal", "title": half}],
    )
    assert {finding.path for finding in validate(scenario)} == {
        ("phases", 0, "title"),
        ("injects", 0, "text"),
        ("injects", 0, "from"),
        ("injects", 0, "expect"),
        ("injects", 0, "location", "name"),
    }


@pytest.mark.parametrize(
    ("text", "further", "room"),
    [
        ("x" * 3_796, {}, None),
        ("x" * 3_797, {}, "3,796"),
        ("😀" * 1_898, {}, None),
        ("😀" * 1_899, {}, "3,796"),
        ("x" * 724, {"media": [{"photo": "a.jpg"}]}, None),
        ("x" * 725, {"media": [{"photo": "a.jpg"}]}, "724"),
        ("x" * 3_746, {"from": "s" * 200}, None),
        ("x" * 3_747, {"from": {"id": "s" * 200, "en": "s"}}, "3,746"),
    ],
)
def test_a_text_must_fit_a_message_with_its_marking(text: str, further: Mapping[str, Any], room: str | None) -> None:
    findings = found(a_scenario({"text": text, **further}))
    if room is None:
        assert findings == []
    else:
        assert [path for path, _ in findings] == [("injects", 0, "text")]
        assert f"has room for {room}" in findings[0][1]


def test_a_text_that_is_too_long_in_one_language_is_found_there() -> None:
    findings = found(a_scenario({"text": {"id": "pendek", "en": "x" * 4_000}}))
    assert [path for path, _ in findings] == [("injects", 0, "text", "en")]


def test_what_could_not_be_read_is_not_called_unknown() -> None:
    scenario = a_scenario(gate(inject="I-03", option="ya"))
    assert len(validate(scenario)) == 1
    assert validate(scenario, unread=["I-03"]) == ()
