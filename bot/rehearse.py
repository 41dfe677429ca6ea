"""`geladi rehearse`: the very same bot, on this machine, against the stand-in and its people."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from aiohttp import web

from bot.clock import PacedClock
from bot.exercise.people import Person
from bot.rehearsal.course import State
from bot.rehearsal.drill import Drill
from bot.rehearsal.keeping import Keeper
from bot.rehearsal.page.server import Page
from bot.rehearsal.screen import Screen
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.rehearsal.understudy import Understudy
from bot.rehearsal_home import home
from bot.settings import PREFIX, BadSettingError
from bot.store import directory
from bot.store.store import Store
from bot.texts.findings import located
from bot.wire.logs import set_up_logging
from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario
from scenarios.problems import Severity
from scenarios.reading import Check, read_scenario

USUAL_PORT = 8080
_PROFILE = "usual"


class BotDiedError(Exception):
    """The bot ended in the middle of the rehearsal."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What to rehearse, and how.

    Without ``page`` the director plays by itself. ``port`` ``None`` is the usual one, or any if that is taken.
    """

    scenario: str
    speed: float
    autoplay: bool
    headless: bool
    seed: int
    port: int | None
    out: Path | None
    language: str
    page: bool = False
    stay: bool = False
    world: Path | None = None
    """The file in which the rehearsal is kept, and from which it goes on."""
    told_in: str = "en"
    """The language in which it is said what is wrong with the scenario."""


async def rehearse(plan: Rehearsal) -> None:
    """Play the exercise to its summary, and write the files; with a page, go on until stopped unless it plays itself.

    Raises:
        BadSettingError: there is no such scenario, or it has errors; or the port is taken.
        BotDiedError: the bot ended by itself.
        TimeoutError: the bot fell silent.
    """
    scenario = _read(plan.scenario, plan.told_in)
    playing = asyncio.current_task()
    if playing is not None and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    dice = Random(plan.seed)  # noqa: S311 - simulated people, seeded
    with home(plan.world) as where:
        stage = where.stage(scenario, plan.language, plan.speed, dice)
        drill, bot = stage.drill, stage.world.only_bot
        assert drill is not None  # noqa: S101 - a home has always one
        set_up_logging("error", bot.token)
        if where.kept is None:
            await _stock(where.database_url, plan, scenario, drill, stage.clock)
        async with contextlib.AsyncExitStack() as stack:
            token = where.kept["token"] if where.kept is not None else stage.clock.code()
            page = Page(stage, token) if plan.page else None
            standin = await stack.enter_async_context(opened(stage.world, plan.port, page))
            if plan.world is not None:
                await stack.enter_async_context(Keeper(stage, plan.world, token))
            settings = _settings(bot, standin.url, where.database_url, drill.director.person.id)
            media = [] if plan.scenario in bundled() else [str(Path(plan.scenario).parent.absolute())]
            stage.bot = Understudy([sys.executable, "-m", "bot.rehearsed", *media], settings, where.log)
            stack.push_async_callback(stage.bot.stop)
            await stage.start_bot()
            if page is not None:
                sys.stdout.write(f"{standin.url}{page.path}\n")
                sys.stdout.flush()
            screen = Screen(drill, live=not plan.headless)
            async with screen:
                await _play(plan, stage, drill, stage.bot)
            files = await asyncio.to_thread(_write_files, drill, plan.out) if plan.out else []
            screen.conclude(files)
            if plan.stay:
                await asyncio.Event().wait()


async def _play(plan: Rehearsal, stage: Stage, drill: Drill, bot: Understudy) -> None:
    try:
        await _act(plan, stage, drill, bot)
    except* BotDiedError as deaths:
        raise deaths.exceptions[0] from None


async def _act(plan: Rehearsal, stage: Stage, drill: Drill, bot: Understudy) -> None:
    async with asyncio.TaskGroup() as playing:
        watching = playing.create_task(_watch(bot), name="watch") if not plan.page else None
        leaders = playing.create_task(drill.autoplay.run(), name="leaders")
        if not drill.is_seated:
            await drill.set_up()
            if plan.autoplay:
                for unit in drill.units:
                    stage.let_play(unit, _PROFILE)
        if plan.autoplay or not plan.page:
            await _direct(stage, drill)
        else:
            await asyncio.Event().wait()
        leaders.cancel()
        if watching is not None:
            watching.cancel()


async def _direct(stage: Stage, drill: Drill) -> None:
    """From where the exercise stands to its end."""
    state = stage.course.state if stage.course is not None else State.PREPARED
    if state is State.PREPARED:
        await drill.begin()
    if state is not State.OVER:
        await drill.direct()


async def _watch(bot: Understudy) -> None:
    """Wait for the bot to die.

    Raises:
        BotDiedError: it did.
    """
    await bot.died.wait()
    raise BotDiedError(f"The bot ended in the middle of the rehearsal. Its last words:\n{bot.last_words()}")


async def _stock(url: str, plan: Rehearsal, scenario: Scenario, drill: Drill, clock: PacedClock) -> None:
    """Make the database, with the scenario in its library."""
    store = Store(url)
    await store.open()
    owner = Person(drill.director.person.id, drill.director.person.user.first_name)
    if plan.scenario not in bundled():
        await store.perform(lambda tx: directory.add_scenario(tx, scenario, owner, clock.now()))
    await store.close()


@contextlib.asynccontextmanager
async def opened(world: World, port: int | None, page: Page | None) -> AsyncIterator[StandIn]:
    """The stand-in, with its page: on the port asked for, else on the usual one if that is free.

    Raises:
        BadSettingError: the port asked for is taken.
    """
    beside = page.add_to if page is not None else _nothing
    wanted = (port,) if port is not None else (USUAL_PORT, 0) if page is not None else (0,)
    async with contextlib.AsyncExitStack() as stack:
        for one in wanted:
            try:
                standin = await stack.enter_async_context(StandIn(world, port=one, beside=beside))
            except OSError as error:
                if one == wanted[-1]:
                    raise BadSettingError(f"--port {one}: cannot listen there: {error.strerror}") from None
            else:
                yield standin
                return


def _nothing(_: web.Application) -> None:
    """There is no page."""


def _settings(bot: Bot, api_url: str, database_url: str, owner: int) -> dict[str, str]:
    """The environment of the bot: nothing of the live bot's settings may reach it."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {
        "TOKEN": bot.token,
        "API_URL": api_url,
        "DATABASE_URL": database_url,
        "OWNERS": str(owner),
        "LANGUAGE": "id",
        "LISTEN": "",
        "LOG": "warning",
    }
    return clean | {f"{PREFIX}{name}": value for name, value in own.items()}


def _read(name: str, language: str) -> Scenario:
    if name in bundled():
        return read_bundled(name)
    try:
        data = Path(name).read_bytes()
    except OSError:
        known = ", ".join(bundled())
        raise BadSettingError(f"{name}: neither a file nor a bundled scenario ({known})") from None
    checked = read_scenario(data, name, Check(Path(name).parent))
    if checked.scenario is None:
        errors = (problem for problem in checked.problems if problem.severity is Severity.ERROR)
        problems = [located(problem, name, language) for problem in errors]
        raise BadSettingError("\n".join(problems))
    if checked.problems:
        sys.stderr.write(f"{name}: warnings: {len(checked.problems)}; 'geladi check {name}' lists them\n")
    return checked.scenario


def _write_files(drill: Drill, out: Path) -> list[Path]:
    """The files that the bot posted in the control room."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, data in drill.posted_files():
        path = out / name
        path.write_bytes(data)
        written.append(path)
    return written
