"""Statements over the hot washes that are open: what they wait for outlives a restart."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.store.schema import hot_wash
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class OpenHotWash:
    """When units are reminded (``None``: they have been), and when it closes."""

    remind_at: datetime | None
    closes_at: datetime


def begin(tx: Transaction, exercise: int, remind_at: datetime, closes_at: datetime) -> None:
    """A hot wash is open from now on."""
    tx.write(insert(hot_wash).values(exercise=exercise, remind_at=remind_at, closes_at=closes_at))


def find(tx: Transaction, exercise: int) -> OpenHotWash | None:
    """The open hot wash of an exercise."""
    row = tx.read(select(hot_wash).where(hot_wash.c.exercise == exercise)).first()
    return OpenHotWash(row.remind_at, row.closes_at) if row else None


def everything(tx: Transaction) -> list[int]:
    """The numbers of the exercises whose hot wash is open."""
    return list(tx.read(select(hot_wash.c.exercise).order_by(hot_wash.c.exercise)).scalars())


def reminded(tx: Transaction, exercise: int) -> None:
    """The units have been reminded."""
    tx.write(update(hot_wash).where(hot_wash.c.exercise == exercise).values(remind_at=None))


def close(tx: Transaction, exercise: int) -> None:
    """It is open no more."""
    tx.write(delete(hot_wash).where(hot_wash.c.exercise == exercise))
