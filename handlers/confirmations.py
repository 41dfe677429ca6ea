"""Buttons under questions about what cannot be undone."""

from bot.buttons import ButtonData
from bot.messages import ConfirmStartex
from bot.store import exercises, outbox
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.pressing import Answer, Stale, same_chat
from handlers.request import Request
from handlers.turns import begin


def startex(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """STARTEX all the same, or not."""
    exercise = exercises.get(tx, int(data.target)) if data.target.isdigit() else None
    if exercise is None or not same_chat(exercise.control, request.place) or request.message_id is None:
        raise Stale
    require(Deed.STARTEX, request, desk.owners, exercise)
    asked = outbox.find_message(tx, request.place.chat_id, request.message_id)
    if asked is None or not isinstance(asked.message, ConfirmStartex):
        raise Stale
    if data.choice != "yes":
        return "reply.startex_cancelled", {}, exercise
    moment = asked.message.scheduled_at
    reply = begin(tx, exercise, request, moment if moment and moment > request.at else None)
    if reply is not None:
        outbox.add(tx, reply, exercise.control, request.at, exercise=exercise.number)
    return "toast.done", {}, exercise
