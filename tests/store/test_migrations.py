"""The tables in the database are the tables of the program."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store.engine import make_engine
from bot.store.migrating import OutdatedSchemaError, differences, migrate, require_current


async def test_migrating_an_empty_database_gives_the_tables_of_the_program(url: str) -> None:
    engine = make_engine(url)
    await migrate(engine)
    assert await differences(engine) == []
    await engine.dispose()


async def test_replicas_that_start_together_on_an_empty_database_all_find_the_tables(url: str) -> None:
    engines = [make_engine(url) for _ in range(3)]
    await asyncio.gather(*(require_current(engine) for engine in engines))
    assert await differences(engines[0]) == []
    for engine in engines:
        await engine.dispose()


async def test_a_start_waits_for_another_process_that_has_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than SQLite itself waits for a lock, which a migration on a slow disk may take."""
    monkeypatch.setattr("bot.store.engine._BUSY_MILLISECONDS", 20)
    path = tmp_path / "geladi.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    engine = make_engine(f"sqlite+aiosqlite:///{path}")
    starting = asyncio.create_task(require_current(engine))
    done, _ = await asyncio.wait({starting}, timeout=0.5)
    assert not done
    other.execute("COMMIT")
    other.close()
    await starting
    assert await differences(engine) == []
    await engine.dispose()


async def test_a_database_of_another_version_is_refused(url: str) -> None:
    engine = make_engine(url)
    await migrate(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(OutdatedSchemaError):
        await require_current(engine)
    await engine.dispose()


async def test_a_fresh_file_is_made_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await require_current(engine)
    await engine.dispose()
    assert stat.S_IMODE((tmp_path / "geladi.db").stat().st_mode) == 0o600


async def test_commits_reach_the_disk_before_they_are_reported(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    async with engine.connect() as connection:
        mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar()
        synchronous = (await connection.exec_driver_sql("PRAGMA synchronous")).scalar()
    await engine.dispose()
    assert (mode, synchronous) == ("wal", 2)
