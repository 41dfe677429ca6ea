"""An exercise of three hundred units under Telegram's own limits: not one request too many."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from bot.app import running
from bot.clock import Pace, PacedClock
from bot.exercise.model import DeliveryState
from bot.exercise.people import Person
from bot.rehearsal.drill import Drill
from bot.rehearsal.profiles import Profile
from bot.rehearsal.standin.limits import Limits
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store import directory, exercises
from bot.store.store import Store
from tests.builders import a_wide_scenario
from tests.trouble.patient_clock import patient

UNITS = 300
INJECTS = 3
READY = Profile(usual_seconds=7.0, late_chance=0.0, never_chance=0.0)


@pytest.mark.timeout(300)
async def test_three_hundred_units_are_served_without_one_request_too_many(tmp_path: Path) -> None:
    clock = PacedClock(Pace.from_now(1.0))
    world = World(clock, limits=Limits())
    token = world.add_bot("geladi_bot").token
    script = a_wide_scenario(UNITS, INJECTS, every=30)
    drill = Drill(world, script, "id", Random(1))
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    await store.perform(lambda tx: directory.add_scenario(tx, script, Person(1, "Perencana"), clock.now()))
    async with StandIn(world) as standin:
        settings = Settings(_env_file=None, api_url=standin.url, owners=(drill.director.person.id,), listen="")
        async with running(settings, token, store, clock), patient(clock):
            await drill.set_up()
            for unit in drill.units:
                drill.let_play(unit, READY, Random(unit))
            playing = asyncio.create_task(drill.autoplay.run(), name="leaders")
            await drill.begin()
            drill.director.person.say(drill.control, "/status")
            edits = world.journal.outcomes
            # The last thing of all is that the last acknowledgement shows.
            await world.changes.wait_until(lambda: edits["editMessageText", "ok"] >= INJECTS * UNITS or None, 240)
            playing.cancel()
    found = await store.perform(lambda tx: exercises.get(tx, 1))
    await store.close()
    assert found is not None
    deliveries = [delivery for run in found.injects.values() for delivery in run.deliveries.values()]
    assert Counter(delivery.state for delivery in deliveries) == {DeliveryState.SENT: INJECTS * UNITS}
    assert all(delivery.acknowledged for delivery in deliveries)
    assert world.journal.too_many == 0
    assert [outcome for _, outcome in world.journal.outcomes if outcome != "ok"] == []
