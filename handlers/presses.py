"""Buttons. The press names what it is about; everything else is read from the record anew."""

from typing import TypeVar

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.buttons import ButtonData, Verb
from bot.exercise import answers
from bot.exercise.errors import ReasonNeeded, Refusal
from bot.exercise.figures import latency
from bot.exercise.model import Delivery, Exercise
from bot.exercise.people import Place
from bot.messages import Gap, InjectPost, Message, ReasonPrompt, Span
from bot.service import asking
from bot.service.receiving import AlreadyHandledError
from bot.service.recording import record
from bot.store import directory, exercises
from bot.store.transaction import Transaction
from bot.wire.calls import call
from bot.wire.rendering.notices import toast
from handlers import alarm, checks, confirmations, enrolling, escalations, hot_washes, library, lists, questions
from handlers.authorisation import Deed, require
from handlers.desk import Desk
from handlers.membership import NotMember
from handlers.pressing import Answer, Stale, at_its_place
from handlers.request import Request
from handlers.unit import tell_decision

T = TypeVar("T")
log = structlog.get_logger(__name__)


async def press(desk: Desk, request: Request, bot: Bot, query_id: str) -> None:
    """Do what a button asks for, once it is durable answer with a toast, and refuse with an alert."""

    def use_case(tx: Transaction) -> tuple[str, Answer]:
        answer = take(tx, desk, request)
        return desk.language_at(tx, request.place.chat_id, answer[2]), answer

    alert = False
    try:
        if not request.private and not await desk.membership.is_member(request.place.chat_id, request.person.id):
            raise NotMember
        language, (key, params, exercise) = await desk.decide(request, use_case, long=_steers(request))
    except Refusal as refusal:
        language = await desk.refuse(request, refusal, reply=False)
        key, params, exercise, alert = refusal.key, dict(refusal.params), None, True
    except AlreadyHandledError:
        language, key, params, exercise = desk.language, "toast.done", {}, None
    try:
        words = toast(language, key, params, exercise)
        await call(bot, "answerCallbackQuery", {"callback_query_id": query_id, "text": words, "show_alert": alert})
    except TelegramError as error:
        # Too old to answer, or Telegram out of reach: what the press did stands, and the message shows it.
        log.info("press_unanswered", why=str(error), update_id=request.update_id)


_STEERING = frozenset({Verb.HELD, Verb.STARTEX, Verb.REALWORLD, Verb.GO_ON, Verb.END})
"""Buttons that can have every unit told something."""


def _steers(request: Request) -> bool:
    data = ButtonData.unpack(request.text)
    return data is not None and data.verb in _STEERING


def take(tx: Transaction, desk: Desk, request: Request) -> Answer:
    """Do what a press asks for, and give the words that answer it.

    Raises:
        Refusal: nothing has changed; above all :class:`~handlers.pressing.Stale`, where what the button carries does
            not belong under its message, in that chat and topic.
    """
    data = ButtonData.unpack(request.text)
    if data is None:
        raise Stale
    there, said = at_its_place(tx, request)
    return _perform(tx, desk, there, said, data)


def _perform(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:  # noqa: C901, PLR0911, PLR0912 - one short arm for each button
    match data.verb:
        case Verb.ACKNOWLEDGE:
            return _acknowledge(tx, desk, request, said, data)
        case Verb.PROGRESS:
            return _progress(tx, desk, request, said, data)
        case Verb.DECIDE:
            return _decide(tx, desk, request, said, data)
        case Verb.GATE:
            return questions.gate(tx, desk, request, data)
        case Verb.HELD:
            return questions.held(tx, desk, request, data)
        case Verb.STARTEX:
            return confirmations.startex(tx, desk, request, data)
        case Verb.SEAT:
            return enrolling.seat(tx, desk, request, said, data)
        case Verb.PAGE:
            return lists.turn(tx, desk, request, said, data)
        case Verb.RADIO:
            return escalations.told_by_radio(tx, desk, request, said, data)
        case Verb.REALWORLD:
            return alarm.realworld(tx, desk, request, data)
        case Verb.GO_ON:
            return alarm.go_on(tx, desk, request, data)
        case Verb.RESEND:
            return escalations.send_again(tx, desk, request, said, data)
        case Verb.COMMCHECK:
            return checks.heard(tx, desk, request, said, data)
        case Verb.END:
            return confirmations.end(tx, desk, request, data)
        case Verb.OFFER:
            return library.answer(tx, desk, request, said, data)
        case Verb.HOT_WASH:
            return hot_washes.press(tx, desk, request, said, data)


def _delivery(
    tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData, deed: Deed
) -> tuple[Exercise, Delivery]:
    """The delivery that a button stands under, once it stands where its unit sits, under its own message."""
    found = _named(tx, said, data.target) or exercises.by_reference(tx, data.target)
    if found is None:
        raise Stale
    exercise, delivery = found
    if not _is_at(tx, exercise.seats[delivery.unit].place, request) or not _stands_under(said, exercise, delivery):
        raise Stale
    require(deed, request, desk.owners, exercise, delivery.unit)
    return exercise, delivery


def _named(tx: Transaction, said: Message | None, reference: str) -> tuple[Exercise, Delivery] | None:
    """The delivery that the message itself names, where its reference is this one: there is no need to look it up."""
    if not isinstance(said, InjectPost):
        return None
    exercise = exercises.get(tx, said.exercise)
    run = exercise.injects.get(said.inject) if exercise else None
    delivery = run.deliveries.get(said.unit) if run else None
    return (exercise, delivery) if exercise and delivery and delivery.reference == reference else None


def _is_at(tx: Transaction, place: Place | None, request: Request) -> bool:
    """Whether the press came from there, or from the group that this place was when the button was pressed."""
    return place is not None and (place == request.place or place == directory.where_now(tx, request.place))


def _stands_under(said: Message | None, exercise: Exercise, delivery: Delivery) -> bool:
    if said is None:
        # One of several copies, or one so new that the record has not heard of it.
        return delivery.possible_duplicate or delivery.message_id is None or delivery.resent > 0
    about = (getattr(said, "exercise", None), getattr(said, "inject", None), getattr(said, "unit", None))
    return about == (exercise.number, delivery.inject, delivery.unit)


def _acknowledge(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    exercise, delivery = _delivery(tx, desk, request, said, data, Deed.ACKNOWLEDGE)
    if data.choice:
        raise Stale
    change = answers.acknowledge(
        exercise, delivery.inject, delivery.unit, request.person, request.at, exact=request.exact
    )
    exercise = record(tx, change)
    run = exercise.injects[delivery.inject]
    acknowledged = run.deliveries[delivery.unit]
    taken = latency(acknowledged, exercise)
    asked = run.inject.acknowledge
    late = bool(asked and taken and taken > asked.within)
    params: dict[str, Gap] = {"inject": run.id, "seconds": Span(elapsed=taken) if taken is not None else ""}
    return ("toast.late" if late else "toast.acknowledged"), params, exercise


def _progress(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    exercise, delivery = _delivery(tx, desk, request, said, data, Deed.PROGRESS)
    step = _chosen(exercise.injects[delivery.inject].inject.progress, data.choice)
    change = answers.mark_progress(
        exercise, delivery.inject, delivery.unit, step, request.person, request.at, exact=request.exact
    )
    return "toast.progress", {"inject": delivery.inject, "step": step}, record(tx, change)


def _decide(tx: Transaction, desk: Desk, request: Request, said: Message | None, data: ButtonData) -> Answer:
    exercise, delivery = _delivery(tx, desk, request, said, data, Deed.DECIDE)
    decision = exercise.injects[delivery.inject].inject.decision
    option = _chosen(decision.options if decision else (), data.choice)
    try:
        change = answers.decide(
            exercise, delivery.inject, delivery.unit, option.id, request.person, request.at, exact=request.exact
        )
    except ReasonNeeded:
        prompt = ReasonPrompt(
            exercise=exercise.number,
            inject=delivery.inject,
            unit=delivery.unit,
            option=option.id,
            by_id=request.person.id,
            by_name=request.person.name,
        )
        place = exercise.seats[delivery.unit].place or request.place
        asking.ask_for_reason(tx, prompt, place, request.at, delivery.message_id)
        return "toast.reason", {"inject": delivery.inject}, exercise
    exercise = record(tx, change)
    tell_decision(tx, exercise, delivery.inject, delivery.unit, request.person, request)
    words = option.text.in_language(exercise.language)
    return "toast.decided", {"inject": delivery.inject, "option": words}, exercise


def _chosen(choices: tuple[T, ...], index: str) -> T:
    if not index.isdigit() or int(index) >= len(choices):
        raise Stale
    return choices[int(index)]
