"""The only reader of the wall clock and the only maker of ids.

Everything else is given the time and its ids, which is what lets a test or a simulation own them.
"""

import asyncio
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time and identity, as the rest of the bot may ask for them."""

    def now(self) -> datetime:
        """The present moment: aware, in UTC, with microseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""
        ...

    def real_seconds(self, seconds: float) -> float:
        """How long ``seconds`` of this clock's time take on a wall clock."""
        ...

    def on_the_wall(self, moment: datetime) -> datetime:
        """The wall-clock moment at which this clock will show ``moment``."""
        ...

    def reference(self) -> str:
        """A fresh opaque reference: 12 URL-safe characters, 72 random bits."""
        ...

    def code(self) -> str:
        """A fresh join code: 22 URL-safe characters, 128 random bits."""
        ...


class WallClock:
    """The machine's clock, ``speed`` times as fast from the moment it was made.

    ``speed`` 1 follows the system clock and its corrections; a rehearsal runs faster and on a steady clock.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._origin = datetime.now(UTC)
        self._started = time.monotonic()

    def now(self) -> datetime:
        """The present moment, in UTC."""
        if self.speed == 1.0:
            return datetime.now(UTC)
        return self._origin + timedelta(seconds=(time.monotonic() - self._started) * self.speed)

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""
        await asyncio.sleep(self.real_seconds(seconds))

    def real_seconds(self, seconds: float) -> float:
        """How long ``seconds`` of this clock's time take on a wall clock."""
        return max(0.0, seconds) / self.speed

    def on_the_wall(self, moment: datetime) -> datetime:
        """The wall-clock moment at which this clock will show ``moment``."""
        if self.speed == 1.0:
            return moment
        return datetime.now(UTC) + (moment - self.now()) / self.speed

    def reference(self) -> str:
        """A fresh opaque reference: 12 URL-safe characters, 72 random bits."""
        return secrets.token_urlsafe(9)

    def code(self) -> str:
        """A fresh join code: 22 URL-safe characters, 128 random bits."""
        return secrets.token_urlsafe(16)
