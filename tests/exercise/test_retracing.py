"""An exercise is led through its log to where it stood: the log alone says all that a replay shows."""

from dataclasses import replace

import orjson
import pytest

from bot.exercise.facts import Fact, FactKind
from bot.exercise.model import Exercise
from bot.exercise.people import UnitSeat
from bot.exercise.retracing import DoesNotFit, retrace
from tests.builders import DIRECTOR, STARTEX, Play, an_exercise, made_anew, played
from tests.simulation.laboratory import Laboratory

SEEDS = range(1, 9)


def as_kept(fact: Fact) -> Fact:
    """The fact as the log gives it back: JSON values alone."""
    return replace(fact, detail=orjson.loads(orjson.dumps(dict(fact.detail))))


def at_rest(exercise: Exercise) -> Exercise:
    """The exercise without what the log does not tell."""
    runs = {
        run.id: run.evolve(
            settled=False,
            silence_answered=False,
            deliveries={
                unit: delivery.evolve(reference="", message_date=None) for unit, delivery in run.deliveries.items()
            },
        )
        for run in exercise.injects.values()
    }
    seats = {seat.unit: replace(seat, code_hash="", code_expires_at=None) for seat in exercise.seats.values()}
    return exercise.evolve(injects=runs, seats=seats, participants={})


def as_created(exercise: Exercise) -> Exercise:
    """The exercise as it was before anything was done in it."""
    return made_anew(exercise).exercise.evolve(seats={unit: UnitSeat(unit, "") for unit in exercise.scenario.units})


def test_a_played_exercise_is_led_to_where_it_stood() -> None:
    play, exercise = played(), an_exercise()
    for fact in play.facts:
        exercise = retrace(exercise, as_kept(fact))
    assert at_rest(exercise) == at_rest(play.exercise)


def test_what_is_only_an_upper_bound_is_led_to_as_one() -> None:
    play = Play(an_exercise()).startex().acknowledge(605, "I-03", "posko", exact=False)
    play.decide(630, "I-03", "posko", "lapis", exact=False).acknowledge(1205, "I-05", "dalmas")
    play.progress(1210, "I-05", "dalmas", "underway", exact=False)
    exercise = an_exercise()
    for fact in play.facts:
        exercise = retrace(exercise, as_kept(fact))
    assert at_rest(exercise) == at_rest(play.exercise)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_drill_with_every_trouble_is_led_to_where_it_stood(seed: int) -> None:
    with Laboratory.open() as laboratory:
        laboratory.run(seed)
        kept = laboratory.record()
    exercise = as_created(kept.exercise)
    for entry in kept.log:
        exercise = retrace(exercise, entry.fact)
    assert at_rest(exercise) == at_rest(kept.exercise)


@pytest.mark.parametrize(
    "fact",
    [
        Fact(STARTEX, FactKind.ISSUED, inject="I-99", detail={"cause": "schedule", "units": []}),
        Fact(STARTEX, FactKind.ISSUED, inject="I-01", detail={"cause": "schedule", "units": 7}),
        Fact(STARTEX, FactKind.ISSUED, inject="I-01", detail={"cause": "the weather", "units": []}),
        Fact(STARTEX, FactKind.ISSUED, inject="I-01", detail={"cause": "schedule", "units": ["nobody"]}),
        Fact(STARTEX, FactKind.ACKNOWLEDGED, DIRECTOR, "I-01", "posko", {"exact": True}),
        Fact(STARTEX, FactKind.RESUMED, DIRECTOR, detail={"from": "pause"}),
        Fact(STARTEX, FactKind.DELAYED, DIRECTOR, "I-02", detail={"seconds": "60"}),
        Fact(STARTEX, FactKind.DELAYED, DIRECTOR, "I-02", detail={"seconds": 1e300}),
        Fact(STARTEX, FactKind.SCHEDULED, DIRECTOR, detail={"startex_at": "tomorrow"}),
        Fact(STARTEX, FactKind.JOINED, DIRECTOR, unit="posko", detail={"chat_id": None}),
        Fact(STARTEX, FactKind.ADDED, DIRECTOR, "S 1", detail={"to": ["all"], "text": "Siaga"}),
    ],
)
def test_a_fact_that_cannot_have_come_about_is_refused(fact: Fact) -> None:
    with pytest.raises(DoesNotFit):
        retrace(an_exercise(), fact)
