"""A stage for each test."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.rehearsal.people import Person
from bot.rehearsal.standin.limits import NO_LIMITS, Limits
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from tests.rehearsal.stage import Api, HandClock, Stage


@pytest.fixture
def limits() -> Limits:
    """No flood control, unless a module says otherwise."""
    return NO_LIMITS


@pytest.fixture
async def stage(limits: Limits) -> AsyncIterator[Stage]:
    clock = HandClock()
    world = World(clock, limits=limits)
    bot = world.add_bot("geladi_bot")
    sari = Person(world, world.add_user("Sari", username="sari"))
    async with StandIn(world) as standin, ClientSession() as session:
        yield Stage(clock, world, bot, sari, Api(session, standin.url, bot.token))
