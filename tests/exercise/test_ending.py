"""Ending an exercise: what has passed by then counts as passed, however it ends."""

from datetime import timedelta

import pytest

from bot.exercise.conduct import abort, endex
from bot.exercise.facts import Change
from bot.exercise.figures import figures
from bot.exercise.unfinished import Unfinished, unfinished
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, an_exercise

TWO_WINDOWS = [
    {"id": "I-01", "at": "0s", "to": ["posko"], "text": "Isi", "acknowledge": {"within": "60s"}},
    {"id": "I-02", "at": "0s", "to": ["medis"], "text": "Isi", "acknowledge": {"within": "10m"}},
    {"id": "I-03", "at": "20m", "to": ["medis"], "text": "Isi", "acknowledge": {"within": "60s"}},
    {"id": "C-01", "to": ["medis"], "text": "Isi"},
]


@pytest.mark.parametrize("ending", ["endex", "abort"])
def test_a_deadline_that_has_passed_is_missed_also_where_no_alarm_had_rung(ending: str) -> None:
    play = Play(an_exercise(a_scenario(injects=TWO_WINDOWS))).startex()
    at = STARTEX + timedelta(minutes=5)
    change: Change = (
        endex(play.exercise, DIRECTOR, at) if ending == "endex" else abort(play.exercise, DIRECTOR, at, "Hujan")
    )
    numbers = figures(change.exercise)
    assert (numbers.asked, numbers.missed, numbers.open) == (2, 1, 1)
    assert [fact.kind for fact in change.facts][:2] == ["silent", ending if ending == "endex" else "aborted"]


def test_what_is_unfinished_is_counted_and_the_shelf_is_not() -> None:
    play = Play(an_exercise(a_scenario(injects=TWO_WINDOWS)), trouble={("I-02", "medis"): "failed"}).startex()
    assert unfinished(play.exercise, STARTEX + timedelta(seconds=30)) == Unfinished(1, 1, 1)
    play.to(1_300)
    assert unfinished(play.exercise, STARTEX + timedelta(seconds=1_300)) == Unfinished(0, 0, 1)
    whole = Play(an_exercise(a_scenario(injects=TWO_WINDOWS))).startex().to(1_300)
    assert not unfinished(whole.exercise, STARTEX + timedelta(seconds=1_300))
