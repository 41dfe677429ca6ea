"""Units taking their seats: join codes, and what the control room can do about seats and codes."""

import re
from dataclasses import replace

from bot.buttons import ButtonData
from bot.exercise import enrolment
from bot.exercise.addressing import one_unit
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Place
from bot.messages import Help, Message, UnitBound, UnitCard, UnitList
from bot.service import finding, preparing
from bot.service.keys import card_key
from bot.service.recording import record
from bot.store import exercises, outbox
from bot.store.transaction import Transaction
from handlers.authorisation import Deed, require, standing_of
from handlers.desk import Desk, Replies
from handlers.pressing import Answer, Stale
from handlers.request import Request
from handlers.steering import WrongUsage, needed, steered

_ALL = {"all", "semua"}
_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def join(desk: Desk, request: Request) -> None:
    """`/join CODE`: this chat, or this topic, becomes a unit's, if an administrator of the chat says so."""
    code = request.text.split(maxsplit=1)[0] if request.text else ""
    # A code that may still be good has no place in a log.
    asked = replace(request, text="")

    def look(tx: Transaction) -> None:
        require(Deed.JOIN, request, desk.owners)
        if not _CODE.fullmatch(code):
            raise WrongUsage(example="/join CODE")
        preparing.seat_of(tx, code, request.person, request.at)

    def count(tx: Transaction) -> None:
        preparing.code_failed(tx, request.person, request.at)

    def use_case(tx: Transaction) -> Replies:
        before = finding.standing(tx, request.place)
        exercise, unit = preparing.join(tx, code, request.place, request.chat_title, request.person, request.at)
        # A new seat is announced by itself; a code given twice is answered all the same.
        seated_before = before.unit == unit and before.exercise and before.exercise.number == exercise.number
        reply: Message = Help(
            name=request.person.name,
            exercise=exercise.number,
            standing=standing_of(request, desk.owners, exercise, unit).value,
            unit=unit,
        )
        return reply if seated_before else None

    try:
        await desk.store.perform(look)
        if not request.private:
            await desk.membership.require_administrator(request.place.chat_id, request.person.id)
    except preparing.UnknownCode as refusal:
        await desk.refuse(asked, refusal, reply=True, also=count)
        return
    except Refusal as refusal:
        await desk.refuse(asked, refusal, reply=True)
        return
    await desk.answer(asked, use_case)


async def units(desk: Desk, request: Request) -> None:
    """`/units [UNIT]`: which unit sits where, or one of them with what can be done about it."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.UNITS)
        if not text:
            return UnitList(exercise=exercise.number)
        _show_card(tx, exercise, one_unit(exercise, text), request)
        return None

    await desk.answer(request, use_case)


async def code(desk: Desk, request: Request) -> None:
    """`/code UNIT|all`: a fresh join code, in the place of the one before."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.SEAT)
        which = needed(text, "/code UNIT")
        if which.casefold() in _ALL:
            unbound = [unit for unit, seat in exercise.seats.items() if seat.place is None]
        else:
            unbound = [one_unit(exercise, which)]
        if not unbound:
            return UnitList(exercise=exercise.number)
        preparing.renew_codes(tx, exercise, unbound, request.person, request.at, desk.clock.code)
        return None

    await desk.answer(request, use_case)


def seat(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    """A button about a unit's seat: its card, a fresh code, no code, or out of its chat."""
    exercise, unit = _meant(tx, request, said, data)
    if data.choice == "card":
        require(Deed.UNITS, request, desk.owners, exercise)
        _show_card(tx, exercise, unit, request)
        return "toast.done", {}, exercise
    require(Deed.SEAT, request, desk.owners, exercise)
    match data.choice:
        case "unbind":
            if isinstance(said, UnitBound) and exercise.seats[unit].place != Place(said.chat_id, said.thread_id):
                raise Stale
            preparing.unbind(tx, exercise, unit, request.person, request.at, desk.clock.code)
        case "code":
            preparing.renew_codes(tx, exercise, [unit], request.person, request.at, desk.clock.code)
        case "withdraw":
            record(tx, enrolment.withdraw_code(exercise, unit, request.person, request.at))
        case _:
            raise Stale
    return "toast.done", {}, exercise


def _meant(tx: Transaction, request: Request, said: Message | None, data: ButtonData) -> tuple[Exercise, str]:
    number, _, unit = data.target.partition(".")
    exercise = exercises.get(tx, int(number)) if number.isdigit() else None
    if exercise is None or exercise.control != request.place or unit not in exercise.seats:
        raise Stale
    match said:
        case UnitList(exercise=of) if of == exercise.number and data.choice == "card":
            return exercise, unit
        case UnitCard(exercise=of, unit=its) if (of, its) == (exercise.number, unit) and data.choice != "card":
            return exercise, unit
        case UnitBound(exercise=of, unit=its) if (of, its) == (exercise.number, unit) and data.choice == "unbind":
            return exercise, unit
        case _:
            raise Stale


def _show_card(tx: Transaction, exercise: Exercise, unit: str, request: Request) -> None:
    key = card_key(exercise.number, unit)
    outbox.retire(tx, key)
    card = UnitCard(exercise=exercise.number, unit=unit)
    outbox.add(tx, card, exercise.control, request.at, exercise=exercise.number, key=key)
