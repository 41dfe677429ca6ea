"""The hot wash as its log tells it: what is asked, in time, without names where that was asked for."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.exercise import hot_wash
from bot.exercise.conduct import endex, realworld, startex
from bot.exercise.errors import Refusal
from bot.exercise.facts import Change, Fact
from bot.exercise.hot_wash import AnswersFull, HotWash, HotWashOver, NamelessAlready, Question, hot_wash_in
from bot.exercise.model import Exercise
from bot.exercise.people import Person
from tests.builders import DIRECTOR, STARTEX, an_exercise

ENDEX = STARTEX + timedelta(hours=1)
HOUR = timedelta(hours=1)
BUDI = Person(500, "Budi")
Step = Callable[[HotWash | None], Change]


def ended() -> Exercise:
    running = startex(an_exercise(unbound=["humas"]), DIRECTOR, STARTEX).exercise
    return endex(running, DIRECTOR, ENDEX).exercise


def after(*steps: Step) -> tuple[HotWash, list[Fact]]:
    """The hot wash after these steps, and all facts."""
    facts = list(hot_wash.open_up(ended(), HOUR, ENDEX).facts)
    for step in steps:
        facts += step(hot_wash_in(facts)).facts
    wash = hot_wash_in(facts)
    assert wash is not None
    return wash, facts


def rate(unit: str, rating: int, minutes: float = 1) -> Step:
    at = ENDEX + timedelta(minutes=minutes)
    return lambda wash: hot_wash.rate(ended(), wash, unit, rating, BUDI, at)


def answer(unit: str, text: str, minutes: float = 1) -> Step:
    at = ENDEX + timedelta(minutes=minutes)
    return lambda wash: hot_wash.answer(ended(), wash, unit, Question.WELL, text, BUDI, at)


def nameless(unit: str) -> Step:
    return lambda wash: hot_wash.without_names(ended(), wash, unit, ENDEX)


def test_units_with_a_chat_are_asked_and_their_last_rating_counts() -> None:
    wash, _ = after(
        rate("posko", 2), answer("posko", "Radio"), answer("posko", "Peta"), rate("posko", 4), rate("medis", 5)
    )
    assert wash.units == ("posko", "dalmas", "medis")
    assert wash.heard == ["posko", "medis"]
    assert wash.mean == 4.5
    assert [remark.text for remark in wash.of("posko", Question.WELL)] == ["Radio", "Peta"]
    assert {remark.by for remark in wash.remarks} == {BUDI}


def test_whoever_answers_without_names_is_written_down_nowhere() -> None:
    wash, facts = after(nameless("medis"), rate("medis", 1), answer("medis", "Terlambat"), answer("posko", "Cepat"))
    assert wash.ratings["medis"].by is None
    assert [(remark.unit, remark.by) for remark in wash.remarks] == [("medis", None), ("posko", BUDI)]
    assert not [fact for fact in facts if fact.unit == "medis" and "Budi" in repr(fact)]


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        (rate("posko", 3, minutes=60), HotWashOver),
        (answer("humas", "Tidak ditanya"), HotWashOver),
        (nameless("medis"), NamelessAlready),
    ],
)
def test_what_comes_too_late_from_others_or_twice_is_refused(step: Step, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        after(nameless("medis"), step)


def test_what_was_said_in_time_counts_also_where_it_is_heard_after_the_close() -> None:
    wash, _ = after(lambda _: hot_wash.close(ended(), ENDEX + HOUR), answer("posko", "Tepat waktu", minutes=59.9))
    assert wash.closed
    assert wash.heard == ["posko"]


def test_a_unit_cannot_fill_the_log_for_ever() -> None:
    with pytest.raises(AnswersFull):
        after(*[answer("posko", f"Jawaban {number}") for number in range(hot_wash.MOST_ANSWERS + 1)])


def test_only_the_silent_are_reminded_and_nobody_where_all_have_spoken() -> None:
    wash, _ = after(rate("posko", 3))
    reminder = hot_wash.remind(ended(), wash, ENDEX)
    assert [fact.detail["units"] for fact in reminder.facts] == [["dalmas", "medis"]]
    wash, _ = after(rate("posko", 3), rate("dalmas", 3), answer("medis", "Baik"))
    assert hot_wash.remind(ended(), wash, ENDEX).facts == ()


def test_nobody_is_asked_while_a_real_emergency_goes_on_or_where_it_is_turned_off() -> None:
    assert hot_wash.wanted(ended(), HOUR)
    assert not hot_wash.wanted(ended(), timedelta())
    running = startex(an_exercise(), DIRECTOR, STARTEX).exercise
    assert not hot_wash.wanted(running, HOUR)
    stopped = realworld(running, DIRECTOR, STARTEX + timedelta(minutes=5), "Kebakaran").exercise
    assert not hot_wash.wanted(endex(stopped, DIRECTOR, ENDEX).exercise, HOUR)


def test_a_hot_wash_that_never_was_refuses_its_answers() -> None:
    with pytest.raises(HotWashOver):
        hot_wash.rate(ended(), None, "posko", 3, BUDI, ENDEX)
