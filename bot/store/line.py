"""The writer's own line to the database: one connection, on which one transaction runs after the other.

An SQLite file is written by its own, synchronous driver. Its statements take some ten microseconds each and run where
they are; what may have to wait, for a lock or for the disk, runs in a thread. Through an asynchronous driver each
statement would go to a thread and back several times, which takes longer than all its work.

PostgreSQL is written on the event loop.
"""

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.engine import is_sqlite, make_writing_engine

T = TypeVar("T")


class Line(Protocol):
    """One connection to the database, made when it is first needed."""

    @property
    def dialect(self) -> Dialect:
        """What the database speaks."""
        ...

    async def transact(self, work: Callable[[Connection], T], *, long: bool = False) -> T:
        """Run ``work`` in a transaction and give its result once that is durable.

        ``long``: it would hold the event loop up, so it runs beside it, where the line can do so.

        Cancelled, the transaction may take effect or not.

        Raises:
            Exception: whatever ``work`` or the database raises; the transaction has then been rolled back, or was
                lost in the commit.
        """
        ...

    async def drop(self) -> None:
        """Let go of the connection, whatever state it is in; the next transaction makes another."""
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


def line_to(url: str, engine: AsyncEngine) -> Line:
    """The line to write on; ``engine`` is of the same ``url``."""
    return FileLine(make_writing_engine(url)) if is_sqlite(engine) else ServerLine(engine)


class FileLine:
    """A line to an SQLite file."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # One thread, so that whatever is asked of the connection waits for what was asked before.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._connection: Connection | None = None

    @property
    def dialect(self) -> Dialect:
        """What the database speaks."""
        return self._engine.dialect

    async def transact(self, work: Callable[[Connection], T], *, long: bool = False) -> T:
        """Run ``work`` in a transaction; what is ``long``, in the thread that waits for the disk."""
        if self._connection is None:
            self._connection = await self._wait_for(self._engine.connect)
        connection = self._connection
        transaction = await self._wait_for(connection.begin)
        try:
            result = await self._wait_for(lambda: work(connection)) if long else work(connection)
        except BaseException:
            await self._wait_for(transaction.rollback)
            raise
        await self._wait_for(transaction.commit)
        return result

    async def drop(self) -> None:
        """Let go of the connection, once the thread has done what it is at."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._wait_for(lambda: _let_go(connection))

    async def close(self) -> None:
        """Let go of everything."""
        await self.drop()
        self._thread.shutdown(wait=False)
        self._engine.dispose()

    async def _wait_for(self, step: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, step)


class ServerLine:
    """A line to a server, by an asynchronous driver."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    @property
    def dialect(self) -> Dialect:
        """What the database speaks."""
        return self._engine.dialect

    async def transact(self, work: Callable[[Connection], T], *, long: bool = False) -> T:
        """Run ``work`` in a transaction; it waits for the server at every statement, ``long`` or not."""
        del long
        if self._connection is None:
            self._connection = await self._engine.connect()
        async with self._connection.begin():
            return await self._connection.run_sync(work)

    async def drop(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # A broken connection may fail in any way when it is let go.
            with contextlib.suppress(Exception):
                await connection.invalidate()
            with contextlib.suppress(Exception):
                await connection.close()

    async def close(self) -> None:
        """Let go of the connection; the engine is whose it was."""
        await self.drop()


def _let_go(connection: Connection) -> None:
    with contextlib.suppress(Exception):
        connection.invalidate()
    with contextlib.suppress(Exception):
        connection.close()
