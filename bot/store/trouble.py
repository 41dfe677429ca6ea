"""What a failure of the database means: wait for it to pass, or tell whoever asked."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, PendingRollbackError

_PASSING_SQLITE: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
_PASSING_CLASSES: Final = ("08", "53", "57P", "58")
"""SQLSTATE: the connection, resources (disk, memory, connections), shutdown and start-up, the system below."""
_PASSING_STATES: Final = {
    "25P03",  # the session sat idle in its transaction, and was ended for it
    "25006",  # read only: this server is not, or not yet, the primary
    "40001",  # not serialisable
    "40P01",  # deadlock
    "55P03",  # the lock was not to be had
    "57014",  # cancelled
}


def will_pass(failure: BaseException) -> bool:
    """Whether the same work may succeed later, with nothing changed but the time."""
    if isinstance(failure, PendingRollbackError):
        return True
    original: BaseException | None = failure
    if isinstance(failure, DBAPIError):
        if failure.connection_invalidated:
            return True
        original = failure.orig
    if isinstance(original, OSError):
        # Refused, reset, no socket there, timed out: the server is away.
        return True
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _PASSING_SQLITE
    state = getattr(original, "sqlstate", None)
    return isinstance(state, str) and (state.startswith(_PASSING_CLASSES) or state in _PASSING_STATES)


def words(failure: BaseException) -> str:
    """The failure in one line, without the statement and what was in it."""
    original = failure.orig if isinstance(failure, DBAPIError) and failure.orig is not None else failure
    lines = str(original).splitlines()
    return lines[0] if lines else type(original).__name__
