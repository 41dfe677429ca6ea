"""Injects sent again, by a command as often as somebody wants, and by a button once for each time it is meant."""

from datetime import datetime

from bot.exercise import resending
from bot.exercise.facts import Change
from bot.exercise.model import Exercise
from bot.exercise.people import Person
from bot.service.recording import record
from bot.service.repeats import is_on_its_way, is_very_new
from bot.store import outbox
from bot.store.transaction import Transaction


def resend(
    tx: Transaction, exercise: Exercise, inject: str, unit: str, by: Person, at: datetime, *, pressed: bool = False
) -> Change:
    """Send an inject to one of its units once more, and give the change, on record.

    ``pressed``: by a button, whose press may be the same one come twice.

    Raises:
        JustResent: it was pressed, and the inject has gone out again a few seconds ago.
        Refusal: as by :func:`bot.exercise.resending.resend`; StillSending where what was sent again last is on its way.
    """
    change = resending.resend(exercise, inject, unit, by, at)
    named = change.facts[0].inject or ""
    resent = exercise.injects[named].deliveries[unit].resent > 0
    former = outbox.find_key(tx, outbox.inject_key(exercise.number, named, unit)) if resent else None
    if former is not None and former.place == exercise.seats[unit].place:
        gaps = {"inject": named, "unit": exercise.scenario.units[unit].name.in_language(exercise.language)}
        # One that may have arrived and is repeated by itself: whoever writes the command may know more.
        if is_on_its_way(former) and (pressed or not former.possible_duplicate):
            raise resending.StillSending(**gaps)
        if pressed and is_very_new(former, at):
            raise resending.JustResent(**gaps)
    record(tx, change)
    return change
