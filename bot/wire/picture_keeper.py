"""Pictures that people sent in, fetched from Telegram while it has them, for the report."""

import asyncio
from typing import Final

from bot.clock import Clock
from bot.exercise.errors import Refusal
from bot.exercise.reporting import picture_in
from bot.store import pictures
from bot.store.pictures import Awaited
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.bundle import Fetch

LARGEST: Final = 2 * 1024 * 1024
"""Bytes of a picture that is kept: what Telegram makes of a photo is smaller."""
_AGAIN_SECONDS: Final = 60.0
"""After which Telegram is asked again for what it did not give out."""


class PictureKeeper:
    """Fetches one picture after the other, as they are reported; which, is on record, so a restart loses none."""

    def __init__(self, store: Store, clock: Clock, fetch: Fetch) -> None:
        self._store = store
        self._clock = clock
        self._fetch = fetch
        self._more = asyncio.Event()

    async def run(self) -> None:
        """Fetch until cancelled."""
        self._store.subscribe(self._hear)
        while True:
            self._more.clear()
            refused = [one for one in await self._store.perform(pictures.awaited) if not await self._kept(one)]
            await self._wait(_AGAIN_SECONDS if refused else None)

    async def _kept(self, one: Awaited) -> bool:
        """Whether a picture is here now."""
        try:
            body = (await self._fetch(one.file, LARGEST)).body
        except Refusal:
            await self._store.perform(lambda tx: pictures.missed(tx, one))
            return False
        await self._store.perform(lambda tx: pictures.keep(tx, one, body))
        return True

    async def _wait(self, seconds: float | None) -> None:
        """Until another picture is reported, or for so long."""
        waits: list[asyncio.Future[object]] = [asyncio.ensure_future(self._more.wait())]
        if seconds is not None:
            waits.append(asyncio.ensure_future(self._clock.sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _hear(self, transaction: Transaction) -> None:
        if any(picture_in(fact) for _, fact in transaction.facts):
            self._more.set()
