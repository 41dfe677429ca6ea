"""Outbox rows for tests."""

from datetime import UTC, datetime, timedelta

from bot.exercise.people import Place
from bot.messages import Plain
from bot.store.outbox_row import OutboxRow, OutboxState, Priority

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """A moment of the test."""
    return START + timedelta(seconds=seconds)


def waiting(
    row_id: int,
    chat_id: int,
    *,
    priority: Priority = Priority.INJECT,
    at: float = 0.0,
    not_before: float | None = None,
    state: OutboxState = OutboxState.PENDING,
) -> OutboxRow:
    """A message that has not gone out."""
    return OutboxRow(
        id=row_id,
        exercise=None,
        place=Place(chat_id),
        reply_to=None,
        priority=priority,
        message=Plain(key="test"),
        state=state,
        attempts=0,
        not_before=None if not_before is None else after(not_before),
        created_at=after(at),
        wanted=0,
        shown=0,
        message_id=None,
        edited_at=None,
        possible_duplicate=False,
    )


def out_of_date(row_id: int, chat_id: int, *, wanted: int = 1, edited_at: float | None = None) -> OutboxRow:
    """A message that stands in its chat and is to be edited."""
    return waiting(row_id, chat_id, state=OutboxState.SENT).evolve(
        wanted=wanted, message_id=row_id + 1000, edited_at=None if edited_at is None else after(edited_at)
    )
