"""Engines: one per database URL, with the settings that make commits durable."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_MILLISECONDS = 5_000


class BadDatabaseError(Exception):
    """The database URL names nothing that Geladi can write to; the message says why, without the URL."""


def make_engine(url: str) -> AsyncEngine:
    """An engine for ``url``: durable commits, write transactions that never wait in the middle.

    Raises:
        BadDatabaseError: the URL names no database that Geladi runs on.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadDatabaseError("write a URL, e.g. sqlite+aiosqlite:///geladi.db") from None
    match parsed.get_driver_name():
        case "aiosqlite":
            return _sqlite(url, parsed.database)
        case "asyncpg":
            return create_async_engine(url, pool_pre_ping=True)
        case driver:
            raise BadDatabaseError(
                f"{driver} is not supported; use sqlite+aiosqlite:///FILE or postgresql+asyncpg://..."
            )


def _sqlite(url: str, path: str | None) -> AsyncEngine:
    if path and path != ":memory:":
        # The record names people: nobody but the owner reads it.
        try:
            Path(path).touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise BadDatabaseError(f"cannot write {path}: {error.strerror}") from None
    engine = create_async_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver must not open transactions of its own: the begin hook does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writing one would not wait for the lock.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def sqlite_version() -> str:
    """The version of the SQLite library."""
    return sqlite3.sqlite_version


def is_sqlite(engine: AsyncEngine) -> bool:
    """Whether the engine writes to an SQLite file."""
    dialect: Any = engine.dialect
    return bool(dialect.name == "sqlite")
