"""Engines: one per database URL, with the settings that make commits durable."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

_FILE: Final = "sqlite+aiosqlite"
_SERVER: Final = "postgresql+asyncpg"
_BAD_OPTION: Final = (
    "the port, or an option after the ?, is none that asyncpg takes; for TLS write ssl=require, not sslmode=require"
)
_REFUSALS: Final = {
    "28": "the server refuses this user or password, or will not have them from here",
    "3D": "there is no such database on the server; CREATE DATABASE makes one",
}
"""By the beginning of what the server answers, SQLSTATE."""
_BUSY_MILLISECONDS = 5_000
_CONNECT_SECONDS = 5
_COMMAND_SECONDS = 30
"""After which a server that does not answer counts as gone."""
_IDLE_SECONDS = 5
"""After which the server ends a transaction whose client does nothing."""


class BadDatabaseError(Exception):
    """The database URL names nothing that Geladi can write to; the message says why, without the URL."""


def make_engine(url: str, *, read_only: bool = False) -> AsyncEngine:
    """An engine for ``url``: durable commits, write transactions that never wait in the middle.

    ``read_only``: its transactions read one state of the database, take no lock, and make no file.

    Raises:
        BadDatabaseError: the URL names no database that Geladi runs on.
    """
    parsed = _parsed(url)
    if parsed.drivername == _FILE:
        return _sqlite(url, parsed.database, read_only=read_only)
    return _postgresql(url, read_only=read_only)


def make_writing_engine(url: str) -> Engine:
    """An engine for the SQLite file of ``url``, by its own driver; its connections may go from thread to thread.

    They are not pooled: there is one, and whoever has it lets go of it for good.
    """
    engine = create_engine(
        make_url(url).set(drivername="sqlite+pysqlite"), connect_args={"check_same_thread": False}, poolclass=NullPool
    )
    _prepare_sqlite(engine, make_url(url).database)
    return engine


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; ``None`` for any other.

    Raises:
        BadDatabaseError: the URL names no database that Geladi runs on.
    """
    parsed = _parsed(url)
    return Path(str(parsed.database)) if parsed.drivername == _FILE else None


def _parsed(url: str) -> URL:
    """The URL in its parts; what is wrong in it is not repeated, for that may be a part of a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # A port that is no number raises the second.
        raise BadDatabaseError(
            "write a URL, e.g. sqlite+aiosqlite:///geladi.db or postgresql+asyncpg://USER:PASSWORD@HOST:PORT/DATABASE"
        ) from None
    if parsed.drivername not in {_FILE, _SERVER}:
        raise BadDatabaseError(
            f"{parsed.drivername} is not supported; use sqlite+aiosqlite:///FILE or postgresql+asyncpg://..."
        )
    if parsed.drivername == _FILE:
        if parsed.database in {None, "", ":memory:"}:
            raise BadDatabaseError(
                "a database in memory keeps nothing; name a file, e.g. sqlite+aiosqlite:///geladi.db"
            )
        if "uri" in parsed.query:
            # By such a name the same file would not be known for one that a bot runs on already.
            raise BadDatabaseError("write the path of the file, and no uri=true")
    return parsed


def _postgresql(url: str, *, read_only: bool) -> AsyncEngine:
    try:
        engine = create_async_engine(
            url,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
            connect_args={"timeout": _CONNECT_SECONDS, "command_timeout": _COMMAND_SECONDS},
        )
    except (ArgumentError, ValueError):
        raise BadDatabaseError(_BAD_OPTION) from None

    @event.listens_for(engine.sync_engine, "do_connect")
    def _connect(dialect: Dialect, _: object, how: Sequence[Any], options: Mapping[str, Any]) -> DBAPIConnection:
        try:
            return dialect.connect(*how, **options)
        except OSError:
            # To Python a certificate that does not hold is a wrong value too; it may be mended at the server.
            raise
        except (TypeError, ValueError, OverflowError):
            # The driver's words may hold what stands in the URL.
            raise BadDatabaseError(_BAD_OPTION) from None
        except Exception as failure:
            state = getattr(failure, "sqlstate", None) or ""
            for beginning, words in _REFUSALS.items():
                if state.startswith(beginning):
                    raise BadDatabaseError(words) from None
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        # A frozen process must not hold up the others. Set for the transaction alone, which poolers allow.
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'")
        if read_only:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine


def _sqlite(url: str, path: str | None, *, read_only: bool) -> AsyncEngine:
    engine = create_async_engine(url)
    _prepare_sqlite(engine.sync_engine, path, read_only=read_only)
    return engine


def _prepare_sqlite(engine: Engine, path: str | None, *, read_only: bool = False) -> None:
    @event.listens_for(engine, "do_connect")
    def _make(*_: object) -> None:
        if path and Path(path).is_dir():
            raise BadDatabaseError(f"{path} is a folder; name a file in it")
        if path and not read_only:
            # The record names people: nobody but the owner reads it.
            try:
                Path(path).touch(mode=0o600, exist_ok=True)
            except OSError as error:
                raise BadDatabaseError(f"cannot write {path}: {error.strerror}") from None

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver must not open transactions of its own: the begin hook does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        try:
            # The first that looks into the file.
            cursor.execute("PRAGMA schema_version")
        except sqlite3.DatabaseError as failure:
            if getattr(failure, "sqlite_errorcode", None) != sqlite3.SQLITE_NOTADB:
                raise
            raise BadDatabaseError(f"{path} is no SQLite database") from None
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writing one would not wait for the lock.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def sqlite_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def is_sqlite(engine: AsyncEngine) -> bool:
    """Whether the engine writes to an SQLite file."""
    dialect: Any = engine.dialect
    return bool(dialect.name == "sqlite")
