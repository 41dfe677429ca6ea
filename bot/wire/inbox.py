"""The inbox at work: every update on record is handled, in order within its chat, and once in effect.

What is committed is handled sooner or later, whatever dies in between: what was waiting when the bot stopped is
taken up at the next start. An update that cannot be handled is put aside and holds up nobody else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from typing import Any, Final, TypeVar, cast

import structlog
from telegram import Bot, Update

from bot.clock import Clock
from bot.service import receiving
from bot.store.inbox import InboxRow
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.codec import load
from bot.wire.recording import backoff, record
from bot.wire.redaction import redact

T = TypeVar("T")

TRIES: Final = 3
"""An update that fails this often is put aside."""
_LONGEST_HANDLING: Final = 60.0
"""Real seconds after which a handler counts as stuck."""

_LOOK_EVERY: Final = 0.25
"""Seconds between looks for updates that other processes have received."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How an update came. ``backlog``: after an interruption, so ``received_at`` is only an upper bound."""

    update_id: int
    received_at: datetime
    backlog: bool
    attempt: int
    """Counts from 1."""


Handle = Callable[[Update, Receipt], Awaitable[None]]
HandlePress = Callable[[Mapping[str, Any], Receipt], Awaitable[None]]
Quarantined = Callable[[InboxRow, str], None]


class Inbox:
    """Has every update handled. One per process and database.

    ``handle`` may mark the update as done in its own transaction (:func:`bot.service.receiving.once`); otherwise it
    counts as done when it returns. It is tried again when it raises. ``press`` is given what a press of a button
    carries, as it came: presses are the most, and in most haste, and to make the library's objects of one takes longer
    than to act on it. ``quarantined`` hears of what was put aside.
    ``shared``: other processes receive updates too, which are looked for in the record.
    """

    def __init__(
        self,
        bot: Bot,
        store: Store,
        clock: Clock,
        handle: Handle,
        *,
        press: HandlePress | None = None,
        quarantined: Quarantined | None = None,
        concurrency: int = 64,
        shared: bool = False,
    ) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._handle = handle
        self._press = press
        self._quarantined = quarantined
        self._shared = shared
        self._room = asyncio.Semaphore(concurrency)
        self._lanes: dict[int, list[tuple[int, InboxRow]]] = {}
        self._known: set[int] = set()
        self._finished: set[int] = set()
        store.subscribe(self._hear)
        self._workers: asyncio.TaskGroup | None = None

    def __len__(self) -> int:
        """How many updates wait or are being handled."""
        return len(self._known)

    async def run(self) -> None:
        """Handle updates until cancelled, those left from before first."""
        self.take((await record(self._store, self._clock, lambda tx, _: receiving.waiting(tx))).result)
        async with asyncio.TaskGroup() as workers:
            self._workers = workers
            for lane in self._lanes:
                workers.create_task(self._work(lane), name=f"lane {lane}")
            while self._shared:
                await self._clock.sleep(_LOOK_EVERY)
                known = frozenset(self._known)
                self.take((await record(self._store, self._clock, _received_by_others(known))).result)
            await asyncio.Event().wait()

    def take(self, rows: Iterable[InboxRow]) -> None:
        """Take in updates that are on record."""
        for row in rows:
            if row.update_id in self._known:
                continue
            self._known.add(row.update_id)
            if row.lane not in self._lanes:
                self._lanes[row.lane] = []
                if self._workers is not None:
                    self._workers.create_task(self._work(row.lane), name=f"lane {row.lane}")
            heappush(self._lanes[row.lane], (row.update_id, row))

    def _hear(self, transaction: Transaction) -> None:
        self._finished.update(self._known.intersection(transaction.finished))

    async def _work(self, lane: int) -> None:
        rows = self._lanes[lane]
        while rows:
            _, row = heappop(rows)
            try:
                await self._settle(row)
            except LostLeadershipError:
                raise
            except Exception:
                # An error of ours must not stop the others; the next start takes the update up again.
                log.exception("update_not_settled", update=row.update_id)
            self._known.discard(row.update_id)
        del self._lanes[lane]

    async def _settle(self, row: InboxRow) -> None:
        """Handle an update until it is done or put aside."""
        tries = row.tries
        while True:
            why = await self._try(row, tries + 1)
            if not why:
                # Most updates were marked as done in the transaction that acted on them.
                if row.update_id not in self._finished:
                    await self._record(lambda tx: receiving.done(tx, row.update_id))
                self._finished.discard(row.update_id)
                return
            tries = await self._record(partial(receiving.tried, update_id=row.update_id, why=why))
            if tries >= TRIES:
                await self._put_aside(row, why)
                return
            await self._clock.sleep(backoff(tries))

    async def _try(self, row: InboxRow, attempt: int) -> str:
        """Handle an update once; gives why that failed, empty where it did not."""
        try:
            async with self._room, asyncio.timeout(_LONGEST_HANDLING):
                update = cast("dict[str, Any]", load(row.payload))
                receipt = Receipt(row.update_id, row.at, row.backlog, attempt)
                if self._press is not None and update.get("callback_query"):
                    await self._press(update["callback_query"], receipt)
                else:
                    await self._handle(Update.de_json(update, self._bot), receipt)
        except receiving.AlreadyHandledError:
            return ""
        except LostLeadershipError:
            raise
        except Exception as error:
            log.exception("update_failed", update=row.update_id, attempt=attempt)
            return redact(f"{type(error).__name__}: {error}")
        return ""

    async def _put_aside(self, row: InboxRow, why: str) -> None:
        await record(self._store, self._clock, lambda tx, at: receiving.quarantine(tx, row, why, at))
        log.error("update_quarantined", update=row.update_id, why=why)
        if self._quarantined is not None:
            self._quarantined(row, why)

    async def _record(self, use_case: Callable[[Transaction], T]) -> T:
        return (await record(self._store, self._clock, lambda tx, _: use_case(tx))).result


def _received_by_others(known: frozenset[int]) -> Callable[[Transaction, datetime], list[InboxRow]]:
    return lambda tx, _: receiving.received_by_others(tx, known)
