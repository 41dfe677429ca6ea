"""`geladi backup`: a copy of the database while the bot runs, and whether what is in it is whole."""

from collections.abc import Iterator
from pathlib import Path

from bot.store import exercises
from bot.store.backup import BackupFailedError, back_up
from bot.store.engine import file_of
from bot.store.store import Store
from bot.verify_command import exercise_verified


async def backed_up(url: str, copy: Path) -> tuple[bool, list[str]]:
    """Copy the database at ``url``; gives whether every exercise in the copy is whole, and a line about each.

    Raises:
        BackupFailedError: the database is no SQLite file, or cannot be copied.
        FileExistsError: the copy would take the place of something.
        OSError: the copy cannot be written.
    """
    file = file_of(url)
    if file is None:
        raise BackupFailedError("only SQLite files are copied so; for PostgreSQL use pg_dump")
    back_up(file, copy)
    store = Store(f"sqlite+aiosqlite:///{copy}")
    try:
        found = await store.read(
            lambda tx: [(row[0], exercise_verified(tx, row[0], None)) for row in exercises.overview(tx)]
        )
    finally:
        await store.close()
    well = all(examined is not None and examined[0] for _, examined in found)
    return well, [line for number, examined in found for line in _told(number, examined)]


def _told(number: int, examined: tuple[bool, Iterator[str]] | None) -> Iterator[str]:
    if examined is not None:
        for line in examined[1]:
            yield f"{number}: {line}"
