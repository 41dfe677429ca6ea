"""Steering the script: what comes next, injects sent, left out or put off."""

from datetime import timedelta

from bot.exercise import ad_hoc, conduct
from bot.exercise.addressing import one_unit
from bot.exercise.errors import UnknownInject
from bot.exercise.facts import Change
from bot.exercise.model import Exercise, InjectState
from bot.messages import Gap, InjectCard, Moment, NextInjects, Notice, Span
from bot.service import resending
from bot.service.recording import record
from bot.store.transaction import Transaction
from handlers.authorisation import Deed
from handlers.desk import Desk, Replies
from handlers.request import Request, first_word
from handlers.steering import WrongUsage, needed, steered, two_parts
from scenarios.durations import parse_duration


async def next_(desk: Desk, request: Request) -> None:
    """`/next [ID]`: what waits, with its times; or one inject, with what only controllers may know of it."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.NEXT)
        if not text:
            return NextInjects(exercise=exercise.number)
        wanted = text.split()[0].casefold()
        run = next((run for run in exercise.injects.values() if run.id.casefold() == wanted), None)
        if run is None:
            raise UnknownInject(inject=text.split()[0])
        return InjectCard(exercise=exercise.number, inject=run.id)

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
        inject, why = first_word(needed(text, "/skip I-07"))
        change = conduct.skip(exercise, inject, request.person, request.at, why)
        record(tx, change)
        params = {"inject": _named(change), "by": request.person.name, "why": why}
        return Notice(exercise=exercise.number, key="notice.skipped", params=dict(params))

    await desk.answer(request, use_case)


async def delay(desk: Desk, request: Request) -> None:
    """`/delay ID|all DURATION`: put one inject, or all that wait, off."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.DELAY)
        which, duration = first_word(needed(text, "/delay I-07 5m"))
        try:
            by = parse_duration(duration)
        except ValueError:
            raise WrongUsage(example="/delay I-07 5m") from None
        if not by:
            raise WrongUsage(example="/delay I-07 5m")
        inject = None if which.casefold() in {"all", "semua"} else which
        change = conduct.delay(exercise, inject, by, request.person, request.at)
        record(tx, change)
        span = Span(elapsed=by)
        params: dict[str, Gap]
        if inject is None:
            params = {"span": span, "by": request.person.name}
            return Notice(exercise=exercise.number, key="notice.all_delayed", params=params)
        named = _named(change)
        params = {"inject": named, "span": span, "by": request.person.name, **_when(change.exercise, named)}
        return Notice(exercise=exercise.number, key="notice.delayed", params=params)

    await desk.answer(request, use_case)


def _when(exercise: Exercise, inject: str) -> dict[str, Gap]:
    """The exercise time of an inject and, while the clock runs, its time of day."""
    offset = exercise.injects[inject].at or timedelta()
    moment = exercise.clock.moment(offset)
    return {"exercise_time": Span(elapsed=offset), "time": Moment(at=moment) if moment else "-"}


def _named(change: Change) -> str:
    """The id of the inject that a change was about, as the scenario writes it."""
    return next((fact.inject for fact in change.facts if fact.inject), "")


async def say(desk: Desk, request: Request) -> None:
    """`/say UNIT|GROUP|all TEXT`: an inject of the director's own."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.SAY, free_text=True)
        to, words = two_parts(text, "/say all TEXT")
        exercise = record(tx, ad_hoc.say(exercise, to, words, request.person, request.at, desk.clock.reference))
        run = list(exercise.injects.values())[-1]
        units = exercise.scenario.units_of(run.inject)
        missing = [unit for unit in units if exercise.seats[unit].place is None]
        names = [exercise.scenario.units[unit].name.in_language(exercise.language) for unit in missing]
        params: dict[str, Gap] = {"inject": run.id, "count": len(units) - len(missing), "missing": ", ".join(names)}
        key = "notice.said" if run.state is InjectState.ISSUED else "notice.said_later"
        return Notice(exercise=exercise.number, key=key, params=params)

    await desk.answer(request, use_case)


async def resend(desk: Desk, request: Request) -> None:
    """`/resend ID UNIT`: the same inject again, to one unit."""

    def use_case(tx: Transaction) -> Replies:
        exercise, text = steered(tx, desk, request, Deed.RESEND)
        inject, written = two_parts(text, "/resend I-07 UNIT")
        unit = one_unit(exercise, written)
        change = resending.resend(tx, exercise, inject, unit, request.person, request.at)
        params: dict[str, Gap] = {"inject": _named(change), "unit": unit, "by": request.person.name}
        return Notice(exercise=exercise.number, key="notice.resent", params=params)

    await desk.answer(request, use_case)
