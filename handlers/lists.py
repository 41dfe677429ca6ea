"""Long lists, page by page."""

from bot.buttons import OF_NO_EXERCISE, ButtonData
from bot.messages import Message, NextInjects, ScenarioList, UnitList
from bot.store import exercises, outbox
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.director import require_here
from handlers.pressing import Answer, Stale
from handlers.request import Request

_LISTS = {UnitList: Deed.UNITS, NextInjects: Deed.NEXT}
_LONGEST_PAGE_NUMBER = 4


def turn(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """Another page of the list in the message whose button was pressed."""
    page = data.choice if data.choice.isdigit() and len(data.choice) <= _LONGEST_PAGE_NUMBER else ""
    if isinstance(said, ScenarioList) and data.target == str(OF_NO_EXERCISE):
        if not page or request.message_id is None:
            raise Stale
        require_here(tx, desk, request, Deed.SCENARIOS)
        outbox.turn(tx, request.place.chat_id, request.message_id, said.model_copy(update={"page": int(page)}))
        return "toast.done", {}, None
    exercise = exercises.get(tx, int(data.target)) if data.target.isdigit() else None
    if exercise is None or exercise.control != request.place or not page or request.message_id is None:
        raise Stale
    if not isinstance(said, UnitList | NextInjects) or said.exercise != exercise.number:
        raise Stale
    require(_LISTS[type(said)], request, desk.owners, exercise)
    outbox.turn(tx, request.place.chat_id, request.message_id, said.model_copy(update={"page": int(page)}))
    return "toast.done", {}, exercise
