"""The account of an exercise as the database has it."""

from bot.exercise.facts import LogEntry
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.report.account import KINDS, LOG_LINES, Account, Sending, account
from bot.report.timeline import IN_SUMMARY
from bot.store import exercises, log, outbox, pictures
from bot.store.transaction import Transaction

_WHOLE = frozenset({Form.JSON, Form.CSV})
"""The forms that have the whole log."""
_PICTURED = frozenset({Form.PDF, Form.HTML})
_COUNTS_ATTEMPTS = frozenset({Form.JSON})


def account_of(tx: Transaction, number: int, form: Form = Form.JSON) -> Account | None:
    """The account of exercise ``number`` as ``form`` tells it; ``None`` where there is no such exercise.

    A long log is most of what there is to read, and few forms show it: the others get what they tell of it.
    """
    exercise = exercises.get(tx, number)
    if exercise is None:
        return None
    attempts = sending(tx, exercise) if form in _COUNTS_ATTEMPTS else {}
    shown = pictures.kept(tx, number) if form in _PICTURED else {}
    if form in _WHOLE:
        return account(exercise, log.entries(tx, number), attempts, shown)
    lines = LOG_LINES if form is Form.XLSX else 0
    found = {entry.seq: entry for entry in (*log.entries(tx, number, KINDS, lines), *log.latest(tx, number))}
    return account(exercise, [found[seq] for seq in sorted(found)], attempts, shown, lines)


def sending(tx: Transaction, exercise: Exercise) -> dict[tuple[str, str], Sending]:
    """Attempts at each delivery of an exercise, as the record shows them."""
    return {pair: Sending(*known) for pair, known in outbox.sending_of(tx, exercise.number).items()}


def told_in_summary(tx: Transaction, number: int) -> tuple[LogEntry, ...]:
    """Of the log of an exercise, what its summary tells: a log can have hundreds of thousands of entries, this has few.

    The last entry is among them, for the seal of a log that no summary has closed.
    """
    found = {entry.seq: entry for entry in (*log.entries(tx, number, IN_SUMMARY), *log.latest(tx, number))}
    return tuple(found[seq] for seq in sorted(found))
