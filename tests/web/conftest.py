"""A bot's record and its front on 127.0.0.1, asked over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import aiohttp
import pytest

from bot.clock import WallClock
from bot.leadership import Leadership
from bot.store.store import Store
from bot.web.metrics import Metrics
from bot.web.server import application, serving
from bot.web.vitals import Vitals
from bot.web.webhook import WebhookDoor

SECRET = "a-secret_that-Telegram-repeats-0123456789"
PATH = "/updates/here"


@dataclass
class Line:
    """A source of updates that is as good as the test says."""

    last_good_at: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    brought: bool = False


@dataclass
class Front:
    """The front with what it shows."""

    url: str
    http: aiohttp.ClientSession
    vitals: Vitals
    metrics: Metrics
    line: Line = field(default_factory=Line)

    async def metric(self, name: str) -> float:
        """One figure, by its full name with labels."""
        async with self.http.get(f"{self.url}/metrics") as response:
            assert response.status == 200
            lines = (await response.text()).splitlines()
        return next(float(line.rpartition(" ")[2]) for line in lines if line.rpartition(" ")[0] == name)


@pytest.fixture
async def front(store: Store) -> AsyncIterator[Front]:
    vitals, metrics = Vitals(store, WallClock(), Leadership(store, "1:token", "this")), Metrics()
    store.subscribe(metrics.heard)
    store.count_batches(metrics.committed)
    door = WebhookDoor(vitals, SECRET)
    async with (
        serving("127.0.0.1:0", application(vitals, metrics, door, PATH)) as port,
        aiohttp.ClientSession() as http,
    ):
        front = Front(f"http://127.0.0.1:{port}", http, vitals, metrics)
        front.line.last_good_at = datetime.now(UTC)
        vitals.intake = front.line
        yield front
