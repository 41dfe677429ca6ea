"""The whole bot behind a webhook: Telegram's stand-in brings what people write, and they are answered."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import running
from bot.clock import WallClock
from bot.rehearsal.people import Person
from bot.rehearsal.standin.journal import WebhookChanged
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store.store import Store
from tests.web.conftest import SECRET


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(World(WallClock())) as server:
        server.world.add_bot("geladi_bot")
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def bot_at_work(
    standin: StandIn, path: Path, port: int, *, webhook: bool, known_port: int | None = None
) -> AsyncIterator[None]:
    """``known_port`` is where Telegram brings updates, unless it is where the bot listens."""
    store = Store(f"sqlite+aiosqlite:///{path / 'geladi.db'}")
    await store.open()
    settings = Settings(
        _env_file=None,
        api_url=standin.url,
        listen=f"127.0.0.1:{port}",
        webhook_url=f"http://127.0.0.1:{known_port or port}/from/telegram" if webhook else "",
        webhook_secret=SecretStr(SECRET if webhook else ""),
    )
    async with running(settings, standin.world.only_bot.token, store, WallClock()):
        yield
    await store.close()


async def answered(person: Person, text: str) -> None:
    """Write to the bot and wait for its answer."""
    room = person.private()
    mark = person.say(room, text).message_id
    await person.world.wait_for_message(
        room, lambda message: message.message_id > mark and message.sender and message.sender.is_bot, 10
    )


async def test_people_are_answered_through_the_webhook_and_without_one_again(standin: StandIn, tmp_path: Path) -> None:
    """Going back to polling takes the webhook away by itself."""
    person = Person(standin.world, standin.world.add_user("Sari"))
    port = free_port()
    async with bot_at_work(standin, tmp_path, port, webhook=True):
        await answered(person, "/help")
        hook = standin.world.only_bot.webhook
        assert hook is not None
        assert hook.url.endswith("/from/telegram")
        assert await _ready(port)
    async with bot_at_work(standin, tmp_path, port, webhook=False):
        await answered(person, "/help")
        assert standin.world.only_bot.webhook is None


async def test_a_webhook_that_somebody_took_away_is_set_again(standin: StandIn, tmp_path: Path) -> None:
    person = Person(standin.world, standin.world.add_user("Sari"))
    async with bot_at_work(standin, tmp_path, free_port(), webhook=True):
        await answered(person, "/help")
        standin.world.only_bot.webhook = None
        await standin.world.wait_for(lambda change: isinstance(change, WebhookChanged), 20)
        await answered(person, "/help")


async def test_a_webhook_by_which_nothing_has_ever_arrived_is_told_by_health(standin: StandIn, tmp_path: Path) -> None:
    """Telegram answers well all the while when it is asked about it."""
    person = Person(standin.world, standin.world.add_user("Sari"))
    port = free_port()
    async with bot_at_work(standin, tmp_path, port, webhook=True, known_port=free_port()):
        assert await _ready(port)
        person.say(person.private(), "/help")
        async with asyncio.timeout(40):
            while (check := await _updates(port))["ok"] or "Connection failed" not in check["detail"]:  # noqa: ASYNC110 - nobody announces what health says
                await asyncio.sleep(0.2)
        # Still open to what a proxy brings, or nothing would ever be brought again.
        assert await _ready(port)


async def _ready(port: int) -> bool:
    async with asyncio.timeout(10):
        while True:
            status, _ = await _health(port)
            if status == 200:
                return True
            await asyncio.sleep(0.05)


async def _updates(port: int) -> dict[str, Any]:
    check: dict[str, Any] = (await _health(port))[1]["updates"]
    return check


async def _health(port: int) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/readyz") as response:
        return response.status, (await response.json())["checks"]
