"""The bot dies in the middle of an exercise and is started again: nothing is lost, nothing twice unexplained."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.store import exercises
from bot.store.store import Store
from bot.texts.catalogue import say
from tests.acceptance.cast import SEATED, SHORT_SCRIPT, Cast, add_to_library
from tests.acceptance.process import Program

DUE_WHILE_DEAD = ("B-3", "B-4")


async def test_a_kill_in_the_middle_loses_nothing_and_repeats_nothing_unmarked(
    program: Program, cast: Cast, url: str
) -> None:
    await add_to_library(url, SHORT_SCRIPT, cast.world.clock.now())
    await program.start()
    await cast.set_up(str(SHORT_SCRIPT["id"]))
    await cast.join_in_private()
    await cast.startex()
    await cast.acknowledge("B-1", *SEATED)
    await asyncio.gather(*(cast.inject("B-2", unit) for unit in SEATED))
    # The press is answered once it is durable, so the kill comes right after that.
    await cast.acknowledge("B-2", "alfa", after=0)
    await program.kill()
    # Presses and words that come while nobody listens wait at Telegram's.
    waiting = cast.leaders["bravo"].press(
        cast.chats["bravo"], await cast.inject("B-2", "bravo"), say("id", "ack.button")
    )
    cast.leaders["charlie"].say(cast.chats["charlie"], "/ack B-2")
    await until_due(cast, url, DUE_WHILE_DEAD[-1])
    assert not any(cast.postings(inject, unit) for inject in DUE_WHILE_DEAD for unit in SEATED)

    await program.start()
    await cast.answered(waiting)
    await asyncio.gather(*(cast.acknowledge("B-5", unit) for unit in SEATED))
    await cast.endex()
    await cast.director.see(cast.control, lambda m: "document" in (m.content or {}), timeout_seconds=30)
    assert await program.stop() == 0
    exported = await program.run("export", "1")
    record = orjson.loads(exported.out)
    hold_the_record(record, cast)
    verified = await program.run("export", "1", "--verify")
    assert verified.status == 0, verified.out


async def until_due(cast: Cast, url: str, inject: str) -> None:
    """Let the moment pass at which the script has that inject go out, as the record of the dead knows it."""
    store = Store(url)
    exercise = await store.read(lambda tx: exercises.get(tx, 1))
    await store.close()
    assert exercise is not None
    due_at = exercise.clock.moment(exercise.injects[inject].at or timedelta())
    assert due_at is not None
    clock = cast.world.clock
    await clock.sleep((due_at - clock.now()).total_seconds())


def hold_the_record(record: Mapping[str, Any], cast: Cast) -> None:
    deliveries = {(d["inject"], d["unit"]): d for d in record["deliveries"]}
    startex_at = datetime.fromisoformat(record["exercise"]["startex_at"])
    for definition in SHORT_SCRIPT["injects"]:
        inject = definition["id"]
        for unit in definition["to"]:
            delivery = deliveries[inject, unit]
            postings = cast.postings(inject, unit)
            assert delivery["state"] == "sent"
            assert len(postings) == 1 or (len(postings) == 2 and delivery["possible_duplicate"])
            # What came due while nobody was there keeps its time by the script.
            due_at = datetime.fromisoformat(delivery["due_at"]) - startex_at
            assert abs(due_at.total_seconds() - float(definition["at"].removesuffix("s"))) < 0.05
    for unit in SEATED:
        assert deliveries["B-1", unit]["acknowledged_at"]
        assert deliveries["B-5", unit]["acknowledged_at"]
    assert deliveries["B-2", "alfa"]["acknowledged_exact"]
    # A press carries no time of its own, a message does.
    assert deliveries["B-2", "bravo"]["acknowledged_exact"] is False
    assert deliveries["B-2", "charlie"]["acknowledged_exact"] is True
    said_at = next(m.date for m in reversed(cast.chats["charlie"].messages.values()) if m.text == "/ack B-2")
    taken_at = datetime.fromisoformat(deliveries["B-2", "charlie"]["acknowledged_at"])
    assert abs((taken_at - said_at).total_seconds()) <= 1
    assert deliveries["B-2", "delta"]["acknowledged_at"] is None
