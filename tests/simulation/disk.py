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
_TRIFLES: Final = {"cursor", "fetchall"}
"""What a driver for a server does without asking the server."""
_FAREWELLS: Final = {"close", "rollback", "close_and_stop"}


class Disk:
    """The connections of one process to ``database``, and how long its commits take."""

    def __init__(self, universe: Universe, random: Random, database: Path) -> None:
        self._universe = universe
        self._random = random
        self._open: list[sqlite3.Connection] = []
        self.away_until = 0
        self._lost: set[sqlite3.Connection] = set()
        self._changes: dict[sqlite3.Connection, int] = {}
        self.on_commit: Callable[[int], None] = lambda _changes: None
        """Hears of each commit on a server, and how many rows it has changed."""
        self.on_work: Callable[[], None] = lambda: None
        """Hears whenever something has been done that may have been a commit."""
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

    def lose(self, seconds: float) -> None:
        """Be out of reach for so long: whatever is asked of it waits."""
        self.away_until = self._universe.moment + round(seconds * 1_000_000)

    @property
    def is_away(self) -> bool:
        """Whether it is out of reach."""
        return self._universe.moment < self.away_until

    def cut_idle(self) -> None:
        """Cut the connections whose transactions stand still, as a server does; who uses them next is told."""
        for connection in self._open:
            if _in_transaction(connection):
                _cut(connection)
                self._lost.add(connection)

    def has_lost(self, connection: sqlite3.Connection | None) -> bool:
        """Whether that connection was cut."""
        return connection in self._lost

    def committed(self, connection: sqlite3.Connection | None) -> None:
        """A commit on that connection has taken effect."""
        if connection is not None:
            before, self._changes[connection] = self._changes.get(connection, 0), connection.total_changes
            self.on_commit(connection.total_changes - before)

    def lease(self) -> tuple[str, int, int]:
        """Who leads by the database, in which epoch, and until when, in microseconds of the era."""
        row = self._probe.execute("SELECT owner, epoch, expires_at FROM lease").fetchone()
        return row or ("", 0, 0)

    def is_over(self) -> bool:
        """Whether the exercise has ended, by the database."""
        (over,) = self._probe.execute("SELECT count(*) FROM exercise WHERE state IN ('ended', 'aborted')").fetchone()
        return bool(over)

    def under_way(self) -> frozenset[int]:
        """The messages that are on their way to Telegram, by the database."""
        return frozenset(row for (row,) in self._probe.execute("SELECT id FROM outbox WHERE state = 'sending'"))

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
        connection = _connection_of(function)
        if self.alive and self.disk.has_lost(connection):
            if _name(function) in _FAREWELLS:
                self.call_soon(give, None)
            else:
                # By these words SQLAlchemy knows that a connection is gone.
                self.call_soon(refuse, sqlite3.OperationalError("no active connection"))
            return
        if self.alive and self.disk.is_away and _name(function) not in _FAREWELLS:
            self.call_later(
                (self.disk.away_until - self.universe.moment) / 1_000_000,
                self.off_the_loop,
                function,
                args,
                give,
                refuse,
            )
            return
        if self.alive and _begins(function) and not self.disk.is_free():
            self.call_later(_KNOCK, self.off_the_loop, function, args, give, refuse)
            return
        try:
            result = function(*args)
        except Exception as error:  # noqa: BLE001  # whatever it raises is the caller's to hear
            self.call_soon(refuse, error)
            return
        if self.alive:
            self.disk.on_work()
        if _name(function) == "commit":
            self.disk.committed(connection)
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
        if _name(function) in _TRIFLES and loop.alive and not loop.disk.has_lost(_connection_of(function)):
            future.set_result(function())
            return
        if not loop.alive and _name(function) in _FAREWELLS:
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


def _connection_of(function: Callable[..., Any]) -> sqlite3.Connection | None:
    """The driver's connection that this is asked of, by itself or by its cursor."""
    owner = getattr(getattr(function, "func", function), "__self__", None)
    if isinstance(owner, sqlite3.Cursor):
        return owner.connection
    return owner if isinstance(owner, sqlite3.Connection) else None


def _begins(function: Callable[..., Any]) -> bool:
    """Whether this begins a transaction that writes."""
    return _name(function) == "begin" or "BEGIN IMMEDIATE" in getattr(function, "args", ())


def _give(future: Any, result: object) -> None:
    if not future.done():
        future.set_result(result)


def _refuse(future: Any, error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
