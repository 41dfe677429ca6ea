"""What only controllers may know (`expect`, `notes`) is said in no message to a unit, in any bundled scenario."""

from collections.abc import Iterator
from functools import cache

import pytest

from bot.exercise.model import Exercise, InjectState
from bot.messages import (
    EvidenceReminder,
    InjectCard,
    InjectPart,
    InjectPost,
    Message,
    ReasonPrompt,
    Reminder,
    UnitSummary,
)
from bot.service import posting
from bot.wire.rendering.render import render
from bot.wire.rendering.rendered import Rendered
from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario, Text
from tests.builders import Play, an_exercise, leader_of
from tests.rendering.reading import seen, view_of

LANGUAGES = ("id", "en")
SECRET = "RAHASIA"


@cache
def with_secrets(scenario_id: str) -> Scenario:
    """The scenario, each inject with secrets of its own for controllers."""
    scenario = read_bundled(scenario_id)
    injects = tuple(
        inject.model_copy(
            update={
                "expect": Text({"id": f"{SECRET}-{inject.id}-harap", "en": f"{SECRET}-{inject.id}-expect"}),
                "notes": Text({"id": f"{SECRET}-{inject.id}-catatan", "en": f"{SECRET}-{inject.id}-notes"}),
            }
        )
        for inject in scenario.injects
    )
    return scenario.model_copy(update={"injects": injects})


def issued(scenario: Scenario) -> Exercise:
    """Every inject has gone out, also those on the shelf, and nobody has answered."""
    play = Play(an_exercise(scenario)).startex()
    last = max(inject.at for inject in scenario.injects if inject.at is not None)
    play.to(last.total_seconds() + 1)
    second = last.total_seconds() + 2
    for inject in scenario.injects:
        if play.exercise.injects[inject.id].open:
            play.fire(second, inject.id)
            second += 1
    return play.to(second + 3_600).exercise


def answered(exercise: Exercise) -> Exercise:
    """The same, everything acknowledged and decided."""
    play = Play(exercise)
    second = 20_000.0
    for run in exercise.injects.values():
        for unit in run.deliveries:
            if run.inject.acknowledge:
                play.acknowledge(second, run.id, unit)
            if run.inject.decision and run.inject.decision.by == unit:
                play.decide(second + 1, run.id, unit, run.inject.decision.options[0].id, "Alasan")
            second += 2
    return play.exercise


def to_units(exercise: Exercise) -> Iterator[Message]:
    """Everything that can be said to a unit about an inject."""
    for run in exercise.injects.values():
        for delivery in run.deliveries.values():
            where = {"exercise": exercise.number, "inject": run.id, "unit": delivery.unit}
            yield InjectPost(**where)
            yield from posting.parts(exercise, run, delivery)
            yield InjectPart(**where, number=2)
            for overdue in (False, True):
                yield Reminder(**where, overdue=overdue)
                if run.inject.decision and run.inject.decision.by == delivery.unit:
                    yield Reminder(**where, decision=True, overdue=overdue)
            for evidence in run.inject.evidence:
                yield EvidenceReminder(**where, kind=evidence.kind)
            if run.inject.decision and run.inject.decision.by == delivery.unit:
                leader = leader_of(exercise, delivery.unit)
                for option in run.inject.decision.options:
                    yield ReasonPrompt(**where, option=option.id, by_id=leader.id, by_name=leader.name)
    for unit in exercise.seats:
        yield UnitSummary(exercise=exercise.number, unit=unit)


def whole(rendered: Rendered) -> str:
    """Everything of a message that somebody can see."""
    labels = " ".join(button.label for row in rendered.buttons for button in row)
    venue = f"{rendered.venue.title} {rendered.venue.address}" if rendered.venue else ""
    return f"{seen(rendered)} {rendered.alone} {labels} {venue} {rendered.file_name}"


@pytest.mark.parametrize("scenario_id", bundled())
def test_no_message_to_a_unit_says_what_only_controllers_may_know(scenario_id: str) -> None:
    fresh = issued(with_secrets(scenario_id))
    assert all(run.state is InjectState.ISSUED for run in fresh.injects.values())
    said = 0
    for exercise in (fresh, answered(fresh)):
        for message in to_units(exercise):
            for language in LANGUAGES:
                shown = whole(render(message, view_of(exercise, 40_000, language)))
                assert SECRET not in shown, (message, language)
                said += 1
    assert said > 4 * sum(len(run.deliveries) for run in fresh.injects.values())


@pytest.mark.parametrize("scenario_id", bundled())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_control_room_can_read_it_for_every_inject(scenario_id: str, language: str) -> None:
    exercise = an_exercise(with_secrets(scenario_id))
    for inject in exercise.injects:
        shown = seen(render(InjectCard(exercise=exercise.number, inject=inject), view_of(exercise, 0, language)))
        assert shown.count(f"{SECRET}-{inject}-") == 2
