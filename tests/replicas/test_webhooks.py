"""Two processes behind a webhook: Telegram knows the one that stands by, and the leader answers."""

import asyncio
import socket
from typing import Any

import aiohttp

from bot.rehearsal.standin.journal import WebhookChanged
from bot.rehearsal.standin.world import World
from tests.acceptance.cast import Cast
from tests.replicas.conftest import StartReplica

SECRET = "a-secret_that-Telegram-repeats-0123456789"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def leads(port: int) -> bool:
    """Whether a process that is ready says that it leads."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/readyz") as response:
        assert response.status == 200, await response.text()
        body: dict[str, Any] = await response.json()
        return bool(body["leads"])


async def who_am_i(cast: Cast) -> None:
    director = cast.director.person
    await cast.director.ask(cast.control, "/whoami", containing=str(director.id))


async def test_what_one_that_stands_by_takes_in_is_answered_by_the_leader_and_by_its_successor(
    world: World, cast: Cast, replica: StartReplica
) -> None:
    port, known_port = free_port(), free_port()
    webhook = {"WEBHOOK_URL": f"http://127.0.0.1:{known_port}/updates", "WEBHOOK_SECRET": SECRET}
    leader = await replica("first", LISTEN=f"127.0.0.1:{port}", **webhook)
    await leader.program.says('"leading"')
    other = await replica("second", LISTEN=f"127.0.0.1:{known_port}", **webhook)
    await other.program.says('"standing_by"')
    if world.only_bot.webhook is None:
        await world.wait_for(lambda change: isinstance(change, WebhookChanged), 10)

    began = world.clock.now()
    await who_am_i(cast)
    assert leader.door.spoken(began)
    assert other.door.spoken(began) == []
    assert await leads(port) is True
    assert await leads(known_port) is False

    # Stopped in good order, the leader hands over at once.
    async with asyncio.timeout(5):
        assert await leader.program.stop() == 0
        await other.program.says('"leading"')
    await who_am_i(cast)
    assert other.door.spoken(began)
    assert await leads(known_port) is True
