"""Alembic at the service of the store: is the schema there, is it current, bring it up to date."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.schema import metadata
from bot.store.trouble import will_pass

T = TypeVar("T")

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATING = 0x6765_6C61_6469
"""The number of the lock, in PostgreSQL, under which the schema is changed."""
_TRIES: Final = 12
_SHORTEST_WAIT: Final = 0.05
_LONGEST_WAIT: Final = 5.0
"""Seconds."""


class OutdatedSchemaError(Exception):
    """The database was made by another version of Geladi; `geladi migrate` brings it up to date."""


class NoDatabaseError(Exception):
    """There is no database here yet; `geladi run` makes it, and GELADI_DATABASE_URL says where."""


async def current(engine: AsyncEngine) -> tuple[str | None, str | None]:
    """The revision of the database (``None``: empty) and the newest revision there is."""
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
    return found, ScriptDirectory(str(_SCRIPTS)).get_current_head()


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema up to date, from nothing if need be.

    Who finds the database taken waits: another process may be at the same, on a slow disk for long.
    """
    await _patiently(lambda: _migrate(engine))


async def require_current(engine: AsyncEngine) -> None:
    """Create the schema of a fresh database; refuse any other that is not current.

    Raises:
        OutdatedSchemaError: the schema is older or newer than this program.
    """
    await _patiently(lambda: _make_or_refuse(engine))


async def _make_or_refuse(engine: AsyncEngine) -> None:
    if await _is_current(engine):
        return
    if await _has_tables(engine):
        # Another replica may have made them just now.
        if await _is_current(engine):
            return
        raise OutdatedSchemaError
    await _migrate(engine)


async def require_to_read(engine: AsyncEngine) -> None:
    """Refuse a database that this program cannot read; nothing is made or changed.

    Raises:
        NoDatabaseError: there are no tables.
        OutdatedSchemaError: the schema is older or newer than this program.
    """
    if await _is_current(engine):
        return
    raise OutdatedSchemaError if await _has_tables(engine) else NoDatabaseError


async def differences(engine: AsyncEngine) -> list[object]:
    """What the tables in the database differ in from the tables of the program."""
    async with engine.connect() as connection:
        return await connection.run_sync(
            lambda c: list(compare_metadata(MigrationContext.configure(c, opts={"compare_type": True}), metadata))
        )


async def _migrate(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def _patiently(step: Callable[[], Awaitable[T]]) -> T:
    """What ``step`` gives, however often it has to be tried for trouble that passes, within a minute or two.

    SQLite waits for a lock only so long, and not at all for the one that its change to write-ahead logging takes.
    """
    for tries in range(_TRIES):
        try:
            return await step()
        except DBAPIError as failure:
            if not will_pass(failure):
                raise
        await asyncio.sleep(min(_SHORTEST_WAIT * 2**tries, _LONGEST_WAIT))
    return await step()


async def _is_current(engine: AsyncEngine) -> bool:
    found, newest = await current(engine)
    return found is not None and found == newest


async def _has_tables(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return bool(await connection.run_sync(lambda c: inspect(c).get_table_names()))


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Replicas that start together migrate one after the other; who comes late finds nothing to do.
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATING)))
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
