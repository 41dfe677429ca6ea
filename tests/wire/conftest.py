"""A Bot API that can fail, and a bot that speaks to it."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot

from bot.wire.request import AiohttpRequest
from tests.wire.faulty import TOKEN, FaultyApi


@pytest.fixture
async def api() -> AsyncIterator[FaultyApi]:
    served = FaultyApi()
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
async def bot(api: FaultyApi) -> AsyncIterator[Bot]:
    """A bot with short patience, speaking to ``api``."""
    made = Bot(
        TOKEN,
        base_url=f"{api.url}/bot",
        request=AiohttpRequest(read=0.2),
        get_updates_request=AiohttpRequest(read=0.2),
    )
    async with made:
        yield made
