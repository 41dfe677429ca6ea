"""The writer's promises: many use cases to a commit, each of them whole or not at all, and in order."""

import asyncio
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.exercise import conduct
from bot.store import exercises
from bot.store.prepared import Prepared
from bot.store.schema import chat, ledger
from bot.store.store import Store
from bot.store.transaction import LogHead, Transaction
from bot.store.writer import StoreClosedError
from tests.builders import DIRECTOR, STARTEX, an_exercise


class UnwillingError(Exception):
    """A use case does not want to."""


def adding(*numbers: int) -> Callable[[Transaction], int]:
    """A use case that adds chats, and gives how many there were before."""

    def use_case(tx: Transaction) -> int:
        before: int = tx.read(select(func.count()).select_from(chat)).scalar_one()
        for number in numbers:
            tx.write(insert(chat).values(chat_id=number, language="id"))
        return before

    return use_case


def chats(tx: Transaction) -> list[int]:
    return list(tx.read(select(chat.c.chat_id).order_by(chat.c.chat_id)).scalars())


def refusing(_: Transaction) -> None:
    raise UnwillingError


def refusing_after_writing(tx: Transaction) -> None:
    adding(100, 101)(tx)
    raise UnwillingError


async def test_use_cases_that_wait_share_a_commit(store: Store) -> None:
    batches: list[int] = []
    store.count_batches(batches.append)
    await asyncio.gather(*(store.perform(adding(n)) for n in range(300)))
    assert await store.read(chats) == list(range(300))
    assert sum(batches) == 300
    assert len(batches) <= 3


async def test_each_sees_what_those_before_it_did(store: Store) -> None:
    seen = await asyncio.gather(*(store.perform(adding(n)) for n in range(50)))
    assert seen == list(range(50))


async def test_one_that_refuses_before_writing_leaves_the_commit_of_its_neighbours_be(store: Store) -> None:
    batches: list[int] = []
    store.count_batches(batches.append)
    ends = await asyncio.gather(
        store.perform(adding(1)), store.perform(refusing), store.perform(adding(2)), return_exceptions=True
    )
    assert [type(end) for end in ends] == [int, UnwillingError, int]
    assert await store.read(chats) == [1, 2]
    assert batches == [3]


async def test_one_that_fails_after_writing_takes_only_itself_back(store: Store) -> None:
    ends = await asyncio.gather(
        store.perform(adding(1)),
        store.perform(refusing_after_writing),
        store.perform(adding(2)),
        store.perform(adding(1)),
        store.perform(adding(3)),
        return_exceptions=True,
    )
    assert [type(end) for end in ends] == [int, UnwillingError, int, IntegrityError, int]
    assert await store.read(chats) == [1, 2, 3]


ADD = Prepared(insert(chat))


def adding_later(*numbers: int) -> Callable[[Transaction], None]:
    return lambda tx: tx.write_later(ADD, [{"chat_id": number, "language": "id"} for number in numbers])


async def test_what_is_written_later_is_there_once_it_is_answered(store: Store) -> None:
    await asyncio.gather(*(store.perform(adding_later(n, n + 100)) for n in range(50)))
    assert await store.read(chats) == [*range(50), *range(100, 150)]


async def test_what_was_to_be_written_later_is_written_before_it_is_read(store: Store) -> None:
    def caught_up(tx: Transaction) -> list[int]:
        tx.catch_up()
        return chats(tx)

    _, seen, _ = await asyncio.gather(
        store.perform(adding_later(1)), store.perform(caught_up), store.perform(adding_later(2))
    )
    assert seen == [1]
    assert await store.read(chats) == [1, 2]


async def test_a_row_that_cannot_be_written_later_takes_only_its_own_use_case_back(store: Store) -> None:
    ends = await asyncio.gather(
        store.perform(adding_later(1)),
        store.perform(adding_later(2, 1)),
        store.perform(adding_later(3)),
        return_exceptions=True,
    )
    assert [type(end) for end in ends] == [type(None), IntegrityError, type(None)]
    assert await store.read(chats) == [1, 3]


async def test_what_a_failed_one_remembered_is_forgotten_with_it(store: Store) -> None:
    def remembering(tx: Transaction) -> None:
        tx.fresh.heads[1] = LogHead(99, "f" * 64)
        refusing_after_writing(tx)

    def recalling(tx: Transaction) -> LogHead | None:
        tx.write(insert(chat).values(chat_id=5, language="id"))
        return tx.head(1)

    ends = await asyncio.gather(store.perform(remembering), store.perform(recalling), return_exceptions=True)
    assert isinstance(ends[0], UnwillingError)
    assert ends[1] is None


async def test_listeners_hear_of_what_is_durable_and_of_nothing_else(store: Store) -> None:
    told: list[bool] = []
    store.subscribe(lambda tx: told.append(tx.wrote))
    await asyncio.gather(
        store.perform(adding(1)), store.perform(refusing_after_writing), store.perform(chats), return_exceptions=True
    )
    assert told == [True, False]


async def test_a_caller_that_is_cancelled_leaves_its_use_case_whole_or_undone(store: Store) -> None:
    moments = random.Random(7)

    async def impatient(n: int) -> bool:
        try:
            async with asyncio.timeout(moments.random() * 0.02):
                await store.perform(adding(2 * n, 2 * n + 1))
        except TimeoutError:
            return False
        return True

    answered = [await asyncio.gather(*(impatient(n) for n in range(k, k + 10))) for k in range(0, 200, 10)]
    await store.perform(adding(1000))
    there = set(await store.read(chats))
    for n, answer in enumerate(answer for ten in answered for answer in ten):
        assert (2 * n in there) == (2 * n + 1 in there)
        assert not answer or 2 * n in there


async def test_what_waits_when_the_store_is_closed_is_committed_first(url: str) -> None:
    store = Store(url)
    await store.open()
    waiting = [asyncio.ensure_future(store.perform(adding(n))) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*waiting) == list(range(20))
    with pytest.raises(StoreClosedError):
        await store.perform(adding(99))
    again = Store(url)
    assert await again.read(chats) == list(range(20))
    await again.close()


def pages(tx: Transaction) -> list[int]:
    return list(tx.read(select(ledger.c.batch)).scalars())


async def test_the_ledger_counts_the_batches_that_wrote(store: Store) -> None:
    await store.perform(adding(1))
    await store.perform(chats)
    await store.perform(adding(2))
    assert await store.read(pages) == [2]


@pytest.mark.parametrize("took_effect", [True, False])
async def test_a_commit_without_an_answer_takes_effect_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, took_effect: bool
) -> None:
    """The connection breaks around the commit, after it has taken effect or before."""
    await store.perform(adding(1))
    dialect: Any = store._writer._line.dialect
    commit = dialect.do_commit
    broken = False

    def break_once(raw: Any) -> None:
        nonlocal broken
        if not broken:
            broken = True
            if took_effect:
                commit(raw)
            raise ConnectionResetError
        commit(raw)

    monkeypatch.setattr(dialect, "do_commit", break_once)
    told: list[bool] = []
    store.subscribe(lambda tx: told.append(tx.wrote))
    assert await store.perform(adding(2)) == 1
    assert broken
    assert told == [True]
    assert await store.read(chats) == [1, 2]


async def test_what_a_commit_without_an_answer_changed_is_seen_by_those_after_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has taken effect, and what was remembered is from before it."""
    prepared = an_exercise()
    await store.perform(lambda tx: exercises._insert_exercise(tx, prepared))
    dialect: Any = store._writer._line.dialect
    commit = dialect.do_commit
    broken = False

    def break_once(raw: Any) -> None:
        nonlocal broken
        commit(raw)
        if not broken:
            broken = True
            raise ConnectionResetError

    def state(tx: Transaction) -> str | None:
        found = exercises.get(tx, prepared.number)
        return found.state if found else None

    assert await store.perform(state) == "preparing"
    monkeypatch.setattr(dialect, "do_commit", break_once)
    await store.perform(lambda tx: exercises.save(tx, conduct.startex(prepared, DIRECTOR, STARTEX)))
    assert broken
    assert await store.perform(state) == "running"


async def test_the_event_loop_goes_on_while_a_long_one_is_at_work(tmp_path: Path) -> None:
    """On an SQLite file. A use case that held the loop up would wait for the gate in vain."""
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    loop, begun, gate = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def waiting_for_the_loop(tx: Transaction) -> bool:
        adding(1)(tx)
        loop.call_soon_threadsafe(begun.set)
        return gate.wait(10)

    working = asyncio.create_task(store.perform(waiting_for_the_loop, long=True))
    other = asyncio.create_task(store.perform(adding(2)))
    await begun.wait()
    gate.set()
    assert await working
    assert await other
    assert await store.read(chats) == [1, 2]
    await store.close()
