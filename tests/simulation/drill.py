"""One simulated drill: a seed goes in, what it broke comes out.

The seed decides everything: the scenario, the people, the faults, the deaths. The same seed plays the same drill,
to the microsecond, on every machine.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import create_engine

from bot.exercise import conduct, enrolment
from bot.exercise.people import Person, Place
from bot.service.recording import record
from bot.settings import Settings
from bot.store.log import keep_heads
from bot.store.transaction import Deferred, Memory, Transaction
from tests.simulation.clock import VirtualClock
from tests.simulation.crowd import Crowd
from tests.simulation.ending import Ending
from tests.simulation.invariants import broken
from tests.simulation.line import Line
from tests.simulation.process import BotProcess
from tests.simulation.record import Record, is_at_rest
from tests.simulation.script import a_drill
from tests.simulation.telegram import TOKEN, Telegram
from tests.simulation.terms import Terms
from tests.simulation.universe import StuckError, Universe
from tests.simulation.weather import Weather

_LENGTHS: Final = (60.0, 90.0, 120.0)
"""Seconds from the start until the director says ENDEX: short drills are cheap, long ones get into more."""
_REPLICAS_EVERY: Final = 4
"""One drill in so many is played by two processes on one database."""
_LONGEST_FREEZE: Final = 40.0
_PATIENCE: Final = 600.0
"""Seconds after the last fault within which everything has to have come to rest."""
_LOOK: Final = 5.0
_ENOUGH: Final = 20
"""Failures after which a drill is ended, since a bug may have it go on for long."""
_LONGEST_HANDLING: Final = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a drill. Two runs of one seed have one ``digest``."""

    seed: int
    violations: tuple[str, ...]
    digest: str
    deaths: int
    messages: int
    presses: int


class Drill:
    """Everything that takes part in one run; ``database`` is a fresh file with the tables in it."""

    def __init__(self, seed: int, database: Path) -> None:
        self.seed = seed
        self.database = database
        self.universe = Universe()
        self._random = Random(seed)
        clock = VirtualClock(self.universe, self._part())
        self.telegram = Telegram(self.universe, clock)
        style = self._part()
        self.replicas = has_replicas(seed)
        """Whether there are two processes, of which one leads."""
        # The shortest would be over before anybody could take over twice.
        self.length = style.choice(_LENGTHS[1:] if self.replicas else _LENGTHS)
        self.scenario = a_drill(self._part(), self.length)
        self.crowd = Crowd(self.universe, self.telegram, self._part(), tuple(self.scenario.units))
        self.weather = Weather(self._part(), self.length, Random(f"clouds {seed}"))
        self._fortune = self._part()
        self.failures: list[str] = []
        """What the bot could not cope with, in its own words."""
        self.processes: list[BotProcess] = []
        self._terms = Terms(self.universe, self.processes, self.failures.append) if self.replicas else None
        self._ending = Ending(self.universe)
        self.deaths = 0
        self._mortal = True
        self._settings = Settings(
            _env_file=None,
            token=TOKEN,
            owners=(self.crowd.director.id,),
            database_url=f"sqlite+aiosqlite:///{database}",
            listen="",
        )
        self._prepare()

    def run(self) -> Outcome:
        """Play it to its end, let everything come to rest, and hold the record to what the world saw."""
        self.crowd.begin(self.length)
        self._start()
        if self.replicas:
            self.universe.after(self._fortune.uniform(0.0, 20.0), self._start)
        self._plan_deaths()
        violations: list[str] = []
        try:
            self.universe.run(self.length + 30.0, self._is_lost)
            self._heal()
            self._let_settle()
        except StuckError as stuck:
            violations.append(str(stuck))
        messages, presses = len(self.telegram.arrivals), len(self.telegram.presses)
        kept = Record.read(self.database)
        violations += self.failures
        violations += broken(kept, self.telegram, self.crowd, self.weather, self._ending)
        digest = self._digest(kept)
        for process in self.processes:
            process.kill()
            process.bury()
        return Outcome(self.seed, tuple(violations), digest, self.deaths, messages, presses)

    def _part(self) -> Random:
        """A source of chance for one part, so that what one draws does not move the others."""
        return Random(self._random.getrandbits(64))

    def _prepare(self) -> None:
        """The exercise as it is before STARTEX: every unit seated."""
        director = Person(self.crowd.director.id, "Sari")
        at = self.universe.now()
        engine = create_engine(f"sqlite:///{self.database}")
        with engine.begin() as connection:
            tx = Transaction(connection, Memory(), Deferred(connection))
            hashes = {unit: hashlib.sha256(unit.encode()).hexdigest() for unit in self.scenario.units}
            exercise = record(
                tx,
                conduct.create(
                    1,
                    self.scenario,
                    "Geladi kecil",
                    control=Place(self.crowd.control.id),
                    language="id",
                    timezone="Asia/Jakarta",
                    by=director,
                    at=at,
                    code_hashes=hashes,
                ),
            )
            for unit, leader in self.crowd.leaders.items():
                person = Person(leader.id, leader.user.first_name)
                chat = self.crowd.chats[unit]
                exercise = record(tx, enrolment.join(exercise, unit, Place(chat.id), chat.title, person, at))
            tx.catch_up()
            keep_heads(connection, tx.fresh.heads)
        engine.dispose()

    def _start(self) -> None:
        line = Line(self.universe, self.telegram, self.weather, len(self.processes))
        process = BotProcess(
            self.universe, self._settings, line, self._part(), self.failures, self._died, shared=self.replicas
        )
        if self._terms is not None:
            self._terms.watch(process, len(self.processes))
        self._ending.watch(process.loop.disk)
        self.processes.append(process)

    def _plan_deaths(self) -> None:
        fortune = self._fortune
        for _ in range(fortune.choice((0, 0, 1, 1, 2, 3, 5))):
            turns = fortune.randint(1, 400)
            self.universe.after(fortune.uniform(0.0, self.length + 20.0), _killing(self, turns))
        for _ in range(fortune.choice((1, 1, 2, 3) if self.replicas else (0, 1, 1, 2, 3))):
            seconds = fortune.choice((fortune.uniform(1.0, 10.0), fortune.uniform(10.0, _LONGEST_FREEZE)))
            self.universe.after(fortune.uniform(0.0, self.length - 20.0), _freezing(self, seconds))
        for _ in range(fortune.choice((0, 1, 1, 2)) if self.replicas else 0):
            seconds = fortune.uniform(2.0, 25.0)
            self.universe.after(fortune.uniform(0.0, self.length - 20.0), _losing(self, seconds))

    def _died(self) -> None:
        self.deaths += 1
        short = self._fortune.random() < 0.75
        self.universe.after(
            self._fortune.uniform(0.3, 4.0) if short or not self._mortal else self._fortune.uniform(20.0, 90.0),
            self._start,
        )

    def was_frozen_lately(self) -> bool:
        """Whether a process stood still within the longest time that a handler is given."""
        return any(self.universe.seconds - process.thawed_at < _LONGEST_HANDLING for process in self._living())

    def mishap(self, act: Callable[[BotProcess], None]) -> None:
        """Do something to a process, rather to one that leads, while such things still happen."""
        living = self._living() if self._mortal else []
        at_work = [process for process in living if process.is_at_work]
        if living:
            act(self._fortune.choice(at_work if at_work and self._fortune.random() < 0.7 else living))

    def _living(self) -> list[BotProcess]:
        return [process for process in self.processes if process.alive]

    def _heal(self) -> None:
        """From here on nothing goes wrong."""
        self._mortal = False
        self.weather.cleared = True
        for process in self._living():
            process.spare()

    def _is_lost(self) -> bool:
        """Whether so much is broken that there is no use in going on."""
        return len(self.failures) >= _ENOUGH

    def _let_settle(self) -> None:
        end = self.universe.seconds + _PATIENCE
        asked_again = False
        while self.universe.seconds < end and not self._is_lost():
            self.universe.run(self.universe.seconds + _LOOK, self._is_lost)
            if is_at_rest(self.database):
                return
            if not asked_again and self.universe.seconds > end - _PATIENCE / 2:
                asked_again = True
                if not Record.read(self.database).exercise.state.is_over:
                    self.crowd.end_again()

    def _digest(self, kept: Record) -> str:
        told = [str(arrival) for arrival in self.telegram.arrivals]
        told += [entry.hash for entry in kept.log]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def has_replicas(seed: int) -> bool:
    """Whether two processes play the drill of that seed."""
    return seed % _REPLICAS_EVERY == 0


def _killing(drill: Drill, turns: int) -> Callable[[], None]:
    return lambda: drill.mishap(lambda process: process.kill_after(turns))


def _freezing(drill: Drill, seconds: float) -> Callable[[], None]:
    return lambda: drill.mishap(lambda process: process.freeze(seconds))


def _losing(drill: Drill, seconds: float) -> Callable[[], None]:
    return lambda: drill.mishap(lambda process: process.lose_database(seconds))
