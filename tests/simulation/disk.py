"""The database without its threads: every statement runs where it is asked for, its answer comes in virtual time.

A real SQLite file all the same. A process that dies takes its connections with it, and with them what it had begun
and not committed; what it had committed stands, also where it never heard so.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

import aiosqlite.core

from tests.simulation.line import Line
from tests.simulation.universe import Universe, VirtualLoop

_FAST: Final = 0.002
_SLOW: Final = 0.15
_SLOW_ONES: Final = 0.02
"""The share of commits that take long, and up to how many seconds the others and these take."""
_KNOCK: Final = 0.01
"""Seconds between two tries to begin a transaction while another process has one."""


class Disk:
    """The connections of one process to ``database``, and how long its commits take."""

    def __init__(self, universe: Universe, random: Random, database: Path) -> None:
        self._universe = universe
        self._random = random
        self._open: list[sqlite3.Connection] = []
        self._probe = sqlite3.connect(database, timeout=0, isolation_level=None)

    def opened(self, connection: sqlite3.Connection) -> None:
        """A connection to be lost with the process; its database shows the universe's time."""
        connection.create_function("julianday", 1, lambda _: self._universe.julian_day)
        self._open.append(connection)

    def die(self) -> None:
        """Let go of every connection; what was not committed is gone."""
        for connection in [*self._open, self._probe]:
            _cut(connection)
        self._open.clear()

    def cut_idle(self) -> None:
        """Cut the connections whose transactions stand still, as a server does."""
        for connection in self._open:
            if _in_transaction(connection):
                _cut(connection)

    def is_free(self) -> bool:
        """Whether nobody holds the lock."""
        try:
            self._probe.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return False
        self._probe.execute("ROLLBACK")
        return True

    def commit_seconds(self) -> float:
        """How long the next commit takes to answer."""
        slowest = _SLOW if self._random.random() < _SLOW_ONES else _FAST
        return self._random.uniform(0.0, slowest)


def _in_transaction(connection: sqlite3.Connection) -> bool:
    try:
        return connection.in_transaction
    except sqlite3.ProgrammingError:
        return False


def _cut(connection: sqlite3.Connection) -> None:
    # A statement that somebody still holds would keep a closed connection's transaction, and its lock, alive.
    try:
        connection.rollback()
        connection.close()
    except sqlite3.ProgrammingError:
        return


def watch_connections(connection: Any, _: object) -> None:
    """For the pools' event of a new connection: the disk of the process that makes it hears of it."""
    loop = asyncio._get_running_loop()
    if isinstance(loop, ProcessLoop):
        driver = connection if isinstance(connection, sqlite3.Connection) else connection.driver_connection._conn
        loop.disk.opened(driver)


class ProcessLoop(VirtualLoop):
    """The event loop of one process, with the process's disk."""

    disk: Disk
    line: Line
    alive = True

    def run_in_executor(  # type: ignore[override]  # what is off the loop in life happens at once here
        self, _executor: object, func: Callable[..., Any], *args: Any
    ) -> "Any":
        future = self.create_future()
        self.off_the_loop(func, args, lambda result: _give(future, result), lambda error: _refuse(future, error))
        return future

    def off_the_loop(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        give: Callable[[Any], None],
        refuse: Callable[[BaseException], None],
    ) -> None:
        """Do at once what a thread would do, and have its end told as the loop would hear of it."""
        if self.alive and _begins(function) and not self.disk.is_free():
            self.call_later(_KNOCK, self.off_the_loop, function, args, give, refuse)
            return
        try:
            result = function(*args)
        except Exception as error:  # noqa: BLE001  # whatever it raises is the caller's to hear
            self.call_soon(refuse, error)
            return
        if _name(function) == "commit":
            self.call_later(self.disk.commit_seconds(), give, result)
        else:
            self.call_soon(give, result)


class DiskConnection(aiosqlite.core.Connection):
    """What aiosqlite makes, with a queue that is worked off at once instead of by a thread."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], iter_chunk_size: int) -> None:
        super().__init__(connector, iter_chunk_size)
        self._thread = _NoThread()  # type: ignore[assignment]  # of it only the start is asked
        self._tx = _AtOnce()  # type: ignore[assignment]  # things are only put in

    def __del__(self) -> None:
        """Nothing is told of a connection that went with its process."""


class _NoThread:
    daemon = True

    def start(self) -> None:
        """Nothing to start."""


class _AtOnce:
    """Takes the place of the queue between a connection and its thread."""

    def put_nowait(self, item: tuple[Any, Callable[[], Any]]) -> None:
        future, function = item
        if future is None:
            function()
            return
        loop: ProcessLoop = future.get_loop()
        if not loop.alive and _name(function) in {"close", "rollback", "close_and_stop"}:
            loop.call_soon(aiosqlite.core.set_result, future, None)
            return
        loop.off_the_loop(
            function,
            (),
            lambda result: aiosqlite.core.set_result(future, result),
            lambda error: aiosqlite.core.set_exception(future, error),
        )


def _name(function: Callable[..., Any]) -> str:
    return getattr(getattr(function, "func", function), "__name__", "")


def _begins(function: Callable[..., Any]) -> bool:
    """Whether this begins a transaction that writes."""
    return _name(function) == "begin" or "BEGIN IMMEDIATE" in getattr(function, "args", ())


def _give(future: Any, result: object) -> None:
    if not future.done():
        future.set_result(result)


def _refuse(future: Any, error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
