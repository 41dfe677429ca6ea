"""A real emergency: one tap stops the exercise, everybody hears of it first, and nothing of the script follows."""

from pathlib import Path

from bot.exercise.model import ExerciseState
from bot.rehearsal.people import Person
from bot.texts.catalogue import say
from tests.acceptance.cast import GROUPS
from tests.units.stage import stage

MANY = [
    {"id": f"A-{n}", "at": "0s", "to": ["alfa"], "text": f"Kata sandi A-{n}-teks.", "acknowledge": "10m"}
    for n in range(1, 13)
]
BUTTON = say("id", "realworld.button")
REAL = say("id", "marking.real")


async def test_one_tap_goes_before_all_that_waits_and_nothing_of_the_script_follows(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY, rate_chat="4/s") as on:
        director, chat = on.cast.director, on.cast.chats["alfa"]
        begun = await director.see(chat, lambda m: any(b.text == BUTTON for b in m.buttons))
        await on.cast.inject("A-1", "alfa")
        member = Person(on.world, on.world.add_user("Anggota"))
        member.join(chat)
        answer = await member.press(chat, begun, BUTTON).answered(10)
        assert answer.text == say("id", "toast.realworld")
        for where in (*(on.cast.chats[unit] for unit in GROUPS), on.cast.control):
            told = await director.see(where, REAL)
            assert "Dilaporkan oleh: Anggota" in told.words
            assert "Satuan alfa" in told.words
            assert "LATIHAN LATIHAN" not in told.words
        assert (await on.exercise()).state is ExerciseState.REALWORLD
        director.person.say(on.cast.control, "/resumex")
        await director.see(chat, "Kejadian nyata sudah ditangani")
        await on.cast.inject("A-12", "alfa")
        words = [message.words for message in on.said("alfa")]
        alarm = next(i for i, said in enumerate(words) if said.startswith(REAL))
        # One message may have been under way to Telegram when the button was pressed.
        before = sum("-teks" in said for said in words[:alarm])
        assert before < 10
        assert "Kejadian nyata sudah ditangani" in words[alarm + 1]
        posted = [said for said in words if "-teks" in said]
        assert len(posted) == len(MANY)


async def test_a_second_tap_is_answered_and_changes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        chat, leader = on.cast.chats["alfa"], on.cast.leaders["alfa"]
        begun = await on.cast.director.see(chat, lambda m: any(b.text == BUTTON for b in m.buttons))
        await leader.press(chat, begun, BUTTON).answered(10)
        again = await leader.press(chat, begun, BUTTON).answered(10)
        assert again.show_alert
        assert len(await on.facts("realworld")) == 1


async def test_a_stranger_to_the_chats_stops_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        chat = on.cast.chats["alfa"]
        begun = await on.cast.director.see(chat, lambda m: any(b.text == BUTTON for b in m.buttons))
        stranger = Person(on.world, on.world.add_user("Orang asing"))
        data = next(b.data for b in begun.buttons if b.text == BUTTON) or ""
        answer = await on.world.presses.press(stranger.user, on.world.only_bot, begun, data).answered(10)
        assert answer.text == say("id", "toast.not_member")
        assert (await on.exercise()).state is ExerciseState.RUNNING


async def test_a_change_of_the_situation_is_announced_to_all(tmp_path: Path) -> None:
    change = {**MANY[0], "situation": "kuning"}
    async with stage(tmp_path, [change], situations=["hijau", "kuning"]) as on:
        for unit in ("alfa", "bravo"):
            await on.cast.director.see(on.cast.chats[unit], "Situasi sekarang: KUNING.")
        await on.cast.director.see(on.cast.control, "Situasi sekarang: KUNING.")
