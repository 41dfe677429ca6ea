"""An exercise told in one language: its words, its times and its units' short names. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.exercise.figures import latency
from bot.exercise.model import Delivery, Exercise, InjectRun
from bot.report.names import short, unit_labels
from bot.report.standing import Standing, unsure
from bot.texts import times
from bot.texts.catalogue import count, find, say

LABEL = 16
"""Columns of a unit's short name."""
WORDS = 60
"""Columns of what people wrote, where it is only hinted at."""

MARKS: Mapping[Standing, str] = {
    Standing.IN_TIME: "✓",
    Standing.LATE: "⚠",
    Standing.MISSED: "✗",
    Standing.OPEN: "○",
    Standing.INFORMED: "→",
    Standing.PENDING: "…",
    Standing.FAILED: "⊘",
    Standing.NOT_SENT: "-",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One exercise, one language."""

    exercise: Exercise
    language: str
    labels: Mapping[str, str]
    """The units' short names."""

    @classmethod
    def of(cls, exercise: Exercise, language: str) -> "Telling":
        """The exercise, to be told in ``language``."""
        return cls(exercise, language, unit_labels(exercise.scenario, language, LABEL))

    def say(self, key: str, /, **params: object) -> str:
        """The text ``report.KEY``."""
        return say(self.language, f"report.{key}", **params)

    def more(self, number: int) -> str:
        """That so many more are not shown here."""
        return count(self.language, "count.more", number)

    def word(self, family: str, word: str) -> str:
        """What the catalogue calls ``word``, which a scenario or the exercise chose; else the word itself."""
        return find(self.language, f"{family}.{word}") or short(word.replace("_", " "), WORDS)

    def clock(self, at: datetime) -> str:
        """The wall clock, without its zone."""
        return times.bare_clock_time(at, self.exercise.timezone, self.language)

    def zone(self, at: datetime) -> str:
        """What the exercise's zone is called."""
        return times.zone_name(at, self.exercise.timezone)

    def date(self, at: datetime) -> str:
        """The day, in full."""
        return times.date(at, self.exercise.timezone, self.language)

    def offset(self, elapsed: timedelta) -> str:
        """A time on the exercise clock."""
        return times.exercise_time(elapsed, self.language)

    def span(self, duration: timedelta) -> str:
        """A duration of any length."""
        return times.span(duration, self.language)

    def brief(self, duration: timedelta) -> str:
        """How long an answer took: seconds up to five minutes, then minutes too."""
        seconds = duration.total_seconds()
        return times.seconds(seconds, self.language) if seconds < 300 else self.span(duration)

    def bound(self, seconds: float | None, *, at_least: bool) -> str:
        """A time of the figures, marked where it is the least that it can be; empty where there is none."""
        return "" if seconds is None else ("≥" if at_least else "") + self.brief(timedelta(seconds=seconds))

    def moment(self, at: datetime) -> str:
        """The wall clock and the exercise clock side by side."""
        return f"{self.clock(at)} · {self.offset(self.exercise.clock.elapsed(at))}"

    def answer_time(self, run: InjectRun, delivery: Delivery, how: Standing) -> str:
        """How long the unit took, or at least let pass; empty where there is nothing to time."""
        if how is Standing.MISSED and run.inject.acknowledge:
            return f"≥{self.brief(run.inject.acknowledge.within)}" + (" ?" if unsure(delivery) else "")
        acknowledged = delivery.acknowledged
        if acknowledged and acknowledged.by_radio:
            return self.say("by_radio", time=self.clock(acknowledged.at), name=short(acknowledged.by.name, LABEL))
        taken = latency(delivery, self.exercise)
        if taken is None or delivery.acknowledged is None:
            return "?" if unsure(delivery) else ""
        return self.within(taken, exact=delivery.acknowledged.exact)

    def within(self, taken: timedelta, *, exact: bool) -> str:
        """How long something took, or took at most."""
        return self.brief(taken) if exact else f"≤{self.brief(taken)}"

    def option(self, run: InjectRun, option_id: str) -> str:
        """The words of an option of a decision."""
        options = run.inject.decision.options if run.inject.decision else ()
        words = next(
            (option.text.in_language(self.language) for option in options if option.id == option_id), option_id
        )
        return short(words, WORDS)
