"""An exercise led once more through its log: what each fact made of it. Pure.

What the facts do not say is not brought back: join codes, references of buttons, and roles in the control room.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from bot.exercise import delivering
from bot.exercise.ad_hoc import usual_window
from bot.exercise.evidence import TIMERS, with_evidence
from bot.exercise.facts import Fact, FactKind
from bot.exercise.issuing import delivery_to, what_stands
from bot.exercise.model import (
    Acknowledgement,
    Cause,
    Choice,
    Delivery,
    DeliveryState,
    Exercise,
    ExerciseState,
    InjectRun,
    InjectState,
    ProgressMark,
    Timer,
)
from bot.exercise.people import SYSTEM, Place, UnitSeat
from bot.exercise.timing import Stop, StopKind
from scenarios.model import EvidenceKind, Inject, Text


class DoesNotFit(ValueError):  # noqa: N818 - it says of a fact what it is
    """The fact cannot have come about in this exercise, as its log tells it up to there."""


def retrace(exercise: Exercise, fact: Fact) -> Exercise:
    """The exercise after ``fact``, which followed those that led to ``exercise``.

    Raises:
        DoesNotFit: it names what the exercise does not have, or says too little.
    """
    try:
        return _retrace(exercise, fact)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DoesNotFit(f"{fact.kind}: {error!r}") from error


def _retrace(exercise: Exercise, fact: Fact) -> Exercise:  # noqa: PLR0911 - one arm for each family of facts
    match fact.kind:
        case (
            FactKind.STARTEX
            | FactKind.PAUSED
            | FactKind.REALWORLD
            | FactKind.RESUMED
            | FactKind.ENDEX
            | FactKind.ABORTED
            | FactKind.SCHEDULED
            | FactKind.PHASE
            | FactKind.SITUATION
            | FactKind.SUMMARISED
        ):
            return _turned(exercise, fact)
        case (
            FactKind.JOINED
            | FactKind.UNBOUND
            | FactKind.LEADER_APPOINTED
            | FactKind.LEADER_REMOVED
            | FactKind.UNREACHABLE
            | FactKind.REACHABLE
        ):
            return _seated(exercise, fact)
        case FactKind.ADDED:
            return exercise.with_run(_added(exercise, fact))
        case (
            FactKind.TRIGGERED
            | FactKind.ISSUED
            | FactKind.ASKED
            | FactKind.HELD
            | FactKind.RELEASED
            | FactKind.SKIPPED
            | FactKind.DELAYED
        ):
            return exercise.with_run(_scripted(exercise, fact))
        case FactKind.SENT | FactKind.UNCERTAIN | FactKind.FAILED | FactKind.NOT_SENT | FactKind.RESENT:
            return _sending(exercise, fact)
        case FactKind.ACKNOWLEDGED | FactKind.PROGRESSED | FactKind.DECIDED:
            return exercise.with_delivery(_answered(_delivery(exercise, fact), fact))
        case FactKind.REPORTED | FactKind.CORRECTED:
            return _reported(exercise, fact)
        case (
            FactKind.REMINDED
            | FactKind.SILENT
            | FactKind.UNDECIDED
            | FactKind.ESCALATED
            | FactKind.EVIDENCE_MISSING
        ):  # fmt: skip
            delivery = _delivery(exercise, fact)
            return exercise.with_delivery(delivery.evolve(rung=delivery.rung | {_timer(delivery, fact)}))
        case (
            FactKind.CREATED
            | FactKind.ROLE_GIVEN
            | FactKind.ROLE_TAKEN
            | FactKind.CODE_RENEWED
            | FactKind.CODE_WITHDRAWN
            | FactKind.LANGUAGE
            | FactKind.COMMCHECK
            | FactKind.COMMCHECK_ANSWERED
            | FactKind.REALWORLD_AGAIN
            | FactKind.REPORT_GREW
            | FactKind.NOTED
            | FactKind.RATED
            | FactKind.REFUSED
            | FactKind.HOT_WASH
            | FactKind.HOT_WASH_REMINDED
            | FactKind.HOT_WASH_NAMELESS
            | FactKind.HOT_WASH_RATED
            | FactKind.HOT_WASH_ANSWERED
            | FactKind.HOT_WASH_CLOSED
            | FactKind.IMPROVEMENT
            | FactKind.IMPROVEMENT_WITHDRAWN
            | FactKind.ERASED
        ):
            return exercise
        case _:
            assert_never(fact.kind)


def _turned(exercise: Exercise, fact: Fact) -> Exercise:
    at, clock = fact.at, exercise.clock
    stop = Stop(StopKind.PAUSE, at, fact.actor or SYSTEM, str(fact.detail.get("why", "")))
    changes: dict[str, object] = {}
    match fact.kind:
        case FactKind.STARTEX:
            changes = {"state": ExerciseState.RUNNING, "clock": clock.started(at), "scheduled_at": None}
        case FactKind.PAUSED:
            changes = {"state": ExerciseState.PAUSED, "clock": clock.stopped_by(stop)}
        case FactKind.REALWORLD:
            real = Stop(StopKind.REALWORLD, at, stop.by, stop.why)
            changes = {"state": ExerciseState.REALWORLD, "clock": clock.stopped_by(real)}
        case FactKind.RESUMED:
            changes = {"state": ExerciseState.RUNNING, "clock": clock.resumed(at)}
        case FactKind.ENDEX:
            changes = {"state": ExerciseState.ENDED, "clock": clock.ended(at)}
        case FactKind.ABORTED:
            changes = {"state": ExerciseState.ABORTED, "clock": clock.ended(at), "scheduled_at": None}
        case FactKind.SCHEDULED:
            planned = fact.detail["startex_at"]
            changes = {"scheduled_at": datetime.fromisoformat(planned) if isinstance(planned, str) else None}
        case FactKind.PHASE:
            changes = {"phase": str(fact.detail["phase"])}
        case FactKind.SITUATION:
            changes = {"situation": str(fact.detail["situation"])}
        case _:
            changes = {"summarised": True}
    return exercise.evolve(**changes)


def _seated(exercise: Exercise, fact: Fact) -> Exercise:
    detail = fact.detail
    if fact.unit is None:
        # The control room has moved to another chat.
        return exercise.evolve(control=_place(fact))
    seat = exercise.seats[fact.unit]
    leaders = dict(seat.leaders)
    match fact.kind:
        case FactKind.JOINED:
            first = {fact.actor.id: fact.actor.name} if fact.actor and fact.actor != SYSTEM else {}
            title = str(detail.get("chat", ""))
            seat = replace(seat, place=_place(fact), chat_title=title, leaders=leaders or first, unreachable="")
        case FactKind.UNBOUND:
            seat = UnitSeat(seat.unit, "")
        case FactKind.LEADER_APPOINTED:
            seat = replace(seat, leaders=leaders | {_whole(detail["id"]): str(detail["name"])})
        case FactKind.LEADER_REMOVED:
            leaders.pop(_whole(detail["id"]), None)
            seat = replace(seat, leaders=leaders)
        case _:
            seat = replace(seat, unreachable=str(detail["why"]))
    return exercise.evolve(seats={**exercise.seats, seat.unit: seat})


def _added(exercise: Exercise, fact: Fact) -> InjectRun:
    to = tuple(str(unit) for unit in _listed(fact.detail["to"]))
    words = Text(str(fact.detail["text"]))
    inject = Inject(id=fact.inject or "", to=to, text=words, acknowledge=usual_window(exercise.scenario))
    return InjectRun(inject, at=exercise.clock.elapsed(fact.at), cause=Cause.AD_HOC)


def _scripted(exercise: Exercise, fact: Fact) -> InjectRun:
    run, at, detail = exercise.injects[fact.inject or ""], fact.at, fact.detail
    changes: dict[str, object] = {}
    match fact.kind:
        case FactKind.TRIGGERED:
            cause = Cause(str(detail["cause"]))
            changes = {"at": exercise.clock.elapsed(at), "cause": cause, "because": str(detail["because"])}
        case FactKind.ISSUED:
            return _issued(exercise, run, fact)
        case FactKind.ASKED:
            changes = {"state": InjectState.ASKED, "due_at": _due(exercise, run, at)}
        case FactKind.HELD:
            came_due = run.evolve(at=exercise.clock.elapsed(at) - _seconds(fact, "late_seconds"))
            changes = {"state": InjectState.HELD, "at": came_due.at, "due_at": _due(exercise, came_due, at)}
            kept = set(_listed(detail.get("kept", ())))
            deliveries = {unit: delivery for unit, delivery in what_stands(run).items() if unit in kept}
            changes |= {"issued_at": None, "deliveries": deliveries}
        case FactKind.RELEASED:
            later = (run.at or timedelta()) + _seconds(fact)
            changes = {"state": InjectState.WAITING, "at": later, "due_at": None}
        case FactKind.SKIPPED:
            changes = {"state": InjectState.SKIPPED, "why": str(detail.get("why", ""))}
        case _:
            # An inject about which the director was asked had come due already: it was put off from then.
            offset = run.at if run.state is InjectState.WAITING else exercise.clock.elapsed(at)
            changes = {"state": InjectState.WAITING, "at": (offset or timedelta()) + _seconds(fact)}
    return run.evolve(**changes)


def _issued(exercise: Exercise, run: InjectRun, fact: Fact) -> InjectRun:
    cause = Cause(str(fact.detail["cause"]))
    # What was fired, held and let go is issued by itself, and was due when it was fired.
    by_hand = cause is Cause.DIRECTOR and (fact.actor or SYSTEM) != SYSTEM
    due_at = fact.at if by_hand else _due(exercise, run, fact.at)
    deliveries = {}
    for unit in map(str, _listed(fact.detail["units"])):
        reference = f"{run.id}.{unit}"[:40]
        deliveries[unit] = delivery_to(exercise, run, unit, due_at, partial(str, reference))
    because = str(fact.detail.get("because", ""))
    return run.evolve(
        state=InjectState.ISSUED, due_at=due_at, issued_at=fact.at, cause=cause, because=because, deliveries=deliveries
    )


def _sending(exercise: Exercise, fact: Fact) -> Exercise:
    delivery, detail = _delivery(exercise, fact), fact.detail
    inject, unit, why = delivery.inject, delivery.unit, str(detail.get("why", ""))
    match fact.kind:
        case FactKind.SENT:
            # The log has the moment of Telegram's answer, and not the date on the message.
            return delivering.sent(
                exercise,
                inject,
                unit,
                fact.at,
                message_id=_whole(detail["message_id"]),
                message_date=fact.at,
                attempts=_whole(detail["attempts"]),
            ).exercise
        case FactKind.UNCERTAIN:
            return delivering.uncertain(exercise, inject, unit, fact.at, why).exercise
        case FactKind.FAILED:
            return exercise if detail.get("again") else delivering.failed(exercise, inject, unit, fact.at, why).exercise
        case FactKind.NOT_SENT:
            return delivering.not_sent(exercise, inject, unit, fact.at, why).exercise
        case _:
            again = delivery.evolve(resent=_whole(detail["times"]))
            if not delivery.state.may_have_arrived:
                again = again.evolve(state=DeliveryState.PENDING, why="")
            return exercise.with_delivery(again)


def _answered(delivery: Delivery, fact: Fact) -> Delivery:
    by, detail = fact.actor or SYSTEM, fact.detail
    match fact.kind:
        case FactKind.ACKNOWLEDGED:
            by_radio = detail.get("by_radio") is True
            return delivery.evolve(acknowledged=Acknowledgement(fact.at, by, fact.exact, by_radio))
        case FactKind.PROGRESSED:
            mark = ProgressMark(str(detail["step"]), fact.at, by, fact.exact)
            return delivery.evolve(progress=(*delivery.progress, mark))
        case _:
            chosen = Choice(str(detail["option"]), fact.at, by, str(detail.get("reason", "")), fact.exact)
            return delivery.evolve(choice=chosen)


def _reported(exercise: Exercise, fact: Fact) -> Exercise:
    run = exercise.injects.get(fact.inject or "")
    delivery = run.deliveries.get(fact.unit or "") if run else None
    if run is None or delivery is None:
        return exercise
    kind, words = str(fact.detail.get("kind", "")), str(fact.detail.get("text", ""))
    return exercise.with_delivery(with_evidence(run, delivery, kind, words, fact.actor or SYSTEM, fact.at))


_TIMERS = {
    FactKind.SILENT: Timer.SILENT,
    FactKind.UNDECIDED: Timer.UNDECIDED,
    FactKind.ESCALATED: Timer.ESCALATE,
}


def _timer(delivery: Delivery, fact: Fact) -> Timer:
    if fact.kind is FactKind.EVIDENCE_MISSING:
        return TIMERS[EvidenceKind(str(fact.detail["kind"]))]
    if fact.kind is FactKind.REMINDED:
        return Timer.REMIND_DECISION if delivery.acknowledged else Timer.REMIND
    return _TIMERS[fact.kind]


def _due(exercise: Exercise, run: InjectRun, at: datetime) -> datetime:
    return exercise.clock.moment(run.at or timedelta()) or at


def _delivery(exercise: Exercise, fact: Fact) -> Delivery:
    return exercise.injects[fact.inject or ""].deliveries[fact.unit or ""]


def _place(fact: Fact) -> Place:
    thread = fact.detail.get("thread_id")
    return Place(_whole(fact.detail["chat_id"]), thread if isinstance(thread, int) else None)


def _seconds(fact: Fact, name: str = "seconds") -> timedelta:
    seconds = fact.detail[name]
    if not isinstance(seconds, int | float):
        raise TypeError(f"{seconds!r} is no number of seconds")
    return timedelta(seconds=seconds)


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _listed(value: object) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r} is no list")
    return value
