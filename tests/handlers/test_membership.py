"""Who is in a chat: asked of Telegram with little patience, and not asked again at every press."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.clock import WallClock
from bot.exercise.facts import FactKind
from bot.rehearsal.people import Person
from bot.rehearsal.standin.faults import Fault, Refusal, Stall
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.texts.catalogue import say
from bot.wire.request import AiohttpRequest
from handlers.membership import Membership
from tests.units.stage import stage
from tests.wire.clocks import ManualClock

ASKS = "getChatMember"
URGENT = [
    {
        "id": "A-1",
        "at": "0s",
        "to": ["alfa"],
        "text": "Kata sandi A-1-teks.",
        "acknowledge": "8s",
        "if_silent": ["A-2"],
    },
    {"id": "A-2", "to": ["alfa"], "text": "Kata sandi A-2-teks.", "acknowledge": "10m"},
]


def slow(method: str, _: Mapping[str, Any]) -> Fault | None:
    """Telegram takes a minute to say who is in a chat."""
    return Stall(60.0) if method == ASKS else None


async def test_a_press_in_time_is_no_silence_while_telegram_is_slow_to_say_who_pressed(tmp_path: Path) -> None:
    async with stage(tmp_path, URGENT) as on:
        inject, chat = await on.cast.inject("A-1", "alfa"), on.cast.chats["alfa"]
        member = Person(on.world, on.world.add_user("Anggota"))
        member.join(chat)
        on.world.faults.decide = slow
        # Far less than the rest of the unit's eight seconds.
        answer = await member.press(chat, inject, say("id", "ack.button")).answered(5)
        assert answer.text.startswith("✅ A-1")
        assert answer.took_seconds < 4
        acknowledged = (await on.delivery("A-1", "alfa")).acknowledged
        assert acknowledged is not None
        assert acknowledged.exact
        assert not await on.facts(FactKind.SILENT)


@dataclass
class Gate:
    """A group, and how often Telegram is asked about its people."""

    world: World
    clock: ManualClock
    membership: Membership
    owner: Person
    chat_id: int
    asked: int = 0
    faults: list[Fault] = field(default_factory=list)

    def decide(self, method: str, _: Mapping[str, Any]) -> Fault | None:
        if method != ASKS:
            return None
        self.asked += 1
        return self.faults.pop(0) if self.faults else None

    async def admits(self, person: Person) -> bool:
        return await self.membership.is_member(self.chat_id, person.id)


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    world = World(WallClock(), limits=NO_LIMITS)
    known = world.add_bot("geladi_bot")
    owner = Person(world, world.add_user("Padal"))
    chat = owner.create_group("Grup")
    owner.add_bot(chat)
    async with (
        StandIn(world) as standin,
        Bot(
            known.token,
            base_url=f"{standin.url}/bot",
            request=AiohttpRequest(),
            get_updates_request=AiohttpRequest(),
        ) as bot,
    ):
        clock = ManualClock()
        made = Gate(world, clock, Membership(bot, clock), owner, chat.id)
        world.faults.decide = made.decide
        yield made


async def test_who_was_seen_in_a_chat_is_not_asked_about_for_ten_minutes(gate: Gate) -> None:
    assert await gate.admits(gate.owner)
    gate.clock.set(gate.clock.now() + timedelta(minutes=9))
    assert await gate.admits(gate.owner)
    assert gate.asked == 1
    gate.clock.set(gate.clock.now() + timedelta(minutes=2))
    assert await gate.admits(gate.owner)
    assert gate.asked == 2


async def test_who_has_left_is_asked_about_at_once(gate: Gate) -> None:
    member = Person(gate.world, gate.world.add_user("Anggota"))
    chat = gate.world.chats[gate.chat_id]
    member.join(chat)
    assert await gate.admits(member)
    member.leave(chat)
    gate.membership.forget(gate.chat_id, member.id)
    assert not await gate.admits(member)


async def test_a_stranger_is_asked_about_every_time(gate: Gate) -> None:
    stranger = Person(gate.world, gate.world.add_user("Orang asing"))
    assert [await gate.admits(stranger) for _ in range(2)] == [False, False]
    assert gate.asked == 2


async def test_an_administrator_is_known_as_a_member_too(gate: Gate) -> None:
    await gate.membership.require_administrator(gate.chat_id, gate.owner.id)
    assert await gate.admits(gate.owner)
    assert gate.asked == 1


async def test_where_telegram_gives_no_answer_nothing_is_remembered(gate: Gate) -> None:
    stranger = Person(gate.world, gate.world.add_user("Orang asing"))
    gate.faults = [Refusal(502)]
    assert await gate.admits(stranger)
    assert not await gate.admits(stranger)


async def test_while_telegram_says_nothing_presses_in_one_chat_do_not_wait_one_after_another(gate: Gate) -> None:
    strangers = [Person(gate.world, gate.world.add_user(f"Orang {n}")) for n in range(4)]
    gate.faults = [Stall(60.0)]
    assert [await gate.admits(stranger) for stranger in strangers] == [True] * 4
    assert gate.asked == 1
    gate.clock.set(gate.clock.now() + timedelta(seconds=6))
    assert [await gate.admits(stranger) for stranger in strangers] == [False] * 4
    assert gate.asked == 5
