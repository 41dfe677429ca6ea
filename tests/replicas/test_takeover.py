"""Two processes on one PostgreSQL in the middle of an exercise: the leader is killed, or frozen and thawed."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.exercise.sealing import first_broken
from bot.rehearsal.standin.faults import Fault, Stall
from bot.rehearsal.standin.world import World
from bot.store import log
from bot.store.store import Store
from bot.texts.catalogue import say
from tests.acceptance.cast import SCRIPT, SEATED, Cast, add_to_library, an_inject, header, said_by_bot
from tests.replicas.conftest import StartReplica
from tests.replicas.doors import Replica

TAKEOVER_SECONDS = 15.0
EVERYBODY = " ".join(SEATED)
INJECTS = [f"R-{number}" for number in range(1, 9)]
LONG_SCRIPT: Mapping[str, Any] = {
    **SCRIPT,
    "id": "gladi-ganti",
    "injects": [
        an_inject(inject, EVERYBODY, "30s", at=f"{1.5 + 2.5 * position}s") for position, inject in enumerate(INJECTS)
    ],
}
"""R-3 is under way when the leader falls; R-4 and those after it come due while nobody leads."""

LEADING, STANDING_BY = '"leading"', '"standing_by"'


async def two_replicas(replica: StartReplica) -> tuple[Replica, Replica]:
    leader = await replica("first")
    await leader.program.says(LEADING)
    other = await replica("second")
    await other.program.says(STANDING_BY)
    return leader, other


async def until_the_third_inject(world: World, cast: Cast, url: str) -> datetime:
    """Everybody's third inject has been sent, and two of the sendings are not answered; gives the moment."""
    await add_to_library(url, LONG_SCRIPT, world.clock.now())
    await cast.set_up(str(LONG_SCRIPT["id"]))
    await cast.join_in_private()
    reached: set[int] = set()

    def stall(method: str, parameters: Mapping[str, Any]) -> Fault | None:
        chat = int(parameters.get("chat_id", 0))
        hit = method == "sendMessage" and "R-3-teks" in str(parameters.get("text")) and chat not in reached
        if hit:
            reached.add(chat)
        return Stall(60.0) if hit and chat in slow else None

    slow = {cast.chats[unit].id for unit in ("alfa", "bravo")}
    everybody = {cast.chats[unit].id for unit in SEATED}
    world.faults.decide = stall
    await cast.startex()
    await cast.acknowledge("R-1", *SEATED)
    async with asyncio.timeout(30):
        while reached != everybody:  # noqa: ASYNC110 - the fault is asked, and tells nobody
            await asyncio.sleep(0.01)
    return world.clock.now()


async def test_a_killed_leader_is_replaced_and_nothing_is_lost(
    world: World, cast: Cast, url: str, replica: StartReplica
) -> None:
    leader, other = await two_replicas(replica)
    await until_the_third_inject(world, cast, url)
    # The press is answered once it is durable, so the kill comes right after that.
    await cast.acknowledge("R-2", "alfa", after=0)
    await leader.program.kill()
    killed_at = world.clock.now()
    waiting = cast.leaders["bravo"].press(
        cast.chats["bravo"], await cast.inject("R-2", "bravo"), say("id", "ack.button")
    )
    spoke_at = await other.door.speaks(TAKEOVER_SECONDS)
    assert spoke_at - killed_at < timedelta(seconds=TAKEOVER_SECONDS)
    await cast.answered(waiting)
    record = await play_to_the_end(other, cast)
    await hold_the_record(record, cast, url)


async def test_a_thawed_leader_changes_nothing_says_nothing_and_stands_by(
    world: World, cast: Cast, url: str, replica: StartReplica
) -> None:
    leader, other = await two_replicas(replica)
    frozen_at = await until_the_third_inject(world, cast, url)
    leader.program.freeze()
    # Its open poll takes this press from Telegram, and cannot confirm it.
    waiting = cast.leaders["bravo"].press(
        cast.chats["bravo"], await cast.inject("R-2", "bravo"), say("id", "ack.button")
    )
    spoke_at = await other.door.speaks(TAKEOVER_SECONDS)
    assert spoke_at - frozen_at < timedelta(seconds=TAKEOVER_SECONDS)
    thawed_at = world.clock.now()
    leader.program.thaw()
    await leader.program.says(STANDING_BY)
    await cast.answered(waiting)
    record = await play_to_the_end(other, cast)
    await hold_the_record(record, cast, url)
    assert leader.program.is_alive
    assert leader.door.spoken(thawed_at) == []
    # It is as good a leader as any, once it is its turn.
    await other.program.stop()
    await cast.director.ask(cast.control, "/whoami", containing=str(cast.director.person.id))
    assert leader.door.spoken(thawed_at)


async def play_to_the_end(leader: Replica, cast: Cast) -> dict[str, Any]:
    """Everybody answers the last inject, ENDEX; gives the record."""
    await asyncio.gather(*(cast.acknowledge(INJECTS[-1], unit) for unit in SEATED))
    await cast.endex()
    await cast.director.see(cast.control, lambda m: "document" in (m.content or {}), timeout_seconds=40)
    exported = await leader.program.run("export", "1")
    record: dict[str, Any] = orjson.loads(exported.out)
    return record


async def hold_the_record(record: Mapping[str, Any], cast: Cast, url: str) -> None:
    deliveries = {(d["inject"], d["unit"]): d for d in record["deliveries"]}
    repeated = set()
    for unit in SEATED:
        order = [
            header(message)
            for _, message in said_by_bot(cast.world, cast.chats[unit], edits=False)
            if header(message) in INJECTS
        ]
        # Per chat in the script's order, a repeat right behind its first.
        assert order == sorted(order)
        assert set(order) == set(INJECTS)
        for inject in INJECTS:
            delivery = deliveries[inject, unit]
            assert delivery["state"] == "sent"
            if order.count(inject) > 1:
                assert order.count(inject) == 2
                assert delivery["possible_duplicate"]
                repeated.add((inject, unit))
    assert {("R-3", "alfa"), ("R-3", "bravo")} <= repeated
    for unit in SEATED:
        assert deliveries["R-1", unit]["acknowledged_exact"] is True
        assert deliveries[INJECTS[-1], unit]["acknowledged_at"]
    # A press carries no time of its own: what waited at Telegram's is an upper bound.
    assert deliveries["R-2", "bravo"]["acknowledged_exact"] is False
    store = Store(url)
    chain = await store.read(lambda tx: log.entries(tx, 1))
    await store.close()
    assert first_broken(1, chain) is None
    assert [entry["hash"] for entry in record["log"]] == [entry.hash for entry in chain]
