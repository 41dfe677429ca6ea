"""Looking after a webhook: what may have waited is known, and who takes it away is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import aiohttp.web
import pytest
from telegram import Bot

from bot.wire.attention import Attention
from bot.wire.webhook import Webhook
from tests.wire.clocks import ManualClock
from tests.wire.faulty import FaultyApi, answer, refuse

URL = "https://latihan.example/updates"


@dataclass
class Kept:
    """A webhook that is looked after, and the seconds that its process counts."""

    api: FaultyApi
    clock: ManualClock
    webhook: Webhook
    steady: list[float]

    @property
    def looks(self) -> int:
        return len(self.api.named("getWebhookInfo"))

    def backlog(self) -> bool:
        return self.webhook.catching_up

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.clock.until(condition)

    async def looked(self, times: int = 1) -> None:
        """Wait until Telegram has been asked so many times more, and the last answer was taken in."""
        began = self.looks
        await self.until(lambda: self.looks > began + times)


@pytest.fixture
async def kept(api: FaultyApi, bot: Bot) -> AsyncIterator[Kept]:
    clock, steady = ManualClock(), [0.0]
    webhook = Webhook(bot, clock, URL, "secret", attention=Attention(lambda: steady[0]))
    keeping = asyncio.create_task(webhook.run())
    made = Kept(api, clock, webhook, steady)
    await made.until(lambda: not webhook.catching_up)
    yield made
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_what_comes_after_the_process_was_away_counts_as_backlog_until_nothing_waits(kept: Kept) -> None:
    kept.api.webhook["pending_update_count"] = 2
    await kept.looked()
    assert not kept.backlog()
    kept.steady[0] += 12.0
    assert kept.backlog()
    await kept.looked(3)
    assert kept.backlog()
    kept.api.webhook["pending_update_count"] = 0
    await kept.until(lambda: not kept.backlog())
    assert not kept.webhook.trouble


async def test_an_answer_from_before_the_process_was_away_ends_no_backlog(kept: Kept) -> None:
    """It was frozen while it asked; what was brought meanwhile lies at its door."""
    seen: list[bool] = []

    async def freeze(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        kept.steady[0] += 12.0
        return answer(kept.api.webhook)

    async def look(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        seen.append(kept.backlog())
        return answer(kept.api.webhook)

    kept.api.faults.extend([freeze, look])
    await kept.until(lambda: bool(seen))
    assert seen == [True]
    await kept.until(lambda: not kept.backlog())


async def test_a_failure_that_lasts_for_three_seconds_is_known_before_what_waited_comes(kept: Kept) -> None:
    await kept.looked()
    began = kept.clock.now()
    kept.api.webhook |= {
        "pending_update_count": 1,
        "last_error_date": int(began.timestamp()),
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
    }
    await kept.until(kept.backlog)
    assert kept.clock.now() - began <= timedelta(seconds=3)
    assert "502" in kept.webhook.trouble
    kept.api.webhook["pending_update_count"] = 0
    await kept.until(lambda: not kept.backlog())
    assert not kept.webhook.trouble


async def test_a_failure_that_is_over_makes_no_backlog_of_what_is_under_way_later(kept: Kept) -> None:
    kept.api.webhook |= {"last_error_date": 1_772_000_000, "last_error_message": "Connection refused"}
    await kept.looked()
    kept.api.webhook["pending_update_count"] = 3
    await kept.looked()
    assert not kept.backlog()
    assert not kept.webhook.trouble


async def test_while_telegram_does_not_say_whether_anything_waits_all_counts_as_backlog(kept: Kept) -> None:
    kept.api.faults.extend([refuse(502, "Bad Gateway")] * 8)
    await kept.until(kept.backlog)
    await kept.until(lambda: not kept.api.faults)
    await kept.until(lambda: not kept.backlog())


async def test_who_takes_the_webhook_away_is_told_until_it_stays_and_what_waited_is_backlog(kept: Kept) -> None:
    set_before = len(kept.api.named("setWebhook"))
    kept.api.webhook |= {"url": "https://other.example/", "pending_update_count": 1}
    await kept.until(lambda: len(kept.api.named("setWebhook")) > set_before)
    assert kept.backlog()
    await kept.looked(3)
    assert kept.backlog()
    assert "changed by somebody else" in kept.webhook.trouble
    kept.api.webhook["pending_update_count"] = 0
    await kept.until(lambda: not kept.backlog())
    assert kept.webhook.trouble
    kept.clock.set(kept.clock.now() + timedelta(minutes=1))
    await kept.until(lambda: not kept.webhook.trouble)
