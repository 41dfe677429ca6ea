"""Injects coming due: by the script's clock, by a choice, by silence or by the director. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.exercise.conditions import Verdict, judge
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Cause, Delivery, DeliveryState, Exercise, InjectRun, InjectState
from bot.exercise.people import SYSTEM, Person

Reference = Callable[[], str]
"""Makes fresh opaque references for deliveries."""


def issue_due(exercise: Exercise, at: datetime, reference: Reference) -> Change:
    """Every inject whose offset the running clock has reached: issued, skipped, or asked about, in script order."""
    change = Change(exercise)
    for run in due(exercise, exercise.clock.elapsed(at)):
        change = change.then(_come_due(change.exercise, run, at, reference))
    return change


def due(exercise: Exercise, elapsed: timedelta) -> list[InjectRun]:
    """The injects that wait and are due at exercise time ``elapsed``: by offset, then in file order."""
    waiting = [
        (run.at, run)
        for run in exercise.injects.values()
        if run.state is InjectState.WAITING and run.at is not None and run.at <= elapsed
    ]
    return [run for _, run in sorted(waiting, key=lambda pair: pair[0])]


def trigger(exercise: Exercise, injects: Iterable[str], at: datetime, cause: Cause, because: str) -> Change:
    """Make injects come due now, or, while the clock stands still, as soon as it goes on.

    An inject that was issued or skipped before stays as it is: each fires once at most.
    """
    change = Change(exercise)
    elapsed = exercise.clock.elapsed(at)
    for inject_id in injects:
        run = change.exercise.injects[inject_id]
        if run.state is InjectState.WAITING and (run.at is None or run.at > elapsed):
            triggered = run.evolve(at=elapsed, cause=cause, because=because)
            fact = Fact(at, FactKind.TRIGGERED, SYSTEM, inject_id, detail={"cause": cause, "because": because})
            change = change.then(Change(change.exercise.with_run(triggered), (fact,)))
    return change


def issue(
    exercise: Exercise,
    run: InjectRun,
    due_at: datetime,
    at: datetime,
    reference: Reference,
    by: Person = SYSTEM,
) -> Change:
    """Issue an inject: a delivery for each of its units, and the phase and situation that it brings."""
    units = exercise.scenario.units_of(run.inject)
    deliveries = {unit: delivery_to(exercise, run, unit, due_at, reference) for unit in units}
    issued = run.evolve(state=InjectState.ISSUED, due_at=due_at, issued_at=at, deliveries=deliveries)
    detail: dict[str, object] = {"cause": issued.cause, "units": list(deliveries)}
    if issued.because:
        detail["because"] = issued.because
    facts = []
    changes: dict[str, object] = {}
    inject = run.inject
    # A contingency inject interrupts a phase; it does not begin one.
    if inject.phase and not inject.is_contingency and inject.phase != exercise.phase:
        changes["phase"] = inject.phase
        facts.append(Fact(at, FactKind.PHASE, SYSTEM, detail={"phase": inject.phase}))
    if inject.situation and inject.situation != exercise.situation:
        changes["situation"] = inject.situation
        facts.append(Fact(at, FactKind.SITUATION, SYSTEM, detail={"situation": inject.situation}))
    facts.append(Fact(at, FactKind.ISSUED, by, run.id, detail=detail))
    return Change(exercise.with_run(issued).evolve(**changes), tuple(facts))


def delivery_to(exercise: Exercise, run: InjectRun, unit: str, due_at: datetime, reference: Reference) -> Delivery:
    """What an inject that is issued is to a unit: a new delivery, or what stands of one that was called back."""
    former = run.deliveries.get(unit)
    if former is not None and former.state is DeliveryState.FAILED:
        return former
    if former is None:
        delivery = Delivery(run.id, unit, reference(), due_at)
    else:
        delivery = former.evolve(state=DeliveryState.PENDING, why="", due_at=due_at)
    if exercise.seats[unit].place is None:
        return delivery.evolve(state=DeliveryState.SKIPPED, why="unbound")
    return delivery


def what_stands(run: InjectRun) -> dict[str, Delivery]:
    """What stands of an inject that is called back: what a unit has answered, and what Telegram has refused."""
    return {
        unit: delivery if delivery.state is DeliveryState.FAILED else _called_back(delivery)
        for unit, delivery in run.deliveries.items()
        if delivery.answered or delivery.state is DeliveryState.FAILED
    }


def _called_back(delivery: Delivery) -> Delivery:
    return delivery.evolve(state=DeliveryState.SKIPPED, why="late")


def skipped(exercise: Exercise, run: InjectRun, at: datetime, by: Person, why: str) -> Change:
    """Leave an inject out, for good."""
    skipped_run = run.evolve(state=InjectState.SKIPPED, why=why)
    return Change(exercise.with_run(skipped_run), (Fact(at, FactKind.SKIPPED, by, run.id, detail={"why": why}),))


def _come_due(exercise: Exercise, run: InjectRun, at: datetime, reference: Reference) -> Change:
    requires = run.inject.requires
    # What the director has fired, and an interruption has held, goes out whatever its gate, as it would have then.
    judged = requires if run.cause is not Cause.DIRECTOR else None
    verdict = judge(judged, exercise) if judged else Verdict.MET
    due_at = exercise.clock.moment(run.at or timedelta()) or at
    if verdict is Verdict.MET:
        return issue(exercise, run, due_at, at, reference)
    if verdict is Verdict.OTHERWISE and requires and requires.otherwise == "skip":
        return skipped(exercise, run, at, SYSTEM, "condition")
    asked = run.evolve(state=InjectState.ASKED, due_at=due_at)
    return Change(exercise.with_run(asked), (Fact(at, FactKind.ASKED, SYSTEM, run.id, detail={"verdict": verdict}),))
