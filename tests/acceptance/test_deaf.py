"""The control room learns from its board that nothing comes in from Telegram, and when that is over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app import running
from bot.clock import WallClock
from bot.rehearsal.standin.faults import Fault, Refusal
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store.store import Store
from tests.acceptance.cast import SHORT_SCRIPT, Cast, add_to_library


async def test_the_board_tells_that_another_program_takes_the_updates(tmp_path: Path) -> None:
    clock = WallClock(speed=10)
    world = World(clock)
    world.add_bot("geladi_bot")
    cast = Cast(world)
    url = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    await add_to_library(url, SHORT_SCRIPT, clock.now())
    store = Store(url)
    await store.open()
    async with StandIn(world) as standin:
        settings = Settings(_env_file=None, api_url=standin.url, owners=(cast.director.person.id,), listen="")
        async with running(settings, world.only_bot.token, store, clock):
            await cast.set_up(str(SHORT_SCRIPT["id"]))
            await cast.startex()
            world.faults.decide = another_polls
            await cast.director.see(cast.control, is_warning)
            board = next(message for message in cast.control.messages.values() if is_warning(message))
            world.faults.clear()
            await cast.director.see(cast.control, lambda m: m.message_id == board.message_id and not is_warning(m))
    await store.close()


def another_polls(method: str, _: Mapping[str, Any]) -> Fault | None:
    return Refusal(409) if method == "getUpdates" else None


def is_warning(message: Message) -> bool:
    return "tidak diterima sejak" in message.words and "Conflict" in message.words
