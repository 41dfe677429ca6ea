"""A clock that goes slowly while something is under way to Telegram, and in leaps while nothing is.

So an exercise is over soon, and however slow the machine is, a request never looks as if it had taken long.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.clock import Pace, PacedClock

BUSY_SPEED = 0.5
LEAP = timedelta(seconds=0.2)
_LOOKS_EVERY = 0.002
"""Real seconds."""


@contextlib.asynccontextmanager
async def patient(clock: PacedClock) -> AsyncIterator[None]:
    """Set the pace of ``clock`` for as long as the context lasts."""
    pacing = asyncio.create_task(_set_pace(clock), name="pace")
    try:
        yield
    finally:
        pacing.cancel()


async def _set_pace(clock: PacedClock) -> None:
    while True:
        # Between the look and the leap nothing else runs: what is about to be sent finds the clock going slowly.
        if not any(task.get_name().startswith("outbox ") for task in asyncio.all_tasks()):
            clock.follow(Pace(clock.now() + LEAP, time.monotonic(), BUSY_SPEED))
        await asyncio.sleep(_LOOKS_EVERY)
