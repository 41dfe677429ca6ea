"""The record as it stands in the database, read from outside while no transaction is under way."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool

from bot.exercise.facts import LogEntry
from bot.exercise.model import Exercise
from bot.store import exercises, log, outbox
from bot.store.inbox import InboxState
from bot.store.outbox_row import OutboxRow
from bot.store.schema import inbox as inbox_table
from bot.store.schema import outbox as outbox_table
from bot.store.transaction import Deferred, Memory, Transaction

_SOMETHING_WAITS = """
    SELECT EXISTS (SELECT 1 FROM outbox WHERE out_of_date OR state NOT IN ('sent', 'failed', 'skipped'))
        OR EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting')
        OR EXISTS (SELECT 1 FROM exercise WHERE NOT summarised)
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What the bot has kept of a drill: its one exercise, the log, the inbox and the outbox."""

    exercise: Exercise
    log: tuple[LogEntry, ...]
    inbox: dict[int, InboxState]
    outbox: tuple[OutboxRow, ...]

    @classmethod
    def read(cls, database: Path) -> "Record":
        """The record at this moment."""
        engine = create_engine(f"sqlite:///{database}", poolclass=NullPool)
        with engine.connect() as connection:
            tx = Transaction(connection, Memory(), Deferred(connection))
            exercise = exercises.get(tx, 1)
            if exercise is None:
                raise LookupError("the exercise is gone")
            updates = tx.read(select(inbox_table.c.update_id, inbox_table.c.state))
            rows = tx.read(select(outbox_table).order_by(outbox_table.c.id))
            record = cls(
                exercise,
                tuple(log.entries(tx, 1)),
                {row.update_id: InboxState(row.state) for row in updates},
                tuple(outbox.row_of(row) for row in rows),
            )
        engine.dispose()
        return record


def is_at_rest(database: Path) -> bool:
    """Whether the exercise is over and told, and nothing is left to be done."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        (something_waits,) = connection.execute(_SOMETHING_WAITS).fetchone()
    return not something_waits and Record.read(database).exercise.state.is_over
