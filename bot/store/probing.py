"""Looking at a database without changing it."""

from dataclasses import dataclass

from bot.store.engine import make_engine
from bot.store.migrating import current


@dataclass(frozen=True, slots=True)
class Probe:
    """The schema's revision in the database (``None``: none yet) and the newest that this program knows."""

    found: str | None
    newest: str | None


async def probe(url: str) -> Probe:
    """Open the database that is there, and take (and give back) the right to write.

    Raises:
        BadDatabaseError: the URL names no database that Geladi runs on.
        Exception: it cannot be opened, or not be written.
    """
    engine = make_engine(url)
    try:
        # On SQLite a transaction begins by taking the writer's lock.
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SELECT 1")
            if engine.dialect.name == "postgresql":
                read_only = (await connection.exec_driver_sql("SHOW transaction_read_only")).scalar()
                if read_only == "on":
                    raise PermissionError("the database is read-only")
        return Probe(*await current(engine))
    finally:
        await engine.dispose()
