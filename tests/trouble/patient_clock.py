"""A clock that hurries while nothing is under way to Telegram and goes slowly while something is.

So an exercise is over soon, and still a slow machine never makes a request look as if it had taken long.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.clock import PacedClock

IDLE_SPEED, BUSY_SPEED = 100.0, 0.5
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
        sending = any(task.get_name().startswith("outbox ") for task in asyncio.all_tasks())
        speed = BUSY_SPEED if sending else IDLE_SPEED
        if clock.pace.speed != speed:
            clock.set_speed(speed)
        await asyncio.sleep(_LOOKS_EVERY)
