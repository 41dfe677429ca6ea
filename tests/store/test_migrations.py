"""The tables in the database are the tables of the program."""

import sqlite3
import stat
from pathlib import Path

import pytest

from bot.store.engine import make_engine
from bot.store.migrating import OutdatedSchemaError, differences, migrate, require_current


async def test_migrating_an_empty_database_gives_the_tables_of_the_program(url: str) -> None:
    engine = make_engine(url)
    await migrate(engine)
    assert await differences(engine) == []
    await engine.dispose()


async def test_a_database_of_another_version_is_refused(url: str, tmp_path: Path) -> None:
    engine = make_engine(url)
    await migrate(engine)
    await engine.dispose()
    with sqlite3.connect(tmp_path / "geladi.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    engine = make_engine(url)
    with pytest.raises(OutdatedSchemaError):
        await require_current(engine)
    await engine.dispose()


async def test_a_fresh_database_is_made_and_readable_by_its_owner_alone(url: str, tmp_path: Path) -> None:
    engine = make_engine(url)
    await require_current(engine)
    await engine.dispose()
    assert stat.S_IMODE((tmp_path / "geladi.db").stat().st_mode) == 0o600


async def test_commits_reach_the_disk_before_they_are_reported(url: str) -> None:
    engine = make_engine(url)
    async with engine.connect() as connection:
        mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar()
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar()
    await engine.dispose()
    assert (mode, synchronous) == ("wal", 2)
