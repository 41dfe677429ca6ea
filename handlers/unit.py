"""A unit's chat: acknowledging without the button, reports, leaders, and a real emergency."""

from typing import assert_never

from telegram import Message as TelegramMessage

from bot.exercise import answers
from bot.exercise.errors import NothingOpen
from bot.exercise.model import Exercise
from bot.exercise.people import Person
from bot.messages import Gap, HotWashPost, HotWashPrompt, Notice, ReasonPrompt
from bot.service import finding
from bot.service.recording import record
from bot.store import outbox
from bot.store.transaction import Transaction
from handlers import checks, hot_washes, reports
from handlers.authorisation import Deed, require
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import WrongUsage


def _here(tx: Transaction, desk: Desk, request: Request, deed: Deed) -> tuple[Exercise, str]:
    exercise, unit = finding.unit_here(tx, request.place)
    require(deed, request, desk.owners, exercise, unit)
    return exercise, unit


async def acknowledge(desk: Desk, request: Request) -> None:
    """`/ack [ID]`, or as a reply: the second road, where a press did not get through."""

    def use_case(tx: Transaction) -> Replies:
        exercise, unit = _here(tx, desk, request, Deed.ACKNOWLEDGE)
        if not exercise.state.is_under_way:
            return checks.heard_by_command(tx, exercise, unit, request)
        inject = request.text.split(maxsplit=1)[0] if request.text else reports.inject_replied_to(tx, request)
        inject = inject or _oldest_unanswered(tx, exercise, unit)
        change = answers.acknowledge(exercise, inject, unit, request.person, request.at, exact=request.exact)
        record(tx, change)
        fact = change.facts[0]
        params: dict[str, Gap] = {"inject": fact.inject or "", "name": request.person.name}
        return Notice(exercise=exercise.number, key="notice.acknowledged", params=params)

    await desk.answer(request, use_case)


def _oldest_unanswered(tx: Transaction, exercise: Exercise, unit: str) -> str:
    runs = finding.unanswered_here(tx, exercise, unit)
    if not runs:
        raise NothingOpen
    return runs[0].id


async def pending(desk: Desk, request: Request) -> None:
    """`/pending`: what this unit has not answered yet."""

    def use_case(tx: Transaction) -> Replies:
        exercise, unit = _here(tx, desk, request, Deed.PENDING)
        runs = finding.unanswered_here(tx, exercise, unit)
        if not runs:
            return Notice(exercise=exercise.number, key="refused.nothing_open")
        params: dict[str, Gap] = {"injects": ", ".join(run.id for run in runs)}
        return Notice(exercise=exercise.number, key="notice.pending", params=params)

    await desk.answer(request, use_case)


async def is_answer(desk: Desk, request: Request) -> bool:
    """Whether a reply is to an inject, or to a question for a reason or of the hot wash.

    People's other talk is their own.
    """
    return await desk.store.perform(
        lambda tx: _prompt_replied_to(tx, request) is not None or reports.inject_replied_to(tx, request) is not None
    )


async def reply(desk: Desk, request: Request, message: TelegramMessage) -> None:
    """A reply to one of the bot's messages: a report under an inject, a reason, or an answer in the hot wash."""
    prompt = await desk.store.perform(lambda tx: _prompt_replied_to(tx, request))
    match prompt:
        case None:
            await reports.file(desk, request, message)
        case ReasonPrompt():
            await _give_reason(desk, request, prompt)
        case HotWashPrompt() | HotWashPost():
            await hot_washes.reply(desk, request, prompt)
        case _:
            assert_never(prompt)


def _prompt_replied_to(tx: Transaction, request: Request) -> ReasonPrompt | HotWashPrompt | HotWashPost | None:
    if request.reply_to is None:
        return None
    _, said = outbox.said(tx, request.place.chat_id, request.reply_to) or (None, None)
    return said if isinstance(said, ReasonPrompt | HotWashPrompt | HotWashPost) else None


async def _give_reason(desk: Desk, request: Request, prompt: ReasonPrompt) -> None:
    def use_case(tx: Transaction) -> Replies:
        exercise, unit = _here(tx, desk, request, Deed.DECIDE)
        if not request.text:
            raise WrongUsage(example="...")
        change = answers.decide(
            exercise, prompt.inject, unit, prompt.option, request.person, request.at, reason=request.text[:1_000]
        )
        record(tx, change)
        tell_decision(tx, change.exercise, prompt.inject, unit, request.person, request)
        return None

    await desk.answer(request, use_case)


def tell_decision(tx: Transaction, exercise: Exercise, inject: str, unit: str, by: Person, request: Request) -> None:
    """Tell the control room which way a decision went."""
    run = exercise.injects[inject]
    choice = run.deliveries[unit].choice
    options = run.inject.decision.options if run.inject.decision else ()
    chosen = next((option for option in options if choice and option.id == choice.option), None)
    params: dict[str, Gap] = {
        "inject": inject,
        "unit": exercise.scenario.units[unit].name.in_language(exercise.language),
        "option": chosen.text.in_language(exercise.language) if chosen else "",
        "by": by.name,
        "why": choice.reason if choice else "",
    }
    message = Notice(exercise=exercise.number, key="notice.decided", params=params)
    outbox.add(tx, message, exercise.control, request.at, exercise=exercise.number)
