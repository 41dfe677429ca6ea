"""A page on a world of its own, served over HTTP; the bot is played by the tests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession, FormData

from bot.clock import Pace, PacedClock
from bot.rehearsal.page.server import Page
from bot.rehearsal.people import Person
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World


@dataclass(frozen=True)
class Visit:
    """A program that looks at the page and acts through it."""

    stage: Stage
    bot: Bot
    sari: Person
    group: Chat
    session: ClientSession
    root: str
    """The stand-in's."""
    page: str
    """The page's, with its token."""

    @property
    def world(self) -> World:
        return self.stage.world

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.page + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: dict[str, Any], **headers: str) -> tuple[int, Any]:
        async with self.session.post(self.page + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def act(self, **act: Any) -> tuple[int, Any]:
        return await self.post("acts", {"person": self.sari.id, "chat": str(self.group.id), **act})

    async def upload(self, form: FormData) -> tuple[int, Any]:
        async with self.session.post(self.page + "acts", data=form) as answer:
            return answer.status, await answer.json()

    async def call(self, method: str, **parameters: Any) -> Any:
        """What the bot does."""
        async with self.session.post(f"{self.root}/bot{self.bot.token}/{method}", json=parameters) as answer:
            return await answer.json()


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    clock = PacedClock(Pace.from_now(1.0))
    world = World(clock)
    bot = world.add_bot("geladi_bot")
    sari = Person(world, world.add_user("Sari"))
    group = sari.create_group("Posko")
    sari.add_bot(group)
    stage = Stage(world, clock)
    page = Page(stage, "kunci")
    async with StandIn(world, beside=page.add_to) as standin, ClientSession() as session:
        yield Visit(stage, bot, sari, group, session, standin.url, standin.url + page.path)
