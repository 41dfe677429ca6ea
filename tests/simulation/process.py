"""One process of the bot in the simulation: put together as in life, killed and frozen as life does it."""

import asyncio
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from bot.app import running
from bot.exercise.forms import Form
from bot.settings import Settings
from bot.store.store import Store
from tests.simulation.clock import VirtualClock
from tests.simulation.disk import Disk, ProcessLoop
from tests.simulation.line import Line
from tests.simulation.telegram import TOKEN
from tests.simulation.universe import Universe


class BotProcess:
    """A process from its start to its death.

    ``failures`` is where it leaves what it could not cope with, and ``on_death`` is called when it is gone.
    """

    def __init__(
        self,
        universe: Universe,
        settings: Settings,
        line: Line,
        random: Random,
        failures: list[str],
        on_death: Callable[[], None],
    ) -> None:
        self._universe = universe
        self._settings = settings
        self._failures = failures
        self._on_death = on_death
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
        self.loop.frozen_until = 0

    def freeze(self, seconds: float) -> None:
        """Have the process stand still, knowing nothing of it."""
        self.thawed_at = self._universe.seconds + seconds
        self.loop.frozen_until = self._universe.moment + round(seconds * 1_000_000)

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
    return f"{exercise} {form} {language}".encode()
