"""Everything that a rehearsal can be steered by, in one place: its clock, its people and its bot."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Protocol

from bot.clock import PacedClock
from bot.rehearsal.course import GRACE, Course
from bot.rehearsal.drill import Drill
from bot.rehearsal.profiles import PROFILES
from bot.rehearsal.standin.world import World
from bot.rehearsal.trouble import Trouble
from bot.rehearsal.understudy import Understudy

SLOWEST, FASTEST = 0.1, 600.0
STEP_SPEED = 600.0
"""How fast the world goes while it is stepped to the next inject."""
_PATIENCE_SECONDS = 60.0
"""Real seconds that an inject may take to its chat, with a line that stalls."""
_STEP_STOPS_BEFORE = 2.0
"""Exercise seconds."""
_STEP_LOOKS_EVERY = 0.02
"""Real seconds."""


class NotHere(Exception):  # noqa: N818 - it is no error of the program
    """This rehearsal has nothing of the kind."""


class Playback(Protocol):
    """A recorded exercise that is played back."""

    @property
    def title(self) -> str:
        """That this is a replay, of which exercise and of which day."""
        ...

    @property
    def warning(self) -> str:
        """What is wrong with the record, in a line; empty where nothing is."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether everything has been told."""
        ...

    def step(self) -> bool:
        """Go on to just before the next inject; gives whether there is one."""
        ...


@dataclass(slots=True)
class Stage:
    """A rehearsal while it is on. Without a ``drill`` it is the bare stand-in, for any bot."""

    world: World
    clock: PacedClock
    drill: Drill | None = None
    bot: Understudy | None = None
    zone: str = ""
    """The time zone in which the exercise tells its times."""
    speed: float = 1.0
    """How fast the world goes when it does not stand still."""
    is_paused: bool = False
    replay: Playback | None = None
    """The replay that is played here: then nobody can do anything but watch."""
    plays: dict[str, str] = field(default_factory=dict)
    """The profile by which each unit's leader plays by itself, by unit."""
    trouble: Trouble = field(init=False)
    course: Course | None = field(init=False)
    on_change: Callable[[], None] = lambda: None
    """Called when something has been steered."""
    _directing: asyncio.Task[None] | None = None
    _stepping: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        """Read along, and let trouble be brought about."""
        self.trouble = Trouble(lambda: max(self.clock.pace.speed, 1.0))
        self.world.faults.decide = self.trouble.decide
        self.course = None
        if self.drill is not None:
            self.course = Course(self.drill.scenario, self.drill.control, self.drill.units)
            self.world.changes.listen(self.course.notice)

    @property
    def language(self) -> str:
        """In which the exercise speaks."""
        return self.drill.language if self.drill is not None else "en"

    def set_speed(self, speed: float) -> None:
        """Let the world go ``speed`` times as fast as life, at once or when it goes on."""
        self._end_step()
        self.speed = min(max(speed, SLOWEST), FASTEST)
        if not self.is_paused:
            self._go(self.speed)
        self.on_change()

    def pause(self, *, on: bool) -> None:
        """Let the world stand still, or go on."""
        self._end_step()
        self.is_paused = on
        self._go(0.0 if on else self.speed)
        self.on_change()

    def step(self) -> None:
        """Run to just before the next planned inject and go on from there as before, paused or not.

        Raises:
            NotHere: there is no next inject, or the exercise does not run.
        """
        if self.replay is not None:
            if not self.replay.step():
                raise NotHere("no next inject")
            self.on_change()
            return
        course = self.course
        at = course.next_at(self.clock.now()) if course is not None else None
        if course is None or at is None or not course.is_running:
            raise NotHere("no next inject")
        self._end_step()
        goal = at.total_seconds() - _STEP_STOPS_BEFORE

        async def run() -> None:
            self._go(STEP_SPEED)
            try:
                while course.elapsed(self.clock.now()).total_seconds() < goal:  # noqa: ASYNC110 - time announces nothing
                    await asyncio.sleep(_STEP_LOOKS_EVERY)
            finally:
                self._go(0.0 if self.is_paused else self.speed)
                self.on_change()

        self._stepping = asyncio.create_task(run(), name="step")
        self.on_change()

    @property
    def is_stepping(self) -> bool:
        """Whether the world runs to the next inject now."""
        return self._stepping is not None and not self._stepping.done()

    def let_play(self, unit: str, profile: str | None) -> None:
        """Let the unit's leader play by itself in that manner, or leave the answers to people.

        Raises:
            NotHere: there is no such unit or manner.
        """
        drill = self._drill()
        if unit not in drill.units or (profile is not None and profile not in PROFILES):
            raise NotHere(f"no unit {unit} that plays {profile}")
        if profile is None:
            self.plays.pop(unit, None)
            drill.let_play(unit, None)
        else:
            self.plays[unit] = profile
            drill.let_play(unit, PROFILES[profile](Random(drill.random.random())))  # noqa: S311 - simulated people
            drill.autoplay.look_through(drill.chat_of(unit).id)
        self.on_change()

    def set_phone(self, unit: str, *, off: bool) -> None:
        """Take the phones of a unit's people off the air, or let them come back.

        Raises:
            NotHere: there is no such unit.
        """
        drill = self._drill()
        if unit not in drill.units:
            raise NotHere(f"no unit {unit}")
        chat = drill.chat_of(unit)
        people = {member.user.id for member in chat.present() if not member.user.is_bot}
        people.discard(drill.director.person.id)
        if off:
            self.world.offline |= people
        else:
            self.world.offline -= people
            drill.autoplay.look_through(chat.id)
        self.on_change()

    def lost(self) -> list[tuple[str, str]]:
        """Injects that are lost, by inject and unit: what takes long in life has that time at every speed."""
        if self.course is None:
            return []
        fastest = STEP_SPEED if self.is_stepping else self.speed
        return self.course.lost(self.clock.now(), max(GRACE, timedelta(seconds=_PATIENCE_SECONDS * fastest)))

    def phone_is_off(self, unit: str) -> bool:
        """Whether the leader of that unit is off the air."""
        return self.drill is not None and self.drill.leaders[unit].id in self.world.offline

    async def begin(self) -> None:
        """Let the director give STARTEX.

        Raises:
            NotHere: there is no director.
        """
        await self._drill().begin()

    def direct(self, *, on: bool) -> None:
        """Let the director answer the bot's questions and end the exercise by itself, or leave that to people.

        Raises:
            NotHere: there is no director.
        """
        drill = self._drill()
        if on and not drill.is_directed:
            self._directing = asyncio.create_task(drill.direct(), name="director")
        elif not on and self._directing is not None:
            self._directing.cancel()
            self._directing = None
        self.on_change()

    async def kill_bot(self) -> None:
        """SIGKILL.

        Raises:
            NotHere: the bot is none of ours.
        """
        await self._bot().kill()

    async def start_bot(self) -> None:
        """Start it (again).

        Raises:
            NotHere: the bot is none of ours.
        """
        await self._bot().start(self.clock.pace)

    def _go(self, speed: float) -> None:
        pace = self.clock.set_speed(speed)
        if self.bot is not None:
            self.bot.follow(pace)

    def _end_step(self) -> None:
        if self._stepping is not None:
            self._stepping.cancel()
            self._stepping = None

    def _drill(self) -> Drill:
        if self.replay is not None:
            raise NotHere("this is a replay")
        if self.drill is None:
            raise NotHere("no drill here")
        return self.drill

    def _bot(self) -> Understudy:
        if self.bot is None:
            raise NotHere("the bot runs elsewhere")
        return self.bot
