"""The one writer: use cases that wait are committed together, each of them whole or not at all.

A commit costs a disk's flush, whatever it holds; grouping the waiting use cases shares that cost. They run one
after the other, so each sees what those before it did. One that refuses before writing anything leaves the
others be; one that fails after writing has the whole batch rolled back, and its members run again one by one.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.transaction import Memory, Transaction

T = TypeVar("T")
UseCase = Callable[[Transaction], T]
_Waiting = tuple[UseCase[Any], "asyncio.Future[Any]"]
_Outcome = tuple[Transaction, Any, BaseException | None]

_LARGEST_BATCH = 256


class _FailedAfterWritingError(Exception):
    """A use case wrote and then failed: nothing of its batch may be committed."""


class Writer:
    """Runs use cases on one connection, many to a commit."""

    def __init__(self, engine: AsyncEngine, on_commit: Callable[[Transaction], None]) -> None:
        self._engine = engine
        self._on_commit = on_commit
        self._waiting: deque[_Waiting] = deque()
        self._work = asyncio.Event()
        self._memory = Memory()
        self._connection: AsyncConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self.on_batch: Callable[[int], None] | None = None
        """Hears how many use cases each commit held."""

    def start(self) -> None:
        """Begin to commit."""
        self._task = asyncio.create_task(self._run(), name="writer")

    async def stop(self) -> None:
        """Commit what waits, then stop."""
        if self._task is None:
            return
        while self._waiting:
            await self.perform(lambda _: None)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        await self._disconnect()

    async def perform(self, use_case: UseCase[T]) -> T:
        """Run ``use_case`` in a transaction and give its result once that is durable.

        Cancelling the caller does not cancel the transaction: it is then unknown to the caller whether the use
        case took effect, and never half of it did.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((use_case, future))
        self._work.set()
        return await future

    async def _run(self) -> None:
        while True:
            await self._work.wait()
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _LARGEST_BATCH))]
            if not self._waiting:
                self._work.clear()
            await self._settle(batch)

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        try:
            outcomes = await self._commit([use_case for use_case, _ in batch])
        except _FailedAfterWritingError as failure:
            if len(batch) == 1:
                _fail(batch[0][1], failure.__cause__ or failure)
                return
            for waiting in batch:
                await self._settle([waiting])
            return
        except Exception as failure:  # noqa: BLE001 - whatever broke the commit is each caller's to hear
            self._memory.forget()
            await self._disconnect()
            for _, future in batch:
                _fail(future, failure)
            return
        if self.on_batch is not None:
            self.on_batch(len(batch))
        for (_, future), (transaction, result, refusal) in zip(batch, outcomes, strict=True):
            if refusal is not None:
                _fail(future, refusal)
                continue
            self._on_commit(transaction)
            if not future.done():
                future.set_result(result)

    async def _commit(self, use_cases: Sequence[UseCase[Any]]) -> list[_Outcome]:
        if self._connection is None:
            self._connection = await self._engine.connect()
        async with self._connection.begin():
            outcomes, memory = await self._connection.run_sync(self._run_all, use_cases)
        self._memory = memory
        return outcomes

    def _run_all(self, connection: Connection, use_cases: Sequence[UseCase[Any]]) -> tuple[list[_Outcome], Memory]:
        # What the batch has changed so far, over what was committed before it.
        memory = Memory(dict(self._memory.exercises), dict(self._memory.heads))
        outcomes: list[_Outcome] = []
        for use_case in use_cases:
            transaction = Transaction(connection, memory)
            try:
                result = use_case(transaction)
            except DBAPIError as failure:
                raise _FailedAfterWritingError from failure
            except Exception as failure:
                if transaction.wrote:
                    raise _FailedAfterWritingError from failure
                outcomes.append((transaction, None, failure))
            else:
                memory.absorb(transaction.fresh)
                outcomes.append((transaction, result, None))
        return outcomes, memory

    async def _disconnect(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with contextlib.suppress(DBAPIError):
                await connection.close()


def _fail(future: asyncio.Future[Any], failure: BaseException) -> None:
    if not future.done():
        future.set_exception(failure)
