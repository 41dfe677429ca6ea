"""Whoever meddles with the database is found out by `geladi export --verify`, on either engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.exercise.facts import Change, Fact, FactKind
from bot.service.recording import record
from bot.store import exercises, migrations
from bot.store.engine import make_engine
from bot.store.schema import log, log_head
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.verify_command import exercise_verified
from tests.builders import DIRECTOR, an_exercise, played
from tests.old_logs import seal_as_before_salts

MIGRATIONS = Path(migrations.__file__).parent
NUMBER = 7
_ENTRY = 5
"""One in the middle of the log."""


def a_whole_exercise(tx: Transaction) -> None:
    """The builders' exercise, played and recorded."""
    play = played()
    ready = an_exercise()
    exercises.save(tx, Change(ready, (Fact(ready.created_at, FactKind.CREATED, DIRECTOR),)))
    exercises.save(tx, Change(play.exercise, tuple(play.facts)))


async def problems(url: str) -> list[str]:
    """What a process finds that has never seen the database before."""
    store = Store(url)
    try:
        examined = await store.read(lambda tx: exercise_verified(tx, NUMBER, None))
    finally:
        await store.close()
    assert examined is not None
    whole, lines = examined
    named = [line for line in lines if line.startswith("PROBLEM")]
    assert whole is not bool(named)
    return named


async def meddle(url: str, deed: Callable[[Connection], object]) -> None:
    engine: AsyncEngine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(deed)
    await engine.dispose()


def _entry(**values: Any) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(update(log).where(log.c.seq == _ENTRY).values(**values))


def _exchange(connection: Connection) -> None:
    for old, new in ((_ENTRY, -1), (_ENTRY + 1, _ENTRY), (-1, _ENTRY + 1)):
        connection.execute(update(log).where(log.c.seq == old).values(seq=new))


def _close_the_gap(connection: Connection) -> None:
    connection.execute(delete(log).where(log.c.seq == _ENTRY))
    later = connection.execute(select(log.c.seq).where(log.c.seq > _ENTRY).order_by(log.c.seq)).scalars().all()
    for seq in later:
        connection.execute(update(log).where(log.c.seq == seq).values(seq=seq - 1))


def _cut(count: int) -> Callable[[Connection], object]:
    def deed(connection: Connection) -> None:
        last = connection.execute(select(log.c.seq).order_by(log.c.seq.desc())).scalars().first()
        assert last is not None
        connection.execute(delete(log).where(log.c.seq > last - count))

    return deed


MEDDLING: dict[str, tuple[Callable[[Connection], object], str]] = {
    "an edited kind": (_entry(kind="refused"), "entry 5: is not what was written"),
    "a kind there is not": (_entry(kind="forged"), "entry 5: holds something"),
    "a detail that is no JSON": (_entry(detail="{"), "entry 5: holds something"),
    "another actor": (_entry(actor_id=1, actor_name="Orang lain"), "entry 5: is not what was written"),
    "another inject": (_entry(inject="X-1"), "entry 5: is not what was written"),
    "another hash": (_entry(hash="0" * 64), "entry 5: is not what was written"),
    "an entry taken out": (lambda c: c.execute(delete(log).where(log.c.seq == _ENTRY)), "entry 5: missing"),
    "an entry taken out and the rest moved up": (_close_the_gap, "entry 5: is not what was written"),
    "two exchanged": (_exchange, "entry 5: is not what was written"),
    "the last cut off": (_cut(1), "missing at the end"),
    "the last five cut off": (_cut(5), "entries"),
    "all taken out": (lambda c: c.execute(delete(log)), "missing at the end"),
    "the end beside the log": (lambda c: c.execute(delete(log_head)), "seal"),
}


async def test_a_database_as_the_bot_wrote_it_is_whole(store: Store, url: str) -> None:
    await store.perform(a_whole_exercise)
    assert await problems(url) == []


@pytest.mark.parametrize(("deed", "named"), MEDDLING.values(), ids=MEDDLING)
async def test_meddling_with_the_log_is_named(
    store: Store, url: str, deed: Callable[[Connection], object], named: str
) -> None:
    await store.perform(a_whole_exercise)
    await meddle(url, deed)
    found = await problems(url)
    assert any(named in problem for problem in found), found


async def test_a_log_that_was_cut_off_cannot_be_continued_as_if_it_were_whole(store: Store, url: str) -> None:
    await store.perform(a_whole_exercise)
    await store.close()
    await meddle(url, _cut(3))
    again = Store(url)
    await again.open()
    play = played()
    await again.perform(lambda tx: record(tx, Change(play.exercise, tuple(play.facts[-1:]))))
    await again.close()
    assert any("missing" in problem for problem in await problems(url))


async def test_a_database_from_before_learns_where_its_logs_end(store: Store, url: str) -> None:
    await store.perform(a_whole_exercise)
    await store.close()

    def as_before(connection: Connection) -> None:
        seal_as_before_salts(connection, NUMBER)
        to_alembic = Config()
        to_alembic.set_main_option("script_location", str(MIGRATIONS))
        to_alembic.attributes["connection"] = connection
        command.downgrade(to_alembic, "0007")

    await meddle(url, as_before)
    later = Store(url)
    await later.migrate()
    await later.close()
    assert await problems(url) == []
