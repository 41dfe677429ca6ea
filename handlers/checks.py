"""The test of the line before STARTEX: the command, and the button in the units' chats."""

from bot.buttons import ButtonData
from bot.exercise.commcheck import CheckOver
from bot.exercise.model import Exercise
from bot.messages import CommCheck, Message, Notice, Span
from bot.service import checking, finding
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.pressing import Answer, Stale
from handlers.request import Request
from handlers.steering import steered


async def commcheck(desk: Desk, request: Request) -> None:
    """`/commcheck`: a test message to every unit that has a chat."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = steered(tx, desk, request, Deed.COMMCHECK)
        checking.begin(tx, exercise, request.person, request.at, request.message_id)
        return None

    await desk.answer(request, use_case)


def heard(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """A unit answers by the button under the test message."""
    exercise, unit = finding.unit_here(tx, request.place)
    if str(exercise.number) != data.target or not data.choice.isdigit():
        raise Stale
    # The record may not have heard of a message so new; a message of another kind it knows.
    if said is not None and not (isinstance(said, CommCheck) and (said.exercise, said.unit) == (exercise.number, unit)):
        raise Stale
    require(Deed.ACKNOWLEDGE, request, desk.owners, exercise, unit)
    answered = checking.answer(tx, exercise, unit, int(data.choice), request.person, request.at, exact=request.exact)
    return "toast.heard", {"span": Span(elapsed=answered.after)}, exercise


def heard_by_command(tx: Transaction, exercise: Exercise, unit: str, request: Request) -> Notice:
    """A unit answers by `/ack`, where the press did not get through.

    Raises:
        CheckOver: the command names an inject, and before STARTEX there is none.
    """
    if request.text:
        raise CheckOver
    answered = checking.answer(tx, exercise, unit, None, request.person, request.at, exact=request.exact)
    params = {"name": request.person.name, "span": Span(elapsed=answered.after)}
    return Notice(exercise=exercise.number, key="check.heard", params=dict(params))
