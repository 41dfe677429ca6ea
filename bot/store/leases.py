"""The lease: one row per bot that says which process leads, by the database's own time.

Each takeover begins a new epoch. Whoever commits as leader proves in the same transaction that its epoch is still
the present one, so a leader that was frozen and thawed changes nothing any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.store.columns import Moment
from bot.store.schema import lease
from bot.store.transaction import Transaction


class LostLeadershipError(Exception):
    """Another process leads now: nothing that this one decided may take effect."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A term as leader, held by ``owner`` until ``expires_at`` unless it is renewed."""

    token_hash: str
    owner: str
    epoch: int
    expires_at: datetime


class _DatabaseTime(FunctionElement[datetime]):
    """The present moment by the database, the same for every replica."""

    type = Moment()
    inherit_cache = True


@compiles(_DatabaseTime, "postgresql")
def _in_postgresql(*_: Any, **__: Any) -> str:  # noqa: ANN401 - the signature is SQLAlchemy's
    # Not now(), which is when the transaction began: it may have waited for the row since.
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


@compiles(_DatabaseTime, "sqlite")
def _in_sqlite(*_: Any, **__: Any) -> str:  # noqa: ANN401 - the signature is SQLAlchemy's
    return "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) * 1000"


# Built once: each commit of a term asks whether it still stands, and each process that stands by asks every second.
_TIME = select(_DatabaseTime())
_SEEN = select(lease).where(lease.c.token_hash == bindparam("bot"))
_LOCKED = _SEEN.with_for_update()
_HELD = select(lease.c.owner, lease.c.epoch).where(lease.c.token_hash == bindparam("bot")).with_for_update()


def database_time(tx: Transaction) -> datetime:
    """The present moment by the database's clock."""
    moment: datetime = tx.read(_TIME).scalar_one()
    return moment


def acquire(tx: Transaction, token_hash: str, owner: str, ttl: timedelta, now: datetime | None = None) -> Lease | None:
    """Begin a term; ``None`` while another holds the lease. ``now``: without it, the database's time.

    Raises:
        IntegrityError: another process was the first ever to ask, at the same moment.
    """
    # First without the lock, for which each of the leader's commits would have to wait.
    seen = tx.read(_SEEN, {"bot": token_hash}).first()
    if seen is not None and seen.owner != owner and seen.expires_at > (now or database_time(tx)):
        return None
    found = tx.read(_LOCKED, {"bot": token_hash}).first()
    # Read behind the row's lock, which may have been waited for.
    now = now or database_time(tx)
    if found is not None and found.owner != owner and found.expires_at > now:
        return None
    taken = Lease(token_hash, owner, found.epoch + 1 if found else 1, now + ttl)
    row = {"owner": owner, "epoch": taken.epoch, "expires_at": taken.expires_at}
    if found is None:
        tx.write(insert(lease).values(token_hash=token_hash, **row))
    else:
        tx.write(update(lease).where(lease.c.token_hash == token_hash).values(**row))
    return taken


def renew(tx: Transaction, held: Lease, ttl: timedelta, now: datetime | None = None) -> Lease:
    """Go on with a term.

    Raises:
        LostLeadershipError: another has begun a term since.
    """
    hold(tx, held)
    now = now or database_time(tx)
    tx.write(update(lease).where(lease.c.token_hash == held.token_hash).values(expires_at=now + ttl))
    return Lease(held.token_hash, held.owner, held.epoch, now + ttl)


def release(tx: Transaction, held: Lease, now: datetime | None = None) -> None:
    """End a term early, so that another may begin at once; nothing happens where one has."""
    now = now or database_time(tx)
    tx.write(
        update(lease)
        .where(lease.c.token_hash == held.token_hash, lease.c.owner == held.owner, lease.c.epoch == held.epoch)
        .values(expires_at=now)
    )


def somebody_leads(tx: Transaction) -> bool:
    """Whether a term lasts; where none does, none begins before this transaction ends."""
    held = tx.read(select(lease.c.expires_at).with_for_update()).scalars().all()
    return any(expires_at > database_time(tx) for expires_at in held)


def hold(tx: Transaction, held: Lease) -> None:
    """Have the term stand until this transaction ends: whoever would take over waits for it.

    Raises:
        LostLeadershipError: another has begun a term since.
    """
    found = tx.read(_HELD, {"bot": held.token_hash}).first()
    if found is None or (found.owner, found.epoch) != (held.owner, held.epoch):
        raise LostLeadershipError
