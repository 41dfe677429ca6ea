"""The turns of an exercise: STARTEX, PAUSEX, RESUMEX, ENDEX, and breaking off."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.exercise import conduct
from bot.exercise.facts import Change
from bot.exercise.model import Exercise
from bot.messages import ConfirmStartex, Moment, Notice
from bot.service.recording import record
from bot.store.transaction import Transaction
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import WrongUsage, steered
from scenarios.durations import parse_duration

_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


async def startex(desk: Desk, request: Request) -> None:
    """`/startex [HH:MM|in 10m]`: now or then; asks first while units are missing."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.STARTEX)
        moment = _moment(text, exercise, request.at) if text else None
        unbound = tuple(unit for unit, seat in exercise.seats.items() if seat.place is None)
        if unbound and not exercise.state.is_over and not exercise.state.is_under_way:
            return ConfirmStartex(exercise=exercise.number, unbound=unbound, scheduled_at=moment)
        return begin(tx, exercise, request, moment)

    await desk.answer(request, use_case)


def begin(tx: Transaction, exercise: Exercise, request: Request, moment: datetime | None) -> Notice | None:
    """STARTEX now, or set for ``moment``."""
    if moment is None:
        record(tx, conduct.startex(exercise, request.person, request.at))
        return None
    record(tx, conduct.schedule(exercise, moment, request.person, request.at))
    return Notice(exercise=exercise.number, key="notice.scheduled", params={"at": Moment(at=moment)})


async def pausex(desk: Desk, request: Request) -> None:
    """`/pausex [why]`."""
    await _turn(desk, request, Deed.PAUSEX, lambda e, why: conduct.pause(e, request.person, request.at, why))


async def resumex(desk: Desk, request: Request) -> None:
    """`/resumex`."""
    await _turn(desk, request, Deed.RESUMEX, lambda e, _: conduct.resume(e, request.person, request.at))


async def endex(desk: Desk, request: Request) -> None:
    """`/endex`."""
    await _turn(desk, request, Deed.ENDEX, lambda e, _: conduct.endex(e, request.person, request.at))


async def abort(desk: Desk, request: Request) -> None:
    """`/abort WHY`."""

    def step(exercise: Exercise, why: str) -> Change:
        if not why:
            raise WrongUsage(example="/abort WHY")
        return conduct.abort(exercise, request.person, request.at, why)

    await _turn(desk, request, Deed.ABORT, step)


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
    try:
        return at + parse_duration(text.casefold().removeprefix("in ").strip())
    except ValueError:
        raise WrongUsage(example="/startex 09:30") from None
