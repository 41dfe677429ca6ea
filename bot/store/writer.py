"""The one writer: use cases that wait are committed together, each of them whole or not at all.

A commit costs a disk's flush, whatever it holds; grouping the waiting use cases shares that cost. They run one
after the other, so each sees what those before it did. One that refuses before writing anything leaves the
others be; one that fails after writing has the whole batch rolled back, and its members run again one by one.

Trouble that passes (a locked file, a full disk, a server that restarts) is waited for: the batch is run again
from scratch. Where the connection breaks during a commit, the ledger tells afterwards whether it took effect.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.store import ledger
from bot.store.leases import LostLeadershipError
from bot.store.line import Line
from bot.store.log import keep_heads
from bot.store.transaction import Deferred, LogHead, Memory, Transaction
from bot.store.trouble import will_pass, words

T = TypeVar("T")
UseCase = Callable[[Transaction], T]
Fence = Callable[[Transaction], None]
"""Checks, within a transaction, that this process may still write; raises LostLeadershipError where it may not."""

_LARGEST_BATCH: Final = 256
_SHORTEST_WAIT: Final = 0.05
_LONGEST_WAIT: Final = 2.0
_LAST_PATIENCE: Final = 10.0
"""Seconds that the last use cases are given when the writer stops."""

log = structlog.get_logger(__name__)


class StoreClosedError(Exception):
    """The store is closed, or was before this could be committed."""


class _FailedAfterWritingError(Exception):
    """A use case wrote and then failed: nothing of its batch may be committed."""


_Outcome = tuple[Transaction, Any, BaseException | None]
"""A use case's transaction, its result, and its refusal, if it refused."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A use case, and whom to tell of its end."""

    use_case: UseCase[Any]
    future: "asyncio.Future[Any]"
    long: bool = False


@dataclass(frozen=True, slots=True)
class _Batch:
    """What a batch has come to, once its statements have run."""

    outcomes: list[_Outcome]
    memory: Memory
    number: int | None
    """In the writer's ledger; ``None`` where nothing was written."""


class Writer:
    """Runs use cases on one line, many to a commit; each commit has to pass ``fence``, where there is one."""

    def __init__(self, line: Line, on_commit: Callable[[Transaction], None], fence: Fence | None = None) -> None:
        self._line = line
        self._on_commit = on_commit
        self._fence = fence
        self._waiting: deque[_Waiting] = deque()
        self._work = asyncio.Event()
        self._memory = Memory()
        self._task: asyncio.Task[None] | None = None
        self._page: ledger.Page | None = None
        self._in_doubt: _Batch | None = None
        """A batch whose commit was asked for and not answered."""
        self.on_batch: Callable[[int], None] | None = None
        """Hears how many use cases each commit held."""
        self.trouble = ""
        """Why nothing can be committed at present; empty while all is well."""

    @property
    def memory(self) -> Memory:
        """What the last commit left, as far as it is in memory; it is read, and not changed."""
        return self._memory

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._run(), name="writer")

    async def stop(self) -> None:
        """Commit what waits, then stop. What the database will not take any more is refused to its callers."""
        if self._task is None:
            return
        await self._flush()
        task, self._task = self._task, None
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        while self._waiting:
            _fail(self._waiting.popleft().future, StoreClosedError())
        await self._line.close()

    async def perform(self, use_case: UseCase[T], *, long: bool = False) -> T:
        """Run ``use_case`` in a transaction and give its result once that is durable.

        What may have to do with every unit of a large exercise at once is ``long``: on an SQLite file it runs, with
        its batch, in a thread, so that the event loop goes on meanwhile.

        Cancelling the caller does not cancel the transaction: it is then unknown to the caller whether the use
        case took effect, and never half of it did.

        Raises:
            LostLeadershipError: another process leads now; nothing of this took effect.
            StoreClosedError: the writer was stopped first.
        """
        if self._task is None:
            raise StoreClosedError
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(use_case, future, long))
        self._work.set()
        return await future

    async def _flush(self) -> None:
        """Return when everything asked for so far is committed or refused, or when that takes too long."""
        with contextlib.suppress(TimeoutError, LostLeadershipError):
            async with asyncio.timeout(_LAST_PATIENCE):
                await self.perform(lambda _: None)

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            batch = [self._waiting.popleft()]
            while self._waiting and len(batch) < _LARGEST_BATCH:
                batch.append(self._waiting.popleft())
            if not self._waiting:
                self._work.clear()
            try:
                await self._settle(batch)
            except asyncio.CancelledError:
                for waiting in batch:
                    _fail(waiting.future, StoreClosedError())
                raise

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            done = await self._commit_at_last(batch)
        except _FailedAfterWritingError as failure:
            if len(batch) == 1:
                _fail(batch[0].future, failure.__cause__ or failure)
                return
            for waiting in batch:
                await self._settle([waiting])
            return
        except Exception as failure:  # noqa: BLE001 - whatever broke the commit is each caller's to hear
            for waiting in batch:
                _fail(waiting.future, failure)
            return
        if self.on_batch is not None:
            self.on_batch(len(batch))
        for waiting, (transaction, result, refusal) in zip(batch, done.outcomes, strict=True):
            if refusal is not None:
                _fail(waiting.future, refusal)
                continue
            self._on_commit(transaction)
            if not waiting.future.done():
                waiting.future.set_result(result)

    async def _commit_at_last(self, batch: Sequence[_Waiting]) -> _Batch:
        """Commit a batch, however often the database has to be tried."""
        tries = 0
        failed: Exception | None = None
        while True:
            try:
                done = await self._commit(batch, failed)
            except (_FailedAfterWritingError, LostLeadershipError):
                raise
            except Exception as failure:
                self._memory = Memory()
                await self._line.drop()
                # What is in doubt is looked up first, whatever the failure seems to mean.
                if self._in_doubt is None and not will_pass(failure):
                    raise
                failed = failure
                self._report(failure)
            else:
                if self.trouble:
                    log.info("database_recovered")
                    self.trouble = ""
                return done
            await asyncio.sleep(min(_SHORTEST_WAIT * 2 ** min(tries, 10), _LONGEST_WAIT))
            tries += 1

    async def _commit(self, batch: Sequence[_Waiting], failed: Exception | None) -> _Batch:
        """Commit a batch, which has ``failed`` before: with an answer, or with none."""
        if self._in_doubt is not None:
            if done := await self._resolve(self._in_doubt):
                return done
            if failed is not None and not will_pass(failed):
                raise failed
        page = self._page
        if page is None:
            page = self._page = await self._line.transact(ledger.begin)
        ready = await self._line.transact(
            lambda connection: self._run_all(connection, batch, page), long=any(waiting.long for waiting in batch)
        )
        self._in_doubt = None
        self._memory = ready.memory
        if ready.number is not None:
            self._page = ledger.Page(page.writer, ready.number)
        return ready

    async def _resolve(self, doubtful: _Batch) -> _Batch | None:
        """The batch in doubt, if it took effect after all."""
        page = self._page
        if page is None:
            raise AssertionError("a batch is numbered on a page of the ledger")
        last = await self._line.transact(lambda connection: ledger.last_batch(connection, page))
        self._in_doubt = None
        if last is not None and last == doubtful.number:
            self._page = ledger.Page(page.writer, last)
            return doubtful
        if last is None:
            # The database is another one than it was, brought back from a backup: the batch is not in it.
            self._page = None
        return None

    def _run_all(self, connection: Connection, batch: Sequence[_Waiting], page: ledger.Page) -> _Batch:
        # What the batch has changed so far, over what was committed before it.
        memory = Memory()
        memory.absorb(self._memory)
        deferred = Deferred(connection)
        if self._fence is not None:
            self._fence(Transaction(connection, memory, deferred))
        outcomes: list[_Outcome] = []
        wrote = False
        for waiting in batch:
            transaction = Transaction(connection, memory, deferred)
            try:
                result = waiting.use_case(transaction)
            except DBAPIError as failure:
                if will_pass(failure):
                    raise
                raise _FailedAfterWritingError from failure
            except Exception as failure:
                if transaction.wrote:
                    raise _FailedAfterWritingError from failure
                outcomes.append((transaction, None, failure))
            else:
                memory.absorb(transaction.fresh)
                wrote = wrote or transaction.wrote
                outcomes.append((transaction, result, None))
        if not wrote:
            return _Batch(outcomes, memory, None)
        _finish(connection, deferred, outcomes)
        # From here on only the commit is missing.
        self._in_doubt = _Batch(outcomes, memory, ledger.enter(connection, page))
        return self._in_doubt

    def _report(self, failure: Exception) -> None:
        why = words(failure)
        if why != self.trouble:
            log.error("database_trouble", why=why, in_doubt=self._in_doubt is not None)
        self.trouble = why


def _finish(connection: Connection, deferred: Deferred, outcomes: Sequence[_Outcome]) -> None:
    """Write what the use cases of a batch have left to be written together."""
    heads: dict[int, LogHead] = {}
    for transaction, _, refusal in outcomes:
        if refusal is None:
            heads.update(transaction.fresh.heads)
    try:
        deferred.write()
        keep_heads(connection, heads)
    except DBAPIError as failure:
        if will_pass(failure):
            raise
        raise _FailedAfterWritingError from failure


def _fail(future: asyncio.Future[Any], failure: BaseException) -> None:
    if not future.done():
        future.set_exception(failure)
