"""One process of the bot in the simulation: put together as in life, killed and frozen as life does it."""

import asyncio
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.app import running
from bot.exercise.forms import Form
from bot.rehearsal.standin.pictures import plain_png
from bot.settings import Settings
from bot.store.store import Store
from tests.simulation.clock import VirtualClock
from tests.simulation.disk import Disk, ProcessLoop
from tests.simulation.line import Line
from tests.simulation.telegram import TOKEN
from tests.simulation.universe import Universe

_IDLE_SECONDS: Final = 5.0
"""After which a server ends a transaction whose process does nothing."""


class BotProcess:
    """A process from its start to its death.

    ``failures`` is where it leaves what it could not cope with, and ``on_death`` is called when it is gone. On a
    ``shared`` database its transactions do not stand still for long.
    """

    def __init__(
        self,
        universe: Universe,
        settings: Settings,
        line: Line,
        random: Random,
        failures: list[str],
        on_death: Callable[[], None],
        *,
        shared: bool,
    ) -> None:
        self._universe = universe
        self._settings = settings
        self._failures = failures
        self._on_death = on_death
        self._shared = shared
        self._clock = VirtualClock(universe, random)
        self._turns_left: int | None = None
        # The rest of what a loop can do is asked of it by nobody.
        self.loop = ProcessLoop(universe, self._count_turn, failures.append)  # type: ignore[abstract]  # see above
        database = Path(settings.database_url.partition(":///")[2])
        self.loop.disk = Disk(universe, random, database)
        self.loop.line = line
        self.alive = True
        self.thawed_at = -math.inf
        """The second at which its last freeze ends."""
        universe.admit(self.loop)
        asyncio._set_running_loop(self.loop)
        try:
            self._task: asyncio.Task[Any] = self.loop.create_task(self._main(), name="process")
        finally:
            asyncio._set_running_loop(None)
        self._task.add_done_callback(self._fell)

    def kill_after(self, turns: int) -> None:
        """Have the process die when it has run so many more callbacks."""
        if self.alive:
            self._turns_left = turns

    def spare(self) -> None:
        """Let the process live, and go on if it is frozen."""
        self._turns_left = None
        self.loop.frozen_until = self.loop.disk.away_until = 0
        self.thawed_at = min(self.thawed_at, self._universe.seconds)

    def freeze(self, seconds: float) -> None:
        """Have the process stand still, knowing nothing of it."""
        self.thawed_at = self._universe.seconds + seconds
        self.loop.frozen_until = self._universe.moment + round(seconds * 1_000_000)
        self._stand_still(seconds)

    def lose_database(self, seconds: float) -> None:
        """Have the database out of the process's reach for so long, and Telegram not."""
        self.loop.disk.lose(seconds)
        self._stand_still(seconds)

    def _stand_still(self, seconds: float) -> None:
        if self._shared and seconds > _IDLE_SECONDS:
            self._universe.after(_IDLE_SECONDS, self.loop.disk.cut_idle)

    @property
    def is_able(self) -> bool:
        """Whether it lives, is not frozen, and reaches the database."""
        return self.alive and self.loop.frozen_until <= self._universe.moment and not self.loop.disk.is_away

    @property
    def stands_ready(self) -> bool:
        """Whether it leads or would lead: it has learnt from Telegram who it is."""
        return any(task.get_coro().__qualname__ == "Leadership.run" for task in self.loop.tasks)  # type: ignore[union-attr]  # a task of ours has a coroutine

    @property
    def is_at_work(self) -> bool:
        """Whether the parts of a leader run in it."""
        return any(task.get_name() == "poller" for task in self.loop.tasks)

    def is_called(self, owner: str) -> bool:
        """Whether a lease with that owner is its own."""
        return owner.rpartition("-")[2] in self._clock.references

    def kill(self) -> None:
        """The process is gone: nothing that is left of it has any effect."""
        if not self.alive:
            return
        self.alive = self.loop.alive = False
        self._universe.dismiss(self.loop)
        self.loop.disk.die()
        self._on_death()

    def bury(self) -> None:
        """Let what is left in memory of a dead process unwind, so that it leaves quietly."""
        self._failures = []
        for _ in range(5):
            tasks = list(self.loop.tasks)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            self.loop.drain()
        for task in self.loop.tasks:
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # it is told of, and nobody minds

    async def _main(self) -> None:
        store = Store(self._settings.database_url)
        await store.open()
        async with running(self._settings, TOKEN, store, self._clock, press=_blank):
            await asyncio.Event().wait()

    def _count_turn(self) -> None:
        if self._turns_left is not None:
            self._turns_left -= 1
            if self._turns_left <= 0:
                self.kill()

    def _fell(self, task: asyncio.Task[Any]) -> None:
        if self.alive:
            error = None if task.cancelled() else task.exception()
            self._failures.append(f"the bot fell over: {error!r}")
            self.kill()


async def _blank(exercise: int, form: Form, language: str) -> bytes:
    """A file to be sent; what is in it is proved where time is real."""
    if form.ending == "png":
        # Telegram looks at pictures, and refuses what is none.
        return plain_png()
    return f"{exercise} {form} {language}".encode()
