"""The people of a drill: leaders and members who answer, and a director who steers. Seeded, and no better than people.

They see only what stands in their chats, they press late, twice or together, and some of them never.
"""

import contextlib
from random import Random
from typing import Final

from bot.rehearsal.people import Impossible, Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.messages import Message
from tests.simulation.telegram import Telegram
from tests.simulation.universe import Universe

_STARTEX_AT: Final = 3.0


class Crowd:
    """Everybody, by the chat they sit in; ``chats`` are the units' groups."""

    def __init__(self, universe: Universe, telegram: Telegram, random: Random, units: tuple[str, ...]) -> None:
        self._universe = universe
        self._telegram = telegram
        self._random = random
        world = telegram.world
        self.director = Person(world, world.add_user("Sari"))
        self.control = self.director.create_group("Ruang kendali")
        self.director.add_bot(self.control)
        self.leaders: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self._members: dict[int, list[Person]] = {}
        self._seen: set[tuple[int, int, str]] = set()
        for unit in units:
            leader = Person(world, world.add_user(f"Pimpinan {unit}"))
            member = Person(world, world.add_user(f"Anggota {unit}"))
            chat = leader.create_group(f"Grup {unit}", member)
            leader.add_bot(chat)
            self.leaders[unit], self.chats[unit] = leader, chat
            self._members[chat.id] = [leader, member]
        self.kicked: set[str] = set()
        """Units in whose chat the bot was not, at some time."""
        telegram.bot.updates.clear()
        telegram.on_message = self._see

    def begin(self, length: float) -> None:
        """Have the director run the drill, and some mishaps befall it, within so many seconds."""
        random = self._random
        self._director_says(_STARTEX_AT, "/startex")
        self._director_says(length, "/endex")
        if random.random() < 0.3:
            began = random.uniform(10.0, length * 0.7)
            self._director_says(began, "/pausex Hujan")
            self._director_says(began + random.uniform(2.0, 40.0), "/resumex")
        if random.random() < 0.15:
            began = random.uniform(10.0, length * 0.7)
            self._universe.after(began, lambda: self._say(self._someone(), "/realworld Ada korban"))
            self._director_says(began + random.uniform(10.0, 30.0), "/resumex")
        if random.random() < 0.4:
            self._director_says(random.uniform(10.0, length * 0.9), "/fire C-1")
        if random.random() < 0.2:
            self._director_says(random.uniform(10.0, length * 0.9), "/skip I-3")
        if random.random() < 0.25:
            self._universe.after(random.uniform(0.0, length), self._migrate)
        if random.random() < 0.2:
            self._universe.after(random.uniform(5.0, length * 0.8), self._kick)

    def end_again(self) -> None:
        """The director has seen no summary, and asks once more."""
        self._say((self.director, self.control), "/endex")

    def _director_says(self, second: float, text: str) -> None:
        self._universe.after(second, lambda: self._say((self.director, self.control), text))

    def _someone(self) -> tuple[Person, Chat]:
        unit = self._random.choice(list(self.leaders))
        return self.leaders[unit], self.chats[unit]

    def _say(self, who: tuple[Person, Chat], text: str, reply_to: Message | None = None) -> None:
        person, chat = who
        with contextlib.suppress(Impossible):
            person.say(self._now(chat), text, reply_to=reply_to)

    def _now(self, chat: Chat) -> Chat:
        return self._telegram.world.chats[self._telegram.chat_now(chat.id)]

    def _migrate(self) -> None:
        """A group becomes a supergroup; sometimes no update tells, only an error does."""
        unit = self._random.choice(list(self.chats))
        chat = self.chats[unit]
        updates = self._telegram.bot.updates
        silent = self._random.random() < 0.5
        allowed = updates.allowed
        if silent:
            updates.allowed = frozenset({"nothing"})
        new = self.leaders[unit].upgrade_to_supergroup(chat)
        updates.allowed = allowed
        self.chats[unit] = new
        self._members[new.id] = self._members[chat.id]

    def _kick(self) -> None:
        unit = self._random.choice(list(self.chats))
        self.kicked.add(unit)
        with contextlib.suppress(Impossible):
            self.leaders[unit].remove_bot(self.chats[unit])
        self._universe.after(self._random.uniform(5.0, 60.0), lambda: self.leaders[unit].add_bot(self.chats[unit]))

    def _see(self, chat: Chat, message: Message) -> None:
        """A message, or a new version of one, stands in a chat: each button is thought about once."""
        for button in message.buttons:
            data = button.data or ""
            if (chat.id, message.message_id, data) in self._seen:
                continue
            self._seen.add((chat.id, message.message_id, data))
            if data.startswith("a:"):
                self._consider_acknowledging(chat, message, data)
            elif data.startswith(("d:", "p:")) and self._random.random() < 0.5:
                self._press_later(self._members[chat.id][0], chat, message, data, self._random.uniform(1.0, 30.0))
            elif data.startswith(("s:", "x:")) and data.endswith(":yes"):
                self._press_later(self.director, chat, message, data, 1.0)
        asked = [button.data for button in message.buttons if (button.data or "").startswith(("g:", "h:"))]
        if asked and (chat.id, message.message_id, "asked") not in self._seen:
            self._seen.add((chat.id, message.message_id, "asked"))
            choice = self._random.choice(asked) or ""
            self._press_later(self.director, chat, message, choice, self._random.uniform(1.0, 8.0))

    def _consider_acknowledging(self, chat: Chat, message: Message, data: str) -> None:
        random = self._random
        leader, member = self._members[chat.id]
        if random.random() < 0.9:
            after = random.expovariate(0.15)
            self._press_later(leader if random.random() < 0.7 else member, chat, message, data, after)
            if random.random() < 0.2:
                self._press_later(member, chat, message, data, after + random.uniform(0.0, 1.0))
            if random.random() < 0.1:
                self._press_later(leader, chat, message, data, after + 0.05)
        if random.random() < 0.1:
            self._universe.after(random.uniform(1.0, 20.0), lambda: self._say((leader, chat), "/ack", message))
        if random.random() < 0.1:
            self._universe.after(random.uniform(1.0, 40.0), lambda: self._say((member, chat), "Laporan", message))

    def _press_later(self, person: Person, chat: Chat, message: Message, data: str, after: float) -> None:
        def press() -> None:
            if chat.migrated_to is not None:
                return
            with contextlib.suppress(Impossible):
                press = person.press(chat, message, data)
                self._telegram.press(press)
                if self._random.random() < 0.05:
                    self._telegram.outlive(press)
                if self._random.random() < 0.1:
                    self._universe.after(self._random.uniform(0.0, 20.0), lambda: self._telegram.press_again(press))

        self._universe.after(after, press)
