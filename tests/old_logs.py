"""Logs as they were before their entries had salts."""

from sqlalchemy import Connection, select, update

from bot.exercise.sealing import FIRST, seal
from bot.store.log import _Reading
from bot.store.schema import log, log_head


def seal_as_before_salts(connection: Connection, exercise: int) -> str:
    """Seal an exercise's log over names and words themselves, as former versions did; gives its head."""
    previous = FIRST
    rows = connection.execute(select(log).where(log.c.exercise == exercise).order_by(log.c.seq)).all()
    for row in rows:
        fact = _Reading().entry(row).fact
        previous = seal(exercise, row.seq, previous, fact, row.exercise_time)
        here = (log.c.exercise == exercise, log.c.seq == row.seq)
        connection.execute(update(log).where(*here).values(hash=previous, salt=None))
    connection.execute(update(log_head).where(log_head.c.exercise == exercise).values(hash=previous))
    return previous
