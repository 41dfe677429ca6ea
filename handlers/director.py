"""The control room: preparing an exercise and steering it."""

from bot.messages import Plain
from bot.service import offering, preparing
from bot.service.recording import post_board
from bot.store import exercises
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request, first_word
from handlers.steering import steered


def require_here(tx: Transaction, desk: Desk, request: Request, deed: Deed) -> None:
    """Refuse whoever may not do ``deed`` in a control room, or in a chat that is to be one."""
    seated = exercises.seated_at(tx, request.place)
    if seated is not None and not seated[0].state.is_over:
        require(deed, request, desk.owners, *seated)
    else:
        require(deed, request, desk.owners, exercises.latest_at(tx, request.place))


async def new(desk: Desk, request: Request) -> None:
    """`/new SCENARIO [name]`: this chat becomes the control room of a new exercise."""

    def use_case(tx: Transaction) -> Replies:
        require_here(tx, desk, request, Deed.NEW)
        scenario_id, name = first_word(request.text)
        if not scenario_id:
            return Plain(key="reply.new_usage")
        offering.take_up(tx, scenario_id, request.place, request.person, request.at)
        exercise, codes = preparing.create(
            tx,
            scenario_id,
            name.strip()[:200],
            control=request.place,
            language=desk.language_at(tx, request.place.chat_id),
            timezone=desk.timezone,
            by=request.person,
            at=request.at,
            new_code=desk.clock.code,
        )
        preparing.codes_posted(tx, exercise, codes, request.place, request.at)
        return None

    await desk.answer(request, use_case)


async def status(desk: Desk, request: Request) -> None:
    """`/status`: the live board, below everything said since."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = steered(tx, desk, request, Deed.STATUS)
        post_board(tx, exercise, request.at)
        return None

    await desk.answer(request, use_case)
