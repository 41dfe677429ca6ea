"""The bot at work against the stand-in, an exercise under way, and its people; Telegram's limits left out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bot.app import running
from bot.clock import WallClock
from bot.exercise.model import Delivery, Exercise
from bot.exercise.people import Person as Somebody
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.report.record import record
from bot.settings import Settings
from bot.store import directory, exercises, log
from bot.store.store import Store
from scenarios.model import load
from tests.acceptance.cast import SCRIPT, Cast, said_by_bot
from tests.press import NearPress


@dataclass
class Stage:
    """A running exercise, its people, and the record behind it."""

    world: World
    cast: Cast
    store: Store

    async def exercise(self) -> Exercise:
        found = await self.store.perform(lambda tx: exercises.get(tx, 1))
        assert found is not None
        return found

    async def delivery(self, inject: str, unit: str) -> Delivery:
        return (await self.exercise()).injects[inject].deliveries[unit]

    async def record(self) -> dict[str, Any]:
        """The record as the file would have it."""
        exercise = await self.exercise()
        entries = await self.store.perform(lambda tx: log.entries(tx, exercise.number))
        found: dict[str, Any] = orjson.loads(orjson.dumps(record(exercise, entries, {})))
        return found

    async def facts(self, kind: str) -> list[dict[str, Any]]:
        """The log's lines of a kind."""
        return [line for line in (await self.record())["log"] if line["kind"] == kind]

    def said(self, where: str) -> list[Message]:
        """Everything the bot wrote into a unit's chat, or into the control room (``control``), as it stands."""
        chat = self.cast.control if where == "control" else self.cast.chats[where]
        return [chat.messages[message.message_id] for _, message in said_by_bot(self.world, chat)]


@asynccontextmanager
async def stage(
    folder: Path,
    injects: Sequence[Mapping[str, Any]],
    *,
    speed: float = 1.0,
    begin: bool = True,
    situations: Sequence[str] = (),
    **settings: Any,
) -> AsyncIterator[Stage]:
    """An exercise with these injects, STARTEX given unless ``begin`` is false."""
    clock = WallClock(speed)
    world = World(clock, limits=NO_LIMITS)
    bot = world.add_bot("geladi_bot")
    cast = Cast(world)
    store = Store(f"sqlite+aiosqlite:///{folder / 'geladi.db'}")
    await store.open()
    script = load({**SCRIPT, "injects": list(injects), "situations": list(situations)})
    await store.perform(lambda tx: directory.add_scenario(tx, script, Somebody(1, "Perencana"), clock.now()))
    async with StandIn(world) as standin:
        chosen = Settings(
            **{
                "_env_file": None,
                "api_url": standin.url,
                "owners": (cast.director.person.id,),
                "listen": "",
                "rate_chat": "100/s",
                "rate_group": "100/s",
                **settings,
            }
        )
        async with running(chosen, bot.token, store, clock, press=NearPress(store)):
            await cast.set_up(script.id)
            if begin:
                await cast.startex()
            yield Stage(world, cast, store)
    await store.close()
