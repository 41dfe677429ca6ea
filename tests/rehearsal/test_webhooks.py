"""Updates brought to a webhook: with its secret, in order, and again until they are taken."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.rehearsal.standin.webhooks import SECRET_HEADER
from tests.rehearsal.stage import Stage


class Receiver:
    """A bot's own web server, which refuses as often as it is told."""

    def __init__(self) -> None:
        self.taken: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.refusals = 0
        self.url = ""

    async def serve(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get(SECRET_HEADER))
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=500)
        self.taken.put_nowait(await request.json())
        return web.Response()

    async def next_text(self) -> str:
        async with asyncio.timeout(5):
            return str((await self.taken.get())["message"]["text"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_come_with_the_secret_and_in_order(stage: Stage, receiver: Receiver) -> None:
    room = stage.sari.private()
    stage.sari.say(room, "sebelum")
    assert (await stage.api("setWebhook", url=receiver.url, secret_token="rahasia_1")).result is True
    stage.sari.say(room, "sesudah")
    assert [await receiver.next_text() for _ in range(2)] == ["sebelum", "sesudah"]
    assert receiver.secrets == ["rahasia_1", "rahasia_1"]
    refused = await stage.api("getUpdates")
    assert refused.refusal.startswith("409 Conflict: can't use getUpdates method while webhook is active")


async def test_what_was_not_taken_is_brought_again(stage: Stage, receiver: Receiver) -> None:
    receiver.refusals = 3
    before = stage.clock.now()
    await stage.api("setWebhook", url=receiver.url)
    stage.sari.say(stage.sari.private(), "penting")
    assert await receiver.next_text() == "penting"
    assert (stage.clock.now() - before).total_seconds() == 1 + 2 + 4
    info = (await stage.api("getWebhookInfo")).result
    assert info["url"] == receiver.url
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_deleted_webhook_gives_the_updates_back_to_polling(stage: Stage, receiver: Receiver) -> None:
    await stage.api("setWebhook", url=receiver.url)
    await stage.api("deleteWebhook")
    stage.sari.say(stage.sari.private(), "halo")
    assert [update["message"]["text"] for update in await stage.updates()] == ["halo"]
    await stage.api("deleteWebhook", drop_pending_updates=True)
    assert await stage.updates() == []
    assert receiver.taken.empty()


async def test_setting_a_webhook_ends_a_waiting_poll(stage: Stage, receiver: Receiver) -> None:
    poll = asyncio.create_task(stage.api("getUpdates", timeout=50))
    await stage.polled()
    await stage.api("setWebhook", url=receiver.url)
    assert (await poll).status == 409
