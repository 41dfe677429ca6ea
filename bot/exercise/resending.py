"""The same inject once more to one unit: a new message, and the same delivery. Pure."""

from dataclasses import replace
from datetime import datetime

from bot.exercise.errors import ExerciseOver, NotReceived, NotRunning, NotStarted, Refusal, UnknownInject
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import DeliveryState, Exercise, ExerciseState, InjectState
from bot.exercise.people import Person


class NotJoined(Refusal):
    """The unit sits in no chat; ``unit`` names it."""

    key = "refused.not_joined"


class StillSending(Refusal):
    """The inject is on its way to that unit already; ``inject`` and ``unit`` say which."""

    key = "refused.still_sending"


class JustResent(Refusal):
    """The inject has just been sent to that unit again; ``inject`` and ``unit`` say which."""

    key = "refused.just_resent"


class NotIssued(Refusal):
    """The inject has not been sent to anybody yet, or was skipped; ``inject`` names it."""

    key = "refused.not_issued"


def resend(exercise: Exercise, inject_id: str, unit: str, by: Person, at: datetime) -> Change:
    """Send an inject again to one of its units: the chat gets a new message, and the earlier one gives way to it.

    The delivery stays the same one: a press under either message counts, and its time runs from the first sending.
    Where the first was never sent (refused, or the unit had no chat), it runs from this one.

    Raises:
        ExerciseOver: ENDEX has been.
        NotIssued: the inject has not been issued.
        NotJoined: the unit sits in no chat.
        NotReceived: the inject is not for that unit.
        NotRunning: the clock stands still.
        NotStarted: STARTEX has not been.
        StillSending: its last sending has not ended.
        UnknownInject: there is no such inject.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    if not exercise.state.is_under_way:
        raise NotStarted
    if exercise.state is not ExerciseState.RUNNING:
        raise NotRunning
    wanted = inject_id.casefold()
    run = next((run for run in exercise.injects.values() if run.id.casefold() == wanted), None)
    if run is None:
        raise UnknownInject(inject=inject_id)
    if run.state is not InjectState.ISSUED:
        raise NotIssued(inject=run.id)
    delivery = run.deliveries.get(unit)
    name = exercise.scenario.units[unit].name.in_language(exercise.language)
    if delivery is None:
        raise NotReceived(inject=run.id)
    if exercise.seats[unit].place is None:
        raise NotJoined(unit=name)
    if delivery.state is DeliveryState.PENDING:
        raise StillSending(inject=run.id, unit=name)
    again = delivery.evolve(resent=delivery.resent + 1)
    if not delivery.state.may_have_arrived:
        again = again.evolve(state=DeliveryState.PENDING, why="")
    # Its timers have to be looked at anew: they may begin only now.
    resent = replace(run.with_delivery(again), settled=False)
    fact = Fact(at, FactKind.RESENT, by, run.id, unit, {"times": again.resent})
    return Change(exercise.with_run(resent), (fact,))
