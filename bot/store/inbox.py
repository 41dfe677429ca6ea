"""Statements over the inbox: every update, as it came, before anything is done about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from bot.store.prepared import Prepared
from bot.store.schema import inbox
from bot.store.transaction import Transaction


class InboxState(StrEnum):
    """Where an update stands."""

    WAITING = "waiting"
    DONE = "done"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An update as it came. ``backlog``: it came after an interruption, so ``at`` is only an upper bound."""

    update_id: int
    lane: int
    at: datetime
    backlog: bool
    payload: str
    tries: int = 0


_AT_ONCE: Final = 500
"""Updates of others that are taken up together."""

# Built once: an acknowledgement takes fewer microseconds than building its statements would.
_INSERT = Prepared(insert(inbox))
_FINISH = Prepared(
    update(inbox)
    .where(inbox.c.update_id == bindparam("this"), inbox.c.state == InboxState.WAITING)
    .values(state=InboxState.DONE, payload="")
)


def add(tx: Transaction, rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Store updates; gives those that had not been stored before."""
    unique = {row.update_id: row for row in rows}
    known = set(tx.read(select(inbox.c.update_id).where(inbox.c.update_id.in_(unique))).scalars())
    new = [row for update_id, row in unique.items() if update_id not in known]
    if new:
        tx.change_each(
            _INSERT,
            [
                {
                    "update_id": row.update_id,
                    "lane": row.lane,
                    "at": row.at,
                    "backlog": row.backlog,
                    "payload": row.payload,
                    "state": InboxState.WAITING,
                    "tries": 0,
                    "why": "",
                }
                for row in new
            ],
        )
    return new


def waiting(tx: Transaction) -> list[InboxRow]:
    """The updates about which nothing has been done yet, oldest first."""
    return _rows(tx, inbox.c.state == InboxState.WAITING)


def others(tx: Transaction, known: Collection[int]) -> list[InboxRow]:
    """The oldest of the updates about which nothing has been done yet, apart from those that are known."""
    ids = set(tx.read(select(inbox.c.update_id).where(inbox.c.state == InboxState.WAITING)).scalars())
    unknown = sorted(ids.difference(known))[:_AT_ONCE]
    return _rows(tx, inbox.c.update_id.in_(unknown)) if unknown else []


def finish(tx: Transaction, update_id: int) -> bool:
    """Mark an update as done; false where it was not waiting any more."""
    finished = tx.change(_FINISH, {"this": update_id}) == 1
    if finished:
        tx.finished.append(update_id)
    return finished


def tried(tx: Transaction, update_id: int, why: str) -> int:
    """Count a failed try; gives the tries so far."""
    tx.write(update(inbox).where(inbox.c.update_id == update_id).values(tries=inbox.c.tries + 1, why=why))
    tries: int = tx.read(select(inbox.c.tries).where(inbox.c.update_id == update_id)).scalar_one()
    return tries


def quarantine(tx: Transaction, update_id: int, why: str) -> None:
    """Put an update aside, with its payload, for somebody to look at."""
    tx.write(update(inbox).where(inbox.c.update_id == update_id), {"state": InboxState.QUARANTINED, "why": why})


def _rows(tx: Transaction, which: ColumnElement[bool]) -> list[InboxRow]:
    rows = tx.read(select(inbox).where(which).order_by(inbox.c.update_id))
    return [InboxRow(row.update_id, row.lane, row.at, row.backlog, row.payload, row.tries) for row in rows]
