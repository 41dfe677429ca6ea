"""How a delivery or a decision stands, as the summary and the chart tell it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot.exercise.deadlines import decision_deadline
from bot.exercise.figures import Outcome, outcome
from bot.exercise.model import Delivery, DeliveryState, Exercise, InjectRun, Timer


class Standing(StrEnum):
    """What became of an inject at a unit: the outcome where an answer was asked, else how far it got."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"
    INFORMED = "informed"
    """It arrived, and no answer was asked."""
    PENDING = "pending"
    FAILED = "failed"
    NOT_SENT = "not_sent"


def standing(run: InjectRun, delivery: Delivery, exercise: Exercise) -> Standing:
    """How one delivery stands."""
    result = outcome(run, delivery, exercise)
    if result is not None:
        return _OF_OUTCOME[result]
    match delivery.state:
        case DeliveryState.PENDING:
            return Standing.PENDING
        case DeliveryState.SENT | DeliveryState.UNCERTAIN:
            return Standing.INFORMED
        case DeliveryState.FAILED:
            return Standing.FAILED
        case DeliveryState.SKIPPED:
            return Standing.NOT_SENT
        case _:
            assert_never(delivery.state)


def unsure(delivery: Delivery) -> bool:
    """Whether it is not known that the message arrived: an answer would prove it."""
    return delivery.state is DeliveryState.UNCERTAIN and not (delivery.acknowledged or delivery.choice)


def delivered(exercise: Exercise) -> Iterator[tuple[InjectRun, Delivery]]:
    """Every delivery with its inject, injects as they were issued, units in the scenario's order."""
    for run in sorted(exercise.injects.values(), key=lambda run: run.due_at or exercise.created_at):
        for delivery in run.deliveries.values():
            yield run, delivery


def delivered_to(exercise: Exercise, unit: str) -> Iterator[tuple[InjectRun, Delivery]]:
    """The deliveries of one unit, in the same order, without a look at those of any other."""
    for run in sorted(exercise.injects.values(), key=lambda run: run.due_at or exercise.created_at):
        if unit in run.deliveries:
            yield run, run.deliveries[unit]


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """A decision that a unit was asked for: taken where the delivery has a choice, else silent, else open."""

    run: InjectRun
    delivery: Delivery
    at: datetime
    """When it was taken; else when it was asked for."""
    taken_in: timedelta | None
    within: timedelta
    silent: bool
    """The deadline passed and nothing has been chosen."""

    @property
    def late(self) -> bool:
        """Whether it was taken after its deadline."""
        return self.taken_in is not None and self.taken_in > self.within

    @property
    def exact(self) -> bool:
        """Whether it is known when it was taken; otherwise the time that it took is an upper bound."""
        return self.delivery.choice is None or self.delivery.choice.exact


def decisions(exercise: Exercise) -> list[DecisionStanding]:
    """The decisions asked for, in the order of time."""
    found = []
    for run, delivery in delivered(exercise):
        decision = run.inject.decision
        if decision is None or delivery.sent_at is None or decision_deadline(run, delivery, exercise.clock) is None:
            continue
        choice = delivery.choice
        found.append(
            DecisionStanding(
                run=run,
                delivery=delivery,
                at=choice.at if choice else delivery.sent_at,
                taken_in=max(exercise.clock.between(delivery.sent_at, choice.at), timedelta()) if choice else None,
                within=decision.within,
                silent=choice is None and Timer.UNDECIDED in delivery.rung,
            )
        )
    return sorted(found, key=lambda decision: decision.at)


def situation_at(exercise: Exercise, at: datetime) -> str | None:
    """The level of the situation at a moment, as the injects issued by then have set it."""
    set_by_then = [
        (run.issued_at, index, run.inject.situation)
        for index, run in enumerate(exercise.injects.values())
        if run.inject.situation and run.issued_at and run.issued_at <= at
    ]
    return max(set_by_then)[-1] if set_by_then else None


_OF_OUTCOME = {
    Outcome.IN_TIME: Standing.IN_TIME,
    Outcome.LATE: Standing.LATE,
    Outcome.MISSED: Standing.MISSED,
    Outcome.OPEN: Standing.OPEN,
}
