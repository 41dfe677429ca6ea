"""Injects that came due while nobody was there to send them: held, until the director says what now. Pure.

An inject that comes late by more than its units have to acknowledge it has lost its moment, and those after it make
little sense without it: all that have come due are held together, in the script's order.

One that was issued and has reached nobody is not late by its planned time: the director may have fired it just now, or
have sent it when asked before. It comes too late once it has waited that long since it was issued.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot.exercise.errors import ExerciseOver, NotOpen
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.issuing import Reference, due, issue_due, skipped, what_stands
from bot.exercise.model import DeliveryState, Exercise, InjectRun, InjectState
from bot.exercise.people import SYSTEM, Person

PATIENCE = timedelta(seconds=60)
"""How late any inject may come, also one that asks for no acknowledgement."""


class Release(StrEnum):
    """What the director makes of injects that are held."""

    SEND = "send"
    """All at once, in order."""
    SHIFT = "shift"
    """The first now, and the whole timetable as much later as it is."""
    SKIP = "skip"


def issued_to_nobody(exercise: Exercise) -> list[InjectRun]:
    """The injects that were issued and, as far as the exercise knows, wait to be sent and have reached no chat.

    A unit that has answered by another road has settled that for itself alone: the others wait still.
    """
    return [
        run
        for run in exercise.injects.values()
        if run.state is InjectState.ISSUED
        and any(d.state is DeliveryState.PENDING and not d.answered for d in run.deliveries.values())
        and not any(d.state.may_have_arrived or d.resent for d in run.deliveries.values())
    ]


def hold_late(exercise: Exercise, at: datetime, unsent: Collection[str] = ()) -> Change:
    """After an interruption: hold what has come due, if any of it comes too late.

    ``unsent``: injects that were issued and, for certain, not sent to anybody; they count as not issued yet, and keep
    what their units have answered.
    """
    if not exercise.clock.running:
        return Change(exercise)
    elapsed = exercise.clock.elapsed(at)
    recalled = [_as_it_came_due(exercise, exercise.injects[inject]) for inject in unsent]
    overdue = sorted([*recalled, *due(exercise, elapsed)], key=lambda run: run.at or timedelta())
    if not any(_unsent_for(exercise, run, elapsed) > _patience(run) for run in overdue):
        return Change(exercise)
    change = Change(exercise)
    for run in overdue:
        due_at = exercise.clock.moment(run.at or timedelta()) or at
        kept = what_stands(run)
        held = run.evolve(state=InjectState.HELD, due_at=due_at, issued_at=None, deliveries=kept)
        detail: dict[str, object] = {"late_seconds": _late_by(run, elapsed).total_seconds()}
        if kept:
            detail["kept"] = list(kept)
        change = change.then(
            Change(change.exercise.with_run(held), (Fact(at, FactKind.HELD, SYSTEM, run.id, detail=detail),))
        )
    return change


def held(exercise: Exercise, among: Collection[str] | None = None) -> list[InjectRun]:
    """The injects that are held, in the script's order; ``among``: those of these ids alone."""
    runs = [
        run for run in exercise.injects.values() if run.state is InjectState.HELD and (among is None or run.id in among)
    ]
    return sorted(runs, key=lambda run: run.at or timedelta())


def release(
    exercise: Exercise, inject_ids: Collection[str], choice: Release, by: Person, at: datetime, reference: Reference
) -> Change:
    """Do with held injects as the director says.

    While the clock stands still, what is sent goes out as soon as it goes on.

    Raises:
        ExerciseOver: ENDEX has been.
        NotOpen: none of them is held any more.
    """
    if exercise.state.is_over:
        raise ExerciseOver
    runs = held(exercise, inject_ids)
    if not runs:
        raise NotOpen(inject=", ".join(inject_ids))
    match choice:
        case Release.SKIP:
            change = Change(exercise)
            for run in runs:
                change = change.then(skipped(change.exercise, run, at, by, "late"))
            return change
        case Release.SEND:
            change = _put_back(exercise, runs, timedelta(), by, at)
        case Release.SHIFT:
            change = _shift(exercise, runs, by, at)
        case _:
            assert_never(choice)
    if not change.exercise.clock.running:
        return change
    return change.then(issue_due(change.exercise, at, reference))


def _shift(exercise: Exercise, runs: list[InjectRun], by: Person, at: datetime) -> Change:
    gap = max(_late_by(runs[0], exercise.clock.elapsed(at)), timedelta())
    change = _put_back(exercise, runs, gap, by, at)
    for run in exercise.injects.values():
        if run.state is InjectState.WAITING and run.at is not None:
            later = change.exercise.with_run(run.evolve(at=run.at + gap))
            fact = Fact(at, FactKind.DELAYED, by, run.id, detail={"seconds": gap.total_seconds()})
            change = change.then(Change(later, (fact,)))
    return change


def _put_back(exercise: Exercise, runs: list[InjectRun], gap: timedelta, by: Person, at: datetime) -> Change:
    change = Change(exercise)
    for run in runs:
        waiting = run.evolve(state=InjectState.WAITING, at=(run.at or timedelta()) + gap, due_at=None)
        fact = Fact(at, FactKind.RELEASED, by, run.id, detail={"seconds": gap.total_seconds()})
        change = change.then(Change(change.exercise.with_run(waiting), (fact,)))
    return change


def _as_it_came_due(exercise: Exercise, run: InjectRun) -> InjectRun:
    """An inject that was issued, its offset that at which it came due: what was fired came due when it was."""
    return run if run.due_at is None else run.evolve(at=exercise.clock.elapsed(run.due_at))


def _unsent_for(exercise: Exercise, run: InjectRun, elapsed: timedelta) -> timedelta:
    """How long an inject has waited since it was issued, or, not issued yet, since it came due."""
    return elapsed - exercise.clock.elapsed(run.issued_at) if run.issued_at else _late_by(run, elapsed)


def _late_by(run: InjectRun, elapsed: timedelta) -> timedelta:
    return elapsed - (run.at or timedelta())


def _patience(run: InjectRun) -> timedelta:
    # A restart takes seconds, and nobody is to be asked about those, however short the window.
    return max(run.inject.acknowledge.within, PATIENCE) if run.inject.acknowledge else PATIENCE
