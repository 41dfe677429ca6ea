"""The clock of a simulated process: the universe's time, and ids from the seed."""

import asyncio
from datetime import datetime
from random import Random

from tests.simulation.universe import Universe


class VirtualClock:
    """A :class:`bot.clock.Clock` for processes, and for the world they live in."""

    def __init__(self, universe: Universe, random: Random) -> None:
        self._universe = universe
        self._random = random
        self.references: set[str] = set()
        """Those that it has made."""

    def now(self) -> datetime:
        """The present moment."""
        return self._universe.now()

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(max(0.0, seconds))

    def real_seconds(self, seconds: float) -> float:
        """Virtual time is as good as real."""
        return max(0.0, seconds)

    def on_the_wall(self, moment: datetime) -> datetime:
        """The wall shows the same."""
        return moment

    def reference(self) -> str:
        """A fresh opaque reference."""
        made = f"{self._random.getrandbits(48):012x}"
        self.references.add(made)
        return made

    def code(self) -> str:
        """A fresh join code."""
        return f"{self._random.getrandbits(88):022x}"
