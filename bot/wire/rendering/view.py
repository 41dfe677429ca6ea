"""What a message is rendered from, beside itself. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.exercise.facts import LogEntry
from bot.exercise.model import Exercise
from bot.wire.bundle import Bundle
from bot.wire.rendering.rendered import Medium


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """A scenario of the library, as its list shows it; ``units`` and ``injects`` are counts."""

    id: str
    title: str
    units: int
    injects: int
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Deaf:
    """Nothing that people write or press comes in: since when, and why in the words of Telegram or the network."""

    since: datetime
    why: str


@dataclass(frozen=True, slots=True)
class View:
    """What is known at the moment of rendering.

    ``language`` is the chat's. ``exercise`` is the one the message belongs to, as it stands at ``now``;
    ``scenarios`` is read for the list of scenarios alone, ``record_json`` for the record file alone, and ``log``
    for the summary alone, which counts its reports and prints its seal. ``medium`` is the file that an inject's
    message is to show, ``None`` where it is not there; ``bundle`` is read for the archive of files alone,
    ``compared`` for the comparison of runs.
    """

    exercise: Exercise | None
    language: str
    now: datetime
    bot_username: str
    scenarios: tuple[ScenarioEntry, ...] = ()
    record_json: bytes | None = None
    log: tuple[LogEntry, ...] = ()
    deaf: Deaf | None = None
    medium: Medium | None = None
    bundle: Bundle | None = None
    compared: tuple[Exercise, ...] = ()

    @property
    def run(self) -> Exercise:
        """The exercise, for a message that belongs to one.

        Raises:
            ValueError: the view has none.
        """
        if self.exercise is None:
            raise ValueError("a message of an exercise is rendered without its exercise")
        return self.exercise
