"""PAUSEX and RESUMEX: within two seconds in every chat, and nothing rings while the clock stands still."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from bot.app import running
from bot.clock import WallClock
from bot.exercise.model import Timer
from bot.exercise.people import Person
from bot.rehearsal.drill import Drill
from bot.rehearsal.standin.journal import Change, MessageSent
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store import directory, exercises
from bot.store.store import Store
from scenarios.model import load
from tests.acceptance.cast import said_by_bot

UNITS = [f"u{n:02}" for n in range(1, 16)]
SCENARIO = load(
    {
        "format": 1,
        "id": "gladi-jeda",
        "title": "Gladi jeda",
        "units": {unit: {"name": f"Satuan {unit}"} for unit in UNITS},
        "injects": [
            {
                "id": "A-1",
                "at": "0.5s",
                "to": ["all"],
                "text": "Kata sandi A-1.",
                "acknowledge": {"within": "2.5s", "remind": "1s", "escalate": "0.5s"},
            },
            {"id": "A-2", "at": "6.5s", "to": ["all"], "text": "Kata sandi A-2."},
        ],
    }
)
WITHIN = timedelta(seconds=2)


async def test_a_pause_reaches_every_chat_within_two_seconds_and_freezes_all_clocks(tmp_path: Path) -> None:
    clock = WallClock()
    world = World(clock)
    bot = world.add_bot("geladi_bot")
    drill = Drill(world, SCENARIO, "id", Random(1))
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    owner = Person(drill.director.person.id, "Direktur")
    await store.perform(lambda tx: directory.add_scenario(tx, SCENARIO, owner, clock.now()))
    async with StandIn(world) as standin:
        settings = Settings(_env_file=None, api_url=standin.url, owners=(owner.id,), listen="")
        async with running(settings, bot.token, store, clock):
            await drill.set_up()
            await drill.begin()
            for chat in drill.units.values():
                await drill.director.see(chat, "Kata sandi A-1.")
            paused = drill.director.person.say(drill.control, "/pausex hujan")
            for chat in drill.units.values():
                await drill.director.see(chat, "PAUSEX")
            heard = at_which(drill, "PAUSEX")
            assert all(at - paused.date <= WITHIN for at in heard.values()), heard
            # Longer than everything that would have come due: only the board may move.
            await asyncio.sleep(5.0)
            chats = [drill.control, *drill.units.values()]
            late = [m.words for chat in chats for change, m in said_by_bot(world, chat) if after(change, paused)]
            # The control room, paced, may still be told who has joined.
            assert [words for words in late if "A-1" in words] == []
            assert all("bergabung" in words for words in late)
            resumed = drill.director.person.say(drill.control, "/resumex")
            for chat in drill.units.values():
                await drill.director.see(chat, "RESUMEX")
            heard = at_which(drill, "RESUMEX")
            assert all(at - resumed.date <= WITHIN for at in heard.values()), heard
            for chat in drill.units.values():
                await drill.director.see(chat, "Kata sandi A-2.")
            run = await store.perform(lambda tx: exercises.get(tx, 1))
            assert run is not None
            for unit, delivery in run.injects["A-1"].deliveries.items():
                assert delivery.rung >= {Timer.REMIND, Timer.SILENT}, (unit, delivery)
            due = run.injects["A-2"].due_at
            assert due is not None
            assert run.clock.elapsed(due) == timedelta(seconds=6.5)
    await store.close()


def at_which(drill: Drill, words: str) -> dict[str, datetime]:
    return {
        unit: next(change.at for change, message in said_by_bot(drill.world, chat) if words in message.words)
        for unit, chat in drill.units.items()
    }


def after(change: Change, paused: Message) -> bool:
    """Whether something new was said when the pause had been told of."""
    return isinstance(change, MessageSent) and change.at > paused.date + WITHIN
