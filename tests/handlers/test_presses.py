"""Presses that must not count are answered all the same, and change nothing. The bot runs against the stand-in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import running
from bot.clock import WallClock
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.exercise.people import Person as Somebody
from bot.rehearsal.people import Person
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.presses import Answer
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store import directory, exercises
from bot.store.store import Store
from bot.texts.catalogue import say
from scenarios.model import load
from tests.acceptance.cast import SCRIPT, Cast
from tests.press import NearPress

NOW = {
    **SCRIPT,
    "injects": [
        {
            "id": "A-1",
            "at": "0s",
            "to": ["alfa"],
            "text": "Kata sandi A-1-teks.",
            "kind": "decision",
            "acknowledge": {"within": "10m", "by": "leader"},
            "progress": ["underway"],
            "decision": {
                "by": "alfa",
                "within": "10m",
                "options": [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}],
            },
        },
        {"id": "A-2", "at": "0s", "to": ["bravo"], "text": "Kata sandi A-2-teks.", "acknowledge": {"within": "10m"}},
    ],
}


@dataclass
class Floor:
    """A running exercise, and the record behind it."""

    world: World
    cast: Cast
    store: Store

    async def exercise(self) -> Exercise:
        found = await self.store.perform(lambda tx: exercises.get(tx, 1))
        assert found is not None
        return found

    async def press(self, person: Person, message: Message, data: str) -> Answer:
        """Send any data at all, as a client of one's own can."""
        return await self.world.presses.press(person.user, self.world.only_bot, message, data).answered(10)


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    clock = WallClock()
    world = World(clock, limits=NO_LIMITS)
    bot = world.add_bot("geladi_bot")
    cast = Cast(world)
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    await store.perform(lambda tx: directory.add_scenario(tx, load(NOW), Somebody(1, "Perencana"), clock.now()))
    async with StandIn(world) as standin:
        settings = Settings(
            _env_file=None,
            api_url=standin.url,
            owners=(cast.director.person.id,),
            listen="",
            files=(Form.JSON,),
            rate_chat="100/s",
            rate_group="100/s",
        )
        async with running(settings, bot.token, store, clock, press=NearPress(store)):
            await cast.set_up(str(NOW["id"]))
            await cast.startex()
            await cast.inject("A-1", "alfa")
            await cast.inject("A-2", "bravo")
            yield Floor(world, cast, store)
    await store.close()


async def test_a_press_with_forged_data_is_answered_and_changes_nothing(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    message = await floor.cast.inject("A-1", "alfa")
    reference = (await floor.exercise()).injects["A-1"].deliveries["alfa"].reference
    before = (await floor.exercise()).injects
    forged = [
        "",
        "x",
        "a::",
        "a:nothing:",
        f"d:{reference}:9",
        f"d:{reference}:\N{SUPERSCRIPT TWO}",
        f"p:{reference}:-1",
        "g:1.A-1:send",
        "g:\N{SUPERSCRIPT TWO}.A-1:send",
        "g:99999999999999999999999.A-1:send",
        "s:1:yes",
        "s:99999999999999999999999:yes",
        "z:1:yes",
        "a:" + "x" * 60 + ":",
    ]
    for data in forged:
        answer = await floor.press(leader, message, data)
        assert answer.show_alert, data
        assert answer.text, data
    assert (await floor.exercise()).injects == before


async def test_a_press_that_belongs_to_another_chat_is_stale(floor: Floor) -> None:
    run = await floor.exercise()
    reference = run.injects["A-2"].deliveries["bravo"].reference
    answer = await floor.press(floor.cast.leaders["alfa"], await floor.cast.inject("A-1", "alfa"), f"a:{reference}:")
    assert (answer.text, answer.show_alert) == (say("id", "toast.stale"), True)
    assert (await floor.exercise()).injects["A-2"].deliveries["bravo"].acknowledged is None


async def test_a_stranger_who_sees_the_button_cannot_answer(floor: Floor) -> None:
    stranger = Person(floor.world, floor.world.add_user("Orang asing"))
    message = await floor.cast.inject("A-2", "bravo")
    answer = await floor.press(stranger, message, message.buttons[0].data or "")
    assert (answer.text, answer.show_alert) == (say("id", "toast.not_member"), True)
    assert (await floor.exercise()).injects["A-2"].deliveries["bravo"].acknowledged is None


async def test_a_member_does_not_answer_for_the_leader(floor: Floor) -> None:
    member = Person(floor.world, floor.world.add_user("Anggota"))
    member.join(floor.cast.chats["alfa"])
    message = await floor.cast.inject("A-1", "alfa")
    reference = (await floor.exercise()).injects["A-1"].deliveries["alfa"].reference
    for data in (f"a:{reference}:", f"d:{reference}:0"):
        answer = await floor.press(member, message, data)
        assert answer.show_alert
        assert "Padal alfa" in answer.text
    delivery = (await floor.exercise()).injects["A-1"].deliveries["alfa"]
    assert (delivery.acknowledged, delivery.choice) == (None, None)


async def test_a_second_press_is_answered_and_the_first_counts(floor: Floor) -> None:
    leader, message = floor.cast.leaders["bravo"], await floor.cast.inject("A-2", "bravo")
    data = message.buttons[0].data or ""
    assert not (await floor.press(leader, message, data)).show_alert
    first = (await floor.exercise()).injects["A-2"].deliveries["bravo"].acknowledged
    again = await floor.press(leader, message, data)
    assert "Padal bravo" in again.text
    assert (await floor.exercise()).injects["A-2"].deliveries["bravo"].acknowledged == first
