"""The outbox at work: picks what may go, has it sent, and learns from what comes back."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog
from telegram import Bot

from bot.clock import Clock
from bot.service import sending
from bot.store.leases import LostLeadershipError
from bot.store.outbox_row import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.attempts import Attempts, Outcome, Renderer
from bot.wire.failures import FailureKind
from bot.wire.pacing import LONG_AGO, Pacer, Rates
from bot.wire.queue import Pick, SendQueue
from bot.wire.reach import Reach
from bot.wire.recording import record
from bot.wire.steady import SteadyTime

log = structlog.get_logger(__name__)


class Outbox:
    """Sends everything that waits, in order and at the right pace. One per process and database.

    ``observer`` hears how each attempt ended.
    """

    def __init__(
        self,
        bot: Bot,
        store: Store,
        clock: Clock,
        renderer: Renderer,
        *,
        rates: Rates | None = None,
        concurrency: int = 64,
        observer: Callable[[Pick, Outcome], None] | None = None,
    ) -> None:
        self._observer = observer
        self._store = store
        self._clock = clock
        self._time = SteadyTime(clock)
        self._reach = Reach(self._time.now)
        self._attempts = Attempts(bot, store, clock, renderer, self._reach)
        self._pacer = Pacer(rates or Rates())
        self._queue = SendQueue(self._pacer, concurrency)
        self._held: dict[int, asyncio.Future[None]] = {}
        """What waits to leave, by the message."""
        self._changed = asyncio.Event()
        self._stopping = False
        self.last_sent_at: datetime | None = None
        """When Telegram last took something."""
        store.subscribe(self._hear)

    def __len__(self) -> int:
        """How many messages wait or are under way."""
        return len(self._queue) + self._queue.in_flight

    @property
    def trouble(self) -> str:
        """Why nothing reaches Telegram, in its words or the network's; empty while it does."""
        return self._reach.trouble

    async def run(self) -> None:
        """Send until :meth:`stop`, or until cancelled.

        Cancelled, what is under way stays claimed, and is found as uncertain at the next start.
        """
        self.notify((await record(self._store, self._clock, sending.open_rows)).result)
        async with asyncio.TaskGroup() as attempts:
            while not self._stopping or self._queue.in_flight:
                self._changed.clear()
                while self._let_go(attempts):
                    pass
                await self._wait_for_change()

    def stop(self) -> None:
        """Begin nothing more; :meth:`run` returns when what is under way has ended."""
        self._stopping = True
        self._queue.close()
        self._changed.set()

    def notify(self, rows: Iterable[OutboxRow]) -> None:
        """Take in rows as the record has them now, and wake. What the store commits is heard of by itself."""
        for row in rows:
            self._queue.put(self._time.row(row))
        self._changed.set()

    def _hear(self, transaction: Transaction) -> None:
        if transaction.posted:
            self.notify(transaction.posted)

    def _let_go(self, attempts: asyncio.TaskGroup) -> bool:
        """Begin with the next message, or have the next one leave; gives whether there was one."""
        now = self._time.now()
        if pick := self._queue.pick(now):
            attempts.create_task(self._attempt(pick), name=f"outbox {pick.row.id}")
        elif pick := self._queue.depart(now):
            self._held.pop(pick.row.id).set_result(None)
        return pick is not None

    async def _leave(self, pick: Pick) -> None:
        """Until a request for ``pick`` may leave."""
        if self._queue.leave(pick, self._time.now()):
            return
        self._held[pick.row.id] = asyncio.get_running_loop().create_future()
        self._changed.set()
        await self._held[pick.row.id]

    async def _wait_for_change(self) -> None:
        """Until the next moment of the queue, or until something changes."""
        wake = self._queue.wake_at()
        if wake is None:
            await self._changed.wait()
            return
        waits = (
            asyncio.ensure_future(self._changed.wait()),
            asyncio.ensure_future(self._clock.sleep((wake - self._time.now()).total_seconds())),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _attempt(self, pick: Pick) -> None:
        attempt = self._attempts.edit if pick.edit else self._attempts.send
        try:
            outcome = await attempt(pick.row, partial(self._leave, pick))
        except LostLeadershipError:
            raise
        except Exception:
            # An error of ours must not stop the rest; the next start finds the message and what is to be done.
            log.exception("attempt_broke", message=pick.row.id)
            outcome = Outcome(None)
        now = self._time.now()
        if self._observer is not None:
            self._observer(pick, outcome)
        row = self._time.row(outcome.row) if outcome.row else None
        again_at = now + timedelta(seconds=outcome.again_in)
        if row is not None and row.not_before is not None:
            row = row.evolve(not_before=again_at)
        self._queue.finished(pick, now, row, again_at if outcome.again_in else LONG_AGO)
        self._learn(pick, outcome, now)
        self._changed.set()

    def _learn(self, pick: Pick, outcome: Outcome, now: datetime) -> None:
        failure = outcome.failure
        if outcome.reached:
            self.last_sent_at = self._clock.now()
        elif failure is not None and failure.kind is FailureKind.FLOOD:
            self._queue.flooded(pick.chat_id, now, failure.retry_after)
        if self._reach.has_changed():
            self._pacer.park_all(self._reach.tried_again_at)
            # Whoever waits is as good as any other to find out whether Telegram is back.
            self._queue.hasten()
