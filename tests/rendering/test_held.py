"""The question after an interruption: what waits, what became of it, and three ways out."""

from datetime import timedelta

from bot.buttons import ButtonData, Verb
from bot.exercise.conduct import fire
from bot.exercise.lateness import Release, hold_late, release
from bot.messages import HeldQuestion
from bot.texts.catalogue import say
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, an_exercise
from tests.rendering.reading import labels, lines, rendered, seen

INJECTS = [{"id": f"I-0{minute}", "at": f"{minute}m", "to": ["posko"], "text": "Isi"} for minute in (1, 2, 3)]
QUESTION = HeldQuestion(exercise=7, injects=("I-01", "I-02", "I-03"))


def after_four_minutes() -> Play:
    play = Play(an_exercise(a_scenario(injects=INJECTS))).startex()
    play.take(hold_late(play.exercise, STARTEX + timedelta(minutes=4)))
    return play


def test_what_is_held_is_named_with_how_late_it_is() -> None:
    shown = rendered(QUESTION, after_four_minutes().exercise, 240)
    assert lines(shown)[2:5] == [
        "⏳ I-01 · J+00:01:00 · terlambat 3 mnt",
        "⏳ I-02 · J+00:02:00 · terlambat 2 mnt",
        "⏳ I-03 · J+00:03:00 · terlambat 1 mnt",
    ]
    assert labels(shown) == [["Kirim semua"], ["Geser jadwal"], ["Lewati semua"]]
    data = [ButtonData.unpack(row[0].data) for row in shown.buttons]
    assert data == [ButtonData(Verb.HELD, "7", choice) for choice in Release]


def test_what_was_fired_is_shown_as_late_since_it_was_fired() -> None:
    scenario = a_scenario(injects=[{"id": "C-01", "to": ["posko"], "text": "Cadangan"}])
    play = Play(an_exercise(scenario)).startex()
    play.take(fire(play.exercise, "C-01", DIRECTOR, STARTEX + timedelta(minutes=60), lambda: "r1"))
    play.take(hold_late(play.exercise, STARTEX + timedelta(minutes=62), ["C-01"]))
    shown = rendered(HeldQuestion(exercise=7, injects=("C-01",)), play.exercise, 62 * 60)
    assert lines(shown)[2] == "⏳ C-01 · J+01:00:00 · terlambat 2 mnt"


def test_what_became_of_each_is_shown_and_the_buttons_go_with_the_last() -> None:
    play = after_four_minutes()
    at = STARTEX + timedelta(minutes=4)
    play.take(fire(play.exercise, "I-02", DIRECTOR, at, lambda: "r1"))
    shown = rendered(QUESTION, play.exercise, 240)
    assert lines(shown)[3] == "✅ I-02 · J+00:02:00 · dikirim"
    assert len(labels(shown)) == 3
    play.take(release(play.exercise, QUESTION.injects, Release.SHIFT, DIRECTOR, at, lambda: "r2"))
    shown = rendered(QUESTION, play.exercise, 240)
    assert "✅ I-01 · J+00:04:00 · dikirim" in seen(shown)
    assert "⏱ I-03 · ditunda ke J+00:06:00" in seen(shown)
    assert labels(shown) == []


def test_what_is_asked_again_further_down_has_no_buttons_here() -> None:
    again = QUESTION.model_copy(update={"asked_again": True})
    shown = rendered(again, after_four_minutes().exercise, 240)
    assert lines(shown)[-2] == say("id", "held.asked_again")
    assert labels(shown) == []
