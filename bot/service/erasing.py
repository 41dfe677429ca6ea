"""People erased from an exercise that is over: from its record, its log, and all that was kept beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.exercise.chain import Fault, faults
from bot.exercise.erasing import Erasure, erased, people_in, pseudonyms
from bot.exercise.facts import Change, Fact, FactKind, LogEntry
from bot.exercise.model import Exercise
from bot.exercise.people import SYSTEM, Person
from bot.exercise.sealing import PERSONAL, remains, sealed_anew, without
from bot.store import directory, erasing, exercises, hot_washes, log, pictures
from bot.store.rewriting import rewrite
from bot.store.transaction import LogHead, Transaction
from bot.texts.catalogue import say


class By(StrEnum):
    """What has an exercise erased."""

    COMMAND = "command"
    """Somebody on the machine, by `geladi erase`."""
    RETENTION = "retention"
    """The setting for how long names are kept."""


class CannotEraseError(Exception):
    """What was asked for cannot be erased; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to erase: everybody (``person`` is ``None``), or the person of one id, also ``called`` other names."""

    by: By
    person: int | None = None
    called: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed, and how many of each kind; ``elsewhere`` are other exercises that name the same people."""

    exercise: int
    people: Mapping[int, Person]
    removed: Mapping[str, int]
    elsewhere: Sequence[int]
    sealed_anew: bool


def require_over(tx: Transaction, number: int) -> Exercise:
    """The exercise of that number, if nothing of it goes on.

    Raises:
        CannotEraseError: there is none, or it is not over.
    """
    exercise = exercises.get(tx, number)
    if exercise is None:
        raise CannotEraseError(f"There is no exercise {number} in this database; `geladi list` shows those there are.")
    if not exercise.state.is_over:
        raise CannotEraseError(
            f"Exercise {number} is not over ({exercise.state.value}). End it first, in its control room: "
            "/endex, or /abort for one that is not to be held."
        )
    if not exercise.summarised:
        raise CannotEraseError(f"The summary of exercise {number} has not been posted; let `geladi run` post it first.")
    if hot_washes.find(tx, number) is not None:
        raise CannotEraseError(f"The hot wash of exercise {number} is still open; erase when it has closed.")
    return exercise


def erase(tx: Transaction, number: int, wanted: Wanted, at: datetime) -> Erased:
    """Put pseudonyms in the place of people and take out what they wrote; the log says that it was done.

    Raises:
        CannotEraseError: as :func:`require_over`; or nobody of that id is named in the exercise.
    """
    exercise = require_over(tx, number)
    entries, strange = log.readable(tx, number)
    people = people_in(exercise, [entry.fact for entry in entries])
    erasure = _erasure(tx, exercise, people, wanted)
    if wanted.person is not None and not erasure.pseudonyms:
        raise CannotEraseError(f"Nobody of the id {wanted.person} is named in exercise {number}.")
    facts = {entry.seq: erasure.fact(entry.fact) for entry in entries}
    former: dict[str, object] = {}
    if any(facts[entry.seq] != entry.fact and not (entry.salt or entry.commitment) for entry in entries):
        former = _former(tx, number, entries, strange)
        entries = _seal_anew(tx, number, entries)
    after = [without(entry, facts[entry.seq]) if facts[entry.seq] != entry.fact else entry for entry in entries]
    changed = [new for new, old in zip(after, entries, strict=True) if new is not old]
    erasing.rewrite_log(tx, number, after if former else changed)
    if erasure.everyone:
        erasing.blank(tx, number, strange)
    left = erased(exercise, facts.values(), erasure)
    rewrite(tx, left)
    elsewhere = erasing.elsewhere(tx, number, erasure.pseudonyms)
    removed = dict(_counted(erasure, entries, facts) + _beside(tx, exercise, erasure, elsewhere))
    others = sorted({other for numbers in elsewhere.values() for other in numbers})
    if not removed:
        return Erased(number, {}, {}, others, sealed_anew=False)
    told = {
        "by": wanted.by.value,
        "everyone": erasure.everyone,
        "removed": removed,
        "remains": remains(after),
        **former,
    }
    exercises.save(tx, Change(left, (Fact(at, FactKind.ERASED, SYSTEM, detail=told),)))
    return Erased(number, erasure.pseudonyms, removed, others, sealed_anew=bool(former))


_SHORTEST_NAME = 3
"""Letters; a name that is shorter would be found in every other text."""


def _erasure(tx: Transaction, exercise: Exercise, people: Mapping[int, Sequence[str]], wanted: Wanted) -> Erasure:
    language = exercise.language
    given = pseudonyms(people, lambda number: say(language, "erased.person", number=number), wanted.person)
    spellings: dict[str, str] = {}
    if wanted.person is not None and wanted.person in given:
        known = directory.person_of(tx, wanted.person)
        username = directory.username_of(tx, wanted.person)
        names = [*people[wanted.person], *([known.name] if known else []), *([f"@{username}"] if username else [])]
        names = [*wanted.called, *(name for name in names if len(name) >= _SHORTEST_NAME)]
        # The longest first: a name may be part of another.
        spellings = dict.fromkeys(sorted(names, key=len, reverse=True), given[wanted.person].name)
    return Erasure(given, say(language, "erased.words"), wanted.person is None, spellings)


def _former(tx: Transaction, number: int, entries: Sequence[LogEntry], strange: Sequence[int]) -> dict[str, object]:
    """The seals that end with this: names are in their hashes, where whoever guesses a name could find it confirmed."""
    found = faults(number, entries, strange)
    last = entries[-1].seq
    kept = log.kept_head(tx, number)
    if kept is not None and kept.seq > max([last, *strange]):
        found.append(Fault(last + 1, kept.seq, "missing at the end"))
    closing = next((entry for entry in entries if entry.fact.kind is FactKind.SUMMARISED), None)
    seals = [entry for entry in (closing, entries[-1]) if entry is not None]
    return {
        "former_seals": [{"entries": entry.seq, "head": entry.hash} for entry in seals],
        "former_faults": [str(fault) for fault in found],
    }


def _seal_anew(tx: Transaction, number: int, entries: Sequence[LogEntry]) -> list[LogEntry]:
    anew = sealed_anew(number, entries, log.fresh_salt)
    kept = log.kept_head(tx, number)
    # What was missing at the end stays missing.
    tx.fresh.heads[number] = LogHead(max(anew[-1].seq, kept.seq if kept else 0), anew[-1].hash)
    return anew


def _counted(erasure: Erasure, entries: Sequence[LogEntry], facts: Mapping[int, Fact]) -> Counter[str]:
    counted: Counter[str] = Counter(people=len(erasure.pseudonyms))
    for entry in entries:
        was, now = entry.fact, facts[entry.seq]
        if was == now:
            continue
        counted["entries"] += 1
        for key in PERSONAL.get(was.kind, frozenset()):
            if was.detail.get(key) != now.detail.get(key):
                counted[_KINDS.get(key, "words")] += 1
    return counted


_KINDS = {"id": "names", "name": "names", "chat": "chats", "chat_id": "chats", "file": "files"}


def _beside(
    tx: Transaction, exercise: Exercise, erasure: Erasure, elsewhere: Mapping[int, Sequence[int]]
) -> Counter[str]:
    """Erase what is kept beside the exercise and its log."""
    number, since = exercise.number, exercise.created_at
    chats = {exercise.control.chat_id, *(seat.place.chat_id for seat in exercise.seats.values() if seat.place)}
    among: set[str | int] | None = None if erasure.everyone else {*erasure.pseudonyms, *erasure.spellings}
    senders: list[int | None] = [None] if erasure.everyone else [*erasure.pseudonyms]
    counted = Counter(
        messages=erasing.forget_messages(tx, number, chats, since, among),
        updates=erasing.forget_updates(tx, chats, since, among),
        pictures=sum(pictures.erase(tx, number, sender) for sender in senders),
    )
    erasing.move_chat(tx, number, {user_id: pseudonym.id for user_id, pseudonym in erasure.pseudonyms.items()})
    return counted + erasing.forget_people(tx, [each for each in erasure.pseudonyms if each not in elsewhere])
