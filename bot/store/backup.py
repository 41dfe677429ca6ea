"""A copy of an SQLite database, made while others read and write it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


class BackupFailedError(Exception):
    """No copy was made, and why."""


def back_up(file: Path, copy: Path) -> None:
    """Make ``copy``, a new file that its owner alone can read: the database ``file`` whole, as it stands at one moment.

    Until it is complete and examined there is nothing under that name.

    Raises:
        BackupFailedError: there is no such database, or the copy is not sound.
        FileExistsError: there is something under the name of the copy already.
        OSError: the copy cannot be written.
    """
    if not file.is_file():
        raise BackupFailedError(f"{file}: no such database")
    if copy.exists():
        raise FileExistsError(copy)
    unfinished = copy.with_name(f".{copy.name}.part")
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    try:
        _copy(file, unfinished)
        # Fails where a file of that name has come about meanwhile; a plain renaming would put itself in its place.
        os.link(unfinished, copy)
    except sqlite3.Error as error:
        raise BackupFailedError(f"{file}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _copy(file: Path, into: Path) -> None:
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(into)) as target,
    ):
        source.backup(target)
        # One file is all there is of a copy: nothing beside it that could be forgotten.
        target.execute("PRAGMA journal_mode = DELETE")
        found = [str(row[0]) for row in target.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            raise BackupFailedError(f"{file}: the copy is not sound: {found[0]}")
    descriptor = os.open(into, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
