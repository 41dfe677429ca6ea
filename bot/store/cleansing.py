"""What was erased, overwritten: a database keeps what was in a row until something else needs the room."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.schema import (
    chat,
    delivery,
    exercise,
    inbox,
    inject,
    join_try,
    leader,
    log,
    menu,
    outbox,
    participant,
    person,
    scenario,
    seat,
    stop,
)

_PATIENCE_SECONDS = 30
"""For whoever reads the file at the moment."""
_WRITTEN_OVER = (
    log,
    outbox,
    inbox,
    delivery,
    inject,
    participant,
    leader,
    seat,
    stop,
    exercise,
    person,
    join_try,
    menu,
    chat,
    scenario,
)
"""The tables in which people are erased."""


class NotCleansedError(Exception):
    """What was erased is erased, but its traces in the file are not overwritten; the message says why."""


async def cleanse_file(file: Path) -> None:
    """Write an SQLite file anew without what was deleted in it, and empty its write-ahead log.

    Raises:
        NotCleansedError: another process reads the file all the while.
    """
    try:
        await asyncio.to_thread(_cleanse, file)
    except sqlite3.Error as error:
        raise NotCleansedError(str(error)) from error


async def cleanse_server(engine: AsyncEngine) -> None:
    """Write the tables of a PostgreSQL database anew without what was deleted in them."""
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in _WRITTEN_OVER:
            await connection.exec_driver_sql(f'VACUUM (FULL) "{table.name}"')


def _cleanse(file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=_PATIENCE_SECONDS, isolation_level=None)) as database:
        database.execute("VACUUM")
        busy, *_ = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise sqlite3.OperationalError("another process reads the file")
