"""The ledger: the number of the last batch that each writer has committed, written by that very batch.

A commit that was never answered took effect if, and only if, its number stands here.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.store.prepared import Prepared
from bot.store.schema import ledger

_ENTER = Prepared(
    update(ledger)
    .where(ledger.c.writer == bindparam("of"), ledger.c.batch == bindparam("last"))
    .values(batch=bindparam("number"))
)


@dataclass(frozen=True, slots=True)
class Page:
    """A writer's place in the ledger, and the last batch that it knows to be committed."""

    writer: int
    batch: int


class LedgerMismatchError(Exception):
    """The writer's ledger does not read as the writer left it."""


def begin(connection: Connection) -> Page:
    """Open a page for a new writer."""
    writer: int = connection.execute(insert(ledger).values(batch=0).returning(ledger.c.writer)).scalar_one()
    return Page(writer, 0)


def enter(connection: Connection, page: Page) -> int:
    """Number the batch of this transaction; gives its number.

    Raises:
        LedgerMismatchError: the page is gone, or another batch stands on it.
    """
    number = page.batch + 1
    if _ENTER.run(connection, {"of": page.writer, "last": page.batch, "number": number}) != 1:
        raise LedgerMismatchError
    return number


def last_batch(connection: Connection, page: Page) -> int | None:
    """The last batch that took effect; ``None`` where the page is gone.

    A transaction that still hangs on the server holds the row, so this waits until it has ended one way or the other.
    """
    return connection.execute(
        select(ledger.c.batch).where(ledger.c.writer == page.writer).with_for_update()
    ).scalar_one_or_none()
