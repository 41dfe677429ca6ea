"""Buttons under questions about what cannot be undone."""

from typing import assert_never

from bot.buttons import ButtonData
from bot.exercise import conduct
from bot.messages import ConfirmEnd, ConfirmStartex
from bot.service import asking
from bot.service.recording import record
from bot.store import outbox
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.pressing import Answer, question, yes_or_no
from handlers.request import Request
from handlers.turns import begin

_DEEDS = {"endex": Deed.ENDEX, "abort": Deed.ABORT, "resumex": Deed.RESUMEX}


def startex(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """STARTEX all the same, or not."""
    exercise, asked = question(tx, request, ConfirmStartex, data.target)
    require(Deed.STARTEX, request, desk.owners, exercise)
    said = yes_or_no(data)
    asking.answer(tx, asked, said, request.person)
    if said == "no":
        return "reply.startex_cancelled", {}, exercise
    moment = asked.scheduled_at
    reply = begin(tx, exercise, request, moment if moment and moment > request.at else None)
    if reply is not None:
        outbox.add(tx, reply, exercise.control, request.at, exercise=exercise.number)
    return "toast.done", {}, exercise


def end(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """ENDEX with things open, or breaking off, or neither."""
    exercise, asked = question(tx, request, ConfirmEnd, data.target)
    require(_DEEDS[asked.turn], request, desk.owners, exercise)
    said = yes_or_no(data)
    asking.answer(tx, asked, said, request.person)
    if said == "no":
        return "toast.kept", {}, exercise
    match asked.turn:
        case "endex":
            change = conduct.endex(exercise, request.person, request.at)
        case "abort":
            change = conduct.abort(exercise, request.person, request.at, asked.why)
        case "resumex":
            change = conduct.resume(exercise, request.person, request.at)
        case _:
            assert_never(asked.turn)
    return "toast.done", {}, record(tx, change)
