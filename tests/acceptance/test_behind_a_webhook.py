"""A press that has waited before it was brought is on record as an upper bound, and no other is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot.rehearsal.standin.world import World
from bot.texts.catalogue import say
from tests.acceptance.cast import SEATED, SHORT_SCRIPT, Cast, add_to_library
from tests.acceptance.process import Program
from tests.web.test_intake import free_port

SECRET = "a-secret_that-Telegram-repeats-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
FROZEN_SECONDS = 12.0
"""Real ones, because the process is really stopped: a press that waited so long must not count as exact."""
BROKEN_SECONDS = 4.5
"""Real ones, too: for so long the proxy answers 502."""


@dataclass
class Proxy:
    """What stands before the bot; it can be out of order."""

    url: str
    port: int
    broken: bool = False

    async def bring(self, request: web.Request) -> web.Response:
        if self.broken:
            return web.Response(status=502)
        shown = {HEADER: request.headers[HEADER]}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"http://127.0.0.1:{self.port}/updates", data=await request.read(), headers=shown) as response,
        ):
            return web.Response(status=response.status)


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    port = free_port()
    made = Proxy(f"http://127.0.0.1:{port}/updates", free_port())
    app = web.Application()
    app.router.add_post("/updates", made.bring)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield made
    await runner.cleanup()


async def test_presses_that_wait_for_a_process_or_its_proxy_are_upper_bounds_and_others_exact(
    program: Program, cast: Cast, url: str, proxy: Proxy
) -> None:
    program.settings |= {"LISTEN": f"127.0.0.1:{proxy.port}", "WEBHOOK_URL": proxy.url, "WEBHOOK_SECRET": SECRET}
    cast.be_patient(60)
    await add_to_library(url, SHORT_SCRIPT, cast.world.clock.now())
    await program.start()
    await cast.set_up(str(SHORT_SCRIPT["id"]))
    await cast.join_in_private()
    await cast.startex()
    await asyncio.gather(*(cast.inject("B-5", unit) for unit in SEATED))
    await looked(cast.world)
    await cast.acknowledge("B-5", "alfa", after=0.0)

    program.freeze()
    message = await cast.inject("B-5", "bravo")
    waiting = cast.leaders["bravo"].press(cast.chats["bravo"], message, say("id", "ack.button"))
    await asyncio.sleep(FROZEN_SECONDS)
    program.thaw()
    await cast.answered(waiting)
    await looked(cast.world, times=2)
    await cast.acknowledge("B-5", "charlie", after=0.0)

    # Right after a look, so that as much time as can be passes before the next.
    await looked(cast.world)
    proxy.broken = True
    message = await cast.inject("B-5", "delta")
    waiting = cast.leaders["delta"].press(cast.chats["delta"], message, say("id", "ack.button"))
    await asyncio.sleep(BROKEN_SECONDS)
    proxy.broken = False
    await cast.answered(waiting)

    deliveries: list[dict[str, Any]] = orjson.loads((await program.run("export", "1")).out)["deliveries"]
    exact = {d["unit"]: d["acknowledged_exact"] for d in deliveries if d["inject"] == "B-5"}
    assert exact == {"alfa": True, "bravo": False, "charlie": True, "delta": False}
    assert await program.stop() == 0


async def looked(world: World, times: int = 1) -> None:
    """Wait until the bot has asked Telegram so many times more how it fares with the webhook."""

    def looks() -> list[datetime]:
        return [asked.at for asked in world.journal.requests if asked.method == "getWebhookInfo"]

    began = len(looks())
    async with asyncio.timeout(60):
        while len(looks()) < began + times:  # noqa: ASYNC110 - the journal announces nothing
            await asyncio.sleep(0.05)
