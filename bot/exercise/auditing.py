"""What was planned, held against what was sent: what should have happened long ago, and has not. Pure."""

from datetime import datetime, timedelta

from bot.exercise.issuing import due
from bot.exercise.model import Delivery, DeliveryState, Exercise, InjectRun, InjectState

PATIENCE = timedelta(seconds=60)
"""Exercise time after which an inject that has not come due, or has not gone out, counts as overdue."""


def overdue_runs(exercise: Exercise, at: datetime, patience: timedelta = PATIENCE) -> list[InjectRun]:
    """The injects whose moment has passed without the exercise noticing; none while the clock stands still."""
    if not exercise.clock.running:
        return []
    return due(exercise, exercise.clock.elapsed(at) - patience)


def overdue_deliveries(exercise: Exercise, at: datetime, patience: timedelta = PATIENCE) -> list[Delivery]:
    """What was issued and of which nobody knows yet whether it has left, in the order of the script."""
    if not exercise.clock.running:
        return []
    return [
        delivery
        for run in exercise.injects.values()
        if run.state is InjectState.ISSUED
        for delivery in run.deliveries.values()
        if delivery.state is DeliveryState.PENDING and exercise.clock.between(delivery.due_at, at) > patience
    ]
