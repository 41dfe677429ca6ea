"""The control room: preparing an exercise and steering it."""

from bot.exercise import enrolment
from bot.exercise.errors import Refusal
from bot.exercise.people import Person, Role
from bot.messages import (
    Board,
    Created,
    Plain,
    ScenarioList,
    UnitList,
)
from bot.service import preparing
from bot.service.keys import board_key
from bot.service.recording import record
from bot.store import directory, exercises, outbox
from bot.store.transaction import Transaction
from bot.wire.rendering.lists import CODES_PER_MESSAGE
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import steered


class UnknownPerson(Refusal):
    """The bot has never met that person."""

    key = "reply.person_unknown"


def _require_here(tx: Transaction, desk: Desk, request: Request, deed: Deed) -> None:
    """Refuse whoever may not do ``deed`` in a control room, or in a chat that is to be one."""
    seated = exercises.seated_at(tx, request.place)
    if seated is not None and not seated[0].state.is_over:
        require(deed, request, desk.owners, *seated)
    else:
        require(deed, request, desk.owners, exercises.latest_at(tx, request.place))


async def scenarios(desk: Desk, request: Request) -> None:
    """`/scenarios`: the library."""

    def use_case(tx: Transaction) -> Replies:
        _require_here(tx, desk, request, Deed.SCENARIOS)
        return ScenarioList()

    await desk.answer(request, use_case)


async def new(desk: Desk, request: Request) -> None:
    """`/new SCENARIO [name]`: this chat becomes the control room of a new exercise."""

    def use_case(tx: Transaction) -> Replies:
        _require_here(tx, desk, request, Deed.NEW)
        scenario_id, _, name = request.text.partition(" ")
        if not scenario_id:
            return Plain(key="reply.new_usage")
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
        units = list(codes)
        return [
            Created(exercise=exercise.number, codes={unit: codes[unit] for unit in units[i : i + CODES_PER_MESSAGE]})
            for i in range(0, len(units), CODES_PER_MESSAGE)
        ]

    await desk.answer(request, use_case)


async def units(desk: Desk, request: Request) -> None:
    """`/units`: which unit sits where."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = steered(tx, desk, request, Deed.UNITS)
        return UnitList(exercise=exercise.number)

    await desk.answer(request, use_case)


async def status(desk: Desk, request: Request) -> None:
    """`/status`: the live board, below everything said since; the older one stays as it was."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = steered(tx, desk, request, Deed.STATUS)
        outbox.retire(tx, board_key(exercise.number))
        outbox.add(
            tx,
            Board(exercise=exercise.number),
            request.place,
            request.at,
            exercise=exercise.number,
            key=board_key(exercise.number),
        )
        return None

    await desk.answer(request, use_case)


async def role(desk: Desk, request: Request, wanted: Role | None) -> None:
    """`/director`, `/controller`, `/observer` and (``None``) `/revoke`, for `@user` or as a reply."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.ROLE)
        person = named_person(tx, text, request)
        if wanted is None:
            record(tx, enrolment.take_role(exercise, person, request.person, request.at))
            return Plain(key="reply.role_taken", params={"name": person.name})
        record(tx, enrolment.give_role(exercise, person, wanted, request.person, request.at))
        return Plain(key="reply.role_given", params={"name": person.name, "role": wanted.value})

    await desk.answer(request, use_case)


def named_person(tx: Transaction, text: str, request: Request) -> Person:
    """The person whom `@user` names, or whose message is replied to.

    Raises:
        UnknownPerson: the bot has not met them.
    """
    person = directory.person_named(tx, text.split(maxsplit=1)[0]) if text else request.reply_author
    if person is None:
        raise UnknownPerson
    return person
