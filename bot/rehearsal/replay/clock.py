"""The clock of a replay: the day of the exercise once more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.clock import Pace, PacedClock


class ReplayClock(PacedClock):
    """A paced clock that can be set forward, and that shows each recorded fact at its own recorded moment."""

    def __init__(self, pace: Pace) -> None:
        super().__init__(pace)
        self._recorded: datetime | None = None

    def now(self) -> datetime:
        """The present moment of that day, in UTC; while a fact is shown, the moment of the fact."""
        return self._recorded or super().now()

    def skip_to(self, moment: datetime) -> timedelta:
        """Go on from a later ``moment``; gives how much was passed over."""
        passed = moment - super().now()
        if passed <= timedelta():
            return timedelta()
        self.follow(Pace(moment, time.monotonic(), self.pace.speed))
        return passed

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """It is exactly ``moment`` meanwhile."""
        self._recorded = moment
        try:
            yield
        finally:
            self._recorded = None
