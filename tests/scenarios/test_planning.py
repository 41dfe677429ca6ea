"""What the check promises an experienced planner: warnings about plans that are valid and yet would go wrong."""

from pathlib import Path
from typing import Any

import pytest

from scenarios.library import bundled, read_bundled
from scenarios.load import load_chart
from scenarios.media_files import media_findings
from scenarios.model import Scenario, load
from scenarios.planning import plan_findings
from scenarios.problems import Severity
from scenarios.validation import validate


def plan(*injects: dict[str, Any], units: int = 2, **keys: Any) -> Scenario:
    """A valid scenario with units u0, u1 and so on."""
    scenario = load(
        {
            "format": 1,
            "id": "x",
            "title": "x",
            "units": {f"u{n}": {"name": f"U{n}"} for n in range(units)},
            "injects": [{"to": ["u0"], "text": "Laporkan.", **inject} for inject in injects],
            **keys,
        }
    )
    assert not [finding for finding in validate(scenario) if finding.severity is Severity.ERROR]
    return scenario


def told(scenario: Scenario) -> list[tuple[str, str]]:
    """Inject and message of each finding."""
    findings = plan_findings(scenario)
    assert all(finding.severity is Severity.WARNING for finding in findings)
    return [(scenario.injects[int(finding.path[1])].id, finding.message) for finding in findings]


def decision(inject_id: str, at: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": inject_id,
        "at": at,
        "kind": "decision",
        "decision": {"by": "u0", "within": "1m", "options": [{"text": "x", **option} for option in options]},
    }


@pytest.mark.parametrize("scenario_id", bundled())
def test_a_bundled_scenario_gives_a_planner_nothing_to_mend(scenario_id: str) -> None:
    assert plan_findings(read_bundled(scenario_id)) == ()


def test_a_contingency_that_nothing_fires_is_told() -> None:
    scenario = plan({"id": "I-1", "at": "0s", "acknowledge": "1m", "if_silent": ["C-1"]}, {"id": "C-1"}, {"id": "C-2"})
    [(inject, message)] = told(scenario)
    assert inject == "C-2"
    assert "nothing fires 'C-2'" in message


def test_contingencies_that_only_fire_one_another_are_fired_by_nothing() -> None:
    silent = {"acknowledge": "1m"}
    scenario = plan(
        {"id": "I-1", "at": "0s"},
        {"id": "C-1", "if_silent": ["C-2"], **silent},
        {"id": "C-2", "if_silent": ["C-1"], **silent},
    )
    assert [inject for inject, _ in told(scenario)] == ["C-1", "C-2"]


def test_an_option_that_leads_nowhere_at_the_end_of_the_line_is_told() -> None:
    options = ({"id": "a", "then": ["C-1"]}, {"id": "b"})
    [(inject, message)] = told(plan(decision("I-1", "1m", *options), {"id": "C-1"}))
    assert inject == "I-1"
    assert "option 'b' leads nowhere" in message
    assert told(plan(decision("I-1", "1m", *options), {"id": "C-1"}, {"id": "I-2", "at": "5m"})) == []


def test_an_option_that_a_gate_asks_for_leads_somewhere() -> None:
    options = ({"id": "a", "then": ["C-1"]}, {"id": "b"})
    gated = {"id": "I-2", "to": ["u1"], "at": "5m", "requires": {"any": [{"inject": "I-1", "option": "b"}]}}
    assert told(plan(decision("I-1", "1m", *options), {"id": "C-1"}, gated)) == []


def test_gates_that_wait_for_one_another_are_told_as_a_circle() -> None:
    def gated(inject_id: str, other: str) -> dict[str, Any]:
        requires = {"all": [{"inject": other, "acknowledged": True}]}
        return {"id": inject_id, "at": "1m", "acknowledge": "1m", "requires": requires}

    found = told(plan(gated("I-1", "I-2"), gated("I-2", "I-1")))
    assert [inject for inject, _ in found] == ["I-1", "I-2"]
    assert "(I-1 -> I-2 -> I-1)" in found[0][1]


def test_a_gate_that_asks_for_two_choices_at_once_can_never_be_met() -> None:
    both = [{"inject": "I-1", "option": "a"}, {"inject": "I-1", "option": "b"}]
    asking = decision("I-1", "1m", {"id": "a"}, {"id": "b"})
    [(inject, message)] = told(plan(asking, {"id": "I-2", "at": "5m", "requires": {"all": both}}))
    assert inject == "I-2"
    assert "never be met" in message
    assert told(plan(asking, {"id": "I-2", "at": "5m", "requires": {"any": both}})) == []


def test_a_gate_that_looks_at_a_later_inject_is_told() -> None:
    early = {"id": "I-1", "at": "1m", "requires": {"any": [{"inject": "I-2", "acknowledged": True}]}}
    [(inject, message)] = told(plan(early, {"id": "I-2", "at": "5m", "acknowledge": "1m"}))
    assert inject == "I-1"
    assert "checked before 'I-2'" in message


def test_more_than_three_answers_within_a_minute_are_told_once_for_each_unit() -> None:
    four = [{"id": f"I-{n}", "at": f"{n * 15}s", "acknowledge": "2m"} for n in range(4)]
    [(inject, message)] = told(plan(*four))
    assert inject == "I-3"
    assert "'u0' is to answer 4 injects within a minute, from 'I-0' on" in message
    assert told(plan(*four[:3])) == []
    assert told(plan(*[{**each, "at": f"{n * 20}s"} for n, each in enumerate(four)])) == []


def test_the_load_is_drawn_with_a_line_for_each_unit() -> None:
    injects = [{"id": "I-0", "at": "0s", "acknowledge": "1m"}, {"id": "I-1", "at": "0s", "acknowledge": "1m"}]
    chart = load_chart(plan(*injects, {"id": "I-2", "to": ["all"], "at": "2m", "evidence": ["text"]}))
    assert chart.splitlines()[2:] == ["u0 |2.1| 3", "u1 |..1| 1"]


def test_a_plan_that_pacing_delivers_too_late_is_told_with_the_slowest_unit() -> None:
    [(inject, message)] = told(plan({"id": "I-1", "to": ["all"], "at": "0s"}, units=1_000))
    assert inject == "I-1"
    assert "reaches 'u999' about 36s late" in message
    burst = [{"id": f"I-{n}", "at": "0s"} for n in range(25)]
    late = [inject for inject, message in told(plan(*burst)) if "late" in message]
    assert late == [f"I-{n}" for n in range(18, 25)]


def test_a_deadline_after_the_end_is_told_but_not_that_of_endex_itself() -> None:
    last = {"id": "I-1", "at": "9m", "acknowledge": "2m"}
    [(inject, message)] = told(plan(last, {"id": "I-2", "at": "10m", "acknowledge": "2m"}, duration="10m"))
    assert inject == "I-1"
    assert "the deadline of 'I-1' is 11m" in message


def test_an_expected_action_that_stands_in_the_text_is_told() -> None:
    text, expect = "Massa tiba. Tutup gerbang utara segera.", "tutup  gerbang utara"
    [(_, message)] = told(plan({"id": "I-1", "at": "0s", "text": text, "expect": expect}))
    assert "told the answer" in message
    assert told(plan({"id": "I-1", "at": "0s", "text": text, "expect": "Gerbang selatan dibuka."})) == []


def test_media_are_missing_too_large_or_of_the_wrong_kind(tmp_path: Path) -> None:
    (tmp_path / "good.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "bad.jpg").write_bytes(b"MZ no picture")
    with (tmp_path / "huge.jpg").open("wb") as huge:
        huge.write(b"\xff\xd8\xff")
        huge.truncate(10_000_001)
    (tmp_path / "out.png").symlink_to("/etc/hostname")
    names = ["good.png", "none.png", "bad.jpg", "huge.jpg", "out.png"]
    scenario = plan({"id": "I-1", "at": "0s", "media": [{"photo": name} for name in names]})
    found = {finding.path[3]: finding for finding in media_findings(scenario, tmp_path)}
    assert found.keys() == {1, 2, 3, 4}
    assert found[1].severity is Severity.WARNING
    assert "no file 'none.png'" in found[1].message
    assert "is not a JPEG" in found[2].message
    assert "10 MB" in found[3].message
    assert "leads out" in found[4].message
