"""`geladi erase`: people out of an exercise that is over, and what was removed, line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.clock import Clock
from bot.exercise.model import Exercise
from bot.service.erasing import CannotEraseError, Erased, Wanted, erase, require_over
from bot.store.claim import claimed
from bot.store.cleansing import NotCleansedError
from bot.store.leases import somebody_leads
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.verify_command import exercise_verified

_WORDS = {
    "people": "people, who have pseudonyms now",
    "entries": "entries of the log in which something was erased",
    "names": "ids and names of people in what entries tell",
    "words": "pieces of writing: reports, notes, reasons, answers, corrective actions",
    "files": "ids of photos, documents, voices and places sent in",
    "pictures": "pictures kept for the report",
    "chats": "ids and titles of chats",
    "messages": "messages of the bot with names or words in them",
    "updates": "updates that had been put aside, as they came",
    "directory": "entries about these people beside exercises: user names, languages, menus, wrong codes",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an erasure: ``well`` unless the record is not whole or traces are left."""

    well: bool
    lines: list[str]


async def erased(url: str, number: int, wanted: Wanted, clock: Clock, agreed: Callable[[str], bool]) -> Outcome | None:
    """Erase, once whoever gave the command has ``agreed`` to it in so many words; ``None`` where they have not.

    Raises:
        BadDatabaseError: a bot runs on the file.
        CannotEraseError: there is no such exercise, it is not over, or a bot runs on the server.
        OutdatedSchemaError: `geladi migrate` is needed first.
    """
    store = Store(url)
    try:
        exercise = await store.read(lambda tx: require_over(tx, number))
        with claimed(url):
            if not agreed(_question(exercise, wanted)):
                return None
            await store.open()
            return await _carried_out(store, number, wanted, clock)
    finally:
        await store.close()


async def _carried_out(store: Store, number: int, wanted: Wanted, clock: Clock) -> Outcome:
    done = await store.perform(lambda tx: _erase(tx, number, wanted, clock))
    lines, well = list(told(done)), True
    try:
        await store.cleanse()
    except NotCleansedError as failure:
        lines.append(f"PROBLEM: traces of it are left in the file ({failure}): stop what reads it, and repeat")
        well = False
    examined = await store.read(lambda tx: exercise_verified(tx, number, None))
    if examined is not None:
        well = well and examined[0]
        lines += [line for line in examined[1] if line.startswith(("PROBLEM", "whole"))]
    return Outcome(well, lines)


def told(done: Erased) -> Iterator[str]:
    """What was removed, in lines."""
    yield f"exercise {done.exercise}: " + ("erased, for good" if done.removed else "nothing was left to erase")
    for kind, words in _WORDS.items():
        if number := done.removed.get(kind):
            yield f"{number:>7}  {words}"
    if done.sealed_anew:
        yield "The log was sealed anew: its former seals had names in them. --seal still knows those of its end."
    if done.elsewhere:
        yield f"The same people are named in exercise {', '.join(map(str, done.elsewhere))}."
    yield "Not touched: backups, exported files, and what Telegram's chats show. See docs/operations.md."


def _question(exercise: Exercise, wanted: Wanted) -> str:
    whom = "everybody" if wanted.person is None else f"the person of the id {wanted.person}"
    words = "and everything written by hand" if wanted.person is None else "and everything they wrote"
    return f'Exercise {exercise.number}, "{exercise.name}": erase {whom} {words}, for good?'


def _erase(tx: Transaction, number: int, wanted: Wanted, clock: Clock) -> Erased:
    if somebody_leads(tx):
        raise CannotEraseError(
            "A geladi runs on this database; stop it first (one that was killed counts for ten seconds more), or have "
            "it erase by itself, see GELADI_KEEP_DAYS."
        )
    return erase(tx, number, wanted, clock.now())
