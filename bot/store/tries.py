"""Statements over join codes that were tried and were none."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from bot.store.schema import join_try
from bot.store.transaction import Transaction


def count_since(tx: Transaction, user_id: int, since: datetime) -> int:
    """How often a person has failed since that moment."""
    mine = select(func.count()).where(join_try.c.user_id == user_id, join_try.c.at > since)
    return int(tx.read(mine).scalar_one())


def failed(tx: Transaction, user_id: int, at: datetime, forget_before: datetime) -> None:
    """Remember that a person has failed; everybody's failures before that moment are forgotten."""
    tx.write(delete(join_try).where(join_try.c.at < forget_before))
    tx.write(insert(join_try).values(user_id=user_id, at=at))
