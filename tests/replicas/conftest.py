"""Several processes of the bot on one PostgreSQL, each with a door of its own to one stand-in for Telegram."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.rehearsal.standin.limits import Limits, Rate
from bot.rehearsal.standin.world import World
from tests.acceptance.cast import Cast
from tests.acceptance.process import Program
from tests.postgres import Postgres
from tests.replicas.doors import Door, Replica

StartReplica = Callable[..., Awaitable[Replica]]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.end()


@pytest.fixture
async def url(postgres: Postgres) -> str:
    return await postgres.new_database()


@pytest.fixture
def world() -> World:
    made = World(WallClock(), limits=replace(Limits(), private=Rate(18, 5)))
    made.add_bot("geladi_bot")
    return made


@pytest.fixture
def cast(world: World) -> Cast:
    return Cast(world)


@pytest.fixture
async def replica(world: World, cast: Cast, url: str, tmp_path: Path) -> AsyncIterator[StartReplica]:
    """Starts a process of the bot, with the settings that a test adds."""
    async with AsyncExitStack() as stack:

        async def start(name: str, **settings: str) -> Replica:
            door = await stack.enter_async_context(Door(world))
            folder = tmp_path / name
            folder.mkdir()
            program = Program(
                folder,
                {
                    "TOKEN": world.only_bot.token,
                    "OWNERS": str(cast.director.person.id),
                    "API_URL": door.url,
                    "DATABASE_URL": url,
                    "LISTEN": "",
                    "RATE_CHAT": "3/s",
                    **settings,
                },
            )
            await program.start()
            stack.push_async_callback(program.clean_up)
            return Replica(program, door)

        yield start
