"""Alembic at the service of the store: is the schema there, is it current, bring it up to date."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.schema import metadata

_SCRIPTS = Path(__file__).parent / "migrations"


class OutdatedSchemaError(Exception):
    """The database was made by another version of Geladi; `geladi migrate` brings it up to date."""


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
    found, newest = await current(engine)
    if found == newest:
        return
    if found is not None or await _has_tables(engine):
        raise OutdatedSchemaError(found)
    await migrate(engine)


async def differences(engine: AsyncEngine) -> list[object]:
    """What the tables in the database differ in from the tables of the program."""
    async with engine.connect() as connection:
        return await connection.run_sync(
            lambda c: list(compare_metadata(MigrationContext.configure(c, opts={"compare_type": True}), metadata))
        )


async def _has_tables(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        return bool(await connection.run_sync(lambda c: inspect(c).get_table_names()))


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
