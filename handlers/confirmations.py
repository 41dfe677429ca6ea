"""Buttons under questions about what cannot be undone."""

from bot.buttons import ButtonData
from bot.messages import ConfirmStartex
from bot.store import outbox
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.pressing import Answer, question
from handlers.request import Request
from handlers.turns import begin


def startex(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """STARTEX all the same, or not."""
    exercise, asked = question(tx, request, ConfirmStartex, data.target)
    require(Deed.STARTEX, request, desk.owners, exercise)
    if data.choice != "yes":
        return "reply.startex_cancelled", {}, exercise
    moment = asked.scheduled_at
    reply = begin(tx, exercise, request, moment if moment and moment > request.at else None)
    if reply is not None:
        outbox.add(tx, reply, exercise.control, request.at, exercise=exercise.number)
    return "toast.done", {}, exercise
