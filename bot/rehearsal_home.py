"""Where a rehearsal lives: in a folder that is gone afterwards, or in a file from which it goes on."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bot.clock import Pace, PacedClock
from bot.rehearsal import keeping
from bot.rehearsal.drill import Drill
from bot.rehearsal.keeping import UnreadableWorldError
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.world import World
from bot.settings import BadSettingError, Settings
from scenarios.model import Scenario

BOT = "geladi_bot"
_ZONE = str(Settings.model_fields["timezone"].default)


@dataclass(frozen=True, slots=True)
class Home:
    """The bot's database and log, and what was kept of an earlier time, if anything was."""

    database: Path
    log: Path
    kept: dict[str, Any] | None = None

    @property
    def database_url(self) -> str:
        """For the bot's settings."""
        return f"sqlite+aiosqlite:///{self.database}"

    def stage(self, scenario: Scenario, language: str, speed: float, dice: Random) -> Stage:
        """The rehearsal as it was, or a new one.

        Raises:
            BadSettingError: what was kept is another scenario's, or cannot be read.
        """
        kept = self.kept
        if kept is None:
            clock = PacedClock(Pace.from_now(speed))
            world = World(clock)
            world.add_bot(BOT)
            return Stage(world, clock, Drill(world, scenario, language, dice), zone=_ZONE, speed=speed)
        if kept.get("scenario") != scenario.id:
            raise BadSettingError(f"--world: this is a rehearsal of {kept.get('scenario')}, not of {scenario.id}")
        try:
            clock = PacedClock(Pace.from_now(speed, keeping.moment(kept)))
            world = keeping.world(kept, clock)
            drill = Drill(world, scenario, kept["language"], dice, keeping.cast(kept))
            stage = Stage(world, clock, drill, zone=_ZONE, speed=speed)
            keeping.recall(kept, stage)
        except (KeyError, TypeError, ValueError) as error:
            raise BadSettingError(f"--world: the file is damaged ({error!r})") from None
        return stage


@contextlib.contextmanager
def home(file: Path | None) -> Iterator[Home]:
    """The home in that file, with the database beside it; without a file, one for this time alone.

    Raises:
        BadSettingError: the file holds no rehearsal, or there is a database without it.
    """
    with tempfile.TemporaryDirectory(prefix="geladi-") as folder:
        log = Path(folder) / "bot.log"
        if file is None:
            yield Home(Path(folder) / "rehearsal.db", log)
            return
        database = file.absolute().with_name(f"{file.name}.db")
        try:
            kept = keeping.read(file)
        except FileNotFoundError:
            if database.exists():
                raise BadSettingError(f"--world: {database} is left of another rehearsal; remove it") from None
            kept = None
        except (UnreadableWorldError, OSError) as error:
            raise BadSettingError(f"--world: {error}") from None
        yield Home(database, log, kept)
