"""Who leads: of the processes that share a database, one at a time polls, ticks and sends; the others stand by.

A term as leader is a row in the database, held by renewing it. It carries an epoch, which every commit of the term
has to pass, so that a leader that was frozen and thawed changes nothing any more. Nor does it speak: by its own
steady time its term is over sooner than anybody else may begin one.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.store import leases
from bot.store.leases import Lease, LostLeadershipError
from bot.store.store import Store
from bot.store.trouble import words

Parts = Callable[[Store], AbstractAsyncContextManager[None]]
"""What a leader does, on the store of its term, for as long as the context lasts."""

_RELEASE_SECONDS: Final = 2.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tenure:
    """The times of a term, in real seconds. A dead leader is replaced within ``lasts`` and ``knock_every``."""

    lasts: float = 10.0
    """How long a term goes on without being renewed."""
    margin: float = 1.0
    """How much sooner than for the others it is over for the leader itself."""
    renew_every: float = 3.0
    knock_every: float = 1.0
    """How often one that stands by asks for the lease, and a leader again that could not renew it."""


class Leadership:
    """One process's part in it. On a database that no other process can use it leads for life.

    Make it on the event loop that it runs on. ``owner`` names the process, in at most 40 characters.
    """

    def __init__(self, store: Store, token: str, owner: str, tenure: Tenure | None = None) -> None:
        self._store = store
        self._token_hash = hashlib.sha256(token.encode()).hexdigest()
        self._owner = owner
        self._tenure = tenure or Tenure()
        self._lasts = timedelta(seconds=self._tenure.lasts)
        self._until: float | None = None
        """When the present term is over, unless it is renewed; in steady seconds that a freeze does not stop.

        Not the loop's time: a loop may look at the clock once per round and be frozen in the middle of one.
        """
        self._stopping = asyncio.Event()
        self.trouble = ""
        """Why the lease can neither be had nor renewed; empty while the database answers."""

    @property
    def leads(self) -> bool:
        """Whether this process leads at this moment."""
        return not self._store.shared or (self._until is not None and time.monotonic() < self._until)

    def may_speak(self) -> bool:
        """Whether requests may go to Telegram: not from the end of a term until its parts have ended."""
        return self._until is None or time.monotonic() < self._until

    async def run(self, parts: Parts) -> None:
        """Lead whenever nobody else does, until :meth:`stop`; what the parts raise ends it."""
        if not self._store.shared:
            async with parts(self._store):
                await self._stopping.wait()
            return
        standing_by = False
        while not self._stopping.is_set():
            asked_at = time.monotonic()
            lease = await self._acquire()
            if lease is not None:
                standing_by = False
                await self._serve(lease, self._end_of_term(asked_at), parts)
                continue
            if not standing_by:
                standing_by = True
                log.info("standing_by")
            await self._stops_within(self._tenure.knock_every)

    def stop(self) -> None:
        """End the term in good order and begin no other; :meth:`run` returns when that is done."""
        self._stopping.set()

    async def _acquire(self) -> Lease | None:
        try:
            async with asyncio.timeout(self._tenure.lasts):
                lease = await self._store.aside(
                    lambda tx: leases.acquire(tx, self._token_hash, self._owner, self._lasts)
                )
        except Exception as failure:  # noqa: BLE001 - whatever it was, it is asked again
            self._report(failure)
            return None
        self.trouble = ""
        return lease

    async def _serve(self, lease: Lease, until: float, parts: Parts) -> None:
        """One term, from its first moment until its parts have ended."""
        log.info("leading", epoch=lease.epoch)
        self._until = until
        limit = asyncio.timeout_at(_by_the_loop(until))
        store = Store(self._store.url, fence=lambda tx: leases.hold(tx, lease))
        try:
            async with limit:
                await store.open()
                async with parts(store):
                    await self._hold(lease, limit)
        except* LostLeadershipError:
            log.warning("leadership_lost", epoch=lease.epoch, why="another process leads")
        except* TimeoutError:
            if not limit.expired():
                raise
            log.warning("leadership_lost", epoch=lease.epoch, why=self.trouble or "the lease was not renewed in time")
        finally:
            await store.close()
            await self._release(lease)
            self._until = None

    async def _hold(self, lease: Lease, limit: asyncio.Timeout) -> None:
        """Renew the lease until told to stop; ``limit`` moves with it.

        Raises:
            LostLeadershipError: another process leads.
        """
        wait = self._tenure.renew_every
        while not await self._stops_within(wait):
            asked_at = time.monotonic()
            try:
                async with asyncio.timeout(self._tenure.renew_every):
                    await self._store.aside(lambda tx: leases.renew(tx, lease, self._lasts))
            except LostLeadershipError:
                raise
            except Exception as failure:  # noqa: BLE001 - whatever it was, it is tried again while the term lasts
                self._report(failure)
                wait = self._tenure.knock_every
            else:
                self.trouble = ""
                self._until = self._end_of_term(asked_at)
                limit.reschedule(_by_the_loop(self._until))
                wait = self._tenure.renew_every

    async def _release(self, lease: Lease) -> None:
        """Let another begin at once."""
        try:
            async with asyncio.timeout(_RELEASE_SECONDS):
                await self._store.aside(lambda tx: leases.release(tx, lease))
        except Exception as failure:  # noqa: BLE001 - it runs out by itself
            self._report(failure)

    def _end_of_term(self, asked_at: float) -> float:
        # By the database the term lasts from when it was asked, or later.
        return asked_at + self._tenure.lasts - self._tenure.margin

    async def _stops_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return False
        return True

    def _report(self, failure: Exception) -> None:
        why = words(failure)
        if why != self.trouble:
            log.warning("lease_trouble", why=why)
        self.trouble = why


def _by_the_loop(steady: float) -> float:
    """A steady moment as the running loop counts its time."""
    return asyncio.get_running_loop().time() + steady - time.monotonic()
