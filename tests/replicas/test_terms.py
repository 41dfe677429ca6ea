"""Terms as leader, on a real PostgreSQL: who leads, for how long, and what ends it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.leadership import Leadership, Tenure
from bot.store import inbox, leases
from bot.store.inbox import InboxRow
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.writer import UseCase
from tests.postgres import Postgres
from tests.wire.rows import START

SHORT = Tenure(lasts=1.5, margin=0.3, renew_every=0.3, knock_every=0.1)
LONG = replace(SHORT, lasts=600.0, margin=100.0)
"""A term that never runs out while a test lasts."""
T = TypeVar("T")


class AskedStore(Store):
    """A real store that notes when it is asked about the lease."""

    asked_at = 0.0

    async def aside(self, use_case: UseCase[T]) -> T:
        self.asked_at = time.monotonic()
        return await super().aside(use_case)


@dataclass
class Candidate:
    """One process's part, as far as it shows."""

    store: AskedStore
    leadership: Leadership
    terms: list[Store] = field(default_factory=list)
    at_work: bool = False
    breaks: asyncio.Event = field(default_factory=asyncio.Event)
    running: "asyncio.Task[None] | None" = None

    @asynccontextmanager
    async def parts(self, store: Store) -> AsyncIterator[None]:
        self.terms.append(store)
        self.at_work = True
        try:
            async with asyncio.TaskGroup() as group:
                part = group.create_task(self._part())
                yield
                part.cancel()
        finally:
            self.at_work = False

    async def _part(self) -> None:
        await self.breaks.wait()
        raise ValueError("a part broke")

    async def end(self) -> None:
        self.leadership.stop()
        if self.running is not None:
            await asyncio.wait([self.running])
        await self.store.close()


async def candidate(url: str, owner: str, tenure: Tenure = SHORT) -> Candidate:
    store = AskedStore(url)
    await store.open()
    made = Candidate(store, Leadership(store, "1:token", owner, tenure))
    made.running = asyncio.create_task(made.leadership.run(made.parts))
    return made


@pytest.fixture
async def first(url: str) -> AsyncIterator[Candidate]:
    made = await candidate(url, "first")
    await until(lambda: made.at_work)
    yield made
    await made.end()


@pytest.fixture
async def second(first: Candidate, url: str) -> AsyncIterator[Candidate]:
    assert first.at_work
    made = await candidate(url, "second")
    yield made
    await made.end()


async def until(condition: Callable[[], bool], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - nothing announces the change of a plain attribute
            await asyncio.sleep(0.005)


def update(number: int) -> InboxRow:
    return InboxRow(number, lane=-1, at=START, backlog=False, payload="{}")


async def test_one_leads_however_long_and_the_other_stands_by(first: Candidate, second: Candidate) -> None:
    lasted = asyncio.get_running_loop().time() + 2 * SHORT.lasts
    await until(lambda: second.at_work or asyncio.get_running_loop().time() > lasted)
    assert first.leadership.leads
    assert len(first.terms) == 1
    assert not second.terms
    assert not second.leadership.leads


async def test_one_that_stops_hands_over_at_once(url: str) -> None:
    """Nobody waits for its term to run out."""
    first = await candidate(url, "first", LONG)
    await until(lambda: first.at_work)
    second = await candidate(url, "second", LONG)
    first.leadership.stop()
    await until(lambda: second.at_work)
    assert not first.at_work
    assert second.leadership.leads
    await first.end()
    await second.end()


async def test_a_term_counts_from_when_it_was_asked_for_and_is_over_sooner_than_for_the_others(url: str) -> None:
    leader = await candidate(url, "leader", LONG)

    def end_of_term() -> float:
        ends = leader.leadership._until
        assert ends is not None
        return ends

    await until(lambda: leader.at_work)
    begun = end_of_term()
    assert begun <= leader.store.asked_at + LONG.lasts - LONG.margin
    await until(lambda: end_of_term() > begun)
    assert end_of_term() <= leader.store.asked_at + LONG.lasts - LONG.margin
    await leader.end()


async def test_a_leader_that_was_replaced_commits_nothing_and_stands_by_again(first: Candidate, url: str) -> None:
    usurper = Store(url)
    [term] = first.terms
    await term.perform(lambda tx: inbox.add(tx, [update(1)]))
    hash_, ttl = first.leadership._token_hash, timedelta(seconds=1)

    def take_over(tx: Transaction) -> object:
        # As if the first had been frozen for a minute.
        later = leases.database_time(tx) + timedelta(minutes=1)
        return leases.acquire(tx, hash_, "usurper", ttl, later)

    assert await usurper.aside(take_over)
    with pytest.raises(LostLeadershipError):
        await term.perform(lambda tx: inbox.add(tx, [update(2)]))
    await until(lambda: not first.at_work)
    assert first.running is not None
    assert not first.running.done()
    waiting = await usurper.read(inbox.waiting)
    assert [row.update_id for row in waiting] == [1]
    await usurper.close()


async def test_a_leader_whose_database_is_away_falls_silent_before_another_may_begin(
    first: Candidate, postgres: Postgres
) -> None:
    await postgres.stop()
    stopped_at = asyncio.get_running_loop().time()
    await until(lambda: not first.leadership.leads)
    assert asyncio.get_running_loop().time() - stopped_at < SHORT.lasts
    # What is under way is silenced before it has been ended, and stays so until it has.
    assert not first.leadership.may_speak()
    assert first.leadership.trouble
    await until(lambda: not first.at_work)
    await postgres.start()
    await until(lambda: first.at_work, within=30)
    assert len(first.terms) == 2
    assert not first.leadership.trouble


async def test_a_part_that_breaks_ends_the_process_and_hands_over(first: Candidate, second: Candidate) -> None:
    first.breaks.set()
    await until(lambda: second.at_work)
    assert first.running is not None
    with pytest.raises(ExceptionGroup):
        await first.running


async def test_on_a_file_of_its_own_a_process_leads_for_life(tmp_path: Path) -> None:
    alone = await candidate(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}", "alone")
    await until(lambda: alone.at_work)
    assert alone.leadership.leads
    assert alone.terms == [alone.store]
    await alone.end()
    assert not alone.at_work
