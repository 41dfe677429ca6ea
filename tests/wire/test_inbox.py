"""The inbox at work: a real record, and a clock that the test moves."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot, Update

from bot.service import receiving
from bot.store.inbox import InboxRow
from bot.store.store import Store
from bot.wire.inbox import HandlePress, Inbox, Receipt
from bot.wire.request import AiohttpRequest
from bot.wire.updates import received
from tests.wire.clocks import ManualClock
from tests.wire.faulty import TOKEN, message
from tests.wire.rows import START


@dataclass
class Reception:
    """Notes what is handled; does what the test wants for some texts."""

    seen: list[tuple[int, int, int]] = field(default_factory=list)
    """Chat, update and attempt."""
    receipts: list[Receipt] = field(default_factory=list)
    acts: dict[str, Callable[[Receipt], Awaitable[None]]] = field(default_factory=dict)
    busy: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    most_at_once: int = 0

    async def handle(self, update: Update, receipt: Receipt) -> None:
        chat = update.effective_chat.id if update.effective_chat else 0
        text = update.message.text if update.message and update.message.text else ""
        self.seen.append((chat, receipt.update_id, receipt.attempt))
        self.receipts.append(receipt)
        self.busy[chat] += 1
        assert self.busy[chat] == 1, "two updates of one chat at once"
        self.most_at_once = max(self.most_at_once, sum(self.busy.values()))
        try:
            if text in self.acts:
                await self.acts[text](receipt)
        finally:
            self.busy[chat] -= 1


@dataclass
class Hall:
    """An inbox with everything around it."""

    store: Store
    clock: ManualClock
    reception: Reception
    inbox: Inbox
    aside: list[tuple[int, str]]

    async def receive(self, *updates: dict[str, object], backlog: bool = False) -> None:
        rows = received(updates, self.clock.now(), backlog=backlog)
        self.inbox.take(await self.store.perform(lambda tx: receiving.receive(tx, rows)))

    async def settle(self) -> None:
        await self.clock.until(lambda: len(self.inbox) == 0)


@asynccontextmanager
async def hall_at(
    path: Path,
    reception: Reception | None = None,
    concurrency: int = 64,
    press: HandlePress | None = None,
    *,
    at_work: bool = True,
) -> AsyncIterator[Hall]:
    store = Store(f"sqlite+aiosqlite:///{path / 'geladi.db'}")
    await store.open()
    clock = ManualClock()
    reception = reception or Reception()
    aside: list[tuple[int, str]] = []

    def put_aside(row: InboxRow, why: str) -> None:
        aside.append((row.update_id, why))

    bot = Bot(TOKEN, request=AiohttpRequest(), get_updates_request=AiohttpRequest())
    inbox = Inbox(bot, store, clock, reception.handle, press=press, quarantined=put_aside, concurrency=concurrency)
    running = [asyncio.create_task(inbox.run())] if at_work else []
    yield Hall(store, clock, reception, inbox, aside)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await store.close()


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with hall_at(tmp_path) as made:
        yield made


async def waiting(hall: Hall) -> list[int]:
    return [row.update_id for row in await hall.store.perform(receiving.waiting)]


async def test_an_update_is_handled_with_its_receipt_and_then_done(hall: Hall) -> None:
    await hall.receive(message(7, -1), backlog=True)
    await hall.settle()
    assert hall.reception.receipts == [Receipt(7, START, backlog=True, attempt=1)]
    assert await waiting(hall) == []


async def test_updates_of_one_chat_are_handled_in_order_one_at_a_time(hall: Hall) -> None:
    async def dawdle(receipt: Receipt) -> None:
        await hall.clock.sleep(10 - receipt.update_id)

    hall.reception.acts["halo"] = dawdle
    await hall.receive(*(message(number, -1) for number in (3, 1, 2)), message(4, -2))
    await hall.receive(message(5, -1))
    await hall.settle()
    assert [number for chat, number, _ in hall.reception.seen if chat == -1] == [1, 2, 3, 5]


async def test_a_chat_whose_handler_dawdles_delays_no_other(hall: Hall) -> None:
    released = asyncio.Event()

    async def dawdle(_: Receipt) -> None:
        await released.wait()

    hall.reception.acts["slow"] = dawdle
    await hall.receive(message(1, -1, "slow"), message(2, -1), message(3, -2))
    await hall.clock.until(lambda: (-2, 3, 1) in hall.reception.seen)
    assert (-1, 2, 1) not in hall.reception.seen
    released.set()
    await hall.settle()
    assert (-1, 2, 1) in hall.reception.seen


async def test_a_handler_that_is_stuck_is_given_up_and_its_chat_goes_on(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wire.inbox._LONGEST_HANDLING", 0.2)

    async def hang(_: Receipt) -> None:
        await asyncio.Event().wait()

    hall.reception.acts["stuck"] = hang
    await hall.receive(message(1, -1, "stuck"), message(2, -1))
    await hall.settle()
    assert (-1, 2, 1) in hall.reception.seen
    assert [number for number, _ in hall.aside] == [1]
    assert await waiting(hall) == []


async def test_no_more_than_so_many_are_handled_at_once(tmp_path: Path) -> None:
    reception = Reception()
    async with hall_at(tmp_path, reception, concurrency=3) as hall:

        async def dawdle(_: Receipt) -> None:
            await asyncio.sleep(0)

        reception.acts["halo"] = dawdle
        await hall.receive(*(message(number, -number) for number in range(1, 21)))
        await hall.settle()
    assert reception.most_at_once == 3
    assert len(reception.seen) == 20


async def test_an_update_delivered_twice_is_handled_once(hall: Hall) -> None:
    await hall.receive(message(7, -1))
    await hall.receive(message(7, -1))
    await hall.settle()
    await hall.receive(message(7, -1))
    await hall.settle()
    assert len(hall.reception.seen) == 1


async def test_a_handler_that_stumbles_is_tried_again(hall: Hall) -> None:
    async def stumble(receipt: Receipt) -> None:
        if receipt.attempt < 3:
            raise OSError("not now")

    hall.reception.acts["halo"] = stumble
    await hall.receive(message(7, -1))
    await hall.settle()
    assert hall.reception.seen == [(-1, 7, 1), (-1, 7, 2), (-1, 7, 3)]
    assert hall.aside == []
    assert await waiting(hall) == []


async def test_a_poison_update_is_put_aside_and_what_follows_is_handled(hall: Hall) -> None:
    async def break_down(_: Receipt) -> None:
        raise ValueError(f"poison near {TOKEN}")

    hall.reception.acts["poison"] = break_down
    await hall.receive(message(7, -1, "poison"), message(8, -1), message(9, -2))
    await hall.settle()
    assert [number for _, number, _ in hall.reception.seen if number == 7] == [7, 7, 7]
    assert {(-1, 8, 1), (-2, 9, 1)} <= set(hall.reception.seen)
    assert [number for number, _ in hall.aside] == [7]
    assert "poison" in hall.aside[0][1]
    assert TOKEN not in hall.aside[0][1]
    assert await waiting(hall) == []


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 7, "message": {"chat": {"id": -1}}},
        {"update_id": 7, "message": "text"},
        {"update_id": 7, "message": {"message_id": 1, "date": "yesterday", "chat": {"id": -1, "type": "group"}}},
    ],
)
async def test_an_update_that_cannot_be_read_is_put_aside(hall: Hall, update: dict[str, object]) -> None:
    await hall.receive(update, message(8, -1))
    await hall.settle()
    assert [number for number, _ in hall.aside] == [7]
    assert (-1, 8, 1) in hall.reception.seen


async def test_an_update_of_a_new_kind_is_handled_as_far_as_it_is_known(hall: Hall) -> None:
    await hall.receive({"update_id": 7, "something_new": {"chat": {"id": -1}}})
    await hall.settle()
    assert hall.reception.seen == [(0, 7, 1)]
    assert hall.aside == []


async def test_what_took_effect_before_is_not_tried_again(hall: Hall) -> None:
    """The handler's own transaction marks the update as done, and then it stumbles."""
    effects: list[int] = []

    async def act_and_stumble(receipt: Receipt) -> None:
        await hall.store.perform(receiving.once(receipt.update_id, lambda _: None))
        effects.append(receipt.update_id)
        raise OSError("the answer did not go through")

    hall.reception.acts["halo"] = act_and_stumble
    await hall.receive(message(7, -1))
    await hall.settle()
    assert effects == [7]
    assert hall.aside == []


async def test_what_waited_at_the_end_is_handled_at_the_next_start(tmp_path: Path) -> None:
    never = asyncio.Event()

    async def hang(_: Receipt) -> None:
        await never.wait()

    async with hall_at(tmp_path, Reception(acts={"halo": hang})) as hall:
        await hall.receive(message(2, -1), message(1, -1), message(3, -2))
        await hall.clock.until(lambda: len(hall.reception.seen) == 2)
    async with hall_at(tmp_path) as hall:
        await hall.clock.until(lambda: len(hall.reception.seen) == 3)
        await hall.settle()
        assert [number for chat, number, _ in hall.reception.seen if chat == -1] == [1, 2]


async def test_tries_of_an_earlier_run_count(tmp_path: Path) -> None:
    async def break_down(_: Receipt) -> None:
        raise ValueError("poison")

    async with hall_at(tmp_path, Reception(acts={"halo": break_down})) as hall:
        await hall.receive(message(7, -1))
        await hall.clock.until(lambda: len(hall.reception.seen) == 2)
    async with hall_at(tmp_path, Reception(acts={"halo": break_down})) as hall:
        await hall.clock.until(lambda: bool(hall.aside))
        assert hall.reception.seen[0][2] >= 2


async def test_what_was_taken_in_before_the_work_began_is_handled_once_it_does(tmp_path: Path) -> None:
    async with hall_at(tmp_path, at_work=False) as hall:
        await hall.receive(message(1, -1), message(2, -1))
        assert hall.reception.seen == []
        working = asyncio.create_task(hall.inbox.run())
        await hall.settle()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert [update for _, update, _ in hall.reception.seen] == [1, 2]


async def test_presses_go_by_their_own_door_as_they_came(tmp_path: Path) -> None:
    pressed: list[object] = []

    async def press(query: Mapping[str, Any], receipt: Receipt) -> None:
        pressed.append((query, receipt.update_id))

    query = {"id": "9", "data": "x"}
    async with hall_at(tmp_path, press=press) as hall:
        await hall.receive({"update_id": 1, "callback_query": query}, message(2, -1))
        await hall.settle()
        assert pressed == [(query, 1)]
        assert [update for _, update, _ in hall.reception.seen] == [2]
