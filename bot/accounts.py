"""The account of an exercise as the database has it."""

from bot.exercise.model import Exercise
from bot.report.account import Account, Sending, account
from bot.store import exercises, log, outbox
from bot.store.transaction import Transaction


def account_of(tx: Transaction, number: int) -> Account | None:
    """The account of exercise ``number``; ``None`` where there is no such exercise."""
    exercise = exercises.get(tx, number)
    return None if exercise is None else account(exercise, log.entries(tx, number), sending(tx, exercise))


def sending(tx: Transaction, exercise: Exercise) -> dict[tuple[str, str], Sending]:
    """Attempts at each delivery of an exercise, as the record shows them."""
    return {pair: Sending(*known) for pair, known in outbox.sending_of(tx, exercise.number).items()}
