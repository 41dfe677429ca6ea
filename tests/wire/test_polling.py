"""Fetching updates over real HTTP, with everything that Telegram and the network may answer."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiohttp.web
import pytest
from telegram import Bot, Update

from bot.store.store import Store
from bot.store.writer import UseCase
from bot.wire.attention import Attention
from bot.wire.inbox import Inbox, Receipt
from bot.wire.polling import Poller
from bot.wire.request import AiohttpRequest
from tests.wire.clocks import ManualClock
from tests.wire.faulty import TOKEN, Behaviour, FaultyApi, answer, half_body, message, refuse, reset, say

T = TypeVar("T")


class RefusingStore(Store):
    """A real store that once, when told to, will not have a use case, for a reason that does not pass."""

    refuse = False

    async def perform(self, use_case: UseCase[T], *, long: bool = False) -> T:
        if self.refuse:
            self.refuse = False
            raise ValueError("not this one")
        return await super().perform(use_case, long=long)


@dataclass
class Line:
    """A poller with everything around it."""

    api: FaultyApi
    clock: ManualClock
    poller: Poller
    receipts: list[Receipt]
    store: RefusingStore
    database: Path
    task: asyncio.Task[None]
    steady: list[float]
    """The seconds that the process counts, by which it knows that it has stood still."""

    @property
    def waiting(self) -> dict[str, Any]:
        """What the first request for news that are yet to come asks."""
        return next(call.parameters for call in self.api.named("getUpdates") if call.parameters["timeout"])

    async def until(self, condition: Callable[[], bool]) -> None:
        await self.clock.until(condition)

    def numbers(self) -> list[int]:
        return [receipt.update_id for receipt in self.receipts]

    def has(self, number: int) -> bool:
        return number in self.recorded()

    def recorded(self) -> set[int]:
        """The updates on record, as another process would find them."""
        with closing(sqlite3.connect(self.database)) as connection:
            return {number for (number,) in connection.execute("select update_id from inbox")}


@asynccontextmanager
async def line_to(api: FaultyApi, path: Path) -> AsyncIterator[Line]:
    database = path / "geladi.db"
    store = RefusingStore(f"sqlite+aiosqlite:///{database}")
    await store.open()
    clock = ManualClock()
    receipts: list[Receipt] = []

    async def handle(_: Update, receipt: Receipt) -> None:
        receipts.append(receipt)

    inbox = Inbox(Bot(TOKEN, request=AiohttpRequest(), get_updates_request=AiohttpRequest()), store, clock, handle)
    steady = [0.0]
    attention = Attention(lambda: steady[0])
    request = AiohttpRequest(connect=1.0)
    poller = Poller(request, f"{api.url}/bot{TOKEN}", store, clock, inbox, attention=attention)
    handling = asyncio.create_task(inbox.run())
    polling = asyncio.create_task(poller.run())
    yield Line(api, clock, poller, receipts, store, database, polling, steady)
    for task in (polling, handling):
        task.cancel()
    await asyncio.gather(polling, handling, return_exceptions=True)
    await store.close()


@pytest.fixture
async def line(api: FaultyApi, tmp_path: Path) -> AsyncIterator[Line]:
    async with line_to(api, tmp_path) as made:
        yield made


async def test_updates_are_fetched_and_handled(line: Line) -> None:
    line.api.arrive(message(10, -1), message(11, -2))
    await line.until(lambda: len(line.receipts) == 2)
    assert sorted(line.numbers()) == [10, 11]
    await line.until(lambda: line.api.updates == [])
    asked = line.api.named("getUpdates")[0].parameters
    assert asked["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]


async def test_updates_are_on_record_before_they_are_confirmed(line: Line) -> None:
    """At each request that confirms, another process already finds everything that it confirms."""
    missing: list[set[int]] = []

    async def check(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        offset = (await request.json()).get("offset", 0)
        missing.append(set(range(1, offset)) - line.recorded())
        line.api.faults.append(check)
        return answer(await line.api._get_updates(await request.json()))

    line.api.faults.append(check)
    for number in range(1, 30):
        line.api.arrive(message(number, -number % 5))
        if number % 7 == 0:
            await line.until(partial(line.has, number))
    await line.until(lambda: len(line.receipts) == 29)
    await line.until(lambda: line.api.updates == [])
    assert len(missing) > 3
    assert not any(missing)


async def test_updates_that_could_not_be_stored_are_fetched_again(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.store.refuse = True
    line.api.arrive(message(7, -1))
    await line.until(lambda: "not this one" in line.poller.trouble)
    await line.until(lambda: line.api.updates == [])
    await line.until(lambda: line.numbers() == [7])
    assert not line.poller.trouble


async def test_what_waited_at_the_start_is_backlog_and_what_comes_later_is_not(api: FaultyApi, tmp_path: Path) -> None:
    api.arrive(message(1, -1))
    async with line_to(api, tmp_path) as line:
        await line.until(lambda: len(line.receipts) == 1)
        api.arrive(message(2, -1))
        await line.until(lambda: len(line.receipts) == 2)
        assert [receipt.backlog for receipt in line.receipts] == [True, False]


async def test_a_start_with_nothing_waiting_marks_nothing_as_backlog(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.arrive(message(1, -1))
    await line.until(lambda: len(line.receipts) == 1)
    assert line.receipts[0].backlog is False


async def test_a_backlog_of_several_answers_is_backlog_to_its_end(api: FaultyApi, tmp_path: Path) -> None:
    api.arrive(*(message(number, -number) for number in range(1, 151)))
    async with line_to(api, tmp_path) as line:
        await line.until(lambda: len(line.receipts) == 150)
        assert all(receipt.backlog for receipt in line.receipts)


async def test_what_comes_after_an_interruption_is_backlog(line: Line) -> None:
    await line.until(lambda: len(line.api.named("getUpdates")) >= 2)
    line.api.faults.extend([refuse(502, "Bad Gateway")] * 5)
    await line.until(lambda: bool(line.poller.trouble))
    line.api.arrive(message(1, -1))
    await line.until(lambda: len(line.receipts) == 1)
    line.api.arrive(message(2, -1))
    await line.until(lambda: len(line.receipts) == 2)
    assert [receipt.backlog for receipt in line.receipts] == [True, False]


async def test_what_is_found_after_the_process_stood_still_is_backlog_and_what_comes_later_is_not(line: Line) -> None:
    """It was frozen with its request open, so the answer lay there for an unknown part of that time."""
    await line.until(lambda: len(line.api.named("getUpdates")) >= 2)
    line.steady[0] += 20.0
    line.api.arrive(message(1, -1))
    await line.until(lambda: len(line.receipts) == 1)
    # The request that waits for news is open again.
    await line.until(lambda: line.api.named("getUpdates")[-1].parameters == {**line.waiting, "offset": 2})
    line.api.arrive(message(2, -1))
    await line.until(lambda: len(line.receipts) == 2)
    assert [receipt.backlog for receipt in line.receipts] == [True, False]


async def test_a_blink_of_the_line_makes_no_backlog(line: Line) -> None:
    await line.until(lambda: len(line.api.named("getUpdates")) >= 2)
    line.api.faults.append(refuse(502, "Bad Gateway"))
    await line.until(lambda: len(line.api.faults) == 0)
    line.api.arrive(message(1, -1))
    await line.until(lambda: len(line.receipts) == 1)
    assert line.receipts[0].backlog is False


FAULTS: list[tuple[str, Behaviour]] = [
    ("401", refuse(401, "Unauthorized")),
    ("404", refuse(404, "Not Found")),
    ("409", refuse(409, "Conflict: terminated by other getUpdates request")),
    ("429", refuse(429, "Too Many Requests: retry after 2", retry_after=2)),
    ("500", refuse(500, "Internal Server Error")),
    ("502 of a proxy", say(502, b"<html>")),
    ("broken JSON", say(200, b'{"ok":true,"result":[{')),
    ("no list", say(200, b'{"ok":true,"result":{}}')),
    ("ok false", say(200, b'{"ok":false}')),
    ("reset", reset),
    ("half a body", half_body),
]


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS])
async def test_no_answer_ends_the_polling(line: Line, fault: Behaviour) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.faults.extend([fault] * 3)
    await line.until(lambda: bool(line.poller.trouble))
    assert TOKEN not in line.poller.trouble
    line.api.arrive(message(1, -1))
    await line.until(lambda: len(line.receipts) == 1)
    assert not line.task.done()
    # Whoever polls besides, and is met no more, counts as gone by then.
    line.clock.set(line.clock.now() + timedelta(minutes=1))
    await line.until(lambda: not line.poller.trouble)


async def test_a_server_that_is_away_is_waited_for(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    await line.api.stop()
    gone_at = line.clock.now()
    await line.until(lambda: line.clock.now() - gone_at > timedelta(minutes=2))
    assert "Cannot connect" in line.poller.trouble
    assert line.poller.last_good_at is not None
    assert line.poller.last_good_at <= gone_at
    line.api.arrive(message(1, -1))
    await line.api.start(int(line.api.url.rsplit(":", 1)[1]))
    back_at = line.clock.now()
    await line.until(lambda: len(line.receipts) == 1)
    assert line.clock.now() - back_at <= timedelta(seconds=16)


async def test_a_webhook_left_from_another_time_is_removed_and_its_updates_kept(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.faults.append(
        refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
    )
    await line.until(lambda: len(line.api.named("deleteWebhook")) == 1)
    assert "drop_pending_updates" not in line.api.named("deleteWebhook")[0].parameters


async def test_another_poller_is_not_fought(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.faults.append(refuse(409, "Conflict: terminated by other getUpdates request"))
    await line.until(lambda: bool(line.poller.trouble))
    line.clock.set(line.clock.now() + timedelta(minutes=1))
    await line.until(lambda: not line.poller.trouble)
    assert line.api.named("deleteWebhook") == []


async def test_while_another_polls_that_is_the_trouble_whatever_is_answered_in_between(line: Line) -> None:
    """It comes back after half a minute at most, and takes then what people press."""
    await line.until(lambda: line.poller.last_good_at is not None)
    began = line.clock.now()
    for number in range(1, 6):
        line.api.faults.extend([refuse(409, "Conflict: terminated by other getUpdates request")] * 3)
        await line.until(lambda: not line.api.faults)
        line.api.arrive(message(number, -1))
        await line.until(partial(line.has, number))
        await line.until(lambda: line.api.updates == [])
        line.clock.set(line.clock.now() + timedelta(seconds=30))
        assert "Conflict" in line.poller.trouble
        assert line.poller.trouble_since is not None
        assert line.poller.trouble_since - began < timedelta(seconds=5)
    line.clock.set(line.clock.now() + timedelta(seconds=20))
    await line.until(lambda: not line.poller.trouble)
    assert line.poller.trouble_since is None


async def test_what_befalls_the_line_while_another_polls_is_told_and_then_the_other_again(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.faults.append(refuse(409, "Conflict: terminated by other getUpdates request"))
    await line.until(lambda: "Conflict" in line.poller.trouble)
    line.api.faults.append(refuse(502, "Bad Gateway"))
    await line.until(lambda: "Bad Gateway" in line.poller.trouble)
    await line.until(lambda: "Conflict" in line.poller.trouble)


async def test_a_clock_that_is_set_back_does_not_keep_another_poller_that_is_gone(line: Line) -> None:
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.faults.append(refuse(409, "Conflict: terminated by other getUpdates request"))
    await line.until(lambda: bool(line.poller.trouble))
    line.clock.set_back(3600)
    await line.until(lambda: not line.poller.trouble)


async def test_a_webhook_that_somebody_sets_again_and_again_is_trouble_until_it_stays_away(line: Line) -> None:
    webhook = refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
    await line.until(lambda: line.poller.last_good_at is not None)
    line.api.faults.append(webhook)
    await line.until(lambda: bool(line.poller.trouble))
    # Left from another time, for all that is known.
    await line.until(lambda: not line.poller.trouble)
    line.api.faults.append(webhook)
    await line.until(lambda: len(line.api.named("deleteWebhook")) == 2)
    asked = len(line.api.calls)
    await line.until(lambda: len(line.api.calls) > asked + 3)
    assert "webhook" in line.poller.trouble
    line.clock.set(line.clock.now() + timedelta(minutes=1))
    await line.until(lambda: not line.poller.trouble)


async def test_updates_of_unknown_shape_are_recorded_confirmed_and_hold_nothing_up(line: Line) -> None:
    odd: list[dict[str, Any]] = [{"update_id": 1, "message": "odd"}, {"update_id": 2, "new": [1]}, {"no": "number"}]
    line.api.arrive(*odd, message(4, -1))
    await line.until(lambda: 4 in line.numbers())
    assert line.recorded() == {1, 2, 4}
    await line.until(lambda: all("update_id" not in update for update in line.api.updates))


async def test_a_server_that_answers_at_once_with_nothing_is_not_hammered(line: Line) -> None:
    line.api.hold = 0.0
    await line.until(lambda: line.poller.last_good_at is not None)
    asked, began = len(line.api.calls), line.clock.now()
    await line.until(lambda: line.clock.now() - began >= timedelta(seconds=10))
    assert len(line.api.calls) - asked <= 42


async def test_after_a_day_without_updates_any_number_is_taken(line: Line) -> None:
    line.api.arrive(message(1000, -1))
    await line.until(lambda: len(line.receipts) == 1)
    await line.until(lambda: line.api.updates == [])
    line.clock.set_back(-90_000)
    line.api.faults.extend([refuse(502, "Bad Gateway")] * 2)
    await line.until(lambda: "offset" not in line.api.named("getUpdates")[-1].parameters)
    line.api.arrive(message(3, -1))
    await line.until(lambda: len(line.receipts) == 2)
    assert line.numbers() == [1000, 3]
