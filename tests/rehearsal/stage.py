"""What the tests of the stand-in share: a clock moved by hand, and a bare client of the Bot API."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, FormData

from bot.rehearsal.people import Person
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.world import World

MORNING = datetime(2023, 10, 16, 2, 0, tzinfo=UTC)


class HandClock:
    """A clock that stands still until it is moved; sleeping moves it."""

    def __init__(self) -> None:
        self._now = MORNING

    def now(self) -> datetime:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        self.move(seconds)

    def real_seconds(self, seconds: float) -> float:
        return seconds

    def on_the_wall(self, moment: datetime) -> datetime:
        return moment

    def reference(self) -> str:
        return "reference123"

    def code(self) -> str:
        return "code" * 5


@dataclass(frozen=True)
class Reply:
    """What the stand-in answered."""

    status: int
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.body["ok"], self.body
        assert self.status == 200
        return self.body["result"]

    @property
    def refusal(self) -> str:
        assert not self.body["ok"], self.body
        assert self.status == self.body["error_code"]
        return f"{self.status} {self.body['description']}"


@dataclass(frozen=True)
class Api:
    """The Bot API as a bot sees it, without any library between."""

    session: ClientSession
    root: str
    token: str

    async def __call__(self, method: str, **parameters: Any) -> Reply:
        """Call with a JSON body."""
        async with self.session.post(f"{self.root}/bot{self.token}/{method}", json=parameters) as response:
            return Reply(response.status, await response.json())

    async def form(self, method: str, form: FormData) -> Reply:
        async with self.session.post(f"{self.root}/bot{self.token}/{method}", data=form) as response:
            return Reply(response.status, await response.json())

    async def download(self, path: str) -> tuple[int, bytes]:
        async with self.session.get(f"{self.root}/file/bot{self.token}/{path}") as response:
            return response.status, await response.read()


@dataclass(frozen=True)
class Stage:
    """A world with one bot, one person, and the bot's wire."""

    clock: HandClock
    world: World
    bot: Bot
    sari: Person
    api: Api

    async def updates(self, **parameters: Any) -> list[dict[str, Any]]:
        return list((await self.api("getUpdates", **parameters)).result)

    async def confirm_all(self) -> None:
        """Empty the queue, as a bot that has caught up."""
        waiting = await self.updates()
        if waiting:
            await self.updates(offset=waiting[-1]["update_id"] + 1)

    async def polled(self) -> None:
        """Wait until a long poll has reached the stand-in."""
        async with asyncio.timeout(5):
            while not self.bot.updates.is_polled:  # noqa: ASYNC110 - nothing announces a poll that begins to wait
                await asyncio.sleep(0)
