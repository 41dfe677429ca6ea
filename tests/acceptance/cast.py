"""The people of the acceptance tests, their chats, and the script they play."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.exercise.people import Person as Somebody
from bot.rehearsal.director import Director
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import Change, MessageEdited, MessageSent
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.presses import Press
from bot.rehearsal.standin.world import World
from bot.store import directory
from bot.store.store import Store
from bot.texts.catalogue import say
from scenarios.model import load

GROUPS = ("alfa", "bravo", "charlie")
PRIVATE = "delta"
UNBOUND = "echo"
SEATED = (*GROUPS, PRIVATE)
SECRET = "RAHASIA-PENGENDALI"
"""Stands in everything that controllers alone may know."""
MARKING = "LATIHAN LATIHAN LATIHAN"
_LINK = re.compile(r"https://t\.me/\S+\?startgroup=[\w-]+")


def an_inject(inject_id: str, to: str, within: str | None = None, **more: Any) -> dict[str, Any]:
    inject: dict[str, Any] = {
        "id": inject_id,
        "to": to.split(),
        "text": f"Kata sandi {inject_id}-teks.",
        "expect": f"{SECRET} harap {inject_id}",
        "notes": f"{SECRET} catatan {inject_id}",
        **more,
    }
    return inject | ({"acknowledge": {"within": within}} if within else {})


SCRIPT: Mapping[str, Any] = {
    "format": 1,
    "id": "gladi-cepat",
    "title": "Gladi cepat",
    "units": {unit: {"name": f"Satuan {unit}"} for unit in (*SEATED, UNBOUND)},
    "injects": [
        an_inject("A-1", "alfa bravo", "2s", at="1.6s"),
        an_inject("A-2", "charlie delta", "3s", at="2s", progress=["underway"]),
        an_inject(
            "A-3",
            "alfa",
            "4s",
            at="3.5s",
            kind="decision",
            decision={
                "by": "alfa",
                "within": "6s",
                "options": [
                    {"id": "maju", "text": "Maju", "then": ["C-1"]},
                    {"id": "tahan", "text": "Tahan", "reason": "required"},
                ],
            },
        ),
        an_inject("A-4", "charlie", at="5s", acknowledge={"within": "1s", "escalate": "0.5s"}),
        an_inject("A-5", "delta", "3s", at="8s", requires={"any": [{"inject": "A-3", "option": "maju"}]}),
        an_inject(
            "A-6", "bravo", at="9s", requires={"any": [{"inject": "A-3", "option": "tahan"}], "otherwise": "skip"}
        ),
        an_inject("A-7", "alfa", "3s", at="9.5s", requires={"all": [{"inject": "A-4", "acknowledged": True}]}),
        an_inject("A-8", "all", "2s", at="12s"),
        an_inject("C-1", "bravo", "3s"),
        an_inject("C-2", "charlie", "3s"),
    ],
}
SHORT_SCRIPT: Mapping[str, Any] = {
    **SCRIPT,
    "id": "gladi-putus",
    "injects": [
        an_inject("B-1", "alfa bravo charlie delta", "4s", at="1.5s"),
        an_inject("B-2", "alfa bravo charlie delta", "20s", at="3s"),
        an_inject("B-3", "alfa bravo", "20s", at="3.6s"),
        an_inject("B-4", "charlie delta", "20s", at="4.6s"),
        an_inject("B-5", "alfa bravo charlie delta", "20s", at="8s"),
    ],
}
"""The bot is killed after B-2; B-3 and B-4 come due while it is dead."""


@dataclass
class Cast:
    """Everybody and their chats; they use the chats alone."""

    world: World
    director: Director = field(init=False)
    control: Chat = field(init=False)
    leaders: dict[str, Person] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    presses: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When a unit acknowledged an inject, by (inject, unit)."""
    waits: list[float] = field(default_factory=list)
    """Seconds from each press to its answer."""

    def __post_init__(self) -> None:
        world = self.world
        self.director = Director(Person(world, world.add_user("Sari", username="sari")), patience_seconds=15)
        self.control = self.director.person.private()
        for unit in GROUPS:
            self.leaders[unit] = Person(world, world.add_user(f"Padal {unit}"))
            self.chats[unit] = self.leaders[unit].create_group(f"Grup {unit}")
        self.leaders[PRIVATE] = Person(world, world.add_user(f"Padal {PRIVATE}"))
        self.chats[PRIVATE] = self.leaders[PRIVATE].private()

    def be_patient(self, seconds: float) -> None:
        """Wait so long for whatever is to be seen."""
        self.director = replace(self.director, patience_seconds=seconds)

    async def set_up(self, scenario: str) -> Message:
        """`/new`, three groups take their seats by link; gives the message with the links."""
        created = await self.director.ask(self.control, f"/new {scenario}", containing="startgroup=")
        links = _LINK.findall(created.words)
        for unit, link in zip(GROUPS, links, strict=False):
            self.leaders[unit].open_startgroup_link(link, self.chats[unit])
        code = links[len(GROUPS)].partition("startgroup=")[2]
        for unit in GROUPS:
            await self.director.see(self.chats[unit], f"Satuan {unit}")
        self.code = code
        return created

    async def join_in_private(self) -> None:
        """The fourth unit sits in its leader's private chat with the bot."""
        self.leaders[PRIVATE].say(self.chats[PRIVATE], f"/join {self.code}")
        await self.director.see(self.chats[PRIVATE], f"Satuan {PRIVATE}")

    async def startex(self) -> datetime:
        """`/startex`, and yes to going without the unit that has no chat; gives the moment of the yes."""
        asked = await self.director.ask(self.control, "/startex", containing=f"Satuan {UNBOUND}")
        pressed = self.director.person.press(self.control, asked, say("id", "confirm.yes"))
        self.waits.append((await pressed.answered()).took_seconds)
        return pressed.at

    async def endex(self) -> None:
        """`/endex`, and yes to leaving open what is open."""
        await self.director.carry_out(self.control, "/endex", say("id", "confirm.endex_yes"), done="menyusul")

    async def inject(self, inject: str, unit: str) -> Message:
        """The inject in the unit's chat, once it is there."""
        return await self.director.see(self.chats[unit], f"{inject}-teks")

    async def acknowledge(self, inject: str, *units: str, after: float = 0.3) -> None:
        """Each unit's leader reads the inject and presses its button."""
        await asyncio.gather(*(self._acknowledge(inject, unit, after) for unit in units))

    async def _acknowledge(self, inject: str, unit: str, after: float) -> None:
        message = await self.inject(inject, unit)
        await asyncio.sleep(after)
        press = self.leaders[unit].press(self.chats[unit], message, say("id", "ack.button"))
        self.presses[inject, unit] = press.at
        await self.answered(press)

    async def answered(self, press: Press) -> str:
        """The bot's answer to a press."""
        answer = await press.answered(15)
        self.waits.append(answer.took_seconds)
        return answer.text

    async def press(self, inject: str, unit: str, label: str) -> str:
        """The leader presses a button of an inject, once it is there; gives the answer."""
        chat = self.chats[unit]
        message = await self.director.see(
            chat, lambda m: f"{inject}-teks" in m.words and any(label in b.text for b in m.buttons)
        )
        return await self.answered(self.leaders[unit].press(chat, message, label))

    def said(self, unit: str) -> list[Message]:
        """Every version of every message of the bot's in a unit's chat."""
        return [message for _, message in said_by_bot(self.world, self.chats[unit])]

    def postings(self, inject: str, unit: str) -> list[datetime]:
        """When the inject was posted in the unit's chat, each time it was."""
        return [
            change.at
            for change, message in said_by_bot(self.world, self.chats[unit])
            if isinstance(change, MessageSent) and header(message) == inject
        ]


def header(message: Message) -> str:
    """The id that the second line of an inject names; empty where it is none."""
    lines = message.words.splitlines()
    found = re.match(r"(\S+) · J\+\d\d:\d\d:\d\d", lines[1]) if len(lines) > 1 else None
    return found[1] if found else ""


def said_by_bot(world: World, chat: Chat, *, edits: bool = True) -> list[tuple[Change, Message]]:
    """What the bot wrote into a chat, oldest first."""
    return [
        (change, change.message)
        for change in world.changes.history
        if isinstance(change, MessageSent | MessageEdited if edits else MessageSent)
        and change.chat_id == chat.id
        and change.message.sender is not None
        and change.message.sender.is_bot
        and not change.message.service
    ]


async def add_to_library(url: str, scenario: Mapping[str, Any], at: datetime) -> None:
    """Put a scenario into the library of a database."""
    store = Store(url)
    await store.open()
    added = load(dict(scenario))
    await store.perform(lambda tx: directory.add_scenario(tx, added, Somebody(1, "Perencana"), at))
    await store.close()
