"""Runs side by side: who got faster, what is late every time, and what cannot be compared."""

from io import BytesIO

import pytest
from PIL import Image

from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.report.comparison import (
    MOST_RUNS,
    NothingInCommon,
    NotRun,
    TooFewRuns,
    TooManyRuns,
    compare,
    comparison_lines,
    comparison_pages,
)
from bot.report.names import columns
from bot.report.pages import Style
from bot.report.trend_chart import trend_png
from tests.builders import Play, a_scenario, a_wide_scenario, an_exercise

ONE_ORDER = a_scenario(
    injects=[{"id": "I-01", "at": "0s", "to": ["all"], "text": "Siaga", "acknowledge": {"within": "60s"}}]
)


def a_run(number: int, **answers: float) -> Exercise:
    """A run in which each unit named answers I-01 after so many seconds; it ends after 30 minutes."""
    play = Play(an_exercise(ONE_ORDER, number=number, name=f"Gladi {number}")).startex()
    for unit, seconds in sorted(answers.items(), key=lambda pair: pair[1]):
        play.acknowledge(seconds, "I-01", unit)
    return play.endex(1_500).exercise


EARLY, LATER = a_run(1, posko=50, dalmas=10, medis=20, humas=90), a_run(2, posko=20, dalmas=40, medis=20)


def test_units_that_became_faster_or_slower_are_named_and_a_bound_claims_nothing() -> None:
    compared = compare([LATER, EARLY])
    assert [run.number for run in compared.runs] == [1, 2]
    # Humas took 90 s, then never answered: of the second nothing is known but that it took at least 60 s.
    assert compared.units["humas"][1].median_at_least
    changed = {unit: compared.changed(unit) for unit in compared.units}
    assert changed == {"posko": -1, "dalmas": 1, "medis": 0, "humas": 0}
    words = "\n".join(line.text for line in comparison_lines(compared, "en"))
    assert "Faster (median, seconds): Ops post (50 → 20)" in words
    assert "Slower (median, seconds): Follow-on (10 → 40)" in words


def test_an_inject_is_always_late_only_where_it_was_late_in_every_run() -> None:
    compared = compare([EARLY, LATER])
    assert "I-01" in compared.always_late
    punctual = a_run(3, posko=20, dalmas=20, medis=20, humas=20)
    assert "I-01" not in compare([EARLY, punctual]).always_late


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_words_fit_a_phone_and_name_every_run(language: str) -> None:
    compared = compare([a_run(number, posko=10 * number) for number in range(1, MOST_RUNS + 1)])
    lines = comparison_lines(compared, language)
    table = [line.text for line in lines if line.style is Style.TABLE]
    assert max(map(columns, table)) <= 38
    assert table[0].split()[1:] == [f"#{number}" for number in range(1, MOST_RUNS + 1)]
    assert len(comparison_pages(compared, language)) == 1


def test_runs_of_another_scenario_are_compared_by_the_units_they_share() -> None:
    other = Play(an_exercise(a_scenario(id="lain"), number=5)).startex().endex(100).exercise
    compared = compare([EARLY, other])
    assert not compared.same_scenario
    assert list(compared.units) == list(EARLY.seats)
    assert compared.always_late == ()


@pytest.mark.parametrize(
    ("runs", "refusal"),
    [
        ([EARLY, EARLY], TooFewRuns),
        ([a_run(number) for number in range(1, MOST_RUNS + 2)], TooManyRuns),
        ([EARLY, an_exercise(number=9)], NotRun),
        ([EARLY, Play(an_exercise(a_wide_scenario(2, 2), number=9)).startex().exercise], NothingInCommon),
    ],
)
def test_what_cannot_be_compared_is_refused(runs: list[Exercise], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        compare(runs)


def test_an_answer_after_a_missed_one_is_faster() -> None:
    compared = compare([LATER, a_run(3, humas=30)])
    assert compared.units["humas"][0].median_at_least
    assert compared.changed("humas") == -1


def test_the_trend_is_a_picture_also_where_nobody_ever_answered() -> None:
    for runs in ([EARLY, LATER], [a_run(1), a_run(2)]):
        picture = Image.open(BytesIO(trend_png(compare(runs), "id")))
        assert picture.format == "PNG"
        assert picture.width == 1400
