"""Watches whether the record can be written, and tells the directors, which then cannot be done by the outbox.

While the database takes nothing, no press is answered and no inject goes out: whoever leads has to know that at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import structlog

from bot.clock import Clock
from bot.exercise.model import Exercise
from bot.messages import Moment, Notice, Span
from bot.store import exercises, outbox
from bot.store.store import Store
from bot.store.transaction import Transaction

WORTH_TELLING: Final = 5.0
"""Real seconds of trouble after which people are told; a term as leader outlasts them."""
_EVERY_SECONDS: Final = 0.5

Speak = Callable[[Exercise, Notice], Awaitable[None]]
"""Says something in the control room of an exercise, at once and unrecorded."""

log = structlog.get_logger(__name__)


class DatabaseWatch:
    """One per process. It outlives the terms as leader: what ends one is told to be over in the next."""

    def __init__(self, clock: Clock, speak: Speak) -> None:
        self._clock = clock
        self._speak = speak
        self._live: dict[int, Exercise] = {}
        self._since: datetime | None = None
        self._told = False

    async def run(self, store: Store) -> None:
        """Watch the store of a term until cancelled."""
        store.subscribe(self._hear)
        self._live = {exercise.number: exercise for exercise in await store.perform(exercises.not_over)}
        while True:
            await self._look(store)
            await asyncio.sleep(_EVERY_SECONDS)

    def _hear(self, transaction: Transaction) -> None:
        for exercise, _ in transaction.facts:
            if exercise.state.is_over:
                self._live.pop(exercise.number, None)
            else:
                self._live[exercise.number] = exercise

    async def _look(self, store: Store) -> None:
        at = self._clock.now()
        if store.trouble:
            self._since = self._since or at
            if not self._told and self._clock.real_seconds((at - self._since).total_seconds()) >= WORTH_TELLING:
                self._told = True
                await self._tell(store.trouble, self._since)
        elif self._since is not None:
            since, told = self._since, self._told
            self._since, self._told = None, False
            if told:
                await store.perform(lambda tx: _tell_over(tx, since, at))

    async def _tell(self, why: str, since: datetime) -> None:
        log.error("record_not_written", why=why, exercises=sorted(self._live))
        for exercise in list(self._live.values()):
            params = {"time": Moment(at=since), "why": why}
            await self._speak(exercise, Notice(exercise=exercise.number, key="notice.database_away", params=params))


def _tell_over(tx: Transaction, since: datetime, at: datetime) -> None:
    for exercise in exercises.not_over(tx):
        params = {"span": Span(elapsed=at - since)}
        notice = Notice(exercise=exercise.number, key="notice.database_back", params=params)
        outbox.add(tx, notice, exercise.control, at, exercise=exercise.number)
