"""The page of a replay: it tells what it is, its clock can be steered, and nobody can do anything in it."""

import asyncio
from datetime import timedelta

import orjson
import pytest
from aiohttp import ClientSession

from bot.rehearsal.page.server import Page
from bot.rehearsal.standin.server import StandIn
from tests.replay.records import of_the_builders, prepared

TOKEN = "token"


async def test_the_page_says_what_it_is_and_lets_nobody_act() -> None:
    replay = prepared(of_the_builders(), speed=0.0)
    replay.play_at_once()
    page = Page(replay.stage, TOKEN)
    async with (
        StandIn(replay.scene.world, port=0, beside=page.add_to) as standin,
        ClientSession(f"{standin.url}/rehearsal/{TOKEN}/") as session,
    ):
        assert not page.visited.is_set()
        async with session.get("world") as response:
            world = await response.json()
        assert page.visited.is_set()
        assert world["pulse"]["replay"] == {"title": replay.title, "warning": "", "over": True}
        assert world["zone"] == "Asia/Jakarta"
        counters = {name: world["pulse"]["exercise"][name] for name in ("state", "sent", "lost")}
        sent = sum(delivery["sent_at"] is not None for delivery in orjson.loads(of_the_builders())["deliveries"])
        # The one that Telegram refused.
        assert counters == {"state": "over", "sent": sent, "lost": 1}
        chat, person = world["control"], world["people"][0]["id"]
        say = {"act": "say", "person": person, "chat": chat, "text": "/pausex"}
        async with session.post("acts", json=say) as response:
            assert (response.status, (await response.json())["why"]) == (
                409,
                "Ini tayangan ulang: hanya untuk ditonton.",
            )
        for control in ({"control": "begin"}, {"control": "director", "on": True}, {"control": "kill"}):
            async with session.post("controls", json=control) as response:
                assert response.status == 409


async def test_it_stands_still_while_it_is_paused_and_a_step_leads_to_the_next_inject() -> None:
    replay = prepared(of_the_builders())
    replay.stage.pause(on=True)
    playing = asyncio.create_task(replay.play())
    try:
        await asyncio.sleep(0)
        told = len(replay.scene.log.messages)
        stood = replay.clock.now()
        replay.stage.step()
        assert replay.clock.now() - stood == pytest.approx(timedelta(minutes=5, seconds=-2), abs=timedelta(seconds=1))
        async with asyncio.timeout(10):
            while len(replay.scene.log.messages) == told:  # noqa: ASYNC110 - the wait ends with the replay's own
                await asyncio.sleep(0.01)
        assert any("I-01 · Medis · diterima: 30 dtk" in line for line in replay.lines)
        assert not any("I-02 · " in line for line in replay.lines)
    finally:
        playing.cancel()


async def test_stretches_in_which_nothing_happens_are_passed_over() -> None:
    replay = prepared(of_the_builders())
    replay.patience = 0.05
    async with asyncio.timeout(60):
        await replay.play()
    assert replay.misfits == []
    assert any("4 mnt 19 dtk tanpa kejadian dilewati" in line for line in replay.lines)
    # What is shown late by the clock that goes on meanwhile still bears its recorded moment.
    assert "09.05.00 WIB · J+00:05:00 · I-02 · inject jatuh tempo" in replay.lines
