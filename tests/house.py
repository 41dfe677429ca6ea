"""The bot at work in this process, against the stand-in, with an exercise that is being prepared."""

import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.app import running
from bot.clock import WallClock
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.exercise.people import Person as Somebody
from bot.rehearsal.director import Director
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store import directory, exercises
from bot.store.store import Store
from bot.texts.catalogue import say
from scenarios.model import load
from tests.acceptance.cast import SCRIPT
from tests.press import NearPress

_LINK = re.compile(r"startgroup=([\w-]+)")


@dataclass
class House:
    """A director in the control room, and the record behind it."""

    world: World
    store: Store
    clock: WallClock
    director: Director
    control: Chat
    codes: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, username: str | None = None) -> Person:
        """Somebody new."""
        return Person(self.world, self.world.add_user(name, username=username))

    async def exercise(self, number: int = 1) -> Exercise:
        """The exercise as the record has it."""
        found = await self.store.perform(lambda tx: exercises.get(tx, number))
        assert found is not None
        return found

    async def new(self, scenario: str = str(SCRIPT["id"]), thread: int | None = None) -> None:
        """`/new`, and the codes that it gives."""
        posted = await self.director.ask(self.control, f"/new {scenario}", containing="startgroup=", thread_id=thread)
        units = (await self.exercise()).seats
        self.codes = dict(zip(units, codes_in(posted), strict=True))

    async def told(self, person: Person, chat: Chat, command: str, *, thread: int | None = None, **how: object) -> str:
        """What the bot answers to a command of somebody's."""
        asker = Director(person, patience_seconds=30)
        containing = str(how.get("containing", ""))
        return (await asker.ask(chat, command, containing=containing, thread_id=thread)).words

    async def see(self, chat: Chat, words: str) -> Message:
        """The newest message of the bot's with these words, now or soon."""
        return await self.director.see(chat, words)


def codes_in(message: Message) -> list[str]:
    """The join codes that a message names."""
    return _LINK.findall(message.words)


def says(key: str, language: str = "id", /, **params: object) -> str:
    """A text of the catalogue."""
    return say(language, key, **params)


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """The bot at work on a database in that folder, for as long as the context lasts."""
    clock = WallClock()
    world = World(clock, limits=NO_LIMITS)
    bot = world.add_bot("geladi_bot")
    director = Director(Person(world, world.add_user("Sari", username="sari")), patience_seconds=30)
    store = Store(f"sqlite+aiosqlite:///{folder / 'geladi.db'}")
    await store.open()
    planner, script = Somebody(1, "Perencana"), load(dict(SCRIPT))
    await store.perform(lambda tx: directory.add_scenario(tx, script, planner, clock.now()))
    async with StandIn(world) as standin:
        settings = Settings(
            _env_file=None,
            api_url=standin.url,
            owners=(director.person.id,),
            listen="",
            files=(Form.JSON,),
            rate_chat="100/s",
            rate_group="100/s",
        )
        async with running(settings, bot.token, store, clock, press=NearPress(store)):
            yield House(world, store, clock, director, director.person.private())
    await store.close()
