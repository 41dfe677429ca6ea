"""Deadlines, reminders and escalations, counted on the exercise clock from the moment of sending. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.exercise.evidence import TIMERS, outstanding_evidence
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.issuing import trigger
from bot.exercise.model import Cause, Delivery, DeliveryState, Exercise, InjectRun, InjectState, Timer
from bot.exercise.people import SYSTEM
from bot.exercise.timing import ExerciseClock

_FACTS = {
    Timer.REMIND: FactKind.REMINDED,
    Timer.REMIND_DECISION: FactKind.REMINDED,
    Timer.SILENT: FactKind.SILENT,
    Timer.UNDECIDED: FactKind.UNDECIDED,
    Timer.ESCALATE: FactKind.ESCALATED,
    **dict.fromkeys(TIMERS.values(), FactKind.EVIDENCE_MISSING),
}
_KINDS = {timer: kind for kind, timer in TIMERS.items()}
_OVERTAKEN_BY = {Timer.REMIND: Timer.SILENT, Timer.REMIND_DECISION: Timer.UNDECIDED}


def acknowledgement_deadline(run: InjectRun, delivery: Delivery, clock: ExerciseClock) -> timedelta | None:
    """The exercise time until which ``delivery`` is to be acknowledged; ``None`` where none is asked or sent."""
    asked = run.inject.acknowledge
    return clock.elapsed(delivery.sent_at) + asked.within if asked and delivery.sent_at else None


def decision_deadline(run: InjectRun, delivery: Delivery, clock: ExerciseClock) -> timedelta | None:
    """The exercise time until which ``delivery`` is to be decided; ``None`` where it is not this unit's to decide."""
    decision = run.inject.decision
    if decision is None or decision.by != delivery.unit or delivery.sent_at is None:
        return None
    return clock.elapsed(delivery.sent_at) + decision.within


def outstanding(run: InjectRun, delivery: Delivery, clock: ExerciseClock) -> Iterator[tuple[timedelta, Timer]]:
    """The timers that can still go off for ``delivery``, each with its exercise time, in no order."""
    if not delivery.state.may_have_arrived:
        return
    asked = run.inject.acknowledge
    warning = asked.remind if asked else None
    deadline = None if delivery.acknowledged else acknowledgement_deadline(run, delivery, clock)
    if asked and deadline is not None:
        if asked.remind and Timer.SILENT not in delivery.rung:
            yield deadline - asked.remind, Timer.REMIND
        yield deadline, Timer.SILENT
        if asked.escalate is not None:
            yield deadline + asked.escalate, Timer.ESCALATE
    deadline = decision_deadline(run, delivery, clock)
    if deadline is not None and not delivery.choice:
        if warning and delivery.acknowledged and Timer.UNDECIDED not in delivery.rung:
            yield deadline - warning, Timer.REMIND_DECISION
        yield deadline, Timer.UNDECIDED
    if run.inject.evidence:
        yield from outstanding_evidence(run, delivery, clock)


def ring(exercise: Exercise, at: datetime) -> Change:
    """Let every timer go off whose exercise time has come, and act on silence."""
    change = Change(exercise)
    for run in _unsettled(exercise):
        change = change.then(_ring_run(change.exercise, run, at))
    return change


def next_offset(exercise: Exercise) -> timedelta | None:
    """The earliest exercise time at which an inject comes due or a timer goes off; ``None`` if nothing waits."""
    offsets = [run.at for run in exercise.injects.values() if run.state is InjectState.WAITING and run.at is not None]
    for run in _unsettled(exercise):
        offsets += _offsets(run, exercise.clock)
    return min(offsets, default=None)


def _offsets(run: InjectRun, clock: ExerciseClock) -> Iterator[timedelta]:
    """The exercise times at which timers go off for a run; of those that are alike the earliest alone."""
    soonest = _soonest(run)
    plain = soonest is not None and run.inject.decision is None and not run.inject.evidence
    earliest: datetime | None = None
    for delivery in run.deliveries.values():
        if not plain or delivery.sent_at is None or delivery.rung:
            yield from (offset for offset, timer in outstanding(run, delivery, clock) if timer not in delivery.rung)
        elif not delivery.acknowledged and delivery.state.may_have_arrived:
            # Where nothing but an acknowledgement is asked, what was sent first comes first.
            earliest = delivery.sent_at if earliest is None else min(earliest, delivery.sent_at)
    if soonest is not None and earliest is not None:
        yield clock.elapsed(earliest) + soonest


def _soonest(run: InjectRun) -> timedelta | None:
    """How long after its sending the first timer of a delivery can go off; ``None`` where none ever does."""
    asked, decision = run.inject.acknowledge, run.inject.decision
    warning = asked.remind if asked and asked.remind else timedelta()
    waits = [evidence.within for evidence in run.inject.evidence if evidence.within is not None]
    waits += [part.within - warning for part in (asked, decision) if part]
    return min(waits, default=None)


def _unsettled(exercise: Exercise) -> Iterator[InjectRun]:
    return (run for run in exercise.injects.values() if run.state is InjectState.ISSUED and not run.settled)


def _ring_run(exercise: Exercise, run: InjectRun, at: datetime) -> Change:
    elapsed = exercise.clock.elapsed(at)
    deliveries = dict(run.deliveries)
    facts: list[Fact] = []
    settled = True
    soonest = _soonest(run)
    for unit, delivery in run.deliveries.items():
        if soonest and delivery.sent_at and at - delivery.sent_at < soonest:
            # Exercise time is never more than what has passed on the wall.
            settled = False
            continue
        timers = [pair for pair in outstanding(run, delivery, exercise.clock) if pair[1] not in delivery.rung]
        ringing = [timer for offset, timer in sorted(timers) if offset <= elapsed]
        settled = settled and delivery.state is not DeliveryState.PENDING and len(ringing) == len(timers)
        # Nobody is reminded of a deadline that has passed meanwhile.
        ringing = [timer for timer in ringing if _OVERTAKEN_BY.get(timer) not in ringing]
        if ringing:
            deliveries[unit] = delivery.evolve(rung=delivery.rung | set(ringing))
            facts += [_rang(timer, run, unit, at) for timer in ringing]
    if not facts and settled == run.settled:
        return Change(exercise)
    rung = run.evolve(deliveries=deliveries, settled=settled)
    if not run.inject.if_silent or run.silence_answered or not _silent(rung):
        return Change(exercise.with_run(rung), tuple(facts))
    answered = exercise.with_run(rung.evolve(silence_answered=True))
    change = Change(answered, tuple(facts))
    return change.then(trigger(answered, run.inject.if_silent, at, Cause.SILENCE, run.id))


def _rang(timer: Timer, run: InjectRun, unit: str, at: datetime) -> Fact:
    detail = {"kind": _KINDS[timer]} if timer in _KINDS else {}
    return Fact(at, _FACTS[timer], SYSTEM, run.id, unit, detail)


def _silent(run: InjectRun) -> bool:
    """Whether the unit that decides, or, where nothing is to be decided, any unit let its deadline pass."""
    decision = run.inject.decision
    if decision:
        return Timer.UNDECIDED in run.deliveries[decision.by].rung
    return any(Timer.SILENT in delivery.rung for delivery in run.deliveries.values())
