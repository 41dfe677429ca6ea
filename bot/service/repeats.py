"""What one press must not bring about twice: people press again where an answer is slow, and Telegram repeats. Pure."""

from datetime import datetime, timedelta
from typing import Final

from bot.store.outbox_row import OutboxRow, OutboxState

_VERY_NEW: Final = timedelta(seconds=10)
"""Nobody who looks at what a press has brought about wants it anew so soon."""


def is_on_its_way(row: OutboxRow) -> bool:
    """Whether a message has still to go out, or will be repeated by itself."""
    return not row.state.is_final


def is_very_new(row: OutboxRow, at: datetime) -> bool:
    """Whether a message that has gone out was put into the outbox a few seconds ago at most."""
    return row.state is OutboxState.SENT and at - row.created_at < _VERY_NEW
