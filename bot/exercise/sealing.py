"""How an entry of the log is sealed: a hash over the entry before it and over everything in this one. Pure.

What names people or is their own words enters the hash as a commitment: a hash of its own, over these values and a
random salt that stands beside the entry. Where they are erased the salt goes with them and the commitment stays. So
the seals of the whole log hold as before, and nobody finds out what was erased by trying names.

Entries written before there were salts have their people and words in the hash itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson

from bot.exercise.facts import Fact, FactKind, LogEntry

ALGORITHM = "sha256"
FIRST = "0" * 64
"""What the first entry is sealed over, having none before it."""
SALT_BYTES = 16
"""Random bytes of a salt: nobody tries them all."""

PERSONAL: Mapping[FactKind, frozenset[str]] = {
    FactKind.ROLE_GIVEN: frozenset({"id", "name"}),
    FactKind.ROLE_TAKEN: frozenset({"id", "name"}),
    FactKind.LEADER_APPOINTED: frozenset({"id", "name"}),
    FactKind.LEADER_REMOVED: frozenset({"id", "name"}),
    FactKind.JOINED: frozenset({"chat_id", "chat"}),
    FactKind.UNBOUND: frozenset({"chat_id", "chat"}),
    FactKind.PAUSED: frozenset({"why"}),
    FactKind.REALWORLD: frozenset({"why"}),
    FactKind.REALWORLD_AGAIN: frozenset({"why"}),
    FactKind.ABORTED: frozenset({"why"}),
    FactKind.SKIPPED: frozenset({"why"}),
    FactKind.ADDED: frozenset({"text"}),
    FactKind.DECIDED: frozenset({"reason"}),
    FactKind.REPORTED: frozenset({"text", "file"}),
    FactKind.REPORT_GREW: frozenset({"text", "file"}),
    FactKind.CORRECTED: frozenset({"text", "file"}),
    FactKind.NOTED: frozenset({"text", "file"}),
    FactKind.RATED: frozenset({"text", "file"}),
    FactKind.REFUSED: frozenset({"text"}),
    FactKind.HOT_WASH_ANSWERED: frozenset({"text"}),
    FactKind.IMPROVEMENT: frozenset({"text", "owner"}),
}
"""What in a fact's detail names people, or is their own words; who did it is personal in every kind.

Every seal depends on this: a kind that is new may be added, but what stands here stays as it is.
"""


def is_personal(fact: Fact) -> bool:
    """Whether a fact has anything in it that may have to be erased one day."""
    by_somebody = fact.actor is not None and fact.actor.id != 0
    return by_somebody or not PERSONAL.get(fact.kind, frozenset()).isdisjoint(fact.detail)


def commitment(fact: Fact, salt: str) -> str:
    """What stands in the seal for the personal part of a fact."""
    return _hash([salt, *_actor(fact), canonical(_part(fact, personal=True))])


def seal(
    exercise: int, seq: int, previous: str, fact: Fact, exercise_time: timedelta, salt: str = "", committed: str = ""
) -> str:
    """The hash of an entry: over the hash of the one before (``previous``) and every field of this one.

    ``committed`` is the commitment of an entry whose salt is gone; without either nothing in it is personal, or it was
    written before there were salts.
    """
    committed = committed or (commitment(fact, salt) if salt else "")
    who: list[object] = ["committed", committed] if committed else _actor(fact)
    detail = _part(fact, personal=False) if committed else fact.detail
    return _hash(
        [
            previous,
            exercise,
            seq,
            fact.at.isoformat(timespec="microseconds"),
            exercise_time // timedelta(microseconds=1),
            fact.kind,
            *who,
            fact.inject,
            fact.unit,
            canonical(detail),
        ]
    )


def seals(exercise: int, entry: LogEntry, previous: str) -> bool:
    """Whether an entry is what was written after one with the hash ``previous``."""
    if entry.salt and entry.commitment:
        return False
    try:
        made = seal(exercise, entry.seq, previous, entry.fact, _exercise_time(entry), entry.salt, entry.commitment)
    except (TypeError, OverflowError):
        # A time too long, or a detail too deep, to be written was never written.
        return False
    return entry.hash == made


def sealed_anew(exercise: int, entries: Iterable[LogEntry], fresh_salt: Callable[[Fact], str]) -> list[LogEntry]:
    """The same entries under new seals, whatever is personal in them under a salt."""
    anew: list[LogEntry] = []
    previous = FIRST
    for entry in entries:
        exercise_time = _exercise_time(entry)
        salt = entry.salt or ("" if entry.commitment else fresh_salt(entry.fact))
        previous = seal(exercise, entry.seq, previous, entry.fact, exercise_time, salt, entry.commitment)
        anew.append(replace(entry, hash=previous, salt=salt))
    return anew


def without(entry: LogEntry, fact: Fact) -> LogEntry:
    """The entry with ``fact``, what is left of its own, in the place of that: its seal stays as it is."""
    return replace(entry, fact=fact, salt="", commitment=entry.commitment or commitment(entry.fact, entry.salt))


def first_broken(exercise: int, chain: Iterable[LogEntry]) -> int | None:
    """The number of the first entry that is not what was written, is missing or is out of order; else ``None``."""
    previous = FIRST
    for expected, entry in enumerate(chain, start=1):
        if entry.seq != expected or not seals(exercise, entry, previous):
            return expected
        previous = entry.hash
    return None


def remains(entries: Iterable[LogEntry]) -> str:
    """The hash of what stands in the place of everything erased: the seals of those entries do not tell of it."""
    erased = (entry for entry in entries if entry.commitment)
    return _hash([[entry.seq, *_actor(entry.fact), canonical(entry.fact.detail)] for entry in erased])


def canonical(detail: Mapping[str, object]) -> str:
    """A fact's detail as JSON, in the one form that it is kept and sealed in."""
    return orjson.dumps(dict(detail), option=orjson.OPT_SORT_KEYS).decode()


def _exercise_time(entry: LogEntry) -> timedelta:
    return timedelta(microseconds=round(entry.exercise_seconds * 1_000_000))


def _part(fact: Fact, *, personal: bool) -> Mapping[str, object]:
    keys = PERSONAL.get(fact.kind, frozenset())
    return {key: value for key, value in fact.detail.items() if (key in keys) is personal}


def _actor(fact: Fact) -> list[object]:
    return [fact.actor.id, fact.actor.name] if fact.actor else [None, None]


def _hash(values: list[Any]) -> str:
    return hashlib.sha256(orjson.dumps(values)).hexdigest()
