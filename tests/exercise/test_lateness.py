"""After an interruption: what comes too late is held, and the director says what becomes of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.exercise.answers import told_by_radio
from bot.exercise.conditions import Verdict, judge
from bot.exercise.conduct import endex, fire, pause, resume
from bot.exercise.delivering import failed, in_flight, uncertain
from bot.exercise.errors import ExerciseOver, NotOpen
from bot.exercise.facts import FactKind
from bot.exercise.lateness import Release, held, hold_late, issued_to_nobody, release
from bot.exercise.model import Acknowledgement, DeliveryState, Exercise, InjectState
from bot.exercise.resending import resend
from bot.exercise.retracing import retrace
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


def test_a_restart_of_some_seconds_asks_nobody_about_an_inject_however_short_its_window() -> None:
    hasty = [{"id": "I-01", "at": "1m", "to": ["posko"], "text": "x", "acknowledge": {"within": "15s"}}]
    assert ids(left_alone(1.9, hasty)) == []
    assert ids(left_alone(2.1, hasty)) == ["I-01"]


TO_TWO = [
    {"id": "I-01", "at": "1m", "to": ["posko", "dalmas"], "text": "x", "acknowledge": {"within": "60s"}},
    {
        "id": "I-40",
        "at": "40m",
        "to": ["posko"],
        "text": "y",
        "requires": {"all": [{"inject": "I-01", "acknowledged": True}], "otherwise": "skip"},
    },
]
"""One inject to two units, and one that goes out once both have acknowledged it."""


def waiting_for_the_line() -> Play:
    """The exercise once the first of them was issued, with nothing sent."""
    play = Play(an_exercise(a_scenario(injects=TO_TWO))).startex()
    play.take(tick(play.exercise, moment(1), lambda: "r"))
    return play


def answered_by_radio() -> Play:
    """The same, held after one unit has answered by radio."""
    play = waiting_for_the_line()
    play.take(told_by_radio(play.exercise, "I-01", "posko", DIRECTOR, moment(2)))
    hold(play, 31, "I-01")
    return play


def answers(exercise: Exercise) -> dict[str, tuple[object, ...]]:
    """How the deliveries of the first inject stand, with what was answered."""
    deliveries = exercise.injects["I-01"].deliveries
    return {unit: (d.state, d.why, d.due_at, d.acknowledged) for unit, d in deliveries.items()}


def test_what_one_unit_has_answered_by_another_road_still_waits_for_the_others() -> None:
    play = waiting_for_the_line()
    play.take(told_by_radio(play.exercise, "I-01", "posko", DIRECTOR, moment(2)))
    assert [run.id for run in issued_to_nobody(play.exercise)] == ["I-01"]
    play.take(told_by_radio(play.exercise, "I-01", "dalmas", DIRECTOR, moment(2)))
    assert issued_to_nobody(play.exercise) == []


def test_what_may_be_in_a_chat_is_not_called_back() -> None:
    play = waiting_for_the_line()
    assert issued_to_nobody(uncertain(play.exercise, "I-01", "posko", moment(1), "reset").exercise) == []
    refused = failed(play.exercise, "I-01", "posko", moment(1), "kicked").exercise
    assert [run.id for run in issued_to_nobody(refused)] == ["I-01"]
    again = resend(refused, "I-01", "posko", DIRECTOR, moment(2)).exercise
    assert issued_to_nobody(again) == []


def test_held_it_keeps_what_was_answered_and_nothing_else() -> None:
    play = answered_by_radio()
    assert ids(play) == ["I-01"]
    [(unit, (state, why, _, acknowledged))] = answers(play.exercise).items()
    assert (unit, state, why) == ("posko", DeliveryState.SKIPPED, "late")
    assert isinstance(acknowledged, Acknowledgement)
    assert acknowledged.by_radio
    assert not in_flight(play.exercise)
    assert answers(as_the_log_has_it(play)) == answers(play.exercise)


@pytest.mark.parametrize(("choice", "due"), [(Release.SEND, 1), (Release.SHIFT, 31)])
def test_let_go_it_goes_to_every_unit_and_the_answer_stands(choice: Release, due: int) -> None:
    play = answered_by_radio()
    before = play.exercise.injects["I-01"].deliveries["posko"]
    choose(play, choice, 31)
    now = play.exercise.injects["I-01"].deliveries
    assert list(now) == ["posko", "dalmas"]
    assert {(d.state, d.why, d.due_at) for d in now.values()} == {(DeliveryState.PENDING, "", moment(due))}
    assert now["posko"].acknowledged == before.acknowledged
    assert now["posko"].reference == before.reference
    assert now["dalmas"].acknowledged is None
    assert answers(as_the_log_has_it(play)) == answers(play.exercise)


def test_left_out_it_keeps_the_answer_on_record() -> None:
    play = answered_by_radio()
    before = answers(play.exercise)
    choose(play, Release.SKIP, 31)
    assert play.exercise.injects["I-01"].state is InjectState.SKIPPED
    assert answers(play.exercise) == before
    assert answers(as_the_log_has_it(play)) == before


def test_held_again_it_keeps_the_answer_still() -> None:
    play = answered_by_radio()
    choose(play, Release.SEND, 31)
    hold(play, 33, "I-01")
    assert [unit for unit, (*_, acknowledged) in answers(play.exercise).items() if acknowledged] == ["posko"]
    assert answers(as_the_log_has_it(play)) == answers(play.exercise)


@pytest.mark.parametrize("choice", [None, Release.SKIP])
def test_what_one_unit_has_answered_is_not_acknowledged_by_all_while_it_is_held_or_left_out(
    choice: Release | None,
) -> None:
    play = answered_by_radio()
    if choice:
        choose(play, choice, 31)
    gate = play.exercise.scenario.injects[1].requires
    assert gate is not None
    assert judge(gate, play.exercise) is (Verdict.OTHERWISE if choice else Verdict.UNDECIDED)


def test_what_telegram_has_refused_stays_refused_when_it_is_let_go() -> None:
    play = waiting_for_the_line()
    play.take(failed(play.exercise, "I-01", "posko", moment(1.5), "kicked"))
    hold(play, 31, "I-01")
    choose(play, Release.SEND, 31)
    assert [state for state, *_ in answers(play.exercise).values()] == [DeliveryState.FAILED, DeliveryState.PENDING]
    assert answers(as_the_log_has_it(play)) == answers(play.exercise)


def test_a_log_from_before_answers_were_kept_is_led_to_where_it_stood() -> None:
    play = answered_by_radio()
    old = [replace(f, detail={"late_seconds": 1800.0}) if f.kind is FactKind.HELD else f for f in play.facts]
    assert answers(as_the_log_has_it(replace(play, facts=old))) == {}


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


GATED = {"any": [{"inject": "I-30", "acknowledged": True}], "otherwise": "skip"}
FIRED = [
    {"id": "I-30", "at": "30m", "to": ["posko"], "text": "Rencana"},
    {"id": "I-90", "at": "90m", "to": ["posko"], "text": "Nanti"},
    {"id": "C-01", "to": ["posko"], "text": "Cadangan", "requires": GATED},
]
"""Planned injects, and one that only the director brings, whatever its gate says."""


def fired(inject: str, minute: float) -> Play:
    """An exercise in which the director has fired an inject at that minute, and which waits to be sent since."""
    play = Play(an_exercise(a_scenario(injects=FIRED))).startex()
    if minute > 30:
        play.to(31 * 60)
    play.take(fire(play.exercise, inject, DIRECTOR, moment(minute), lambda: "r"))
    return play


def hold(play: Play, minute: float, *unsent: str) -> None:
    play.take(hold_late(play.exercise, moment(minute), unsent))


def choose(play: Play, choice: Release, minute: float) -> None:
    play.take(release(play.exercise, ids(play), choice, DIRECTOR, moment(minute), lambda: "r"))


def as_the_log_has_it(play: Play) -> Exercise:
    """The exercise as its log alone tells it."""
    exercise = an_exercise(play.exercise.scenario)
    for fact in play.facts:
        exercise = retrace(exercise, fact)
    return exercise


def times(exercise: Exercise, inject: str) -> tuple[object, ...]:
    """What the record has of the times of an inject."""
    run = exercise.injects[inject]
    return run.state, run.cause, run.at, run.due_at, run.issued_at, [d.due_at for d in run.deliveries.values()]


@pytest.mark.parametrize(("inject", "minute"), [("C-01", 60), ("I-90", 60), ("I-90", 95), ("I-30", 10)])
def test_what_the_director_has_just_fired_is_not_late_whatever_its_planned_time(inject: str, minute: float) -> None:
    play = fired(inject, minute)
    hold(play, minute + 0.9, inject)
    assert ids(play) == []
    hold(play, minute + 1.1, inject)
    assert ids(play) == [inject]


@pytest.mark.parametrize(("inject", "minute"), [("C-01", 60), ("I-90", 60), ("I-30", 10)])
def test_what_was_fired_is_held_as_due_at_the_moment_of_its_firing(inject: str, minute: float) -> None:
    play = fired(inject, minute)
    hold(play, minute + 2, inject)
    run = play.exercise.injects[inject]
    assert (run.at, run.due_at) == (timedelta(minutes=minute), moment(minute))
    assert [fact.detail for fact in play.facts if fact.kind is FactKind.HELD] == [{"late_seconds": 120.0}]
    assert times(as_the_log_has_it(play), inject) == times(play.exercise, inject)


@pytest.mark.parametrize("inject", ["C-01", "I-90"])
def test_what_was_fired_and_held_is_sent_whatever_its_gate_and_was_due_when_it_was_fired(inject: str) -> None:
    play = fired(inject, 60)
    hold(play, 62, inject)
    choose(play, Release.SEND, 63)
    run = play.exercise.injects[inject]
    assert run.state is InjectState.ISSUED
    assert run.deliveries["posko"].due_at == moment(60)
    assert times(as_the_log_has_it(play), inject) == times(play.exercise, inject)


def test_shifted_for_what_was_fired_the_timetable_moves_by_no_more_than_that_is_late() -> None:
    play = fired("C-01", 60)
    hold(play, 62, "C-01")
    choose(play, Release.SHIFT, 63)
    assert play.exercise.injects["C-01"].deliveries["posko"].due_at == moment(63)
    assert play.exercise.injects["I-90"].at == timedelta(minutes=93)
    for inject in ("C-01", "I-90"):
        assert times(as_the_log_has_it(play), inject) == times(play.exercise, inject)


def test_what_was_fired_and_held_can_be_left_out() -> None:
    play = fired("C-01", 60)
    hold(play, 62, "C-01")
    choose(play, Release.SKIP, 63)
    assert play.exercise.injects["C-01"].state is InjectState.SKIPPED
    assert play.exercise.injects["I-90"].at == timedelta(minutes=90)
    assert times(as_the_log_has_it(play), "C-01") == times(play.exercise, "C-01")


def test_fired_anew_while_it_is_held_it_was_due_then() -> None:
    play = fired("C-01", 60)
    hold(play, 62, "C-01")
    play.take(fire(play.exercise, "C-01", DIRECTOR, moment(63), lambda: "r"))
    assert play.exercise.injects["C-01"].due_at == moment(63)
    assert times(as_the_log_has_it(play), "C-01") == times(play.exercise, "C-01")


def test_what_the_director_has_sent_is_not_asked_about_again_seconds_later() -> None:
    play = left_alone(3.5)
    sent = ids(play)
    choose(play, Release.SEND, 3.6)
    hold(play, 3.7, *sent)
    assert ids(play) == []


def test_what_the_director_has_sent_and_nobody_got_for_minutes_is_asked_about_again() -> None:
    play = left_alone(3.5)
    sent = ids(play)
    choose(play, Release.SEND, 3.6)
    hold(play, 4.7, *sent)
    assert ids(play) == [*sent, "I-04"]
    assert play.exercise.injects["I-01"].due_at == moment(1)
    assert times(as_the_log_has_it(play), "I-01") == times(play.exercise, "I-01")


def test_time_that_stood_still_makes_nothing_fired_late() -> None:
    play = fired("C-01", 60)
    play.take(pause(play.exercise, DIRECTOR, moment(60.5)))
    play.take(resume(play.exercise, DIRECTOR, moment(70)))
    hold(play, 70.4, "C-01")
    assert ids(play) == []
    hold(play, 70.6, "C-01")
    assert [fact.detail for fact in play.facts if fact.kind is FactKind.HELD] == [{"late_seconds": 66.0}]
    assert times(as_the_log_has_it(play), "C-01") == times(play.exercise, "C-01")
