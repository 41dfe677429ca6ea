"""Injects that the director writes while the exercise runs. Pure."""

import unicodedata
from collections import Counter
from datetime import datetime, timedelta

from bot.exercise.addressing import addressees
from bot.exercise.errors import ExerciseOver, NotStarted, Refusal
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.issuing import Reference, issue
from bot.exercise.model import Cause, Exercise, InjectRun
from bot.exercise.people import Person
from scenarios.model import Acknowledge, Inject, Scenario, Text

LONGEST = 3_000
"""Characters of an ad hoc inject: with everything around them they fit into one message."""
_OTHERWISE = Acknowledge(within=timedelta(minutes=5), remind=timedelta(minutes=1), escalate=timedelta(minutes=1))


class TooLong(Refusal):
    """The text does not fit into one message; ``length`` and ``most`` count its characters."""

    key = "refused.too_long"


def say(exercise: Exercise, to: str, words: str, by: Person, at: datetime, reference: Reference) -> Change:
    """A new inject with the next id ``S-1``, ``S-2``, ..., issued at once, or as soon as the clock goes on.

    Args:
        exercise: the exercise, under way.
        to: units and groups as the director wrote them, see :func:`~bot.exercise.addressing.addressees`.
        words: what the units read.
        by: the director.
        at: the moment.
        reference: makes the references of its deliveries.

    Raises:
        ExerciseOver: ENDEX has been.
        NotStarted: STARTEX has not been.
        TooLong: the words do not fit into one message.
        UnknownUnit: it is addressed to a unit or group that there is not.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    if not exercise.state.is_under_way:
        raise NotStarted
    words = _legible(words)
    if len(words) > LONGEST:
        raise TooLong(length=len(words), most=LONGEST)
    inject = Inject(
        id=_next_id(exercise),
        to=addressees(exercise, to),
        text=Text(words),
        acknowledge=usual_window(exercise.scenario),
    )
    run = InjectRun(inject, at=exercise.clock.elapsed(at), cause=Cause.AD_HOC)
    added = exercise.with_run(run)
    change = Change(added, (Fact(at, FactKind.ADDED, by, run.id, detail={"to": list(inject.to), "text": words}),))
    return change.then(issue(added, run, at, at, reference, by)) if exercise.clock.running else change


def usual_window(scenario: Scenario) -> Acknowledge:
    """How most of the scenario's injects want to be acknowledged: an ad hoc one is judged like them."""
    windows = Counter(inject.acknowledge for inject in scenario.injects if inject.acknowledge)
    usual = windows.most_common(1)
    return usual[0][0].model_copy(update={"by": "anyone"}) if usual else _OTHERWISE


def _next_id(exercise: Exercise) -> str:
    taken = {inject_id.casefold() for inject_id in exercise.injects}
    number = 1
    while f"s-{number}" in taken:
        number += 1
    return f"S-{number}"


def _legible(words: str) -> str:
    kept = (char for char in words if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"})
    return "".join(kept).strip()
