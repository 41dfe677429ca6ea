"""Statements over pictures that people sent in: each is awaited from when it was reported until its bytes are here.

They are kept as they came, and are nobody's to trust: whoever shows one decodes it under limits.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from bot.store.schema import picture
from bot.store.transaction import Transaction

MOST: Final = 60
"""Pictures that are kept of one exercise, the first that came; all of them can be had from Telegram."""
MOST_TRIES: Final = 60
"""Times that Telegram is asked for a picture."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A picture that is to be fetched; ``file`` is Telegram's id of it."""

    exercise: int
    file: str


def expect(tx: Transaction, exercise: int, file: str, by_id: int) -> None:
    """Somebody sent a picture in: it is to be kept, unless it is known or there are enough."""
    kept = tx.read(select(func.count()).where(picture.c.exercise == exercise)).scalar_one()
    if kept < MOST and not tx.read(select(picture.c.file).where(_is(Awaited(exercise, file)))).first():
        tx.write(insert(picture).values(exercise=exercise, file=file, by_id=by_id, tries=0))


def awaited(tx: Transaction) -> list[Awaited]:
    """The pictures that are still to be fetched."""
    wanted = select(picture.c.exercise, picture.c.file).where(picture.c.body.is_(None), picture.c.tries < MOST_TRIES)
    return [Awaited(row.exercise, row.file) for row in tx.read(wanted.order_by(picture.c.exercise, picture.c.file))]


def keep(tx: Transaction, one: Awaited, body: bytes) -> None:
    """Here it is; one that has been erased meanwhile stays so."""
    tx.write(update(picture).where(_is(one)).values(body=body))


def missed(tx: Transaction, one: Awaited) -> None:
    """Telegram did not give it out."""
    tx.write(update(picture).where(_is(one)).values(tries=picture.c.tries + 1))


def kept(tx: Transaction, exercise: int) -> dict[str, bytes]:
    """The pictures of an exercise that are here, by Telegram's ids."""
    found = tx.read(
        select(picture.c.file, picture.c.body).where(picture.c.exercise == exercise, picture.c.body.is_not(None))
    )
    return {row.file: row.body for row in found}


def erase(tx: Transaction, exercise: int, by_id: int | None = None) -> int:
    """Forget the pictures of an exercise, or those alone that one person sent; gives how many."""
    those = picture.c.exercise == exercise
    return tx.write(delete(picture).where(those if by_id is None else and_(those, picture.c.by_id == by_id))).rowcount


def _is(one: Awaited) -> ColumnElement[bool]:
    return and_(picture.c.exercise == one.exercise, picture.c.file == one.file)
