"""Buttons in the control room under what is said of a unit that is silent, or may have received nothing."""

from bot.buttons import ButtonData
from bot.exercise import answers
from bot.exercise.model import Delivery, Exercise
from bot.messages import Escalation, InDoubt, Message
from bot.service.recording import record
from bot.service.resending import resend
from bot.store import exercises
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.pressing import Answer, Stale
from handlers.request import Request


def told_by_radio(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """The unit has the inject, as the control room knows by radio."""
    exercise, delivery = _silent_unit(tx, desk, request, said, data, Deed.RADIO)
    change = answers.told_by_radio(exercise, delivery.inject, delivery.unit, request.person, request.at)
    return "toast.by_radio", {"inject": delivery.inject, "unit": delivery.unit}, record(tx, change)


def send_again(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """The inject once more to the unit that is silent; a press that comes twice sends it once."""
    exercise, delivery = _silent_unit(tx, desk, request, said, data, Deed.RESEND)
    change = resend(tx, exercise, delivery.inject, delivery.unit, request.person, request.at, pressed=True)
    return "toast.resent", {"inject": delivery.inject, "unit": delivery.unit}, change.exercise


def _silent_unit(
    tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData, deed: Deed
) -> tuple[Exercise, Delivery]:
    found = exercises.by_reference(tx, data.target)
    if found is None or not isinstance(said, Escalation | InDoubt) or found[0].control != request.place:
        raise Stale
    exercise, delivery = found
    if (said.exercise, said.inject, said.unit) != (exercise.number, delivery.inject, delivery.unit):
        raise Stale
    require(deed, request, desk.owners, exercise)
    return found
