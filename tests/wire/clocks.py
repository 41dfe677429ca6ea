"""A clock that moves only when the test moves it."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from tests.wire.rows import START

_LATE = 0.03
"""Real seconds for what takes ten milliseconds, on a machine that has something else to do."""
_ROUNDS = 20
"""So often it is waited for at most before a jump."""


class ManualClock:
    """Stands still while anything real goes on, and jumps to the next moment that somebody sleeps for."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._serial = count(1)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self._now + timedelta(seconds=max(0.0, seconds)), next(self._serial), woken))
        await woken

    def real_seconds(self, seconds: float) -> float:
        return seconds

    def on_the_wall(self, moment: datetime) -> datetime:
        return moment

    def reference(self) -> str:
        return f"reference{next(self._serial)}"

    def code(self) -> str:
        return f"code{next(self._serial)}"

    def set(self, moment: datetime) -> None:
        """It is that moment now; nobody wakes."""
        self._now = moment

    def set_back(self, seconds: float) -> None:
        """The machine's clock is set back; who sleeps goes on sleeping as long as before."""
        step = timedelta(seconds=seconds)
        self._now -= step
        self._sleepers = [(at - step, serial, woken) for at, serial, woken in self._sleepers]

    def jump(self) -> bool:
        """Go to the next moment that somebody sleeps for; false where nobody sleeps."""
        while self._sleepers:
            at, _, woken = heappop(self._sleepers)
            if not woken.done():
                self._now = max(self._now, at)
                woken.set_result(None)
                return True
        return False

    async def until(self, condition: Callable[[], bool], *, busy: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until ``condition`` holds; it stands still while ``busy``.

        Real work gets some real time before each jump, because the disk and the network are real; and more of it on a
        machine that is so busy that it wakes nobody in time.
        """
        patience = _ROUNDS
        async with asyncio.timeout(30):
            while not condition():
                began = time.monotonic()
                for _ in range(5):
                    await asyncio.sleep(0.002)
                    if condition():
                        return
                patience -= 1
                if busy() or (patience and time.monotonic() - began > _LATE):
                    continue
                patience = _ROUNDS
                self.jump()
