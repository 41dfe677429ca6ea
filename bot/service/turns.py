"""What is said when an exercise begins, stands still, goes on or ends. Pure."""

from bot.exercise.facts import Fact, FactKind
from bot.exercise.model import Exercise
from bot.messages import Gap, Message, Moment, Notice, Plain, RealWorld, Span

_TURNS = {
    FactKind.STARTEX: "notice.startex",
    FactKind.PAUSED: "notice.pausex",
    FactKind.RESUMED: "notice.resumex",
    FactKind.ENDEX: "notice.endex",
    FactKind.ABORTED: "notice.abort",
}
TURNS = frozenset(_TURNS)
"""The facts by which the exercise clock begins, stands still, goes on or ends."""


def turn(exercise: Exercise, fact: Fact) -> tuple[Message, Message]:
    """What the units and what the control room are told of a fact of :data:`TURNS`, by the exercise after it."""
    key = _TURNS[fact.kind]
    control_key = key if key == "notice.abort" else f"{key}_control"
    params: dict[str, Gap] = {
        **head(exercise, fact),
        "time": Moment(at=fact.at),
        "exercise_time": Span(elapsed=exercise.clock.elapsed(fact.at)),
    }
    if out_of_realworld(fact):
        if fact.kind is not FactKind.RESUMED:
            # The emergency goes on: what is said of it is no exercise, and nobody is sent home.
            real = Plain(key="notice.ended_in_realworld", params=params)
            return real, real
        key = control_key = "notice.realworld_over"
    number = exercise.number
    return Notice(exercise=number, key=key, params=params), Notice(exercise=number, key=control_key, params=params)


def out_of_realworld(fact: Fact) -> bool:
    """Whether the exercise had stood still for a real emergency."""
    return fact.detail.get("from") == "realworld"


def alarm(exercise: Exercise, fact: Fact) -> RealWorld:
    """What everyone is told of a real emergency."""
    return RealWorld(
        exercise=exercise.number,
        who=fact.actor.name if fact.actor else "",
        where=exercise.scenario.units[fact.unit].name.in_language(exercise.language) if fact.unit else "",
        text=str(fact.detail.get("why", "")),
        at=fact.at,
    )


def head(exercise: Exercise, fact: Fact) -> dict[str, Gap]:
    """What a notice about a fact may name: the exercise, its units, who did it and why."""
    return {
        "number": exercise.number,
        "exercise_name": exercise.name,
        "bound": sum(seat.place is not None for seat in exercise.seats.values()),
        "units": len(exercise.seats),
        "by": fact.actor.name if fact.actor else "",
        "why": str(fact.detail.get("why", "")),
    }
