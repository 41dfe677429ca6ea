"""The control room: preparing an exercise and steering it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.exercise import conduct, enrolment
from bot.exercise.errors import Refusal
from bot.exercise.facts import Change
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Role
from bot.messages import (
    Board,
    ConfirmStartex,
    Created,
    Moment,
    NextInjects,
    Notice,
    Plain,
    ScenarioList,
    Span,
    UnitList,
)
from bot.service import finding, preparing
from bot.service.recording import board_key, record
from bot.store import directory, exercises, outbox
from bot.store.transaction import Transaction
from bot.wire.rendering.lists import CODES_PER_MESSAGE
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request
from scenarios.durations import parse_duration

_NUMBER = re.compile(r"(?:^|\s)#(\d{1,9})(?=\s|$)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


class WrongUsage(Refusal):
    """The command lacks something; ``example`` shows how it goes."""

    key = "reply.usage"


class UnknownPerson(Refusal):
    """The bot has never met that person."""

    key = "reply.person_unknown"


def _number(request: Request) -> tuple[int | None, str]:
    """The exercise that `#NUMBER` names, and the text without it."""
    found = _NUMBER.search(request.text)
    if found is None:
        return None, request.text
    rest = request.text[: found.start()] + request.text[found.end() :]
    return int(found[1]), rest.strip()


def _steered(tx: Transaction, desk: Desk, request: Request, deed: Deed) -> tuple[Exercise, str]:
    """The exercise that a command in the control room acts on, once the person may, and the rest of the text."""
    number, text = _number(request)
    exercise = finding.control_exercise(tx, request.place, number)
    require(deed, request, desk.owners, exercise)
    return exercise, text


async def scenarios(desk: Desk, request: Request) -> None:
    """`/scenarios`: the library."""

    def use_case(tx: Transaction) -> Replies:
        require(Deed.SCENARIOS, request, desk.owners, exercises.latest_at(tx, request.place))
        return ScenarioList()

    await desk.answer(request, use_case)


async def new(desk: Desk, request: Request) -> None:
    """`/new SCENARIO [name]`: this chat becomes the control room of a new exercise."""

    def use_case(tx: Transaction) -> Replies:
        require(Deed.NEW, request, desk.owners, exercises.latest_at(tx, request.place))
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
        exercise, _ = _steered(tx, desk, request, Deed.UNITS)
        return UnitList(exercise=exercise.number)

    await desk.answer(request, use_case)


async def next_(desk: Desk, request: Request) -> None:
    """`/next`: what waits, with its times."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = _steered(tx, desk, request, Deed.NEXT)
        return NextInjects(exercise=exercise.number)

    await desk.answer(request, use_case)


async def startex(desk: Desk, request: Request) -> None:
    """`/startex [HH:MM|in 10m]`: now or then; asks first while units are missing."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = _steered(tx, desk, request, Deed.STARTEX)
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
        exercise, text = _steered(tx, desk, request, deed)
        record(tx, step(exercise, text))
        return None

    await desk.answer(request, use_case)


async def fire(desk: Desk, request: Request) -> None:
    """`/fire ID`: an inject, now."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = _steered(tx, desk, request, Deed.FIRE)
        inject = _needed(text, "/fire C-01")
        change = conduct.fire(exercise, inject, request.person, request.at, desk.clock.reference)
        record(tx, change)
        params = {"inject": _named(change), "by": request.person.name}
        return Notice(exercise=exercise.number, key="notice.fired", params=dict(params))

    await desk.answer(request, use_case)


async def skip(desk: Desk, request: Request) -> None:
    """`/skip ID [why]`: leave an inject out."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = _steered(tx, desk, request, Deed.SKIP)
        inject, _, why = _needed(text, "/skip I-07").partition(" ")
        change = conduct.skip(exercise, inject, request.person, request.at, why)
        record(tx, change)
        params = {"inject": _named(change), "by": request.person.name, "why": why}
        return Notice(exercise=exercise.number, key="notice.skipped", params=dict(params))

    await desk.answer(request, use_case)


async def delay(desk: Desk, request: Request) -> None:
    """`/delay ID|all DURATION`: put one inject, or all that wait, off."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = _steered(tx, desk, request, Deed.DELAY)
        which, _, duration = _needed(text, "/delay I-07 5m").partition(" ")
        try:
            by = parse_duration(duration)
        except ValueError:
            raise WrongUsage(example="/delay I-07 5m") from None
        inject = None if which.casefold() in {"all", "semua"} else which
        change = conduct.delay(exercise, inject, by, request.person, request.at)
        record(tx, change)
        span = Span(elapsed=by)
        if inject is None:
            params = {"span": span, "by": request.person.name}
            return Notice(exercise=exercise.number, key="notice.all_delayed", params=params)
        params = {"inject": _named(change), "span": span, "by": request.person.name}
        return Notice(exercise=exercise.number, key="notice.delayed", params=params)

    await desk.answer(request, use_case)


async def status(desk: Desk, request: Request) -> None:
    """`/status`: the live board, below everything said since; the older one stays as it was."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = _steered(tx, desk, request, Deed.STATUS)
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
        exercise, text = _steered(tx, desk, request, Deed.ROLE)
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


def _needed(text: str, example: str) -> str:
    if not text:
        raise WrongUsage(example=example)
    return text


def _named(change: Change) -> str:
    """The id of the inject that a change was about, as the scenario writes it."""
    return next((fact.inject for fact in change.facts if fact.inject), "")


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
