"""The exercise clock: wall-clock moments to exercise time and back, with every stop taken out. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.exercise.people import Person


class StopKind(StrEnum):
    """Why the exercise clock stood still."""

    PAUSE = "pause"
    REALWORLD = "realworld"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch of wall-clock time that the exercise does not count; ``ended_at`` is ``None`` while it lasts."""

    kind: StopKind
    began_at: datetime
    by: Person
    why: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExerciseClock:
    """When the exercise began, stood still and ended. Stops follow one another and never overlap."""

    startex_at: datetime | None = None
    stops: tuple[Stop, ...] = ()
    endex_at: datetime | None = None

    @property
    def stopped(self) -> Stop | None:
        """The stop that lasts, if any."""
        return self.stops[-1] if self.stops and self.stops[-1].ended_at is None else None

    @property
    def running(self) -> bool:
        """Whether exercise time passes."""
        return self.startex_at is not None and self.endex_at is None and self.stopped is None

    def elapsed(self, at: datetime) -> timedelta:
        """Exercise time at the moment ``at``: zero before STARTEX, constant during a stop and after ENDEX."""
        if self.startex_at is None:
            return timedelta()
        at = self.endex_at if self.endex_at and at > self.endex_at else at
        if at <= self.startex_at:
            return timedelta()
        # A large exercise asks a million times; most never stand still.
        return at - self.startex_at - self.stood_still(at) if self.stops else at - self.startex_at

    def stood_still(self, until: datetime, kind: StopKind | None = None) -> timedelta:
        """How long the clock stood still before ``until``, for one ``kind`` of stop or for any."""
        until = min(until, self.endex_at) if self.endex_at else until
        total = timedelta()
        for stop in self.stops:
            if (kind is None or stop.kind is kind) and stop.began_at < until:
                total += min(stop.ended_at or until, until) - stop.began_at
        return total

    def between(self, earlier: datetime, later: datetime) -> timedelta:
        """Exercise time that passed between two moments."""
        return self.elapsed(later) - self.elapsed(earlier)

    def moment(self, offset: timedelta) -> datetime | None:
        """The moment at which exercise time reaches ``offset``.

        ``None`` when the exercise has not begun, or when the clock stands still (or ended) before that offset.
        """
        if self.startex_at is None:
            return None
        at = self.startex_at + offset
        for stop in self.stops:
            # An offset at which the clock stands still is reached when it goes on.
            if at < stop.began_at:
                break
            if stop.ended_at is None:
                return None
            at += stop.ended_at - stop.began_at
        return at if self.endex_at is None or at <= self.endex_at else None

    def started(self, at: datetime) -> "ExerciseClock":
        """This clock, begun at ``at``."""
        return replace(self, startex_at=at)

    def stopped_by(self, stop: Stop) -> "ExerciseClock":
        """This clock with ``stop`` begun, which takes the place of a stop that lasts."""
        clock = self.resumed(stop.began_at) if self.stopped else self
        return replace(clock, stops=(*clock.stops, stop))

    def resumed(self, at: datetime) -> "ExerciseClock":
        """This clock with its lasting stop ended at ``at``."""
        *before, last = self.stops
        return replace(self, stops=(*before, replace(last, ended_at=max(at, last.began_at))))

    def ended(self, at: datetime) -> "ExerciseClock":
        """This clock, ended at ``at``; a stop that lasts ends with it."""
        clock = self.resumed(at) if self.stopped else self
        return replace(clock, endex_at=at)
