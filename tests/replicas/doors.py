"""A door to the stand-in for each process, so that it is known who has asked for what."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from tests.acceptance.process import Program

SPEAKING = ("sendMessage", "editMessageText", "answerCallbackQuery", "sendPhoto", "sendDocument")


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    at: datetime
    method: str


class Door(StandIn):
    """The stand-in's world, at an address of its own."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.asked: list[Asked] = []
        self._spoken = asyncio.Event()

    async def _serve_call(self, request: web.Request, bot: Bot, name: str) -> web.StreamResponse:
        self.asked.append(Asked(self.world.clock.now(), name))
        if name in SPEAKING:
            self._spoken.set()
        return await super()._serve_call(request, bot, name)

    def spoken(self, since: datetime) -> list[Asked]:
        """Everything that was said to people through this door since then."""
        return [asked for asked in self.asked if asked.method in SPEAKING and asked.at >= since]

    async def speaks(self, within: float) -> datetime:
        """When something is next said through this door."""
        self._spoken.clear()
        async with asyncio.timeout(within):
            await self._spoken.wait()
        return self.world.clock.now()


@dataclass
class Replica:
    """One process and its door."""

    program: Program
    door: Door = field(repr=False)
