"""`geladi rehearse`: the very same bot, on this machine, against the stand-in and its people."""

import asyncio
import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.app import running
from bot.clock import WallClock
from bot.exercise.people import Person
from bot.rehearsal.drill import Drill
from bot.rehearsal.screen import Screen
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import BadSettingError, Settings
from bot.store import directory
from bot.store.store import Store
from bot.wire.logs import set_up_logging
from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario
from scenarios.problems import Severity
from scenarios.yaml_reader import read_yaml

_BOT = "geladi_bot"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What to rehearse, and how."""

    scenario: str
    speed: float
    autoplay: bool
    headless: bool
    seed: int
    port: int
    out: Path | None
    language: str


async def rehearse(plan: Rehearsal) -> None:
    """Play the exercise to its summary, and write the files.

    Raises:
        BadSettingError: there is no such scenario, or it has errors.
        TimeoutError: the bot fell silent.
    """
    scenario = _read(plan.scenario)
    clock = WallClock(plan.speed)
    world = World(clock)
    bot = world.add_bot(_BOT)
    set_up_logging("error", bot.token)
    dice = Random(plan.seed)  # noqa: S311 - simulated people, seeded
    drill = Drill(world, scenario, plan.language, dice)
    with tempfile.TemporaryDirectory(prefix="geladi-") as folder:
        store = Store(f"sqlite+aiosqlite:///{folder}/rehearsal.db")
        await store.open()
        async with StandIn(world, port=plan.port) as standin, contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(store.close)
            owner = Person(drill.director.person.id, drill.director.person.user.first_name)
            if plan.scenario not in bundled():
                await store.perform(lambda tx: directory.add_scenario(tx, scenario, owner, clock.now()))
            settings = Settings(_env_file=None, api_url=standin.url, owners=(owner.id,), language="id", listen="")
            await stack.enter_async_context(running(settings, bot.token, store, clock))
            screen = Screen(drill, live=not plan.headless)
            async with screen:
                await drill.set_up()
                await drill.begin()
                await drill.play(leaders=plan.autoplay)
            files = await asyncio.to_thread(_write_files, drill, plan.out) if plan.out else []
            screen.conclude(files)


def _read(name: str) -> Scenario:
    if name in bundled():
        return read_bundled(name)
    try:
        data = Path(name).read_bytes()
    except OSError:
        known = ", ".join(bundled())
        raise BadSettingError(f"{name}: neither a file nor a bundled scenario ({known})") from None
    reading = read_yaml(data)
    if reading.scenario is None:
        problems = [problem.located(name) for problem in reading.problems if problem.severity is Severity.ERROR]
        raise BadSettingError("\n".join(problems))
    return reading.scenario


def _write_files(drill: Drill, out: Path) -> list[Path]:
    """The files that the bot posted in the control room."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in drill.posted_files():
        path = out / name
        path.write_bytes(data)
        written.append(path)
    return written
