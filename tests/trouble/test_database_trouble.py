"""The database fails in the middle of an exercise: nothing answered is lost, nothing is early, the director knows."""

import asyncio
import errno
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from bot.clock import WallClock
from bot.exercise.model import DeliveryState, Exercise
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.presses import Press
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.texts.catalogue import say
from tests.acceptance.cast import SCRIPT, Cast, add_to_library, an_inject
from tests.acceptance.process import Program
from tests.postgres import Postgres
from tests.steering.conftest import Floor
from tests.trouble.faulty_disk import FaultyDisk, What, Where, disk
from tests.web.test_intake import free_port

__all__ = ["disk"]
pytestmark = pytest.mark.timeout(300)

PATIENCE = 90.0
AWAY = say("id", "notice.database_away", time="|", why="").partition("|")[0]
BACK = say("id", "notice.database_back", span="|").partition("|")[0]


def script(*at: str) -> Mapping[str, Any]:
    """An inject to all for each of these moments; none is held for having come late."""
    injects = [an_inject(f"D-{number}", "alfa bravo", "30m", at=each) for number, each in enumerate(at, 1)]
    return {**SCRIPT, "id": "gladi-basis", "injects": injects}


def acknowledge(cast: Cast, message: Message, unit: str) -> Press:
    return cast.leaders[unit].press(cast.chats[unit], message, say("id", "ack.button"))


async def told(cast: Cast, words: str) -> Message:
    """The control room's newest message with these words, now or soon."""
    return await cast.director.see(cast.control, words, timeout_seconds=PATIENCE)


def hold(record: Mapping[str, Any], cast: Cast) -> None:
    """Everything is sent and answered, once."""
    deliveries = {(d["inject"], d["unit"]): d for d in record["deliveries"]}
    for inject in ("D-1", "D-2"):
        for unit in ("alfa", "bravo"):
            delivery = deliveries[inject, unit]
            assert delivery["state"] == "sent"
            posted = cast.postings(inject, unit)
            assert len(posted) == 1 or (len(posted) == 2 and delivery["possible_duplicate"])
            assert min(posted) >= datetime.fromisoformat(delivery["due_at"])
    for unit in ("alfa", "bravo"):
        assert deliveries["D-1", unit]["acknowledged_at"]
    facts = [(line["kind"], line["inject"], line["unit"]) for line in record["log"] if line["kind"] == "acknowledged"]
    assert len(facts) == len(set(facts))


@pytest.fixture
async def standin() -> AsyncIterator[StandIn]:
    async with StandIn(World(WallClock(), limits=NO_LIMITS)) as server:
        server.world.add_bot("geladi_bot")
        yield server


@pytest.mark.parametrize(
    ("what", "error"), [(What.WRITE, errno.ENOSPC), (What.WRITE, errno.EIO), (What.SYNC, errno.EIO)], ids=str
)
async def test_a_process_whose_disk_fails_in_the_middle_of_an_exercise_goes_on_when_it_is_mended(
    standin: StandIn, tmp_path: Path, disk: FaultyDisk, what: What, error: int
) -> None:
    cast = Cast(standin.world)
    cast.be_patient(PATIENCE)
    url = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    settings = {
        "TOKEN": standin.world.only_bot.token,
        "OWNERS": str(cast.director.person.id),
        "API_URL": standin.url,
        "DATABASE_URL": url,
        "LISTEN": "",
        "RATE_CHAT": "100/s",
        "RATE_GROUP": "100/s",
    }
    program = Program(tmp_path, settings, disk.environment)
    await add_to_library(url, script("0s", "10s"), standin.world.clock.now())
    try:
        await program.start()
        await cast.set_up("gladi-basis")
        await cast.startex()
        first = {unit: await cast.inject("D-1", unit) for unit in ("alfa", "bravo")}
        await acknowledge(cast, first["alfa"], "alfa").answered(PATIENCE)
        disk.fail(what, Where.LOG, error)
        waiting = acknowledge(cast, first["bravo"], "bravo")
        notice = await told(cast, AWAY)
        assert "disk" in notice.words
        assert waiting.answer is None
        # Whatever came due by now cannot have gone out.
        assert not cast.postings("D-2", "alfa")
        disk.mend()
        await waiting.answered(PATIENCE)
        await told(cast, BACK)
        for unit in ("alfa", "bravo"):
            await cast.director.see(cast.chats[unit], "D-2-teks", timeout_seconds=PATIENCE)
        await program.stop()
        exported = await program.run("export", "1")
        verified = await program.run("export", "1", "--verify")
    finally:
        await program.clean_up()
    hold(orjson.loads(exported.out), cast)
    assert verified.status == 0, verified.out
    with sqlite3.connect(tmp_path / "geladi.db") as reader:
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    reader.close()


def all_sent(run: Exercise) -> bool:
    """Whether the record knows of the last inject's sendings what the chats show."""
    return all(delivery.state is DeliveryState.SENT for delivery in run.injects["D-2"].deliveries.values())


@asynccontextmanager
async def at_work(url: str, clock: WallClock, at: str) -> AsyncIterator[Floor]:
    """A bot in this process on that database, an exercise begun, D-1 in the chats and D-2 due at that moment."""
    world = World(clock, limits=NO_LIMITS)
    world.add_bot("geladi_bot")
    async with StandIn(world) as server:
        floor = Floor(server, Cast(world), url, clock)
        floor.cast.be_patient(PATIENCE)
        await floor.start()
        try:
            await floor.add(script("0s", at))
            await floor.cast.set_up("gladi-basis")
            await floor.cast.startex()
            yield floor
        finally:
            await floor.stop()


async def test_a_database_that_is_locked_for_a_minute_by_the_exercises_clock_costs_nothing(tmp_path: Path) -> None:
    file, clock = tmp_path / "geladi.db", WallClock(speed=6.0)
    async with at_work(f"sqlite+aiosqlite:///{file}", clock, "60s") as floor:
        cast = floor.cast
        first = {unit: await cast.inject("D-1", unit) for unit in ("alfa", "bravo")}
        await floor.push("alfa", first["alfa"], say("id", "ack.button"))
        other = sqlite3.connect(file, isolation_level=None, timeout=30, check_same_thread=False)
        # In a thread: a transaction that the bot has begun ends on this loop, and only then is the lock to be had.
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        locked_at = clock.now()
        waiting = acknowledge(cast, first["bravo"], "bravo")
        notice = await told(cast, AWAY)
        assert "locked" in notice.words
        await clock.sleep(61 - (clock.now() - locked_at).total_seconds())
        assert waiting.answer is None
        assert not cast.postings("D-2", "alfa")
        other.execute("ROLLBACK")
        other.close()
        await waiting.answered(PATIENCE)
        await told(cast, BACK)
        for unit in ("alfa", "bravo"):
            await cast.director.see(cast.chats[unit], "D-2-teks", timeout_seconds=PATIENCE)
        await floor.until(all_sent, PATIENCE)
        hold(await floor.record(), cast)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.end()


@pytest.mark.parametrize("away", [1.0, 14.0], ids=["within a term", "longer than a term"])
async def test_a_server_that_restarts_in_the_middle_of_an_exercise_costs_nothing(
    postgres: Postgres, away: float
) -> None:
    async with at_work(await postgres.new_database(), WallClock(), "10s") as floor:
        cast = floor.cast
        first = {unit: await cast.inject("D-1", unit) for unit in ("alfa", "bravo")}
        await floor.push("alfa", first["alfa"], say("id", "ack.button"))
        await postgres.stop()
        waiting = acknowledge(cast, first["bravo"], "bravo")
        if away > 10:
            await told(cast, AWAY)
        await asyncio.sleep(away)
        assert waiting.answer is None
        await postgres.start()
        await waiting.answered(PATIENCE)
        for unit in ("alfa", "bravo"):
            await cast.director.see(cast.chats[unit], "D-2-teks", timeout_seconds=PATIENCE)
        if away > 10:
            await told(cast, BACK)
        await floor.until(all_sent, PATIENCE)
        hold(await floor.record(), cast)


async def test_a_bot_that_starts_before_its_database_works_as_soon_as_it_is_there(
    standin: StandIn, postgres: Postgres, tmp_path: Path
) -> None:
    cast, port = Cast(standin.world), free_port()
    cast.be_patient(PATIENCE)
    settings = {
        "TOKEN": standin.world.only_bot.token,
        "OWNERS": str(cast.director.person.id),
        "API_URL": standin.url,
        "DATABASE_URL": await postgres.new_database(),
        "LISTEN": f"127.0.0.1:{port}",
    }
    await postgres.stop()
    program = Program(tmp_path, settings)
    try:
        await program.start()
        await program.says("database_unreachable")
        await postgres.start()
        await cast.director.ask(cast.control, "/whoami", containing=str(cast.director.person.id))
        url = f"http://127.0.0.1:{port}/readyz"
        async with aiohttp.ClientSession() as http, http.get(url) as response:
            checks = (await response.json())["checks"]
        assert checks["database"] == {"ok": True, "detail": "reachable"}
        assert await program.stop() == 0
    finally:
        await program.clean_up()
