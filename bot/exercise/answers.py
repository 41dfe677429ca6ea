"""What units answer: acknowledgements, progress, decisions and reports. Pure."""

from datetime import datetime

from bot.exercise.errors import (
    AlreadyAcknowledged,
    AlreadyDecided,
    AlreadyMarked,
    ExerciseOver,
    LeaderOnly,
    NothingAsked,
    NotReceived,
    ReasonNeeded,
    UnknownInject,
    UnknownOption,
)
from bot.exercise.evidence import with_evidence
from bot.exercise.facts import Change, Fact, FactKind, bound
from bot.exercise.issuing import trigger
from bot.exercise.model import (
    Acknowledgement,
    Cause,
    Choice,
    Delivery,
    DeliveryState,
    Exercise,
    InjectRun,
    InjectState,
    ProgressMark,
)
from bot.exercise.people import Person
from bot.exercise.reporting import Brought
from scenarios.model import Option


def acknowledge(
    exercise: Exercise, inject_id: str, unit: str, by: Person, at: datetime, *, exact: bool = True
) -> Change:
    """The unit has the inject: the first acknowledgement counts.

    Accepted while the clock stands still too: nobody's tap is lost for a pause.

    Raises:
        AlreadyAcknowledged: somebody of the unit was first.
        LeaderOnly: the inject asks for its leader and ``by`` is none.
        NothingAsked: the inject asks for no acknowledgement.
    """
    run, delivery = received(exercise, inject_id, unit)
    if run.inject.acknowledge is None:
        raise NothingAsked(inject=run.id)
    if delivery.acknowledged:
        raise AlreadyAcknowledged(inject=run.id, name=delivery.acknowledged.by.name)
    if run.inject.acknowledge.by == "leader":
        require_leader(exercise, unit, by)
    acknowledged = delivery.evolve(acknowledged=Acknowledgement(at, by, exact))
    fact = Fact(at, FactKind.ACKNOWLEDGED, by, run.id, unit, {"exact": exact})
    return Change(exercise.with_delivery(acknowledged), (fact,))


def told_by_radio(exercise: Exercise, inject_id: str, unit: str, by: Person, at: datetime) -> Change:
    """The control room has the unit's answer by radio or telephone: ``by`` says so, at a moment that bounds its time.

    Whoever must acknowledge in the chat (``acknowledge.by``), by radio the word of the control room counts.

    Raises:
        AlreadyAcknowledged: the unit has acknowledged.
        NothingAsked: the inject asks for no acknowledgement.
    """
    run, delivery = received(exercise, inject_id, unit)
    if run.inject.acknowledge is None:
        raise NothingAsked(inject=run.id)
    if delivery.acknowledged:
        raise AlreadyAcknowledged(inject=run.id, name=delivery.acknowledged.by.name)
    acknowledged = delivery.evolve(acknowledged=Acknowledgement(at, by, exact=False, by_radio=True))
    fact = Fact(at, FactKind.ACKNOWLEDGED, by, run.id, unit, {"exact": False, "by_radio": True})
    return Change(exercise.with_delivery(acknowledged), (fact,))


def mark_progress(
    exercise: Exercise, inject_id: str, unit: str, step: str, by: Person, at: datetime, *, exact: bool = True
) -> Change:
    """The unit reports a progress step with one tap; each step counts once."""
    run, delivery = received(exercise, inject_id, unit)
    if step not in run.inject.progress:
        raise NothingAsked(inject=run.id)
    for mark in delivery.progress:
        if mark.step == step:
            raise AlreadyMarked(step=step, name=mark.by.name)
    marked = delivery.evolve(progress=(*delivery.progress, ProgressMark(step, at, by, exact)))
    fact = Fact(at, FactKind.PROGRESSED, by, run.id, unit, {"step": step, **bound(exact=exact)})
    return Change(exercise.with_delivery(marked), (fact,))


def decide(
    exercise: Exercise,
    inject_id: str,
    unit: str,
    option_id: str,
    by: Person,
    at: datetime,
    reason: str = "",
    *,
    exact: bool = True,
) -> Change:
    """A leader of the deciding unit chooses an option, which may fire further injects.

    Raises:
        AlreadyDecided: the first choice stands.
        LeaderOnly: ``by`` is no leader of the unit that decides.
        ReasonNeeded: the option asks for a reason and none is given.
        UnknownOption: there is no such option.
    """
    run, delivery = received(exercise, inject_id, unit)
    decision = run.inject.decision
    if decision is None or decision.by != unit:
        raise NothingAsked(inject=run.id)
    option = next((option for option in decision.options if option.id == option_id), None)
    if option is None:
        raise UnknownOption(inject=run.id)
    if delivery.choice:
        raise AlreadyDecided(
            inject=run.id,
            name=delivery.choice.by.name,
            option=_option(run, delivery.choice.option).text.in_language(exercise.language),
        )
    require_leader(exercise, unit, by)
    if option.reason == "required" and not reason.strip():
        raise ReasonNeeded(inject=run.id, option=option.text.in_language(exercise.language))
    decided = exercise.with_delivery(delivery.evolve(choice=Choice(option.id, at, by, reason.strip(), exact)))
    detail = {"option": option.id, "reason": reason.strip(), **bound(exact=exact)}
    fact = Fact(at, FactKind.DECIDED, by, run.id, unit, detail)
    change = Change(decided, (fact,))
    return change.then(trigger(decided, option.then, at, Cause.CHOICE, run.id))


def report(exercise: Exercise, inject_id: str | None, unit: str, by: Person, at: datetime, brought: Brought) -> Change:
    """A report by a unit, filed under an inject it received or (``None``) under none."""
    if not exercise.state.is_under_way:
        raise ExerciseOver
    detail = brought.detail()
    if inject_id is None:
        return Change(exercise, (Fact(at, FactKind.REPORTED, by, None, unit, detail),))
    run, delivery = received(exercise, inject_id, unit)
    filed = exercise.with_delivery(with_evidence(run, delivery, brought.kind, brought.text, by, at))
    return Change(filed, (Fact(at, FactKind.REPORTED, by, run.id, unit, detail),))


def received(exercise: Exercise, inject_id: str, unit: str) -> tuple[InjectRun, Delivery]:
    """The run and the delivery of an inject that ``unit`` may be looking at, its id in any case.

    Raises:
        ExerciseOver: ENDEX has been.
        UnknownInject: there is no such inject.
        NotReceived: it was not issued to that unit.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    wanted = inject_id.casefold()
    run = exercise.injects.get(inject_id) or next(
        (run for run in exercise.injects.values() if run.id.casefold() == wanted), None
    )
    if run is None:
        raise UnknownInject(inject=inject_id)
    delivery = run.deliveries.get(unit)
    if run.state is not InjectState.ISSUED or delivery is None or delivery.state is DeliveryState.SKIPPED:
        raise NotReceived(inject=run.id)
    return run, delivery


def unanswered(exercise: Exercise, unit: str) -> list[InjectRun]:
    """The injects that ``unit`` received and has still to acknowledge, oldest first."""
    runs = [
        run
        for run in exercise.injects.values()
        if run.inject.acknowledge
        and (delivery := run.deliveries.get(unit))
        and not delivery.acknowledged
        and delivery.state is not DeliveryState.SKIPPED
    ]
    return sorted(runs, key=lambda run: run.issued_at or exercise.created_at)


def require_leader(exercise: Exercise, unit: str, person: Person) -> None:
    """Refuse whoever does not lead ``unit``."""
    leaders = exercise.seats[unit].leaders
    if person.id not in leaders:
        raise LeaderOnly(leaders=", ".join(leaders.values()))


def _option(run: InjectRun, option_id: str) -> Option:
    options = run.inject.decision.options if run.inject.decision else ()
    return next(option for option in options if option.id == option_id)
