"""The paragraph that may be published: what was exercised and how it went, of nobody in particular."""

import re

import pytest

from bot.exercise.figures import figures, figures_by_unit, latency
from bot.report.publishable import publishable
from tests.builders import Play, a_wide_scenario, an_exercise, leader_of, played


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_person_and_no_unit_is_named(language: str) -> None:
    exercise = played(language).exercise
    words = publishable(exercise, language)
    names = [leader_of(exercise, unit).name for unit in exercise.seats]
    names += [part.name.in_language(language) for part in exercise.scenario.units.values()]
    names += [part.leader.in_language(language) for part in exercise.scenario.units.values() if part.leader]
    assert not [name for name in (*names, "Hujan", "pingsan") if re.search(rf"\b{name}\b", words)]


def test_it_is_one_paragraph_with_the_figures_of_all() -> None:
    assert publishable(played("en").exercise, "en") == (
        "Sispamkota 2023 (Protest at KPU) was held on Monday, 16 October 2023 with 4 units, for 30 min of exercise "
        "time. Of 14 answers asked for, 10 came in time and 1 late; 2 did not come. The deadline of 1 had not passed "
        "when the exercise ended. Half of the answers came within 25 s. Of 2 decisions asked for, 1 were taken. The "
        "exercise was stopped for a while 2 times, 5 min in all. The situation in the script was not real."
    )


def test_the_only_time_of_answers_is_the_median_of_all() -> None:
    exercise = played("en").exercise
    words = publishable(exercise, "en")
    median = figures(exercise).median_seconds
    assert median is not None
    assert re.findall(r"(\d+) s\b", words) == [f"{median:.0f}"]


@pytest.mark.parametrize("units", [1, 2])
def test_where_a_median_would_be_one_units_own_time_there_is_none(units: int) -> None:
    play = Play(an_exercise(a_wide_scenario(units, 1))).startex().acknowledge(41.5, "I-000", "u1").endex(600)
    run = play.exercise.injects["I-000"]
    assert latency(run.deliveries["u1"], play.exercise) is not None
    assert figures_by_unit(play.exercise)["u1"].median_seconds == 41
    assert "41" not in publishable(play.exercise, "en")


def test_an_exercise_that_was_broken_off_says_so() -> None:
    play = Play(an_exercise()).startex().abort(300, "Hujan badai")
    words = publishable(play.exercise, "id")
    assert "dihentikan sebelum selesai" in words
    assert "badai" not in words
