"""The log: appended only, numbered, each entry sealed by a hash over the one before."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.exercise.facts import Fact, FactKind, LogEntry
from bot.exercise.people import Person
from bot.exercise.sealing import FIRST, SALT_BYTES, canonical, is_personal, seal
from bot.exercise.timing import ExerciseClock
from bot.store.prepared import Prepared
from bot.store.schema import log, log_head
from bot.store.transaction import LogHead, Transaction, in_pieces

_INSERT = Prepared(insert(log))


def append(tx: Transaction, exercise: int, facts: Iterable[Fact], clock: ExerciseClock) -> None:
    """Append facts to an exercise's log, each with its exercise time by ``clock``."""
    head = tx.head(exercise) or _load_head(tx, exercise)
    rows: list[dict[str, Any]] = []
    for fact in facts:
        exercise_time = clock.elapsed(fact.at)
        salt = fresh_salt(fact)
        head = LogHead(head.seq + 1, seal(exercise, head.seq + 1, head.hash, fact, exercise_time, salt))
        rows.append(
            {
                "exercise": exercise,
                "seq": head.seq,
                "at": fact.at,
                "exercise_time": exercise_time,
                "kind": fact.kind,
                "actor_id": fact.actor.id if fact.actor else None,
                "actor_name": fact.actor.name if fact.actor else None,
                "inject": fact.inject,
                "unit": fact.unit,
                "detail": canonical(fact.detail),
                "hash": head.hash,
                "salt": salt or None,
            }
        )
    if rows:
        tx.write_later(_INSERT, rows)
        tx.fresh.heads[exercise] = head


def fresh_salt(fact: Fact) -> str:
    """A salt for the seal of a fact; empty where nothing in it is personal."""
    return secrets.token_hex(SALT_BYTES) if is_personal(fact) else ""


_MOVE_HEAD = Prepared(
    update(log_head)
    .where(log_head.c.exercise == bindparam("of"))
    .values(entries=bindparam("last"), hash=bindparam("head"))
)


def keep_heads(connection: Connection, heads: Mapping[int, LogHead]) -> None:
    """Write down, beside the logs, where they end: who cuts one off has to know of both."""
    for exercise, head in heads.items():
        if not _MOVE_HEAD.run(connection, {"of": exercise, "last": head.seq, "head": head.hash}):
            connection.execute(insert(log_head), {"exercise": exercise, "entries": head.seq, "hash": head.hash})


def kept_head(tx: Transaction, exercise: int) -> LogHead | None:
    """Where the log ends, as is written down beside it; ``None`` before its first entry."""
    found = tx.read(select(log_head).where(log_head.c.exercise == exercise)).first()
    return LogHead(found.entries, found.hash) if found else None


def entries(tx: Transaction, exercise: int, kinds: Collection[FactKind] = (), first: int = 0) -> list[LogEntry]:
    """The log of an exercise: the whole, or its facts of these ``kinds`` alone, and its ``first`` entries besides."""
    wanted = select(log).where(log.c.exercise == exercise)
    if kinds:
        # Without an alternative where there is none, and put in order here: else the database would look at every
        # entry in turn, for they lie in that order already.
        of_kinds = log.c.kind.in_(sorted(kinds))
        wanted = wanted.where(of_kinds | (log.c.seq <= first) if first else of_kinds)
    else:
        wanted = wanted.order_by(log.c.seq)
    tx.catch_up()
    reading = _Reading()
    found = [reading.entry(row) for row in tx.read(in_pieces(wanted))]
    return sorted(found, key=lambda entry: entry.seq) if kinds else found


def latest(tx: Transaction, exercise: int) -> list[LogEntry]:
    """The last entry of the log of an exercise, if it has any."""
    tx.catch_up()
    last = select(log).where(log.c.exercise == exercise).order_by(log.c.seq.desc()).limit(1)
    return [_Reading().entry(row) for row in tx.read(last)]


def last_moment(tx: Transaction, exercise: int) -> datetime | None:
    """The latest moment of which the log of an exercise tells."""
    found: datetime | None = tx.read(select(func.max(log.c.at)).where(log.c.exercise == exercise)).scalar()
    return found


def readable(tx: Transaction, exercise: int) -> tuple[list[LogEntry], list[int]]:
    """The whole log as far as it can be read, and the numbers of the entries in which something strange stands."""
    found: list[LogEntry] = []
    strange: list[int] = []
    reading = _Reading()
    tx.catch_up()
    rows = tx.read(select(log).where(log.c.exercise == exercise).order_by(log.c.seq))
    for row in rows:
        try:
            found.append(reading.entry(row))
        except ValueError:
            strange.append(row.seq)
    return found, strange


def _load_head(tx: Transaction, exercise: int) -> LogHead:
    return kept_head(tx, exercise) or LogHead(0, FIRST)


class _Reading:
    """Entries from rows. What stands in many of them is kept once: a long log takes half the memory so."""

    def __init__(self) -> None:
        self._people: dict[tuple[int, str], Person] = {}
        self._details: dict[str, Mapping[str, object]] = {}
        self._names: dict[str | None, str | None] = {}

    def entry(self, row: Row[Any]) -> LogEntry:
        at: datetime = row.at
        actor = None
        if row.actor_id is not None:
            who = (row.actor_id, row.actor_name)
            actor = self._people.get(who) or self._people.setdefault(who, Person(*who))
        detail = self._details.get(row.detail)
        if detail is None:
            detail = self._details[row.detail] = orjson.loads(row.detail)
        fact = Fact(at, FactKind(row.kind), actor, self._name(row.inject), self._name(row.unit), detail)
        seconds = row.exercise_time.total_seconds()
        return LogEntry(row.seq, seconds, fact, row.hash, row.salt or "", row.commitment or "")

    def _name(self, name: str | None) -> str | None:
        return self._names.setdefault(name, name)
