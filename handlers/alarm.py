"""The button that stops the exercise for a real emergency: one tap, by anybody in one of its chats."""

from bot.buttons import ButtonData
from bot.exercise import conduct
from bot.service.recording import record
from bot.store import exercises
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.pressing import Answer, Stale
from handlers.request import Request


def realworld(tx: Transaction, desk: Desk, request: Request, data: ButtonData) -> Answer:
    """Stop at once. Nobody is asked whether they are sure: a false alarm costs a resumption, a late one more."""
    exercise = exercises.get(tx, int(data.target)) if data.target.isdigit() else None
    if exercise is None:
        raise Stale
    seat = exercise.seat_at(request.place)
    if seat is None and exercise.control != request.place:
        raise Stale
    unit = seat.unit if seat else None
    require(Deed.REALWORLD, request, desk.owners, exercise, unit)
    return "toast.realworld", {}, record(tx, conduct.realworld(exercise, request.person, request.at, "", unit))
