"""The turns of an exercise: STARTEX, PAUSEX, RESUMEX, ENDEX, and breaking off."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.exercise import conduct
from bot.exercise.facts import Change
from bot.exercise.model import Exercise
from bot.exercise.unfinished import unfinished
from bot.messages import ConfirmEnd, ConfirmStartex, Gap, Moment, Notice, Span
from bot.service import asking
from bot.service.recording import record
from bot.store.transaction import Transaction
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import WrongUsage, needed, steered
from scenarios.durations import parse_duration

_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_IN = ("in ", "dalam ")
_NOT_AT_ALL = {"cancel", "batal"}
_LONGEST_REASON = 500


async def startex(desk: Desk, request: Request) -> None:
    """`/startex [HH:MM|in 10m|cancel]`: now or then, or not then after all; asks first while units are missing."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.STARTEX)
        if text.casefold() in _NOT_AT_ALL:
            record(tx, conduct.unschedule(exercise, request.person, request.at))
            return Notice(exercise=exercise.number, key="notice.unscheduled", params={"by": request.person.name})
        moment = _moment(text, exercise, request.at) if text else None
        unbound = tuple(unit for unit, seat in exercise.seats.items() if seat.place is None)
        if unbound:
            _ask(tx, request, ConfirmStartex(exercise=exercise.number, unbound=unbound, scheduled_at=moment))
            return None
        return begin(tx, exercise, request, moment)

    await desk.answer(request, use_case)


def begin(tx: Transaction, exercise: Exercise, request: Request, moment: datetime | None) -> Notice | None:
    """STARTEX now, or set for ``moment``."""
    if moment is None:
        record(tx, conduct.startex(exercise, request.person, request.at))
        return None
    record(tx, conduct.schedule(exercise, moment, request.person, request.at))
    params: dict[str, Gap] = {"at": Moment(at=moment), "span": Span(elapsed=moment - request.at)}
    return Notice(exercise=exercise.number, key="notice.scheduled", params=params)


async def pausex(desk: Desk, request: Request) -> None:
    """`/pausex [why]`."""
    await _turn(desk, request, Deed.PAUSEX, lambda e, why: conduct.pause(e, request.person, request.at, why))


async def resumex(desk: Desk, request: Request) -> None:
    """`/resumex`."""
    await _turn(desk, request, Deed.RESUMEX, lambda e, _: conduct.resume(e, request.person, request.at))


async def endex(desk: Desk, request: Request) -> None:
    """`/endex`: at once where nothing is open; else the director is asked whether it is meant."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = steered(tx, desk, request, Deed.ENDEX)
        if unfinished(exercise, request.at):
            _ask(tx, request, ConfirmEnd(exercise=exercise.number, turn="endex"))
        else:
            record(tx, conduct.endex(exercise, request.person, request.at))
        return None

    await desk.answer(request, use_case)


async def abort(desk: Desk, request: Request) -> None:
    """`/abort WHY`: asks first, for it cannot be undone."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.ABORT, free_text=True)
        why = needed(text, "/abort WHY")
        _ask(tx, request, ConfirmEnd(exercise=exercise.number, turn="abort", why=why[:_LONGEST_REASON]))
        return None

    await desk.answer(request, use_case)


def _ask(tx: Transaction, request: Request, question: asking.Question) -> None:
    asking.ask(tx, question, request.place, request.at, request.message_id)


async def _turn(desk: Desk, request: Request, deed: Deed, step: Callable[[Exercise, str], Change]) -> None:
    """A turn of the exercise, which announces itself."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, deed)
        record(tx, step(exercise, text))
        return None

    await desk.answer(request, use_case)


def _moment(text: str, exercise: Exercise, at: datetime) -> datetime:
    """The moment that `HH:MM` (the next such, in the exercise's zone) or `in 10m` names."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        here = at.astimezone(ZoneInfo(exercise.timezone))
        moment = here.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return (moment if moment > here else moment + timedelta(days=1)).astimezone(at.tzinfo)
    spoken = text.casefold()
    for word in _IN:
        spoken = spoken.removeprefix(word)
    try:
        return at + parse_duration(spoken.strip())
    except ValueError:
        raise WrongUsage(example="/startex 09:30") from None
