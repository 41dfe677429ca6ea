"""Exercises in which something may be overdue: found without reading them whole, for most of the time none is."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.exercise.model import DeliveryState, ExerciseState, InjectState
from bot.exercise.timing import ExerciseClock
from bot.store.reading import stops_of
from bot.store.schema import delivery, exercise, inject
from bot.store.transaction import Transaction


def suspects(tx: Transaction, at: datetime, patience: timedelta) -> list[int]:
    """The numbers of those with an inject that came due before ``at`` less ``patience`` and may not have gone out."""
    under_way = select(exercise.c.number, exercise.c.startex_at).where(exercise.c.state == ExerciseState.RUNNING)
    return [
        row.number
        for row in tx.read(under_way).all()
        if _waits(tx, row.number, at - patience) or _is_due(tx, row.number, row.startex_at, at, patience)
    ]


def _waits(tx: Transaction, number: int, since: datetime) -> bool:
    waiting = select(delivery.c.unit).where(
        delivery.c.exercise == number, delivery.c.state == DeliveryState.PENDING, delivery.c.due_at < since
    )
    return tx.read(waiting.limit(1)).first() is not None


def _is_due(tx: Transaction, number: int, startex_at: datetime, at: datetime, patience: timedelta) -> bool:
    first = tx.read(
        select(func.min(inject.c.at_offset)).where(
            inject.c.exercise == number, inject.c.state == InjectState.WAITING, inject.c.at_offset.is_not(None)
        )
    ).scalar()
    elapsed = ExerciseClock(startex_at, stops_of(tx, number)).elapsed(at)
    return first is not None and first <= elapsed - patience
