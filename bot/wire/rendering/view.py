"""What a message is rendered from, beside itself. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.exercise.facts import LogEntry
from bot.exercise.model import Exercise
from bot.wire.bundle import Bundle
from bot.wire.rendering.rendered import Medium
from scenarios.model import Scenario


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

    ``language`` is the chat's. ``exercise`` is the one the message belongs to, as it stands at ``now``. What follows is
    there for the messages that show it alone: ``scenarios`` for the list of them, ``scenario`` for one of them,
    ``None`` where it is there no more; ``file`` for charts and files of the
    record, ``None`` where it could not be made; ``log`` for the summary, which counts its reports and prints its seal;
    ``medium`` for an inject's message, ``None`` where the file is not there; ``bundle`` for the archive of files;
    ``compared`` for the comparison of runs; ``pages`` are those of the summary, where they have been made already.
    """

    exercise: Exercise | None
    language: str
    now: datetime
    bot_username: str
    scenarios: tuple[ScenarioEntry, ...] = ()
    scenario: Scenario | None = None
    file: bytes | None = None
    log: tuple[LogEntry, ...] = ()
    deaf: Deaf | None = None
    medium: Medium | None = None
    bundle: Bundle | None = None
    compared: tuple[Exercise, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def run(self) -> Exercise:
        """The exercise, for a message that belongs to one.

        Raises:
            ValueError: the view has none.
        """
        if self.exercise is None:
            raise ValueError("a message of an exercise is rendered without its exercise")
        return self.exercise
