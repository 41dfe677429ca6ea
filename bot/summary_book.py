"""The pages of a summary, made once for all who ask: of a large exercise that takes seconds."""

import asyncio
from collections.abc import Sequence

from bot.exercise.facts import LogEntry
from bot.exercise.model import Exercise
from bot.report.timeline import summary_pages


class SummaryBook:
    """Holds the pages that were made last."""

    def __init__(self) -> None:
        self._of: tuple[Exercise, str, tuple[LogEntry, ...]] | None = None
        self._pages: tuple[str, ...] = ()
        self._making = asyncio.Lock()

    async def pages(self, exercise: Exercise, language: str, log: Sequence[LogEntry]) -> tuple[str, ...]:
        """As :func:`bot.report.timeline.summary_pages`, made off the event loop where they are not at hand."""
        async with self._making:
            if not self._tells_of(exercise, language, tuple(log)):
                self._pages = await asyncio.to_thread(summary_pages, exercise, language, log)
                self._of = (exercise, language, tuple(log))
            return self._pages

    def _tells_of(self, exercise: Exercise, language: str, log: tuple[LogEntry, ...]) -> bool:
        if self._of is None:
            return False
        made_of, in_language, with_log = self._of
        # That the summary is out is no part of it.
        same = made_of is exercise or made_of.evolve(summarised=exercise.summarised) == exercise
        return same and (in_language, with_log) == (language, log)
