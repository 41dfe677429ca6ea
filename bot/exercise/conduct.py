"""Conducting an exercise: from its creation to ENDEX, and everything the director steers. Pure.

Each function takes an exercise and a moment and gives the :class:`~bot.exercise.facts.Change`, or raises a
:class:`~bot.exercise.errors.Refusal` and changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.exercise.deadlines import ring
from bot.exercise.enrolment import CODE_LIFE
from bot.exercise.errors import (
    AlreadyStarted,
    ExerciseOver,
    NothingPlanned,
    NothingToStop,
    NotOpen,
    NotPaused,
    NotPlanned,
    NotRunning,
    NotScheduled,
    NotStarted,
    StoppedAlready,
    UnknownInject,
)
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.issuing import Reference, issue, skipped
from bot.exercise.model import Cause, Exercise, ExerciseState, InjectRun, InjectState, Participant
from bot.exercise.people import SYSTEM, Person, Place, Role, UnitSeat
from bot.exercise.timing import Stop, StopKind
from scenarios.model import Scenario


def create(
    number: int,
    scenario: Scenario,
    name: str,
    *,
    control: Place,
    language: str,
    timezone: str,
    by: Person,
    at: datetime,
    code_hashes: Mapping[str, str],
) -> Change:
    """A new exercise of ``scenario``, its maker its director; ``code_hashes`` holds one join code per unit."""
    exercise = Exercise(
        number=number,
        name=name,
        scenario=scenario,
        control=control,
        language=language,
        timezone=timezone,
        created_at=at,
        participants={by.id: Participant(by, Role.DIRECTOR)},
        seats={unit: UnitSeat(unit, code_hashes[unit], at + CODE_LIFE) for unit in scenario.units},
        injects={inject.id: InjectRun(inject, inject.at) for inject in scenario.injects},
    )
    detail = {"scenario": scenario.id, "name": name}
    return Change(exercise, (Fact(at, FactKind.CREATED, by, detail=detail),))


def startex(exercise: Exercise, by: Person, at: datetime) -> Change:
    """STARTEX: the exercise clock begins to run."""
    _require_not_over(exercise)
    if exercise.state is not ExerciseState.PREPARING:
        raise AlreadyStarted
    begun = exercise.evolve(state=ExerciseState.RUNNING, clock=exercise.clock.started(at), scheduled_at=None)
    return Change(begun, (Fact(at, FactKind.STARTEX, by),))


def schedule(exercise: Exercise, moment: datetime, by: Person, at: datetime) -> Change:
    """Set STARTEX for a moment to come."""
    _require_not_over(exercise)
    if exercise.state is not ExerciseState.PREPARING:
        raise AlreadyStarted
    scheduled = exercise.evolve(scheduled_at=moment)
    return Change(scheduled, (Fact(at, FactKind.SCHEDULED, by, detail={"startex_at": moment.isoformat()}),))


def unschedule(exercise: Exercise, by: Person, at: datetime) -> Change:
    """Give up a STARTEX that was set for a moment to come."""
    _require_not_over(exercise)
    if exercise.state is not ExerciseState.PREPARING:
        raise AlreadyStarted
    if exercise.scheduled_at is None:
        raise NotScheduled
    return Change(exercise.evolve(scheduled_at=None), (Fact(at, FactKind.SCHEDULED, by, detail={"startex_at": None}),))


def speak(exercise: Exercise, language: str, by: Person, at: datetime) -> Change:
    """Have the exercise speak a language: in its control room, and in every chat that has chosen none."""
    _require_not_over(exercise)
    if exercise.language == language:
        return Change(exercise)
    fact = Fact(at, FactKind.LANGUAGE, by, detail={"language": language})
    return Change(exercise.evolve(language=language), (fact,))


def pause(exercise: Exercise, by: Person, at: datetime, why: str = "") -> Change:
    """PAUSEX: clock, deadlines and reminders stand still."""
    _require_under_way(exercise)
    if exercise.state is not ExerciseState.RUNNING:
        raise NotRunning
    stop = Stop(StopKind.PAUSE, at, by, why)
    paused = exercise.evolve(state=ExerciseState.PAUSED, clock=exercise.clock.stopped_by(stop))
    return Change(paused, (Fact(at, FactKind.PAUSED, by, detail={"why": why}),))


def realworld(exercise: Exercise, by: Person, at: datetime, why: str = "", unit: str | None = None) -> Change:
    """A real emergency stops the exercise at once, whoever says so; also out of a pause."""
    if not exercise.state.is_under_way:
        raise NothingToStop
    if exercise.state is ExerciseState.REALWORLD:
        raise StoppedAlready
    stop = Stop(StopKind.REALWORLD, at, by, why)
    stopped = exercise.evolve(state=ExerciseState.REALWORLD, clock=exercise.clock.stopped_by(stop))
    return Change(stopped, (Fact(at, FactKind.REALWORLD, by, unit=unit, detail={"why": why}),))


def realworld_again(exercise: Exercise, by: Person, at: datetime, why: str = "", unit: str | None = None) -> Change:
    """A real emergency is reported while the exercise stands still for one: nothing stops any more, all is logged."""
    if exercise.state is not ExerciseState.REALWORLD:
        raise NothingToStop
    return Change(exercise, (Fact(at, FactKind.REALWORLD_AGAIN, by, unit=unit, detail={"why": why}),))


def resume(exercise: Exercise, by: Person, at: datetime) -> Change:
    """RESUMEX: the clock goes on from where it stood."""
    _require_under_way(exercise)
    stop = exercise.clock.stopped
    if stop is None:
        raise NotPaused
    resumed = exercise.evolve(state=ExerciseState.RUNNING, clock=exercise.clock.resumed(at))
    return Change(resumed, (Fact(at, FactKind.RESUMED, by, detail={"from": stop.kind.value}),))


def endex(exercise: Exercise, by: Person, at: datetime) -> Change:
    """ENDEX: what has not been issued is skipped, what has not been answered stays unanswered."""
    _require_under_way(exercise)
    # A deadline that has passed counts as passed, also where the alarm had not rung yet.
    change = ring(exercise, at) if exercise.clock.running else Change(exercise)
    ended = change.exercise.evolve(state=ExerciseState.ENDED, clock=exercise.clock.ended(at))
    fact = Fact(at, FactKind.ENDEX, by, detail=_out_of(exercise))
    return _close(change.then(Change(ended, (fact,))), at)


def abort(exercise: Exercise, by: Person, at: datetime, why: str) -> Change:
    """Break off for good, also before STARTEX."""
    _require_not_over(exercise)
    # As at ENDEX: what has passed counts as passed.
    change = ring(exercise, at) if exercise.clock.running else Change(exercise)
    clock = change.exercise.clock.ended(at)
    aborted = change.exercise.evolve(state=ExerciseState.ABORTED, clock=clock, scheduled_at=None)
    fact = Fact(at, FactKind.ABORTED, by, detail={"why": why, **_out_of(exercise)})
    return _close(change.then(Change(aborted, (fact,))), at)


def fire(exercise: Exercise, inject_id: str, by: Person, at: datetime, reference: Reference) -> Change:
    """Issue an inject now, whatever its time and its gate."""
    _require_under_way(exercise)
    if exercise.state is not ExerciseState.RUNNING:
        raise NotRunning
    run = _open_run(exercise, inject_id)
    return issue(exercise, run.evolve(cause=Cause.DIRECTOR), at, at, reference, by)


def skip(exercise: Exercise, inject_id: str, by: Person, at: datetime, why: str = "") -> Change:
    """Leave an inject out."""
    _require_not_over(exercise)
    run = _open_run(exercise, inject_id)
    return skipped(exercise, run, at, by, why)


def delay(exercise: Exercise, inject_id: str | None, by: timedelta, who: Person, at: datetime) -> Change:
    """Put one planned inject that waits, or (``None``) all of them, off by a duration."""
    _require_not_over(exercise)
    if inject_id is None:
        runs = [run for run in exercise.injects.values() if run.state is InjectState.WAITING and run.at is not None]
        if not runs:
            raise NothingPlanned
    else:
        runs = [_open_run(exercise, inject_id)]
    delayed = {}
    for run in runs:
        if run.at is None:
            raise NotPlanned(inject=run.id)
        # An inject about which the director is asked has come due already: it is put off from now.
        offset = run.at if run.state is InjectState.WAITING else exercise.clock.elapsed(at)
        delayed[run.id] = run.evolve(at=offset + by, state=InjectState.WAITING)
    detail = {"seconds": by.total_seconds()}
    facts = tuple(Fact(at, FactKind.DELAYED, who, run_id, detail=detail) for run_id in delayed)
    return Change(exercise.evolve(injects={**exercise.injects, **delayed}), facts)


def _out_of(exercise: Exercise) -> dict[str, object]:
    """That it ends out of a real emergency, which goes on."""
    return {"from": StopKind.REALWORLD.value} if exercise.state is ExerciseState.REALWORLD else {}


def _close(change: Change, at: datetime) -> Change:
    for run in change.exercise.injects.values():
        # A contingency inject that was never needed was not left out by anyone.
        if run.open and run.at is not None:
            change = change.then(skipped(change.exercise, run, at, SYSTEM, "endex"))
    return change


def _open_run(exercise: Exercise, inject_id: str) -> InjectRun:
    wanted = inject_id.casefold()
    run = next((run for run in exercise.injects.values() if run.id.casefold() == wanted), None)
    if run is None:
        raise UnknownInject(inject=inject_id)
    if not run.open:
        raise NotOpen(inject=run.id)
    return run


def _require_not_over(exercise: Exercise) -> None:
    if exercise.state.is_over:
        raise ExerciseOver


def _require_under_way(exercise: Exercise) -> None:
    _require_not_over(exercise)
    if exercise.state is ExerciseState.PREPARING:
        raise NotStarted
