"""A stand-in for Telegram in the test's process, and the bot in one of its own."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.rehearsal.standin.limits import Limits, Rate
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from tests.acceptance.cast import Cast
from tests.acceptance.process import Program


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(World(WallClock(), limits=replace(Limits(), private=Rate(18, 5)))) as server:
        server.world.add_bot("geladi_bot")
        yield server


@pytest.fixture
def cast(standin: StandIn) -> Cast:
    return Cast(standin.world)


@pytest.fixture
async def program(standin: StandIn, cast: Cast, tmp_path: Path, url: str) -> AsyncIterator[Program]:
    made = Program(
        tmp_path,
        {
            "TOKEN": standin.world.only_bot.token,
            "OWNERS": str(cast.director.person.id),
            "API_URL": standin.url,
            "DATABASE_URL": url,
            "LISTEN": "",
            # So that nobody waits long for what the control room is told one by one.
            "RATE_CHAT": "3/s",
        },
    )
    yield made
    await made.clean_up()
