"""Trouble of the database that passes is waited for; nothing is lost, and nothing is done twice."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.store import leases
from bot.store.engine import BadDatabaseError
from bot.store.leases import LostLeadershipError
from bot.store.migrating import NoDatabaseError
from bot.store.schema import chat
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.postgres import Postgres


def add(tx: Transaction, number: int) -> int:
    tx.write(insert(chat).values(chat_id=number, language="id"))
    return number


def adding(number: int) -> Callable[[Transaction], int]:
    return lambda tx: add(tx, number)


def numbers(tx: Transaction) -> list[int]:
    return list(tx.read(select(chat.c.chat_id).order_by(chat.c.chat_id)).scalars())


async def test_what_is_committed_together_is_all_there(store: Store) -> None:
    await asyncio.gather(*(store.perform(adding(n)) for n in range(300)))
    assert await store.read(numbers) == list(range(300))


async def test_a_use_case_that_fails_leaves_its_neighbours_be(store: Store) -> None:
    ends = await asyncio.gather(*(store.perform(adding(n)) for n in (1, 2, 2, 3)), return_exceptions=True)
    assert [isinstance(end, Exception) for end in ends] == [False, False, True, False]
    assert await store.read(numbers) == [1, 2, 3]


async def test_a_locked_file_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "geladi.db"
    store = Store(f"sqlite+aiosqlite:///{file}")
    await store.open()
    await store.perform(lambda tx: add(tx, 1))
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(store.perform(lambda tx: add(tx, 2)))
        async with asyncio.timeout(20):
            while not store.trouble:  # noqa: ASYNC110 - trouble is shown, not announced
                await asyncio.sleep(0.05)
        assert not waiting.done()
        other.execute("ROLLBACK")
    other.close()
    await waiting
    assert store.trouble == ""
    assert await store.read(numbers) == [1, 2]
    await store.close()


async def test_a_store_that_waits_for_its_server_says_why_and_opens_once_it_is_there(postgres: Postgres) -> None:
    store = Store(await postgres.new_database())
    await postgres.stop()
    opening = asyncio.create_task(store.open())
    try:
        async with asyncio.timeout(20):
            while "No such file" not in store.trouble:  # noqa: ASYNC110 - trouble is shown, not announced
                await asyncio.sleep(0.05)
        assert not opening.done()
    finally:
        await postgres.start()
    await opening
    assert store.trouble == ""
    await store.close()


async def test_what_is_asked_of_an_open_store_goes_on_when_it_is_opened_again(store: Store) -> None:
    waiting = asyncio.create_task(store.perform(adding(1)))
    await store.open()
    await waiting
    assert await store.perform(adding(2)) == 2


@pytest.mark.parametrize(
    ("user", "database", "words"),
    [
        ("sari", "postgres", "refuses this user or password"),
        ("postgres", "A-SECRET", "no such database on the server"),
    ],
)
async def test_a_server_that_refuses_whoever_asks_is_told_in_words_and_not_waited_for(
    postgres: Postgres, user: str, database: str, words: str
) -> None:
    store = Store(f"postgresql+asyncpg://{user}:A-SECRET@/{database}?host={postgres.folder}")
    for refused in (store.open, lambda: store.read(numbers)):
        with pytest.raises(BadDatabaseError, match=words) as caught:
            await refused()
        assert "A-SECRET" not in str(caught.value)
    await store.close()


async def test_a_file_that_is_no_database_is_told_in_words_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "geladi.db"
    file.write_bytes(b"no database at all" * 100)
    store = Store(f"sqlite+aiosqlite:///{file}")
    for refused in (store.open, lambda: store.read(numbers)):
        with pytest.raises(BadDatabaseError, match="is no SQLite database"):
            await refused()
    await store.close()
    assert file.read_bytes() == b"no database at all" * 100


async def test_a_restart_of_the_server_loses_nothing_and_repeats_nothing(postgres: Postgres) -> None:
    store = Store(await postgres.new_database())
    await store.open()
    done = 0

    async def go_on() -> None:
        nonlocal done
        for n in range(150):
            await store.perform(adding(n))
            done = n + 1

    working = asyncio.create_task(go_on())
    # Each time the server recovers, which takes as long as the disk wants.
    for mark in (20, 60, 100):
        async with asyncio.timeout(60):
            while done < mark:  # noqa: ASYNC110 - progress is counted, not announced
                await asyncio.sleep(0.001)
        await postgres.stop()
        await postgres.start()
    async with asyncio.timeout(60):
        await working
    assert await store.read(numbers) == list(range(150))
    await store.close()


async def test_reading_makes_no_database(tmp_path: Path) -> None:
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(NoDatabaseError):
        await store.read(numbers)
    await store.close()
    assert not (tmp_path / "none.db").exists()


async def test_a_leader_whose_lease_was_taken_over_changes_nothing_any_more(store: Store, url: str) -> None:
    ttl = timedelta(seconds=10)
    first = await store.aside(lambda tx: leases.acquire(tx, "bot", "first", ttl))
    assert first is not None
    leading = Store(url, fence=lambda tx: leases.hold(tx, first))
    await leading.open()
    await leading.perform(lambda tx: add(tx, 1))
    assert await store.aside(lambda tx: leases.acquire(tx, "bot", "second", ttl)) is None
    other = Store(url)
    later = first.expires_at
    second = await other.aside(lambda tx: leases.acquire(tx, "bot", "second", ttl, later))
    assert second is not None
    assert second.epoch == first.epoch + 1
    with pytest.raises(LostLeadershipError):
        await leading.perform(lambda tx: add(tx, 2))
    with pytest.raises(LostLeadershipError):
        await store.aside(lambda tx: leases.renew(tx, first, ttl))
    assert await store.read(numbers) == [1]
    await leading.close()
    await other.close()
