"""Figures of an exercise: asked, in time, late, missed, and how long answers took. Pure.

Paused and real-world time is taken out of every latency. An inject whose deadline had not passed at ENDEX is
open, neither answered nor missed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain

from bot.exercise.model import Delivery, Exercise, InjectRun, Timer
from bot.exercise.survival import Wait, longest, quantile


class Outcome(StrEnum):
    """What became of an acknowledgement that was asked for."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"


def latency(delivery: Delivery, exercise: Exercise) -> timedelta | None:
    """Exercise time from sending to acknowledgement; ``None`` while either is missing.

    A press can overtake Telegram's answer to the sending: that counts as no time at all. An acknowledgement by radio
    has none: when the control room noted it says nothing of how long the unit took.
    """
    if delivery.acknowledged is None or delivery.acknowledged.by_radio:
        return None
    return _elapsed(delivery, exercise)


def outcome(run: InjectRun, delivery: Delivery, exercise: Exercise) -> Outcome | None:
    """The outcome of one delivery; ``None`` where no acknowledgement was asked or the inject never arrived."""
    asked = run.inject.acknowledge
    if asked is None or not (delivery.acknowledged or delivery.state.may_have_arrived):
        return None
    if delivery.acknowledged:
        taken = _elapsed(delivery, exercise)
        return Outcome.LATE if taken is not None and taken > asked.within else Outcome.IN_TIME
    return Outcome.MISSED if Timer.SILENT in delivery.rung else Outcome.OPEN


def _elapsed(delivery: Delivery, exercise: Exercise) -> timedelta | None:
    if delivery.acknowledged is None or delivery.sent_at is None:
        return None
    return max(exercise.clock.between(delivery.sent_at, delivery.acknowledged.at), timedelta())


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of acknowledgements asked for, and times in seconds.

    ``acknowledged`` counts all that were given, those of them that were ``late`` too; ``asked`` is
    ``acknowledged + missed + open``. ``reminded`` counts those that a reminder was needed for, ``upper_bounds``
    those given whose time is only known to be at most what is recorded.

    A time is ``None`` where nothing was asked. A missed acknowledgement counts as at least its deadline, an open
    one as at least the time that had passed at the end; where that leaves a time unknown, it is the least that it
    can have been, and says so with ``at_least``.
    """

    asked: int
    acknowledged: int
    late: int
    missed: int
    open: int
    reminded: int
    upper_bounds: int
    median_seconds: float | None
    median_at_least: bool
    p90_seconds: float | None
    p90_at_least: bool
    worst_seconds: float | None
    worst_at_least: bool


def figures(exercise: Exercise, unit: str | None = None) -> Figures:
    """The figures of one unit, or of all together."""
    return _figures(_asked(exercise, unit))


def figures_by_unit(exercise: Exercise) -> dict[str, Figures]:
    """The figures of every unit, in the scenario's order."""
    return {unit: _figures(asked) for unit, asked in asked_by_unit(exercise).items()}


def figures_of_all(exercise: Exercise) -> tuple[Figures, dict[str, Figures]]:
    """The figures of all together and those of every unit, by one look at what each was asked."""
    by_unit = asked_by_unit(exercise)
    together = _figures(chain.from_iterable(by_unit.values()))
    return together, {unit: _figures(asked) for unit, asked in by_unit.items()}


def figures_by_inject(exercise: Exercise) -> dict[str, Figures]:
    """The figures of every inject that asked for an acknowledgement, in the scenario's order."""
    by_inject: dict[str, list[Asked]] = {}
    for asked in _asked(exercise):
        by_inject.setdefault(asked.inject, []).append(asked)
    return {inject: _figures(asked) for inject, asked in by_inject.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """An acknowledgement that was asked for, as the figures count it."""

    inject: str
    unit: str
    outcome: Outcome
    wait: Wait | None
    """``None`` where the moment of sending is not known."""
    reminded: bool
    exact: bool
    """Whether the time is known; else it is at most what is recorded."""


def asked_by_unit(exercise: Exercise) -> dict[str, list[Asked]]:
    """Every acknowledgement that was asked for, by unit, in the scenario's order."""
    by_unit: dict[str, list[Asked]] = {unit: [] for unit in exercise.seats}
    for asked in _asked(exercise):
        by_unit[asked.unit].append(asked)
    return by_unit


def _asked(exercise: Exercise, unit: str | None = None) -> Iterator[Asked]:
    watched_until = exercise.clock.endex_at or _last_seen(exercise)
    for run in exercise.injects.values():
        for delivery in _of(run, unit):
            result = outcome(run, delivery, exercise)
            if result is not None:
                yield Asked(
                    inject=run.id,
                    unit=delivery.unit,
                    outcome=result,
                    wait=_wait(run, delivery, exercise, result, watched_until),
                    reminded=Timer.REMIND in delivery.rung,
                    exact=delivery.acknowledged is None or delivery.acknowledged.exact,
                )


def _figures(asked: Iterable[Asked]) -> Figures:
    found = list(asked)
    outcomes = Counter(one.outcome for one in found)
    waits = [one.wait for one in found if one.wait is not None]
    median, p90, worst = quantile(waits, 0.5), quantile(waits, 0.9), longest(waits)
    return Figures(
        asked=len(found),
        acknowledged=outcomes[Outcome.IN_TIME] + outcomes[Outcome.LATE],
        late=outcomes[Outcome.LATE],
        missed=outcomes[Outcome.MISSED],
        open=outcomes[Outcome.OPEN],
        reminded=sum(one.reminded for one in found),
        upper_bounds=sum(not one.exact for one in found),
        median_seconds=median.seconds if median else None,
        median_at_least=median is not None and median.at_least,
        p90_seconds=p90.seconds if p90 else None,
        p90_at_least=p90 is not None and p90.at_least,
        worst_seconds=worst.seconds if worst else None,
        worst_at_least=worst is not None and worst.at_least,
    )


def _wait(
    run: InjectRun, delivery: Delivery, exercise: Exercise, result: Outcome, watched_until: datetime
) -> Wait | None:
    taken = latency(delivery, exercise)
    if taken is not None:
        return Wait.ended(taken.total_seconds())
    if delivery.sent_at is None or delivery.acknowledged:
        return None
    watched = max(exercise.clock.between(delivery.sent_at, watched_until), timedelta()).total_seconds()
    if result is Outcome.MISSED and run.inject.acknowledge:
        return Wait.missing(run.inject.acknowledge.within.total_seconds(), watched)
    return Wait.missing(watched, watched)


def _last_seen(exercise: Exercise) -> datetime:
    """The last moment of which an exercise under way tells: until then, a missing answer had not come."""
    moments = [exercise.clock.startex_at or exercise.created_at]
    for run in exercise.injects.values():
        for delivery in run.deliveries.values():
            moments += [at for at in (delivery.due_at, delivery.sent_at) if at]
            moments += [delivery.acknowledged.at] if delivery.acknowledged else []
    return max(moments)


def _of(run: InjectRun, unit: str | None) -> Iterable[Delivery]:
    if unit is None:
        return run.deliveries.values()
    delivery = run.deliveries.get(unit)
    return (delivery,) if delivery else ()
