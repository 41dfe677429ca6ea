"""Alembic at the service of the store: is the schema there, is it current, bring it up to date."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.schema import metadata

_SCRIPTS = Path(__file__).parent / "migrations"
_MIGRATING = 0x6765_6C61_6469
"""The number of the lock, in PostgreSQL, under which the schema is changed."""


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
    """Bring the schema up to date, from nothing if need be."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def require_current(engine: AsyncEngine) -> None:
    """Create the schema of a fresh database; refuse any other that is not current.

    Raises:
        OutdatedSchemaError: the schema is older or newer than this program.
    """
    if await _is_current(engine):
        return
    if await _has_tables(engine):
        # Another replica may have made them just now.
        if await _is_current(engine):
            return
        raise OutdatedSchemaError
    await migrate(engine)


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
