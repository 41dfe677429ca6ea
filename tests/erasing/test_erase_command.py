"""`geladi erase`: on a database file of its own, beside a bot that runs, and down to the bytes that are left."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.exercise import conduct
from bot.service.erasing import By, CannotEraseError, Wanted, erase
from bot.service.recording import record
from bot.store import exercises, hot_washes, leases
from bot.store.claim import claimed
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.acceptance.process import Program
from tests.builders import DIRECTOR, STARTEX, an_exercise
from tests.erasing.stage import EVERYBODY, FILE, NUMBER, OF_POSKO, WRITTEN, everything, username
from tests.postgres import Postgres


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"


@pytest.fixture
def program(tmp_path: Path, url: str) -> Program:
    return Program(tmp_path, {"DATABASE_URL": url})


def left_in(folder: Path) -> set[str]:
    """What the bytes of the database's files still tell of people: names, and ids in digits or as SQLite keeps them."""
    content = b"".join(path.read_bytes() for path in folder.glob("geladi.db*"))
    wanted = {part for person in EVERYBODY for part in (*person.name.split(), username(person), str(person.id))}
    found = {word for word in (*wanted, *WRITTEN, FILE) if word.encode() in content}
    return found | {f"{each.id} in binary" for each in EVERYBODY if each.id.to_bytes(4, "big") in content}


async def test_nothing_of_anybody_is_left_in_the_bytes_of_the_file(program: Program, store: Store) -> None:
    await store.perform(everything)
    await store.close()
    assert len(left_in(program.folder)) > 5 * len(EVERYBODY)
    done = await program.run("erase", str(NUMBER), "--yes")
    assert (done.status, done.err) == (0, "")
    assert left_in(program.folder) == set()
    told = done.out.decode()
    assert f"exercise {NUMBER}: erased, for good" in told
    assert "12  people, who have pseudonyms now" in told
    assert "3  ids of photos, documents, voices and places sent in" in told
    assert "whole: every entry is what was written or what an erasure left of it" in told
    assert (await program.run("export", str(NUMBER), "--verify")).status == 0
    again = await program.run("erase", str(NUMBER), "--yes")
    assert again.status == 0
    assert b"nothing was left to erase" in again.out


async def test_an_erasure_alone_would_leave_bytes(program: Program, store: Store) -> None:
    """So that the test above can fail: the rows are clean, and the file is not, until it is cleansed."""
    await store.perform(everything)
    await store.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND), STARTEX))
    assert left_in(program.folder) != set()
    await store.cleanse()
    assert left_in(program.folder) == set()


async def test_one_person_is_erased_by_their_id(program: Program, store: Store) -> None:
    await store.perform(everything)
    await store.close()
    done = await program.run("erase", str(NUMBER), "--person", str(OF_POSKO.id), "--called", "Pak Hen", "--yes")
    assert done.status == 0
    left = left_in(program.folder)
    assert left & {*OF_POSKO.name.split(), str(OF_POSKO.id), username(OF_POSKO), f"{OF_POSKO.id} in binary"} == set()
    assert "Kusumo" in left


async def test_what_cannot_be_erased_is_told_in_one_line(program: Program, store: Store) -> None:
    await store.perform(everything)
    await store.close()
    for arguments, status, words in [
        (("erase", "8", "--yes"), 1, "no exercise 8"),
        (("erase", str(NUMBER), "--person", "42", "--yes"), 1, "Nobody of the id 42"),
        (("erase", str(NUMBER)), 2, "give --yes"),
    ]:
        told = await program.run(*arguments)
        assert (told.status, words in told.err) == (status, True), told
        assert len(told.err.strip().splitlines()) == 1
    program.settings["DATABASE_URL"] = "sqlite+aiosqlite:///nothing.db"
    assert (await program.run("erase", "7", "--yes")).status == 2
    assert not (program.folder / "nothing.db").exists()


async def test_beside_a_bot_that_runs_on_the_file_nothing_is_erased(program: Program, store: Store, url: str) -> None:
    await store.perform(everything)
    await store.close()
    with claimed(url):
        told = await program.run("erase", str(NUMBER), "--yes")
    assert told.status == 2
    assert "another geladi runs on" in told.err
    assert left_in(program.folder) != set()


async def test_traces_that_a_reader_holds_on_to_are_told(program: Program, store: Store) -> None:
    await store.perform(everything)
    await store.close()
    with closing(sqlite3.connect(program.folder / "geladi.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM log").fetchone()
        told = await program.run("erase", str(NUMBER), "--yes")
    assert told.status == 1
    assert b"PROBLEM: traces of it are left in the file" in told.out
    assert (await program.run("erase", str(NUMBER), "--yes")).status == 0
    assert left_in(program.folder) == set()


async def test_beside_a_bot_that_runs_on_the_server_nothing_is_erased(program: Program, postgres: Postgres) -> None:
    program.settings["DATABASE_URL"] = url = await postgres.new_database()
    store = Store(url)
    await store.open()
    await store.perform(everything)
    held = await store.perform(lambda tx: leases.acquire(tx, "t" * 64, "somebody", timedelta(minutes=5)))
    assert held is not None
    told = await program.run("erase", str(NUMBER), "--yes")
    assert (told.status, "stop it first" in told.err) == (1, True)
    await store.perform(lambda tx: leases.release(tx, held))
    done = await program.run("erase", str(NUMBER), "--yes")
    assert (done.status, done.err) == (0, "")
    await store.close()


async def test_an_exercise_that_is_not_over_is_not_erased(store: Store) -> None:
    def prepared(tx: Transaction) -> None:
        everything(tx)
        ready = an_exercise(number=8)
        exercises.save(tx, conduct.create(
            8, ready.scenario, "Lain", control=ready.control, language="id", timezone="Asia/Jakarta", by=DIRECTOR,
            at=STARTEX, code_hashes={unit: unit.ljust(64, "8") for unit in ready.scenario.units},
        ))  # fmt: skip

    await store.perform(prepared)

    async def refused(words: str) -> None:
        with pytest.raises(CannotEraseError, match=words):
            await store.perform(lambda tx: erase(tx, 8, Wanted(By.COMMAND), STARTEX))

    def step(tx: Transaction, turn: str) -> None:
        exercise = exercises.get(tx, 8)
        assert exercise is not None
        record(tx, getattr(conduct, turn)(exercise, DIRECTOR, STARTEX))

    await refused("is not over .preparing.. End it first, in its control room: /endex, or /abort")
    await store.perform(lambda tx: step(tx, "startex"))
    await refused("is not over .running.")
    await store.perform(lambda tx: step(tx, "endex"))
    await refused("summary of exercise 8 has not been posted")
    await store.perform(lambda tx: hot_washes.begin(tx, NUMBER, STARTEX, STARTEX))
    with pytest.raises(CannotEraseError, match="hot wash of exercise 7 is still open"):
        await store.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND), STARTEX))
