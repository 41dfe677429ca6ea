"""`geladi backup`: a copy of a database at work, and an exercise that goes on from it."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import orjson

from tests.acceptance.cast import SEATED, SHORT_SCRIPT, Cast, add_to_library
from tests.acceptance.process import Program


async def test_an_exercise_goes_on_from_a_copy_made_while_it_ran(program: Program, cast: Cast, url: str) -> None:
    await add_to_library(url, SHORT_SCRIPT, cast.world.clock.now())
    await program.start()
    await cast.set_up(str(SHORT_SCRIPT["id"]))
    await cast.join_in_private()
    await cast.startex()
    await cast.acknowledge("B-1", "alfa")
    cast.director.person.say(cast.control, "/pausex")
    for unit in SEATED:
        await cast.director.see(cast.chats[unit], "PAUSEX")
    copy = program.folder / "copy.db"
    made = await program.run("backup", "copy.db")
    assert (made.status, made.err) == (0, "")
    assert b"1: whole: every entry is what was written" in made.out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    again = await program.run("backup", "copy.db")
    assert again.status == 2
    assert "copy.db: is there already" in again.err
    await program.kill()
    for left in program.folder.glob("geladi.db*"):
        left.unlink()
    copy.rename(program.folder / "geladi.db")
    await program.start()
    cast.director.person.say(cast.control, "/resumex")
    await cast.acknowledge("B-5", *SEATED)
    record = orjson.loads((await program.run("export", "1")).out)
    answered = {(d["inject"], d["unit"]) for d in record["deliveries"] if d["acknowledged_at"]}
    assert answered >= {("B-1", "alfa"), *(("B-5", unit) for unit in SEATED)}
    assert (await program.run("export", "1", "--verify")).status == 0


async def test_a_copy_of_a_log_that_was_changed_says_so(program: Program, cast: Cast, url: str) -> None:
    await add_to_library(url, SHORT_SCRIPT, cast.world.clock.now())
    await program.start()
    await cast.set_up(str(SHORT_SCRIPT["id"]))
    await program.stop()
    with closing(sqlite3.connect(program.folder / "geladi.db")) as database, database:
        database.execute("UPDATE log SET actor_name = 'Somebody else' WHERE seq = 2")
    made = await program.run("backup", "copy.db")
    assert made.status == 1
    assert b"1: " in made.out
    assert b"is not what was written" in made.out


async def test_what_cannot_be_copied_is_told_in_one_line(program: Program, tmp_path: Path) -> None:
    for arguments, database, words in [
        (("backup", "copy.db"), "sqlite+aiosqlite:///nothing.db", "nothing.db: no such database"),
        (("backup", "copy.db"), "postgresql+asyncpg://x@127.0.0.1/x", "pg_dump"),
        (("backup", "nowhere/copy.db"), f"sqlite+aiosqlite:///{tmp_path / 'here.db'}", "cannot be written"),
    ]:
        with closing(sqlite3.connect(tmp_path / "here.db")):
            pass
        program.settings["DATABASE_URL"] = database
        told = await program.run(*arguments)
        assert told.status == 2
        assert words in told.err
        assert len(told.err.strip().splitlines()) == 1
    assert copies_in(tmp_path) == []


async def test_a_file_that_is_no_database_is_not_copied(program: Program, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_bytes(b"Dear all, " * 1_000)
    program.settings["DATABASE_URL"] = f"sqlite+aiosqlite:///{tmp_path / 'letter.db'}"
    told = await program.run("backup", "copy.db")
    assert told.status == 2
    assert "not a database" in told.err
    assert copies_in(tmp_path) == []


def copies_in(folder: Path) -> list[Path]:
    return [*folder.glob("*copy.db*"), *folder.glob(".copy.db*")]
