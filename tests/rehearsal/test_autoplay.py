"""Simulated leaders act on what a phone shows, at a human pace."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest

from bot.clock import WallClock
from bot.rehearsal.autoplay import Autoplay, Leader
from bot.rehearsal.director import Director
from bot.rehearsal.people import Person
from bot.rehearsal.profiles import RELIABLE, Profile, reports_asked, some_profile
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import ButtonPressed, Change, MessageSent
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World

STEPS = [["Bergerak", "Di lokasi"], ["Selesai"]]


def keyboard(rows: list[list[str]]) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, "callback_data": f"1:{text}"} for text in row] for row in rows]}


class Play:
    """A world at 600 times the speed of life, whose bot is played by the test."""

    def __init__(self) -> None:
        self.world = World(WallClock(speed=600), limits=NO_LIMITS)
        self.bot = self.world.add_bot("geladi_bot")
        self.budi = Person(self.world, self.world.add_user("Budi"))
        self.group = self.budi.create_group("Dalmas")
        self.budi.add_bot(self.group)

    def post(self, text: str, rows: list[list[str]] | None = None, **body: Any) -> Message:
        return self.world.post(self.group, self.bot.user, text=text, markup=keyboard(rows) if rows else None, **body)

    async def pressed(self) -> str:
        """The text of the next button that is pressed; its toast is shown at once."""
        change = await self.world.wait_for(lambda change: isinstance(change, ButtonPressed))
        assert isinstance(change, ButtonPressed)
        self.world.presses.answer(self.bot, change.query_id, "Tercatat", show_alert=False)
        return change.data.removeprefix("1:")

    @asynccontextmanager
    async def played(self, profile: Profile, thread_id: int | None = None) -> AsyncIterator[None]:
        autoplay = Autoplay()
        running = asyncio.create_task(autoplay.run())
        autoplay.add(Leader(self.budi, self.group, profile, Random(7), thread_id))
        await asyncio.sleep(0)
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def play() -> Play:
    return Play()


def is_from(person: Person, chat: Chat) -> Any:
    def check(change: Change) -> bool:
        return isinstance(change, MessageSent) and change.chat_id == chat.id and change.message.sender == person.user

    return check


async def test_a_leader_acknowledges_then_decides_then_works_through_the_steps(play: Play) -> None:
    async with play.played(RELIABLE):
        began = play.world.clock.now()
        inject = play.post("I-03 Massa bertambah", [["TERIMA"]])
        assert await play.pressed() == "TERIMA"
        assert (play.world.clock.now() - began).total_seconds() >= 3
        inject = play.world.edit(inject, markup=keyboard([["Lapis ganti"], ["Pantau saja"], *STEPS]))
        assert await play.pressed() in {"Lapis ganti", "Pantau saja"}
        for left in (STEPS, [["Di lokasi", "Selesai"]], [["Selesai"]]):
            inject = play.world.edit(inject, markup=keyboard(left))
            assert await play.pressed() == left[0][0]


async def test_buttons_that_are_gone_when_the_leader_looks_up_are_not_pressed(play: Play) -> None:
    async with play.played(RELIABLE):
        inject = play.post("Siaga", [["Lama"]])
        play.world.edit(inject, markup=keyboard([["Baru"]]))
        assert await play.pressed() == "Baru"
        await play.world.clock.sleep(600)
        presses = [change for change in play.world.changes.history if isinstance(change, ButtonPressed)]
        assert len(presses) == 1


async def test_a_leader_presses_again_when_nothing_happens(play: Play) -> None:
    async with play.played(RELIABLE):
        play.post("Siaga", [["TERIMA"]])
        await play.world.wait_for(lambda change: isinstance(change, ButtonPressed))
        assert await play.pressed() == "TERIMA"


async def test_a_leader_sends_the_reports_that_a_message_asks_for(play: Play) -> None:
    async with play.played(RELIABLE):
        mark = play.world.changes.count
        inject = play.post("Siaga.\nBalas pesan ini dengan: foto (dalam 5 menit), lokasi.")
        first = await play.world.wait_for(is_from(play.budi, play.group), since=mark)
        by_budi = is_from(play.budi, play.group)
        second = await play.world.wait_for(lambda change: change is not first and by_budi(change), since=mark)
        reports = [change.message for change in (first, second) if isinstance(change, MessageSent)]
        assert {report.reply_to for report in reports} == {inject.message_id}
        assert {name for report in reports for name in report.content or ()} == {"photo", "location"}


async def test_a_prompt_is_answered_by_whom_it_names_alone(play: Play) -> None:
    prompt = {"force_reply": True, "selective": True}
    named = {"type": "text_mention", "offset": 0, "length": 4}
    other = play.world.add_user("Ayu")
    async with play.played(RELIABLE):
        play.world.post(
            play.group, play.bot.user, text="Ayu?", entities=({**named, "user": other.payload()},), markup=prompt
        )
        mine = play.world.post(
            play.group,
            play.bot.user,
            text="Budi, alasannya?",
            entities=({**named, "user": play.budi.user.payload()},),
            markup=prompt,
        )
        answer = await play.world.wait_for(is_from(play.budi, play.group))
        assert isinstance(answer, MessageSent)
        assert answer.message.reply_to == mine.message_id


async def test_a_leader_of_a_topic_leaves_other_topics_alone(play: Play) -> None:
    play.group = play.budi.create_group("Sispamkota", forum=True)
    play.budi.add_bot(play.group)
    topics = [play.budi.create_topic(play.group, name).thread_id for name in ("Medis", "Humas")]
    async with play.played(RELIABLE, topics[1]):
        play.post("Untuk Medis", [["A"]], thread_id=topics[0])
        play.post("Untuk Humas", [["B"]], thread_id=topics[1])
        assert await play.pressed() == "B"


async def test_who_never_answers_presses_nothing(play: Play) -> None:
    async with play.played(Profile(never_chance=1.0)):
        play.post("Siaga", [["TERIMA"]])
        await play.world.clock.sleep(600)
        assert not any(isinstance(change, ButtonPressed) for change in play.world.changes.history)


async def test_a_leader_follows_the_group_into_the_supergroup(play: Play) -> None:
    async with play.played(RELIABLE):
        play.group = play.budi.upgrade_to_supergroup(play.group)
        play.post("Siaga", [["TERIMA"]])
        assert await play.pressed() == "TERIMA"


def test_a_unit_answers_in_a_plausible_time_and_the_same_seed_in_the_same() -> None:
    def times(seed: int) -> list[float | None]:
        random = Random(seed)
        profile = some_profile(random)
        return [profile.acknowledges_after(random) for _ in range(400)]

    assert times(3) == times(3)
    assert times(3) != times(4)
    answered = sorted(time for time in times(3) if time is not None)
    assert 10 <= answered[len(answered) // 2] <= 30
    assert answered[0] >= 3
    assert answered[-1] > 120
    assert 0 < times(3).count(None) < 40


@pytest.mark.parametrize(
    ("text", "has_buttons", "asked"),
    [
        ("Balas pesan ini dengan: teks, dokumen.", False, ("document", "text")),
        ("Reply to this message with: voice message.", True, ("voice",)),
        ("Laporkan situasi di TPS.", True, ("text",)),
        ("Laporan dicatat.", False, ()),
        ("Bergerak ke KPU.", True, ()),
    ],
)
def test_what_a_message_asks_for_is_read_from_its_words(text: str, has_buttons: bool, asked: tuple[str, ...]) -> None:
    assert reports_asked(text, has_buttons=has_buttons) == asked


async def test_a_director_asks_sees_and_presses(play: Play) -> None:
    director = Director(play.budi, patience_seconds=5)

    async def bot() -> None:
        change = await play.world.wait_for(is_from(play.budi, play.group))
        assert isinstance(change, MessageSent)
        play.post("Untuk orang lain", reply_to=change.message.message_id - 1)
        question = play.post("Mulai sekarang?", reply_to=change.message.message_id)
        play.world.edit(question, markup=keyboard([["Ya", "Tidak"]]))
        assert await play.pressed() == "Ya"
        play.world.edit(question, text="Latihan dimulai", markup=None)

    playing = asyncio.create_task(bot())
    await asyncio.sleep(0)
    answer = await director.ask(play.group, "/startex")
    assert answer.text == "Mulai sekarang?"
    assert (await director.press(play.group, "ya", on=answer)).text == "Tercatat"
    assert (await director.see(play.group, "latihan DIMULAI")).message_id == answer.message_id
    await playing
    with pytest.raises(TimeoutError):
        await director.see(play.group, "tak pernah", timeout_seconds=0.01)
