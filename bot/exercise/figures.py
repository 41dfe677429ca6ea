"""Figures of an exercise: asked, in time, late, missed, and how long answers took. Pure.

Paused and real-world time is taken out of every latency. An inject whose deadline had not passed at ENDEX is
open, neither answered nor missed.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.exercise.model import Delivery, Exercise, InjectRun, Timer


class Outcome(StrEnum):
    """What became of an acknowledgement that was asked for."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"


def latency(delivery: Delivery, exercise: Exercise) -> timedelta | None:
    """Exercise time from sending to acknowledgement; ``None`` while either is missing.

    A press can overtake Telegram's answer to the sending: that counts as no time at all.
    """
    if delivery.acknowledged is None or delivery.sent_at is None:
        return None
    return max(exercise.clock.between(delivery.sent_at, delivery.acknowledged.at), timedelta())


def outcome(run: InjectRun, delivery: Delivery, exercise: Exercise) -> Outcome | None:
    """The outcome of one delivery; ``None`` where no acknowledgement was asked or the inject never arrived."""
    asked = run.inject.acknowledge
    if asked is None or not (delivery.state.may_have_arrived or delivery.acknowledged):
        return None
    if delivery.acknowledged:
        taken = latency(delivery, exercise)
        return Outcome.LATE if taken is not None and taken > asked.within else Outcome.IN_TIME
    return Outcome.MISSED if Timer.SILENT in delivery.rung else Outcome.OPEN


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of acknowledgements asked for, and times in seconds of those given.

    ``acknowledged`` counts all that were given, those of them that were ``late`` too; ``asked`` is
    ``acknowledged + missed + open``. Times are ``None`` where nothing was acknowledged.
    """

    asked: int
    acknowledged: int
    late: int
    missed: int
    open: int
    median_seconds: float | None
    p90_seconds: float | None
    worst_seconds: float | None


def figures(exercise: Exercise, unit: str | None = None) -> Figures:
    """The figures of one unit, or of all together."""
    outcomes: list[Outcome] = []
    seconds: list[float] = []
    for run in exercise.injects.values():
        for delivery in _of(run, unit):
            result = outcome(run, delivery, exercise)
            if result is None:
                continue
            outcomes.append(result)
            taken = latency(delivery, exercise)
            if taken is not None:
                seconds.append(taken.total_seconds())
    seconds.sort()
    late = outcomes.count(Outcome.LATE)
    return Figures(
        asked=len(outcomes),
        acknowledged=outcomes.count(Outcome.IN_TIME) + late,
        late=late,
        missed=outcomes.count(Outcome.MISSED),
        open=outcomes.count(Outcome.OPEN),
        median_seconds=_quantile(seconds, 0.5),
        p90_seconds=_quantile(seconds, 0.9),
        worst_seconds=seconds[-1] if seconds else None,
    )


def _of(run: InjectRun, unit: str | None) -> Iterable[Delivery]:
    if unit is None:
        return run.deliveries.values()
    delivery = run.deliveries.get(unit)
    return (delivery,) if delivery else ()


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of ``ordered`` do not exceed (nearest rank)."""
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else None
