"""What ENDEX would cut off. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot.exercise.deadlines import acknowledgement_deadline, decision_deadline
from bot.exercise.model import DeliveryState, Exercise


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Counts of what is still to come, awaited or undelivered; contingency injects on the shelf are not missed."""

    to_come: int
    """Injects that have their time, or about which the director is asked."""
    awaited: int
    """Acknowledgements and decisions whose time has not run out."""
    undelivered: int
    """Messages that wait to be sent, or could not be."""

    def __bool__(self) -> bool:
        return bool(self.to_come or self.awaited or self.undelivered)


def unfinished(exercise: Exercise, at: datetime) -> Unfinished:
    """What stands open in an exercise at the moment ``at``."""
    elapsed = exercise.clock.elapsed(at)
    to_come = awaited = undelivered = 0
    for run in exercise.injects.values():
        to_come += run.open and run.at is not None
        for delivery in run.deliveries.values():
            undelivered += delivery.state in {DeliveryState.PENDING, DeliveryState.FAILED} and not delivery.acknowledged
            answer_by = acknowledgement_deadline(run, delivery, exercise.clock)
            decide_by = decision_deadline(run, delivery, exercise.clock)
            awaited += answer_by is not None and not delivery.acknowledged and answer_by > elapsed
            awaited += decide_by is not None and not delivery.choice and decide_by > elapsed
    return Unfinished(to_come, awaited, undelivered)
