"""The auditor: looks by itself, again and again, whether what was planned has been sent.

A job of its own scheduler, which shares nothing with the alarm that wakes the exercises: it also finds that the alarm
has not rung. It reads the database, and not what the writer remembers of it.
"""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.exercise.auditing import PATIENCE
from bot.service import auditing
from bot.service.auditing import Finding
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.store.suspects import suspects

EVERY_SECONDS: Final = 30.0
"""Seconds of the clock between two looks."""
_SHORTEST_ROUND: Final = 1.0
"""Real seconds between two looks, however fast the clock goes."""
_REAL_PATIENCE: Final = 20.0
"""Real seconds that everything has at least, however fast the clock goes."""

log = structlog.get_logger(__name__)


class Auditor:
    """Watches over every exercise whose clock runs; one per process that leads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._told: set[Finding] = set()
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    async def run(self) -> None:
        """Look until cancelled."""
        self.wind_up()
        self._scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            self._scheduler.shutdown(wait=False)

    def wind_up(self) -> None:
        """Count the time to the next look from now: the scheduler goes by the machine's clock, which may be set."""
        every = max(self._clock.real_seconds(EVERY_SECONDS), _SHORTEST_ROUND)
        self._scheduler.add_job(
            self.look,
            "interval",
            seconds=every,
            id="audit",
            replace_existing=True,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )

    async def look(self) -> None:
        """Look once. Trouble ends this look alone."""
        try:
            await self._look()
        except LostLeadershipError:
            return
        except Exception:
            log.exception("audit_failed")

    async def _look(self) -> None:
        at = self._clock.now()
        patience = self._patience()
        found: set[Finding] = set()
        for number in await self._store.read(lambda tx: suspects(tx, at, patience)):
            found.update(await self._store.read(partial(auditing.audit, number=number, at=at, patience=patience)))
        new, gone = _in_order(found - self._told), _in_order(self._told - found)
        for finding in new:
            log.error(
                "not_as_planned",
                exercise=finding.exercise,
                inject=finding.inject,
                unit=finding.unit,
                lapse=finding.lapse.value,
            )
        if new or gone:
            await self._store.perform(lambda tx: auditing.tell(tx, new, at))
            await self._store.perform(lambda tx: auditing.settled(tx, gone, found))
        self._told = found

    def _patience(self) -> timedelta:
        real = self._clock.real_seconds(PATIENCE.total_seconds())
        return PATIENCE * max(1.0, _REAL_PATIENCE / real) if real else PATIENCE


def _in_order(findings: set[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.exercise, finding.inject, finding.lapse, finding.unit or ""))
