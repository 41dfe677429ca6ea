"""What the bundled scenarios promise."""

import re

import pytest

from scenarios.library import bundled, bundled_bytes, read_bundled
from scenarios.model import Inject, Kind, Scenario
from scenarios.text_validation import texts_in
from scenarios.yaml_reader import read_yaml


def main_line(scenario: Scenario) -> list[Inject]:
    return [inject for inject in scenario.injects if not inject.is_contingency]


def test_three_scenarios_are_bundled() -> None:
    assert bundled() == ("evakuasi_banjir", "rs_korban_massal", "sispamkota_pemilu")


@pytest.mark.parametrize("scenario_id", bundled())
def test_a_bundled_scenario_has_no_problem_at_all(scenario_id: str) -> None:
    reading = read_yaml(bundled_bytes(scenario_id))
    assert reading.problems == ()
    assert reading.scenario == read_bundled(scenario_id)
    assert read_bundled(scenario_id).id == scenario_id


@pytest.mark.parametrize("scenario_id", bundled())
def test_a_bundled_scenario_is_written_in_both_languages_everywhere(scenario_id: str) -> None:
    scenario = read_bundled(scenario_id)
    assert set(scenario.languages) == {"id", "en"}
    for path, text in texts_in(scenario):
        assert isinstance(text.root, dict), path
        assert set(text.root) == {"id", "en"}, path


@pytest.mark.parametrize("scenario_id", bundled())
def test_every_part_of_a_bundled_scenario_is_filled_in(scenario_id: str) -> None:
    scenario = read_bundled(scenario_id)
    assert scenario.description is not None
    assert 3 <= len(scenario.objectives) <= 6
    assert {goal for inject in scenario.injects for goal in inject.objectives} == {
        objective.id for objective in scenario.objectives
    }
    assert all(unit.leader is not None for unit in scenario.units.values())
    assert all(inject.sender and inject.expect and inject.acknowledge for inject in scenario.injects)
    assert {inject.phase for inject in main_line(scenario)} == {phase.id for phase in scenario.phases}


@pytest.mark.parametrize("scenario_id", bundled())
def test_every_contingency_is_fired_by_something(scenario_id: str) -> None:
    scenario = read_bundled(scenario_id)
    fired = {name for inject in scenario.injects for name in inject.if_silent}
    for inject in scenario.injects:
        for option in inject.decision.options if inject.decision else ():
            fired.update(option.then)
    assert fired == {inject.id for inject in scenario.injects if inject.is_contingency}


@pytest.mark.parametrize(
    ("scenario_id", "timed", "contingencies", "units", "phases", "acknowledgements", "decisions"),
    [
        ("sispamkota_pemilu", 35, 15, 15, 9, 117, 10),
        ("rs_korban_massal", 10, 2, 10, 4, 36, 3),
        ("evakuasi_banjir", 10, 3, 10, 4, 38, 3),
    ],
)
def test_a_bundled_scenario_holds_what_was_planned(
    scenario_id: str, timed: int, contingencies: int, units: int, phases: int, acknowledgements: int, decisions: int
) -> None:
    scenario = read_bundled(scenario_id)
    main = main_line(scenario)
    assert (len(main), len(scenario.injects) - len(main)) == (timed, contingencies)
    assert (len(scenario.units), len(scenario.phases)) == (units, phases)
    assert sum(len(scenario.units_of(inject)) for inject in main) == acknowledgements
    assert sum(inject.kind is Kind.DECISION for inject in main) == decisions


def test_the_water_cannon_needs_a_reasoned_approval() -> None:
    scenario = read_bundled("sispamkota_pemilu")
    order = scenario.inject("I-30")
    assert order is not None
    assert order.requires is not None
    assert order.requires.otherwise == "skip"
    assert order.requires.any is not None
    for condition in order.requires.any:
        asked = scenario.inject(condition.inject)
        assert asked is not None
        assert asked.decision is not None
        option = next(option for option in asked.decision.options if option.id == condition.option)
        assert option.reason == "required"


def test_silence_never_fires_an_order_that_raises_force() -> None:
    scenario = read_bundled("sispamkota_pemilu")
    for fired in {name for inject in scenario.injects for name in inject.if_silent}:
        answer = scenario.inject(fired)
        assert answer is not None
        assert answer.is_contingency
        assert "awc" not in scenario.units_of(answer)
        assert "raimas" not in scenario.units_of(answer)


def test_only_the_right_name_is_used_for_the_change_of_layers() -> None:
    scenario = read_bundled("sispamkota_pemilu")
    sent = [inject.text.in_language("id") for inject in scenario.injects]
    assert any("lapis ganti" in text for text in sent)
    assert not any(re.search("lintas ganti", text, re.IGNORECASE) for text in sent)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match="sispamkota_pemilu"):
        read_bundled("sispamkota")
