"""Watches whether somebody sets the machine's clock, and tells the directors.

While an exercise is under way or has its STARTEX set, the bot's own clock goes on steadily, whatever the machine's
shows; between exercises it follows. At the start it looks whether the log knows later moments than the clock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import WallClock
from bot.exercise.model import Exercise
from bot.messages import Gap, Notice, Span
from bot.store import exercises, outbox
from bot.store.log import last_moment
from bot.store.store import Store
from bot.store.transaction import Transaction

WORTH_TELLING: Final = timedelta(seconds=5)
"""Corrections that are smaller are everyday life."""
_EVERY_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class ClockWatch:
    """One per process that leads; ``moved`` is called when the machine's clock has been set."""

    def __init__(self, store: Store, clock: WallClock, moved: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._moved = moved
        self._told = timedelta()

    async def run(self) -> None:
        """Watch until cancelled."""
        at = self._clock.now()
        await self._store.perform(lambda tx: _tell_where_behind(tx, at))
        while True:
            await self._look()
            await self._clock.sleep(_EVERY_SECONDS * self._clock.speed)

    async def _look(self) -> None:
        by, at = self._clock.set_by, self._clock.now()
        if abs(by - self._told) < WORTH_TELLING:
            return
        log.error("clock_set", seconds=round(by.total_seconds()))
        self._moved()
        live = await self._store.perform(lambda tx: _tell(tx, by, at))
        self._told = by
        if not live:
            self._clock.follow()
            self._told = timedelta()


def _tell(tx: Transaction, by: timedelta, at: datetime) -> bool:
    """Tell every control room in which time matters; gives whether there is any."""
    live = [exercise for exercise in exercises.not_over(tx) if exercise.state.is_under_way or exercise.scheduled_at]
    key = "notice.clock_forward" if by > timedelta() else "notice.clock_back"
    for exercise in live:
        _say(tx, exercise, "notice.clock_right" if abs(by) < WORTH_TELLING else key, abs(by), at)
    return bool(live)


def _tell_where_behind(tx: Transaction, at: datetime) -> None:
    for exercise in exercises.not_over(tx):
        last = last_moment(tx, exercise.number)
        if last is not None and last - at > WORTH_TELLING:
            log.error("clock_behind", exercise=exercise.number, seconds=round((last - at).total_seconds()))
            _say(tx, exercise, "notice.clock_behind", last - at, at)


def _say(tx: Transaction, exercise: Exercise, key: str, by: timedelta, at: datetime) -> None:
    params: dict[str, Gap] = {"span": Span(elapsed=by)}
    notice = Notice(exercise=exercise.number, key=key, params=params)
    outbox.add(tx, notice, exercise.control, at, exercise=exercise.number)
