"""After an interruption: what comes too late is held, and the director says what becomes of it."""

from datetime import datetime, timedelta

import pytest

from bot.exercise.answers import told_by_radio
from bot.exercise.conduct import endex, fire, pause, resume
from bot.exercise.errors import ExerciseOver, NotOpen
from bot.exercise.facts import FactKind
from bot.exercise.lateness import Release, held, hold_late, issued_to_nobody, release
from bot.exercise.model import InjectState
from bot.exercise.ticking import next_moment, tick
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, an_exercise

EVERY_MINUTE = [
    {"id": f"I-{minute:02}", "at": f"{minute}m", "to": ["posko"], "text": f"Menit {minute}"} for minute in range(7)
]


def left_alone(until_minute: float, injects: object = None) -> Play:
    """An exercise that nobody looked at from STARTEX to that minute, and the look that follows."""
    play = Play(an_exercise(a_scenario(injects=injects or EVERY_MINUTE))).startex()
    play.take(hold_late(play.exercise, moment(until_minute)))
    return play


def moment(minute: float) -> datetime:
    return STARTEX + timedelta(minutes=minute)


def ids(play: Play) -> list[str]:
    return [run.id for run in held(play.exercise)]


def test_what_is_late_by_seconds_is_not_held() -> None:
    play = left_alone(1.9)
    assert ids(play) == []


def test_what_comes_due_during_a_long_interruption_is_held_in_order() -> None:
    play = left_alone(3.5)
    assert ids(play) == ["I-01", "I-02", "I-03"]
    assert [fact.inject for fact in play.facts if fact.kind is FactKind.HELD] == ids(play)


def test_an_inject_may_be_as_late_as_its_units_have_to_acknowledge() -> None:
    patient = [{"id": "I-01", "at": "1m", "to": ["posko"], "text": "x", "acknowledge": {"within": "5m"}}]
    assert ids(left_alone(5.9, patient)) == []
    assert ids(left_alone(6.1, patient)) == ["I-01"]


def test_what_a_unit_has_answered_is_not_called_back() -> None:
    asked = {"id": "I-01", "at": "1m", "to": ["posko", "dalmas"], "text": "x", "acknowledge": {"within": "60s"}}
    begun = Play(an_exercise(a_scenario(injects=[asked]))).startex().exercise
    waiting = tick(begun, moment(1), lambda: "r").exercise
    assert [run.id for run in issued_to_nobody(waiting)] == ["I-01"]
    by_radio = told_by_radio(waiting, "I-01", "posko", DIRECTOR, moment(2)).exercise
    assert issued_to_nobody(by_radio) == []


def test_while_injects_are_held_the_clock_wakes_for_the_next_one_alone() -> None:
    play = left_alone(3.5)
    assert next_moment(play.exercise) == moment(4)


def test_sent_all_they_go_out_at_once_with_their_planned_times() -> None:
    play = left_alone(3.5)
    play.take(release(play.exercise, ids(play), Release.SEND, DIRECTOR, moment(3.6), lambda: "r"))
    issued = [run for run in play.exercise.injects.values() if run.state is InjectState.ISSUED]
    assert [run.id for run in issued] == ["I-00", "I-01", "I-02", "I-03"]
    assert [run.due_at for run in issued] == [moment(minute) for minute in range(4)]


def test_shifted_the_first_goes_out_now_and_everything_keeps_its_distance() -> None:
    play = left_alone(3.5)
    play.take(release(play.exercise, ids(play), Release.SHIFT, DIRECTOR, moment(3.5), lambda: "r"))
    runs = play.exercise.injects
    assert runs["I-01"].state is InjectState.ISSUED
    assert {run.state for run in list(runs.values())[2:]} == {InjectState.WAITING}
    assert [run.at for run in runs.values()] == [
        timedelta(),
        *(timedelta(minutes=minute + 2.5) for minute in range(1, 7)),
    ]


def test_skipped_they_never_go_out() -> None:
    play = left_alone(3.5)
    play.take(release(play.exercise, ids(play), Release.SKIP, DIRECTOR, moment(3.6), lambda: "r"))
    runs = play.exercise.injects
    assert {runs[inject].why for inject in ("I-01", "I-02", "I-03")} == {"late"}
    assert runs["I-04"].state is InjectState.WAITING


def test_released_during_a_pause_they_go_out_when_it_ends() -> None:
    play = left_alone(3.5)
    play.take(pause(play.exercise, DIRECTOR, moment(3.6)))
    play.take(release(play.exercise, ids(play), Release.SEND, DIRECTOR, moment(3.7), lambda: "r"))
    assert not play.exercise.injects["I-01"].deliveries
    play.take(resume(play.exercise, DIRECTOR, moment(4)))
    play.to(250)
    assert play.exercise.injects["I-01"].state is InjectState.ISSUED


def test_one_of_them_can_be_fired_by_itself_and_the_rest_is_released_later() -> None:
    play = left_alone(3.5)
    play.take(fire(play.exercise, "I-02", DIRECTOR, moment(3.6), lambda: "r"))
    play.take(release(play.exercise, ["I-01", "I-02", "I-03"], Release.SKIP, DIRECTOR, moment(3.7), lambda: "r"))
    assert play.exercise.injects["I-02"].state is InjectState.ISSUED
    assert play.exercise.injects["I-03"].state is InjectState.SKIPPED


def test_what_is_not_held_any_more_cannot_be_released() -> None:
    play = left_alone(3.5)
    batch = ids(play)
    play.take(release(play.exercise, batch, Release.SKIP, DIRECTOR, moment(3.6), lambda: "r"))
    with pytest.raises(NotOpen):
        release(play.exercise, batch, Release.SEND, DIRECTOR, moment(3.7), lambda: "r")
    play.take(endex(play.exercise, DIRECTOR, moment(3.8)))
    with pytest.raises(ExerciseOver):
        release(play.exercise, batch, Release.SEND, DIRECTOR, moment(3.9), lambda: "r")
