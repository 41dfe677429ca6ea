"""Where everything of the chart lies: time to the right, a lane for each unit, rows in it where answers overlap. Pure.

Exercise time runs evenly. A stop takes a little room of its own, never more than a twentieth of the exercise,
so that an hour's real event does not push the exercise aside.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.exercise.deadlines import acknowledgement_deadline, decision_deadline
from bot.exercise.model import Delivery, Exercise, InjectRun
from bot.exercise.timing import Stop
from bot.report.standing import DecisionStanding, Standing, decisions, delivered, standing, unsure

_STEPS = (10, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14400, 28800, 43200, 86400)
_TROUBLE = {Standing.LATE, Standing.MISSED, Standing.FAILED, Standing.NOT_SENT}


class TimeScale:
    """Moments of an exercise as shares of the chart's width, 0 at STARTEX and 1 at ENDEX or the last thing known."""

    def __init__(self, exercise: Exercise) -> None:
        self.clock = exercise.clock
        self.end = exercise.clock.endex_at or _last_known(exercise)
        self.duration = max(self.clock.elapsed(self.end), timedelta(seconds=1))
        self._rooms = [(stop, self._room(stop)) for stop in self.clock.stops]
        self._length = self.duration + sum((room for _, room in self._rooms), timedelta())

    def share(self, at: datetime) -> float:
        """Where a moment lies."""
        at = min(at, self.end)
        reached = self.clock.elapsed(at)
        for stop, room in self._rooms:
            if stop.began_at < at:
                reached += room * min((at - stop.began_at) / max(self._lasted(stop), timedelta(microseconds=1)), 1)
        return min(max(reached / self._length, 0.0), 1.0)

    def ticks(self, most: int) -> list[tuple[timedelta, datetime]]:
        """Round exercise times, at most so many, each with its moment."""
        step = next((s for s in _STEPS if self.duration.total_seconds() / s < most), None)
        step = step or 86_400 * (1 + int(self.duration.total_seconds() / 86_400 / most))
        offsets = [timedelta(seconds=step * number) for number in range(int(self.duration.total_seconds() / step) + 1)]
        moments = [(offset, self.clock.moment(offset)) for offset in offsets]
        return [(offset, moment) for offset, moment in moments if moment is not None]

    def _room(self, stop: Stop) -> timedelta:
        return min(max(self._lasted(stop), self.duration * 0.02), self.duration * 0.05)

    def _lasted(self, stop: Stop) -> timedelta:
        return (stop.ended_at or self.end) - stop.began_at


@dataclass(frozen=True, slots=True)
class Diamond:
    """A decision: where it was taken (``at_most``: at the latest), or where its time ran out."""

    at: datetime
    taken: bool
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One inject at one unit, from its sending to its answer, its deadline or the end."""

    inject: str
    unit: str
    start: datetime
    end: datetime
    standing: Standing
    unsure: bool
    at_most: bool = False
    """Whether it was answered in a backlog: ``end`` is the latest that the answer can have been."""
    diamond: Diamond | None = None
    row: int = 0
    """Its row in the unit's lane, from the top."""

    @property
    def trouble(self) -> bool:
        """Whether the director will ask which inject it was."""
        return self.standing in _TROUBLE or (self.diamond is not None and not self.diamond.taken)


def bars(exercise: Exercise, scale: TimeScale) -> list[Bar]:
    """A bar for each delivery."""
    diamonds = {
        (decision.run.id, decision.delivery.unit): _diamond(decision, scale) for decision in decisions(exercise)
    }
    found = []
    for run, delivery in delivered(exercise):
        how = standing(run, delivery, exercise)
        start = delivery.sent_at or delivery.due_at
        found.append(
            Bar(
                inject=run.id,
                unit=delivery.unit,
                start=start,
                end=max(start, _end(run, delivery, how, scale)),
                standing=how,
                unsure=unsure(delivery),
                at_most=delivery.acknowledged is not None and not delivery.acknowledged.exact,
                diamond=diamonds.get((run.id, delivery.unit)),
            )
        )
    return found


def packed(found: Iterable[Bar], extent: Callable[[Bar], tuple[float, float]], most_rows: int) -> list[Bar]:
    """The bars of one unit in as few rows as keep their extents apart; what finds no room goes into the last row."""
    ends: list[float] = []
    placed = []
    for bar in sorted(found, key=lambda bar: extent(bar)[0]):
        left, right = extent(bar)
        row = next((number for number, end in enumerate(ends) if end <= left), len(ends))
        row = min(row, most_rows - 1)
        ends[row : row + 1] = [right]
        placed.append(replace(bar, row=row))
    return placed


def phase_starts(exercise: Exercise) -> list[tuple[str, datetime]]:
    """The phases that began, each with the moment of its first inject."""
    found: list[tuple[str, datetime]] = []
    issued = [(run.due_at, run.inject) for run in exercise.injects.values() if run.issued_at and run.due_at]
    for at, inject in sorted(issued, key=lambda pair: pair[0]):
        if inject.phase and not inject.is_contingency and (not found or found[-1][0] != inject.phase):
            found.append((inject.phase, at))
    return found


def side_by_side(spans: Sequence[tuple[float, float]]) -> list[int]:
    """A row for each span from left to right, the first in which it touches no other."""
    ends: list[float] = []
    rows = []
    for left, right in spans:
        row = next((number for number, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        rows.append(row)
    return rows


def _end(run: InjectRun, delivery: Delivery, how: Standing, scale: TimeScale) -> datetime:
    match how:
        case Standing.IN_TIME | Standing.LATE:
            return delivery.acknowledged.at if delivery.acknowledged else delivery.due_at
        case Standing.MISSED:
            deadline = acknowledgement_deadline(run, delivery, scale.clock)
            return _moment(deadline, scale)
        case Standing.OPEN:
            return scale.end
        case Standing.INFORMED:
            return delivery.sent_at or delivery.due_at
        case Standing.PENDING | Standing.FAILED | Standing.NOT_SENT:
            return delivery.due_at
        case _:
            assert_never(how)


def _diamond(decision: DecisionStanding, scale: TimeScale) -> Diamond | None:
    if decision.delivery.choice:
        return Diamond(decision.delivery.choice.at, taken=True, at_most=not decision.exact)
    if not decision.silent:
        return None
    return Diamond(_moment(decision_deadline(decision.run, decision.delivery, scale.clock), scale), taken=False)


def _moment(offset: timedelta | None, scale: TimeScale) -> datetime:
    """The moment of an exercise time, or the end where it was not reached."""
    return (None if offset is None else scale.clock.moment(offset)) or scale.end


def _last_known(exercise: Exercise) -> datetime:
    """The last moment that an exercise under way knows of."""
    moments = [exercise.clock.startex_at or exercise.created_at]
    moments += [stop.ended_at or stop.began_at for stop in exercise.clock.stops]
    for run in exercise.injects.values():
        for delivery in run.deliveries.values():
            moments += [at for at in (delivery.due_at, delivery.sent_at) if at]
            moments += [delivery.acknowledged.at] if delivery.acknowledged else []
            moments += [delivery.choice.at] if delivery.choice else []
    return max(moments)
