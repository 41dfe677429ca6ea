"""The log's chain shows whether anything in it was changed, taken out or moved."""

import sqlite3
from itertools import count

import pytest

from bot.exercise import conduct
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.sealing import first_broken as first_broken_in
from bot.service.recording import record
from bot.store import exercises, log
from bot.store.engine import make_engine
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import CONTROL, DIRECTOR, STARTEX, a_scenario


def an_exercise_begun(tx: Transaction) -> None:
    scenario = a_scenario()
    hashes = {unit: unit * 8 for unit in scenario.units}
    change = conduct.create(
        1,
        scenario,
        "Uji",
        control=CONTROL,
        language="id",
        timezone="Asia/Jakarta",
        by=DIRECTOR,
        at=STARTEX,
        code_hashes=hashes,
    )
    exercise = record(tx, change)
    exercise = record(tx, conduct.startex(exercise, DIRECTOR, STARTEX))
    exercise = record(tx, conduct.pause(exercise, DIRECTOR, STARTEX, "hujan"))
    exercise = record(tx, conduct.resume(exercise, DIRECTOR, STARTEX))
    record(tx, conduct.endex(exercise, DIRECTOR, STARTEX))


async def first_broken(store: Store) -> int | None:
    return first_broken_in(1, await store.perform(lambda tx: log.entries(tx, 1)))


async def test_a_log_as_it_was_written_is_whole(store: Store) -> None:
    await store.perform(an_exercise_begun)
    assert await first_broken(store) is None


MEDDLING = {
    "an edited detail": ('UPDATE log SET detail = \'{"why":"panas"}\' WHERE seq = 3', 3),
    "an edited moment": ("UPDATE log SET at = at + 1 WHERE seq = 2", 2),
    "an edited exercise time": ("UPDATE log SET exercise_time = exercise_time + 1 WHERE seq = 4", 4),
    "another actor": ("UPDATE log SET actor_name = 'Orang lain' WHERE seq = 3", 3),
    "an entry taken out": ("DELETE FROM log WHERE seq = 3", 3),
    "the first entry taken out": ("DELETE FROM log WHERE seq = 1", 1),
    "two entries exchanged": ("UPDATE log SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4)", 3),
}


@pytest.mark.parametrize(("statement", "broken"), MEDDLING.values(), ids=MEDDLING)
async def test_meddling_with_the_log_shows(store: Store, url: str, statement: str, broken: int) -> None:
    await store.perform(an_exercise_begun)
    meddler = make_engine(url)
    async with meddler.begin() as connection:
        await connection.exec_driver_sql(statement)
        await connection.exec_driver_sql("UPDATE log SET seq = -seq WHERE seq < 0")
    await meddler.dispose()
    assert await first_broken(store) == broken


# SQLite alone tells how many steps it takes.
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_few_kinds_are_found_without_looking_through_the_whole_log(store: Store) -> None:
    noted = [Fact(STARTEX, FactKind.NOTED, DIRECTOR, detail={"text": "Hujan."})] * 5_000

    def lengthen(tx: Transaction) -> None:
        an_exercise_begun(tx)
        exercise = exercises.get(tx, 1)
        assert exercise is not None
        exercises.save(tx, Change(exercise, tuple(noted)))

    def thousands_of_steps(tx: Transaction) -> int:
        driver: object = tx._connection.connection.dbapi_connection
        assert isinstance(driver, sqlite3.Connection)
        tx.catch_up()
        taken = count()
        driver.set_progress_handler(lambda: next(taken) < 0, 1_000)
        try:
            found = log.entries(tx, 1, {FactKind.PAUSED, FactKind.RESUMED, FactKind.CREATED})
        finally:
            driver.set_progress_handler(None, 0)
        assert [entry.fact.kind for entry in found] == [FactKind.CREATED, FactKind.PAUSED, FactKind.RESUMED]
        return next(taken)

    await store.perform(lengthen)
    assert await store.perform(thousands_of_steps) == 0
