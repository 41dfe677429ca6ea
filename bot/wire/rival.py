"""Knows of another program that takes this bot's updates, with the same token.

The two interrupt each other, and each hears some of what people say. So what comes in between does not show that the
other is gone; only that it has kept quiet for longer than such a program waits between two tries.
"""

from datetime import timedelta
from typing import Final

from bot.clock import Clock

_QUIET: Final = timedelta(seconds=45)
"""python-telegram-bot waits up to 30 seconds after an interruption, others less."""


class Rival:
    """Another program, as far as it has been met."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._words = ""
        self._met_at = clock.now()

    def met(self, words: str) -> None:
        """It has just interrupted; ``words`` say how."""
        self._words, self._met_at = words, self._clock.now()

    @property
    def words(self) -> str:
        """How it interrupted last; empty once it counts as gone."""
        # Also where the clock has been set back, by whatever that was.
        if self._words and abs(self._clock.now() - self._met_at) >= _QUIET:
            self._words = ""
        return self._words
