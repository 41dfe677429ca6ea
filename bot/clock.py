"""The only reader of the wall clock and the only maker of ids.

Everything else is given the time and its ids, which is what lets a test or a simulation own them.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, Self


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


class _Minting:
    """The maker of ids."""

    def reference(self) -> str:
        """A fresh opaque reference: 12 URL-safe characters, 72 random bits."""
        return secrets.token_urlsafe(9)

    def code(self) -> str:
        """A fresh join code: 22 URL-safe characters, 128 random bits."""
        return secrets.token_urlsafe(16)


def _wall() -> datetime:
    return datetime.now(UTC)


def steady_seconds() -> float:
    """Seconds that nobody can set, sleep of the machine included where it is known."""
    boot_time: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


class WallClock(_Minting):
    """What the machine's clock showed when this was made, and ``speed`` times as fast as its steady clock since.

    When somebody sets the machine's clock, this one goes on as before: nothing comes due early because of it, and no
    latency is made up. :attr:`set_by` tells of it, and :meth:`follow` gives in to it.
    """

    def __init__(
        self, speed: float = 1.0, *, wall: Callable[[], datetime] = _wall, steady: Callable[[], float] = steady_seconds
    ) -> None:
        self.speed = speed
        self._wall = wall
        self._steady = steady
        self._origin = wall()
        self._started = self._anchored_at = steady()
        self._anchor = self._origin

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._origin + timedelta(seconds=(self._steady() - self._started) * self.speed)

    @property
    def set_by(self) -> timedelta:
        """By how much the machine's clock has been set forward (negative: back) since it was last followed."""
        return self._wall() - self._anchor - timedelta(seconds=self._steady() - self._anchored_at)

    def follow(self) -> None:
        """Move on, or back, by as much as the machine's clock was set."""
        self._origin += self.set_by
        self._anchor, self._anchored_at = self._wall(), self._steady()

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time."""
        await asyncio.sleep(self.real_seconds(seconds))

    def real_seconds(self, seconds: float) -> float:
        """How long ``seconds`` of this clock's time take on a wall clock."""
        return max(0.0, seconds) / self.speed

    def on_the_wall(self, moment: datetime) -> datetime:
        """The wall-clock moment at which this clock will show ``moment``."""
        return self._wall() + (moment - self.now()) / self.speed


_MEMORY_SECONDS = 60.0
"""How long a former pace still counts in :meth:`PacedClock.real_seconds`."""
_FAR_OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How a clock goes from one moment on: ``speed`` times as fast as the machine's steady clock; 0 stands still.

    The steady clock is one for all processes of a machine, so two of them that share a pace show the same time.
    """

    moment: datetime
    steady: float
    speed: float

    @classmethod
    def from_now(cls, speed: float, moment: datetime | None = None) -> Self:
        """From this instant, at which it is ``moment`` (unless given: what the machine's clock shows)."""
        return cls(moment or datetime.now(UTC), time.monotonic(), speed)

    @classmethod
    def parse(cls, line: str) -> Self:
        """What :meth:`__str__` wrote.

        Raises:
            ValueError: it is none of those.
        """
        moment, steady, speed = line.split()
        return cls(datetime.fromisoformat(moment), float(steady), float(speed))

    def __str__(self) -> str:
        return f"{self.moment.isoformat()} {self.steady!r} {self.speed!r}"

    def now(self) -> datetime:
        """The present moment at this pace."""
        return self.moment + timedelta(seconds=(time.monotonic() - self.steady) * self.speed)


class PacedClock(_Minting):
    """A clock whose pace changes while it goes: faster, slower, or not at all. It never jumps."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._former: deque[tuple[float, float]] = deque(maxlen=100)
        """Until when (steady time) there was which speed."""
        self._changed = asyncio.Event()

    def set_speed(self, speed: float) -> Pace:
        """Go ``speed`` times as fast as life from now on; gives the pace, for others to follow."""
        steady = time.monotonic()
        passed = timedelta(seconds=(steady - self.pace.steady) * self.pace.speed)
        self.follow(Pace(self.pace.moment + passed, steady, speed))
        return self.pace

    def follow(self, pace: Pace) -> None:
        """Go at this pace; whoever sleeps sleeps on at it."""
        self._former.append((time.monotonic(), self.pace.speed))
        self.pace = pace
        self._changed.set()
        self._changed = asyncio.Event()

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.pace.now()

    async def sleep(self, seconds: float) -> None:
        """Return after ``seconds`` of this clock's time, whatever its pace meanwhile."""
        end = self.now() + timedelta(seconds=max(0.0, seconds))
        await asyncio.sleep(0)
        while (left := (end - self.now()).total_seconds()) > 0:
            wait = left / self.pace.speed if self.pace.speed else None
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._changed.wait()

    def real_seconds(self, seconds: float) -> float:
        """How long ``seconds`` of this clock's time take on a wall clock, at the fastest pace of the last minute.

        So a span that has just passed is never taken for longer than it was.
        """
        since = time.monotonic() - _MEMORY_SECONDS
        speeds = [speed for until, speed in self._former if until > since]
        fastest = max(self.pace.speed, *speeds) if speeds else self.pace.speed
        return min(max(0.0, seconds) / fastest, _FAR_OFF.total_seconds()) if fastest else _FAR_OFF.total_seconds()

    def on_the_wall(self, moment: datetime) -> datetime:
        """The wall-clock moment at which this clock will show ``moment`` at its present pace; at most a day away."""
        left = moment - self.now()
        ahead = min(left / self.pace.speed, _FAR_OFF) if self.pace.speed else _FAR_OFF
        return datetime.now(UTC) + ahead
