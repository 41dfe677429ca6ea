"""The control room learns from its board that nothing comes in from Telegram, and when that is over."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import running
from bot.clock import WallClock
from bot.rehearsal.standin.faults import Fault, Refusal
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store.store import Store
from tests.acceptance.cast import SHORT_SCRIPT, Cast, add_to_library
from tests.web.test_intake import free_port


@asynccontextmanager
async def exercise_under_way(tmp_path: Path, clock: WallClock, listen: str = "") -> AsyncIterator[tuple[Cast, StandIn]]:
    world = World(clock)
    world.add_bot("geladi_bot")
    cast = Cast(world)
    cast.be_patient(60)
    url = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    await add_to_library(url, SHORT_SCRIPT, clock.now())
    store = Store(url)
    await store.open()
    async with StandIn(world) as standin:
        settings = Settings(_env_file=None, api_url=standin.url, owners=(cast.director.person.id,), listen=listen)
        async with running(settings, world.only_bot.token, store, clock):
            await cast.set_up(str(SHORT_SCRIPT["id"]))
            await cast.startex()
            yield cast, standin
    await store.close()


async def test_the_board_tells_that_another_program_takes_the_updates(tmp_path: Path) -> None:
    async with exercise_under_way(tmp_path, WallClock(speed=10)) as (cast, standin):
        standin.world.faults.decide = another_polls
        await cast.director.see(cast.control, is_warning)
        board = next(message for message in cast.control.messages.values() if is_warning(message))
        standin.world.faults.clear()
        await cast.director.see(cast.control, lambda m: m.message_id == board.message_id and not is_warning(m))


async def test_board_health_and_figures_tell_of_another_program_for_as_long_as_the_two_take_turns(
    tmp_path: Path,
) -> None:
    """Each hears some of what people press; what comes here in between does not bring back what went there."""
    listen = f"127.0.0.1:{free_port()}"
    async with exercise_under_way(tmp_path, WallClock(), listen) as (cast, standin):
        other = OtherProgram(standin)
        polling = asyncio.create_task(other.poll())
        await cast.director.see(cast.control, is_warning)
        board = next(message for message in cast.control.messages.values() if is_warning(message))
        told = other.interrupted
        healths, figures = set(), set()
        while other.interrupted < told + 4:
            cast.leaders["alfa"].say(cast.chats["alfa"], "/help")
            healths.add(await health(listen))
            figures.add(await figure(listen, "geladi_updates_trouble"))
            assert is_warning(cast.control.messages[board.message_id])
            await asyncio.sleep(0.5)
        polling.cancel()
        assert other.took
        assert healths == {(503, False)}
        assert figures == {1.0}


class OtherProgram:
    """Polls with the bot's token, and waits after an interruption as python-telegram-bot does."""

    def __init__(self, standin: StandIn) -> None:
        self._url = f"{standin.url}/bot{standin.world.only_bot.token}/getUpdates"
        self.interrupted = 0
        self.took: list[int] = []

    async def poll(self) -> None:
        wait, offset = 0.0, 0
        async with aiohttp.ClientSession() as http:
            while True:
                async with http.post(self._url, json={"timeout": 10, "offset": offset}) as response:
                    answer = await response.json()
                if answer["ok"]:
                    wait = 0.0
                    self.took += [update["update_id"] for update in answer["result"]]
                    offset = self.took[-1] + 1 if self.took else 0
                else:
                    self.interrupted += 1
                    wait = min(30.0, 1.5 * wait) if wait else 1.0
                    await asyncio.sleep(wait)


async def health(listen: str) -> tuple[int, bool]:
    """The status of the whole, and whether it is well with the updates."""
    async with aiohttp.ClientSession() as http, http.get(f"http://{listen}/readyz") as response:
        return response.status, (await response.json())["checks"]["updates"]["ok"]


async def figure(listen: str, name: str) -> float:
    async with aiohttp.ClientSession() as http, http.get(f"http://{listen}/metrics") as response:
        lines = (await response.text()).splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} "))


def another_polls(method: str, _: Mapping[str, Any]) -> Fault | None:
    return Refusal(409) if method == "getUpdates" else None


def is_warning(message: Message) -> bool:
    return "tidak diterima sejak" in message.words and "Conflict" in message.words
