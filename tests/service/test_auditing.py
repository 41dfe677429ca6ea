"""The auditor finds what every other part believes to be in order, and the director is told."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update

from bot.auditor import Auditor
from bot.clock import WallClock
from bot.exercise import conduct, resending
from bot.exercise.auditing import PATIENCE
from bot.exercise.model import DeliveryState
from bot.messages import Notice, Overdue
from bot.service import auditing, sending
from bot.service.auditing import Finding, Lapse
from bot.service.recording import record
from bot.store import outbox
from bot.store.engine import make_engine
from bot.store.outbox import OutboxRow
from bot.store.schema import outbox as outbox_table
from bot.store.store import Store
from bot.store.suspects import suspects
from tests.builders import DIRECTOR, STARTEX
from tests.service.test_use_cases import begun, rows, the_exercise
from tests.wire.clocks import ManualClock

KEY = outbox.inject_key(1, "I-01", "dalmas")


def after(seconds: float) -> datetime:
    return STARTEX + timedelta(seconds=seconds)


async def findings(store: Store, seconds: float) -> list[Finding]:
    found = await store.read(partial(auditing.audit, number=1, at=after(seconds)))
    assert not found or await store.read(lambda tx: suspects(tx, after(seconds), PATIENCE)) == [1]
    return found


async def behind_its_back(folder: Path, deed: Callable[[Connection], object]) -> None:
    """Change the database as nothing in the bot ever would."""
    engine = make_engine(f"sqlite+aiosqlite:///{folder / 'geladi.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(deed)
    await engine.dispose()


async def the_row(store: Store) -> OutboxRow:
    found = await store.perform(lambda tx: outbox.find_key(tx, KEY))
    assert found is not None
    return found


async def sent(store: Store, seconds: float) -> None:
    row = await the_row(store)
    await store.perform(lambda tx: sending.claim(tx, row, after(seconds)))
    await store.perform(lambda tx: sending.sent(tx, row.id, after(seconds), 5, after(seconds)))


async def test_what_goes_out_in_its_time_is_no_finding(store: Store) -> None:
    await begun(store)
    assert await findings(store, 30) == []
    await sent(store, 30)
    assert await findings(store, 200) == []


async def test_an_inject_that_waits_for_more_than_a_minute_is_one(store: Store) -> None:
    await begun(store)
    assert await findings(store, 61) == [Finding(1, "I-01", Lapse.WAITING, "dalmas")]


async def test_an_inject_that_never_came_due_is_one_though_no_alarm_rang(store: Store) -> None:
    await begun(store)
    await sent(store, 1)
    assert await findings(store, 5 * 60 + 59) == []
    assert await findings(store, 5 * 60 + 61) == [Finding(1, "I-02", Lapse.NOT_ISSUED)]


async def test_nothing_is_one_while_the_clock_stands_still(store: Store) -> None:
    await begun(store)
    await store.perform(lambda tx: record(tx, conduct.pause(the_exercise(tx), DIRECTOR, after(10), "hujan")))
    assert await findings(store, 900) == []


async def test_what_a_real_emergency_keeps_back_is_none_after_it_either(store: Store) -> None:
    await begun(store)
    await store.perform(lambda tx: record(tx, conduct.realworld(the_exercise(tx), DIRECTOR, after(10), "", None)))
    assert await findings(store, 900) == []


@pytest.mark.parametrize(
    "deed",
    [
        lambda c: c.execute(delete(outbox_table).where(outbox_table.c.key == KEY)),
        lambda c: c.execute(update(outbox_table).where(outbox_table.c.key == KEY).values(state="skipped")),
    ],
    ids=["its message is gone", "its message is given up"],
)
async def test_what_nothing_would_ever_send_counts_as_failed_and_can_be_sent_again(
    store: Store, tmp_path: Path, deed: Callable[[Connection], object]
) -> None:
    await begun(store)
    await behind_its_back(tmp_path, deed)
    found = await findings(store, 61)
    assert found == [Finding(1, "I-01", Lapse.LOST, "dalmas")]
    for _ in range(2):
        await store.perform(lambda tx: auditing.tell(tx, found, after(61)))
    run = await store.perform(the_exercise)
    assert run.injects["I-01"].deliveries["dalmas"].state is DeliveryState.FAILED
    told = [row.message for row in await rows(store) if isinstance(row.message, Notice)]
    assert [notice.params["unit"] for notice in told if notice.key == "notice.lost"] == ["Dalmas Lanjut"]
    assert await findings(store, 70) == []
    again = resending.resend(run, "I-01", "dalmas", DIRECTOR, after(80))
    await store.perform(lambda tx: record(tx, again))
    assert (await the_row(store)).created_at == after(80)


async def overdue(store: Store) -> list[OutboxRow]:
    return [row for row in await rows(store) if isinstance(row.message, Overdue)]


async def test_the_director_is_told_once_and_hears_when_it_is_settled(store: Store) -> None:
    await begun(store)
    clock = ManualClock(after(61))
    auditor = Auditor(store, clock)
    for _ in range(3):
        await auditor.look()
    (row,) = await overdue(store)
    assert row.message == Overdue(exercise=1, inject="I-01", issued=True)
    await store.perform(lambda tx: sending.claim(tx, row, after(62)))
    await store.perform(lambda tx: sending.sent(tx, row.id, after(62), 6, after(62)))
    assert await overdue(store) == []
    await sent(store, 63)
    await auditor.look()
    (row,) = await overdue(store)
    assert row.out_of_date


async def test_what_is_settled_and_comes_again_is_told_again(store: Store) -> None:
    await begun(store)
    (first,) = await findings(store, 61)
    await store.perform(lambda tx: auditing.tell(tx, [first], after(61)))
    await store.perform(lambda tx: auditing.settled(tx, [first], [first]))
    await store.perform(lambda tx: auditing.tell(tx, [first], after(62)))
    assert len(await overdue(store)) == 1
    await store.perform(lambda tx: auditing.settled(tx, [first], []))
    await store.perform(lambda tx: auditing.tell(tx, [first], after(63)))
    (row,) = await overdue(store)
    assert row.created_at == after(63)


async def test_the_auditor_looks_by_itself(store: Store) -> None:
    await begun(store)
    auditor = asyncio.create_task(Auditor(store, WallClock(30)).run())
    async with asyncio.timeout(30):
        while not await overdue(store):  # noqa: ASYNC110 - nothing announces a commit
            await asyncio.sleep(0.05)
    auditor.cancel()
    await asyncio.gather(auditor, return_exceptions=True)
