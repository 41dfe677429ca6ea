"""The bot at work in this process against the stand-in, and a control room that is a group."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.accounts import sending
from bot.app import running
from bot.clock import WallClock
from bot.exercise.facts import Fact
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.exercise.people import Person as Somebody
from bot.rehearsal.people import Person
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.presses import Answer
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.report.record import record
from bot.settings import Settings
from bot.store import directory, exercises, log
from bot.store.store import Store
from scenarios.model import load
from tests.acceptance.cast import SCRIPT, Cast
from tests.press import NearPress

QUIET = {
    **SCRIPT,
    "id": "gladi-kemudi",
    "groups": {"depan": ["alfa", "bravo"]},
    "objectives": [{"id": "komando", "title": "Komando"}],
    "injects": [
        {
            "id": "A-1",
            "at": "0s",
            "to": ["alfa", "bravo"],
            "text": "Kata sandi A-1-teks.",
            "objectives": ["komando"],
            "acknowledge": {"within": "10m"},
        },
        {"id": "A-2", "at": "2h", "to": ["charlie"], "text": "Kata sandi A-2-teks.", "acknowledge": {"within": "10m"}},
        {"id": "C-1", "to": ["bravo"], "text": "Kata sandi C-1-teks.", "acknowledge": {"within": "10m"}},
    ],
}
"""One inject at once, one in two hours, one on the shelf."""


@dataclass
class Floor:
    """The bot, the chats and the record behind them."""

    standin: StandIn
    cast: Cast
    url: str
    clock: WallClock
    settings: Mapping[str, Any] = field(default_factory=dict)
    store: Store = field(init=False)
    _at_work: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def world(self) -> World:
        """Everything the stand-in knows."""
        return self.standin.world

    async def start(self) -> None:
        """Put the bot to work on its database."""
        self.store = Store(self.url)
        await self.store.open()
        self._at_work.push_async_callback(self.store.close)
        settings = Settings(
            _env_file=None,
            api_url=self.standin.url,
            owners=(self.cast.director.person.id,),
            listen="",
            files=(Form.JSON,),
            **{"rate_chat": "100/s", "rate_group": "100/s", **self.settings},
        )
        token, press = self.world.only_bot.token, NearPress(self.store)
        await self._at_work.enter_async_context(running(settings, token, self.store, self.clock, press=press))

    async def stop(self) -> None:
        """Let the bot end, and its database be closed."""
        at_work, self._at_work = self._at_work, AsyncExitStack()
        await at_work.aclose()

    async def restart(self) -> None:
        """Stop the bot and start another one on what it left."""
        await self.stop()
        await self.start()

    async def add(self, scenario: Mapping[str, Any]) -> None:
        """Put a scenario into the library."""
        somebody, at = Somebody(1, "Perencana"), self.clock.now()
        await self.store.perform(lambda tx: directory.add_scenario(tx, load(dict(scenario)), somebody, at))

    async def exercise(self) -> Exercise:
        """The exercise as recorded."""
        found = await self.store.perform(lambda tx: exercises.get(tx, 1))
        assert found is not None
        return found

    async def until(self, holds: Callable[[Exercise], object], seconds: float = 15) -> Exercise:
        """The exercise, once it ``holds``."""
        async with asyncio.timeout(seconds):
            while not holds(exercise := await self.exercise()):  # noqa: ASYNC110 - nothing announces a commit
                await asyncio.sleep(0.02)
        return exercise

    async def facts(self, *kinds: str) -> list[Fact]:
        """The log, of these kinds alone."""
        entries = await self.store.perform(lambda tx: log.entries(tx, 1))
        return [entry.fact for entry in entries if not kinds or entry.fact.kind in kinds]

    async def record(self) -> dict[str, Any]:
        """The record as JSON gives it."""
        run = await self.exercise()
        entries = await self.store.perform(lambda tx: log.entries(tx, 1))
        attempts = await self.store.perform(lambda tx: sending(tx, run))
        read: dict[str, Any] = orjson.loads(orjson.dumps(record(run, entries, attempts)))
        return read

    async def ask(self, command: str, containing: str = "", *, by: Person | None = None) -> Message:
        """A command in the control room, and the bot's answer to it."""
        mark = self.world.changes.count
        command_id = (by or self.cast.director.person).say(self.cast.control, command).message_id
        change = await self.world.wait_for(_answers(self.cast.control.id, command_id, containing), 15, since=mark)
        return change.message  # type: ignore[union-attr]  # only a message answers

    def tell(self, command: str) -> Message:
        """A command in the control room that answers by what it does."""
        return self.cast.director.person.say(self.cast.control, command)

    async def see(self, unit: str, words: str, *, after: Message | None = None) -> Message:
        """A message in a unit's chat, now or soon."""
        return await self.cast.director.see(self.cast.chats[unit], words, after=after)

    async def shows(self, unit: str, message: Message, words: str) -> Message:
        """A message that stands in a unit's chat, once it reads so."""
        return await self.cast.director.see(
            self.cast.chats[unit], lambda m: m.message_id == message.message_id and words in m.words
        )

    async def see_control(self, words: str | Callable[[Message], object], *, after: Message | None = None) -> Message:
        """A message in the control room, now or soon."""
        return await self.cast.director.see(self.cast.control, words, after=after)

    async def press(self, person: Person, message: Message, data: str) -> Answer:
        """Send any data at all, as a client of one's own can."""
        return await self.world.presses.press(person.user, self.world.only_bot, message, data).answered(10)

    async def push(self, unit: str, message: Message, label: str) -> Answer:
        """A unit's leader presses a button that is there."""
        return await self.cast.leaders[unit].press(self.cast.chats[unit], message, label).answered(10)

    async def push_control(self, message: Message, label: str) -> Answer:
        """The director presses a button that is there."""
        return await self.cast.director.person.press(self.cast.control, message, label).answered(10)

    def downloaded(self, message: Message) -> bytes:
        """The picture or the document that a message carries."""
        content = message.content or {}
        carried = content["document"] if "document" in content else content["photo"][-1]
        stored = self.world.files.get(carried["file_id"])
        assert stored is not None
        return stored.body

    def present(self, message: Message) -> Message:
        """The message as it reads now."""
        return self.cast.director.present(message)


def _answers(chat: int, command: int, containing: str) -> Callable[[Any], bool]:
    def fits(change: Any) -> bool:
        message = getattr(change, "message", None)
        return (
            getattr(change, "chat_id", None) == chat
            and message is not None
            and message.reply_to == command
            and containing.casefold() in message.words.casefold()
        )

    return fits


@contextlib.asynccontextmanager
async def opened(
    folder: Path, scenario: Mapping[str, Any], clock: WallClock | None = None, **settings: Any
) -> AsyncIterator[Floor]:
    """A bot whose library has ``scenario``, its exercise set up: three groups joined, STARTEX not given."""
    clock = clock or WallClock()
    world = World(clock, limits=NO_LIMITS)
    world.add_bot("geladi_bot")
    async with StandIn(world) as standin:
        floor = Floor(standin, Cast(world), f"sqlite+aiosqlite:///{folder / 'geladi.db'}", clock, settings)
        await floor.start()
        try:
            await floor.add(scenario)
            await floor.cast.set_up(str(scenario["id"]))
            yield floor
        finally:
            await floor.stop()


@pytest.fixture
async def prepared(tmp_path: Path) -> AsyncIterator[Floor]:
    """Three units have joined; STARTEX has not been given."""
    async with opened(tmp_path, QUIET) as floor:
        yield floor


@pytest.fixture
async def floor(prepared: Floor) -> Floor:
    """STARTEX has been, and the first inject is out."""
    await prepared.cast.startex()
    for unit in ("alfa", "bravo"):
        await prepared.cast.inject("A-1", unit)
    return prepared
