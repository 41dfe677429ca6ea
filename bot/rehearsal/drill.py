"""A whole drill in the stand-in's world: a control room, a group per unit, and the people who play it.

They use the chats alone, by the same commands and buttons as anybody else, and know nothing of the bot.
"""

import asyncio
import re
from dataclasses import InitVar, dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePath
from random import Random

from bot.rehearsal.autoplay import Autoplay, Leader
from bot.rehearsal.cast import Cast, assemble
from bot.rehearsal.director import Director
from bot.rehearsal.people import Person
from bot.rehearsal.profiles import Profile, some_profile
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import Change, MessageSent
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World
from bot.texts.catalogue import say, template
from scenarios.model import Scenario

_LINK = re.compile(r"https://t\.me/\S+\?startgroup=[\w-]+")
_SET_UP_SECONDS = 120.0


@dataclass(slots=True)
class Drill:
    """One exercise, from `/new` to its summary. Times are the world's clock's."""

    world: World
    scenario: Scenario
    language: str
    random: Random
    given: InitVar[Cast | None] = None
    director: Director = field(init=False)
    control: Chat = field(init=False)
    units: dict[str, Chat] = field(default_factory=dict)
    leaders: dict[str, Person] = field(default_factory=dict)
    autoplay: Autoplay = field(default_factory=Autoplay)
    members: dict[str, Person] = field(default_factory=dict)
    """Somebody of each unit who does not lead it."""
    stranger: Person = field(init=False)
    """Somebody who belongs to no unit."""
    is_seated: bool = False
    """Whether the exercise is made and every unit has its chat."""
    is_directed: bool = False
    """Whether the director plays by itself now."""
    _playing: dict[str, Leader] = field(default_factory=dict)
    _began_at: datetime | None = None
    _ended_at: datetime | None = None

    def __post_init__(self, given: Cast | None) -> None:
        """Let the people of the given cast take their places; without one, open the chats for a new one."""
        cast = given or assemble(self.world, self.scenario, self.language)
        self.director = Director(self._person(cast.director))
        self.control = self.world.chats[cast.control]
        self.units = {unit: self.world.chats[chat_id] for unit, chat_id in cast.units.items()}
        self.leaders = {unit: self._person(user_id) for unit, user_id in cast.leaders.items()}
        self.members = {unit: self._person(user_id) for unit, user_id in cast.members.items()}
        self.stranger = self._person(cast.stranger)
        self.is_seated = cast.is_seated

    def cast(self) -> Cast:
        """Who plays, and where."""
        return Cast(
            director=self.director.person.id,
            control=self.control.id,
            units={unit: chat.id for unit, chat in self.units.items()},
            leaders={unit: person.id for unit, person in self.leaders.items()},
            members={unit: person.id for unit, person in self.members.items()},
            stranger=self.stranger.id,
            is_seated=self.is_seated,
        )

    def _person(self, user_id: int) -> Person:
        return Person(self.world, self.world.users[user_id])

    async def set_up(self) -> None:
        """Make the exercise and seat every unit, as a director and unit leaders would.

        Raises:
            TimeoutError: the bot did not answer.
        """
        if self.language != "id":
            await self.director.ask(self.control, f"/language {self.language}")
        before = self.world.changes.count
        self.director.person.say(self.control, f"/new {self.scenario.id}")
        links = await self._links(before)
        for (unit, chat), link in zip(self.units.items(), links, strict=True):
            if self.language != "id":
                self.leaders[unit].add_bot(chat)
                self.leaders[unit].say(chat, f"/language {self.language}")
            self.leaders[unit].open_startgroup_link(link, chat)
        async with asyncio.timeout(_SET_UP_SECONDS):
            for chat in self.units.values():
                await self.world.wait_for_message(chat, _is_from_bot, _SET_UP_SECONDS)
        self.is_seated = True

    async def begin(self) -> None:
        """STARTEX."""
        self._began_at = self.world.clock.now()
        self.director.person.say(self.control, "/startex")

    async def play(self, *, leaders: bool) -> None:
        """Answer the bot's questions in the control room, and with ``leaders`` in every unit; ENDEX at the end.

        Returns once the record has been posted.
        """
        if leaders:
            for unit in self.units:
                # Each leader has dice of their own: what one does never changes what another does.
                dice = Random(self.random.random())  # noqa: S311 - simulated people, seeded
                self.let_play(unit, some_profile(dice), dice)
        async with asyncio.TaskGroup() as playing:
            answering = playing.create_task(self.autoplay.run(), name="leaders")
            await self.direct()
            answering.cancel()

    async def direct(self) -> None:
        """Answer the bot's questions in the control room, and give ENDEX once the script is through."""
        self.is_directed = True
        try:
            async with asyncio.TaskGroup() as directing:
                answering = directing.create_task(self._answer_questions(), name="director")
                done_line = _first_line(self.language, "notice.script_done")
                await self.director.see(self.control, done_line, timeout_seconds=1e9)
                self._ended_at = self.world.clock.now().replace(microsecond=0)
                yes, done = say(self.language, "confirm.endex_yes"), _last_line(self.language, "notice.endex_control")
                await self.director.carry_out(self.control, "/endex", yes, done=done, timeout_seconds=1e9)
                await self.record_posted()
                answering.cancel()
        finally:
            self.is_directed = False

    def let_play(self, unit: str, profile: Profile | None, dice: Random | None = None) -> None:
        """Let a unit's leader play by itself while :attr:`autoplay` runs, or with no profile, no more."""
        former = self._playing.pop(unit, None)
        if former is not None:
            self.autoplay.remove(former)
        if profile is not None:
            dice = dice or Random(self.random.random())  # noqa: S311 - simulated people, seeded
            leader = self._playing[unit] = Leader(self.leaders[unit], self.chat_of(unit), profile, dice)
            self.autoplay.add(leader)

    def chat_of(self, unit: str) -> Chat:
        """The unit's group as it is now: the supergroup, if it became one."""
        chat = self.units[unit]
        while chat.migrated_to is not None:
            chat = self.world.chats[chat.migrated_to]
        return chat

    def elapsed(self) -> timedelta:
        """Exercise time, by the wall: the rehearsal's director never pauses."""
        return self.world.clock.now() - self._began_at if self._began_at else timedelta()

    def planned(self) -> timedelta:
        """How long the scenario takes, to the last planned inject."""
        return max((inject.at for inject in self.scenario.injects if inject.at is not None), default=timedelta(1))

    def summary(self) -> list[Message]:
        """What the bot said in the control room from ENDEX on."""
        said = [message for message in self.control.messages.values() if _is_from_bot(message)]
        return [message for message in said if self._ended_at and message.date >= self._ended_at]

    def posted_files(self) -> list[tuple[str, bytes]]:
        """The files in the control room's summary, by name."""
        files = []
        for message in self.summary():
            content = message.content or {}
            carried = content.get("document") or (content.get("photo") or [None])[-1]
            stored = self.world.files.get(carried["file_id"]) if carried else None
            if stored is not None:
                files.append((PurePath(stored.name).name, stored.body))
        return files

    async def record_posted(self) -> Message:
        """The message that carries the record of the exercise: the end of its summary."""
        return await self.director.see(self.control, _carries_record, timeout_seconds=1e9)

    async def _links(self, mark: int) -> list[str]:
        """The join links, in the scenario's order, from however many messages they take."""
        links: list[str] = []
        async with asyncio.timeout(_SET_UP_SECONDS):
            while len(links) < len(self.scenario.units):
                change = await self.world.wait_for(self._is_in_control, _SET_UP_SECONDS, since=mark)
                mark = self.world.changes.count
                if isinstance(change, MessageSent):
                    links += _LINK.findall(change.message.words)
        return links

    def _is_in_control(self, change: Change) -> bool:
        return isinstance(change, MessageSent) and change.chat_id == self.control.id and _is_from_bot(change.message)

    async def _answer_questions(self) -> None:
        """Send what the bot asks about: a director who lets the script go on."""
        answered: set[int] = set()
        send = say(self.language, "gate.send")
        while True:
            question = await self.director.see(
                self.control,
                lambda message: message.message_id not in answered and _offers(message, send),
                timeout_seconds=1e9,
            )
            answered.add(question.message_id)
            await self.world.clock.sleep(self.random.uniform(5.0, 20.0))
            if _offers(self.director.present(question), send):
                await self.director.press(self.control, send, on=question)


def _first_line(language: str, key: str) -> str:
    return say(language, key).splitlines()[0]


def _last_line(language: str, key: str) -> str:
    return template(language, key).splitlines()[-1]


def _offers(message: Message, label: str) -> bool:
    return any(button.text == label for button in message.buttons)


def _is_from_bot(message: Message) -> bool:
    return message.sender is not None and message.sender.is_bot and not message.service


def _carries_record(message: Message) -> bool:
    document = (message.content or {}).get("document", {})
    return str(document.get("file_name", "")).endswith(".json")
