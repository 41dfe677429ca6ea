"""A clock's time with its backward steps taken out.

When the machine's clock is set back, what waits for a moment in memory must not wait all over again.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.store.outbox_row import OutboxRow
from bot.wire.pacing import LONG_AGO

_LONGEST_WAIT: Final = timedelta(minutes=1)


class SteadyTime:
    """Never goes back. Runs ahead of its clock by as much as that has ever been set back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta()
        self._last = LONG_AGO

    def now(self) -> datetime:
        """The present moment."""
        at = self._clock.now() + self._ahead
        if at < self._last:
            self._ahead += self._last - at
            at = self._last
        self._last = at
        return at

    def row(self, row: OutboxRow) -> OutboxRow:
        """``row`` with its moments in this time.

        The record may have been written before the clock was set back, so no moment is believed that lies further
        ahead than it reasonably can.
        """
        if row.not_before is None and row.edited_at is None:
            return row
        now = self.now()
        if not self._ahead and (row.not_before or now) <= now and (row.edited_at or now) <= now:
            return row
        return row.evolve(
            not_before=min(row.not_before + self._ahead, now + _LONGEST_WAIT) if row.not_before else None,
            edited_at=min(row.edited_at + self._ahead, now) if row.edited_at else None,
        )
