"""Knows when the process has been away: stopped, put to sleep with its machine, or too busy to look up.

What is found waiting after that came at some time during it, and nobody can say when.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from bot.clock import steady_seconds

_LOOK_EVERY: Final = 1.0
_AWAY: Final = 3.0
"""Real seconds without a look after which the process counts as having been away."""
_JUST_NOW: Final = 3.0
"""Real seconds after its return within which what is found counts as found waiting."""


class Attention:
    """Looks at the time, again and again; ``steady`` counts seconds that nobody can set."""

    def __init__(self, steady: Callable[[], float] = steady_seconds) -> None:
        self._steady = steady
        self._looked_at = steady()
        self._back_at: float | None = None
        self._absences = 0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            self._look()
            await asyncio.sleep(_LOOK_EVERY)

    def was_away(self) -> bool:
        """Whether the process has just come back; of each absence this is told once."""
        self._look()
        back_at, self._back_at = self._back_at, None
        return back_at is not None and self._looked_at - back_at <= _JUST_NOW

    @property
    def absences(self) -> int:
        """How often the process has been away up to this moment."""
        self._look()
        return self._absences

    def _look(self) -> None:
        now = self._steady()
        if now - self._looked_at > _AWAY:
            self._back_at = now
            self._absences += 1
        self._looked_at = now
