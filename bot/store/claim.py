"""One bot to one SQLite file: two would send everything twice."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.store.engine import BadDatabaseError, file_of


@contextlib.contextmanager
def claimed(url: str) -> Iterator[None]:
    """Hold the claim to run on the SQLite file of ``url``; the system lets go of it when the process dies.

    Other databases, and Windows, know no such claim.

    Raises:
        BadDatabaseError: another process holds it, or the file cannot be had.
    """
    file = file_of(url)
    if file is None or sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not to be had on Windows

    # By whatever links it is reached, it is one file.
    real = Path(os.path.realpath(file))
    try:
        lock = real.with_name(f"{real.name}.lock").open("w")
    except OSError as error:
        raise BadDatabaseError(f"cannot write {file}: {error.strerror}") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadDatabaseError(
                f"another geladi runs on {file}; stop it first, or use a database of its own"
            ) from None
        yield
