"""The account of an exercise as the database has it."""

from bot.exercise.facts import LogEntry
from bot.exercise.model import Exercise
from bot.report.account import Account, Sending, account
from bot.report.timeline import IN_SUMMARY
from bot.store import exercises, log, outbox
from bot.store.transaction import Transaction


def account_of(tx: Transaction, number: int) -> Account | None:
    """The account of exercise ``number``; ``None`` where there is no such exercise."""
    exercise = exercises.get(tx, number)
    return None if exercise is None else account(exercise, log.entries(tx, number), sending(tx, exercise))


def sending(tx: Transaction, exercise: Exercise) -> dict[tuple[str, str], Sending]:
    """Attempts at each delivery of an exercise, as the record shows them."""
    return {pair: Sending(*known) for pair, known in outbox.sending_of(tx, exercise.number).items()}


def told_in_summary(tx: Transaction, number: int) -> tuple[LogEntry, ...]:
    """Of the log of an exercise, what its summary tells: a log can have hundreds of thousands of entries, this has few.

    The last entry is among them, for the seal of a log that no summary has closed.
    """
    found = {entry.seq: entry for entry in (*log.entries(tx, number, IN_SUMMARY), *log.latest(tx, number))}
    return tuple(found[seq] for seq in sorted(found))
