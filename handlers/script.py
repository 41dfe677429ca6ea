"""Steering the script: what comes next, injects sent, left out or put off."""

from bot.exercise import conduct
from bot.exercise.facts import Change
from bot.messages import NextInjects, Notice, Span
from bot.service.recording import record
from bot.store.transaction import Transaction
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.request import Request
from handlers.steering import WrongUsage, needed, steered
from scenarios.durations import parse_duration


async def next_(desk: Desk, request: Request) -> None:
    """`/next`: what waits, with its times."""

    def use_case(tx: Transaction) -> Replies:
        exercise, _ = steered(tx, desk, request, Deed.NEXT)
        return NextInjects(exercise=exercise.number)

    await desk.answer(request, use_case)


async def fire(desk: Desk, request: Request) -> None:
    """`/fire ID`: an inject, now."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.FIRE)
        inject = needed(text, "/fire C-01")
        change = conduct.fire(exercise, inject, request.person, request.at, desk.clock.reference)
        record(tx, change)
        params = {"inject": _named(change), "by": request.person.name}
        return Notice(exercise=exercise.number, key="notice.fired", params=dict(params))

    await desk.answer(request, use_case)


async def skip(desk: Desk, request: Request) -> None:
    """`/skip ID [why]`: leave an inject out."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.SKIP)
        inject, _, why = needed(text, "/skip I-07").partition(" ")
        change = conduct.skip(exercise, inject, request.person, request.at, why)
        record(tx, change)
        params = {"inject": _named(change), "by": request.person.name, "why": why}
        return Notice(exercise=exercise.number, key="notice.skipped", params=dict(params))

    await desk.answer(request, use_case)


async def delay(desk: Desk, request: Request) -> None:
    """`/delay ID|all DURATION`: put one inject, or all that wait, off."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.DELAY)
        which, _, duration = needed(text, "/delay I-07 5m").partition(" ")
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


def _named(change: Change) -> str:
    """The id of the inject that a change was about, as the scenario writes it."""
    return next((fact.inject for fact in change.facts if fact.inject), "")
