"""What became of the sending of an inject, as the outbox learns it. Pure."""

from datetime import datetime

from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import DeliveryState, Exercise
from bot.exercise.people import SYSTEM


def sent(
    exercise: Exercise,
    inject: str,
    unit: str,
    at: datetime,
    *,
    message_id: int,
    message_date: datetime,
    attempts: int,
) -> Change:
    """Telegram has answered: the message is in the chat. A repeat does not move the times of the first."""
    delivery = exercise.injects[inject].deliveries[unit]
    repeated = delivery.state is DeliveryState.UNCERTAIN
    now_sent = delivery.evolve(
        state=DeliveryState.SENT,
        sent_at=delivery.sent_at or at,
        message_id=message_id,
        message_date=delivery.message_date or message_date,
        possible_duplicate=delivery.possible_duplicate or repeated,
    )
    detail = {"message_id": message_id, "attempts": attempts}
    return Change(exercise.with_delivery(now_sent), (Fact(at, FactKind.SENT, SYSTEM, inject, unit, detail),))


def uncertain(exercise: Exercise, inject: str, unit: str, at: datetime, why: str) -> Change:
    """The attempt ended without an answer: the unit may have the message (or, sent again, have it twice)."""
    delivery = exercise.injects[inject].deliveries[unit]
    has_it = delivery.state is DeliveryState.SENT
    unsure = delivery.evolve(
        state=DeliveryState.SENT if has_it else DeliveryState.UNCERTAIN,
        sent_at=delivery.sent_at or at,
        possible_duplicate=True,
        why=why,
    )
    return Change(exercise.with_delivery(unsure), (Fact(at, FactKind.UNCERTAIN, SYSTEM, inject, unit, {"why": why}),))


def failed(exercise: Exercise, inject: str, unit: str, at: datetime, why: str) -> Change:
    """Telegram refused it for good."""
    delivery = exercise.injects[inject].deliveries[unit].evolve(state=DeliveryState.FAILED, why=why)
    return Change(exercise.with_delivery(delivery), (Fact(at, FactKind.FAILED, SYSTEM, inject, unit, {"why": why}),))


def lost(exercise: Exercise, inject: str, unit: str, at: datetime) -> Change:
    """It was issued, and nothing is there that would ever send it."""
    why = "not in the outbox"
    delivery = exercise.injects[inject].deliveries[unit].evolve(state=DeliveryState.FAILED, why=why)
    fact = Fact(at, FactKind.FAILED, SYSTEM, inject, unit, {"why": why, "lost": True})
    return Change(exercise.with_delivery(delivery), (fact,))


def not_resent(exercise: Exercise, inject: str, unit: str, at: datetime, why: str) -> Change:
    """Telegram refused what was sent again; what came of the first sending stands."""
    return Change(exercise, (Fact(at, FactKind.FAILED, SYSTEM, inject, unit, {"why": why, "again": True}),))


def not_sent(exercise: Exercise, inject: str, unit: str, at: datetime, why: str) -> Change:
    """It was withdrawn before it went out."""
    delivery = exercise.injects[inject].deliveries[unit].evolve(state=DeliveryState.SKIPPED, why=why)
    return Change(exercise.with_delivery(delivery), (Fact(at, FactKind.NOT_SENT, SYSTEM, inject, unit, {"why": why}),))


def in_flight(exercise: Exercise) -> bool:
    """Whether anything issued still waits for its sending to end."""
    return any(
        delivery.state is DeliveryState.PENDING
        for run in exercise.injects.values()
        for delivery in run.deliveries.values()
    )
