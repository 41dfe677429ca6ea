"""Where each unit stands at a moment, as the board shows it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.exercise.deadlines import acknowledgement_deadline, decision_deadline
from bot.exercise.evidence import TIMERS, missing_evidence
from bot.exercise.figures import Outcome, outcome
from bot.exercise.model import Delivery, DeliveryState, Exercise, InjectRun


class Mark(StrEnum):
    """How a unit stands."""

    ANSWERED = "answered"
    IDLE = "idle"
    """Nothing has been asked of it."""
    SENDING = "sending"
    OPEN = "open"
    LATE = "late"
    """Its last answer came late."""
    EVIDENCE = "evidence"
    """It has answered, but not sent in time what it was asked for."""
    MISSED = "missed"
    """A deadline has passed, and it has answered nothing since."""
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    UNBOUND = "unbound"

    @property
    def is_in_order(self) -> bool:
        """Whether the director need not look."""
        return self in {Mark.ANSWERED, Mark.IDLE, Mark.SENDING}


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How a unit stands, because of which inject, and the exercise time it has left to answer."""

    unit: str
    mark: Mark
    inject: str = ""
    left: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Wait:
    run: InjectRun
    deadline: timedelta
    """In exercise time."""


def standings(exercise: Exercise, now: datetime) -> list[UnitStanding]:
    """Every unit's standing, in the scenario's order."""
    received: dict[str, list[tuple[InjectRun, Delivery]]] = {unit: [] for unit in exercise.seats}
    issued = [run for run in exercise.injects.values() if run.deliveries]
    for run in sorted(issued, key=lambda run: run.issued_at or now):
        for unit, delivery in run.deliveries.items():
            if delivery.state is not DeliveryState.SKIPPED:
                received[unit].append((run, delivery))
    return [_standing(exercise, unit, deliveries, now) for unit, deliveries in received.items()]


def _standing(
    exercise: Exercise, unit: str, deliveries: list[tuple[InjectRun, Delivery]], now: datetime
) -> UnitStanding:
    seat = exercise.seats[unit]
    if seat.place is None:
        return UnitStanding(unit, Mark.UNBOUND)
    if seat.unreachable:
        return UnitStanding(unit, Mark.UNREACHABLE)
    return (
        _failed(exercise, unit, deliveries, now)
        or _waiting(exercise, unit, deliveries, now)
        or _by_last_answer(exercise, unit, deliveries)
    )


def _failed(
    exercise: Exercise, unit: str, deliveries: list[tuple[InjectRun, Delivery]], now: datetime
) -> UnitStanding | None:
    last = _last_answer(exercise, deliveries)
    for run, delivery in reversed(deliveries):
        if delivery.state is DeliveryState.FAILED and not delivery.acknowledged and (run.issued_at or now) > last:
            return UnitStanding(unit, Mark.FAILED, run.id)
    return None


def _waiting(
    exercise: Exercise, unit: str, deliveries: list[tuple[InjectRun, Delivery]], now: datetime
) -> UnitStanding | None:
    if exercise.state.is_over:
        return None
    elapsed = exercise.clock.elapsed(now)
    answered = exercise.clock.elapsed(_last_answer(exercise, deliveries))
    waits = list(_waits(exercise, deliveries))
    if still := [wait for wait in waits if wait.deadline > elapsed]:
        first = min(still, key=lambda wait: wait.deadline)
        return UnitStanding(unit, Mark.OPEN, first.run.id, first.deadline - elapsed)
    missed = [wait for wait in waits if wait.deadline >= answered]
    if missed:
        return UnitStanding(unit, Mark.MISSED, missed[-1].run.id)
    sending = [run for run, delivery in deliveries if delivery.state is DeliveryState.PENDING]
    return UnitStanding(unit, Mark.SENDING, sending[-1].id) if sending else None


def _by_last_answer(exercise: Exercise, unit: str, deliveries: list[tuple[InjectRun, Delivery]]) -> UnitStanding:
    for run, delivery in reversed(deliveries):
        if any(TIMERS[kind] in delivery.rung for kind in missing_evidence(run, delivery)):
            return UnitStanding(unit, Mark.EVIDENCE, run.id)
    answered = [(delivery.acknowledged.at, run, delivery) for run, delivery in deliveries if delivery.acknowledged]
    if not answered:
        return UnitStanding(unit, Mark.IDLE)
    _, run, delivery = max(answered, key=lambda each: each[0])
    if outcome(run, delivery, exercise) is Outcome.LATE:
        return UnitStanding(unit, Mark.LATE, run.id)
    return UnitStanding(unit, Mark.ANSWERED, run.id)


def _waits(exercise: Exercise, deliveries: list[tuple[InjectRun, Delivery]]) -> Iterator[_Wait]:
    for run, delivery in deliveries:
        deadline = acknowledgement_deadline(run, delivery, exercise.clock)
        if deadline is not None and not delivery.acknowledged:
            yield _Wait(run, deadline)
        deadline = decision_deadline(run, delivery, exercise.clock)
        if deadline is not None and not delivery.choice:
            yield _Wait(run, deadline)


def _last_answer(exercise: Exercise, deliveries: list[tuple[InjectRun, Delivery]]) -> datetime:
    return max((at for _, delivery in deliveries if (at := _answered_at(delivery))), default=exercise.created_at)


def _answered_at(delivery: Delivery) -> datetime | None:
    if delivery.choice:
        return delivery.choice.at
    return delivery.acknowledged.at if delivery.acknowledged else None
