"""A real emergency: one tap stops the exercise, everybody hears of it first, and nothing of the script follows."""

from pathlib import Path

import pytest

from bot.exercise.model import ExerciseState
from bot.rehearsal.people import Person
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.pictures import plain_png
from bot.texts.catalogue import say
from tests.acceptance.cast import GROUPS
from tests.units.stage import Stage, stage

MANY = [
    {"id": f"A-{n}", "at": "0s", "to": ["alfa"], "text": f"Kata sandi A-{n}-teks.", "acknowledge": "10m"}
    for n in range(1, 13)
]
BUTTON = say("id", "realworld.button")
REAL = say("id", "marking.real")
MARKING = say("id", "marking")
ASIDE = say("id", "reply.file_aside")


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


async def alarmed(on: Stage, unit: str = "alfa") -> Message:
    """An emergency has been reported from a unit; gives the control room's word of it."""
    chat = on.cast.chats[unit]
    on.cast.leaders[unit].say(chat, "/nyata Ada yang jatuh")
    return await on.cast.director.see(on.cast.control, "Ada yang jatuh")


async def test_a_second_tap_is_answered_and_changes_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        chat, leader = on.cast.chats["alfa"], on.cast.leaders["alfa"]
        begun = await on.cast.director.see(chat, lambda m: any(b.text == BUTTON for b in m.buttons))
        await leader.press(chat, begun, BUTTON).answered(10)
        again = await leader.press(chat, begun, BUTTON).answered(10)
        assert again.show_alert
        assert len(await on.facts("realworld")) == 1
        assert not await on.facts("realworld_again")


async def test_a_second_alarm_is_logged_and_told_to_the_control_room_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        await alarmed(on)
        chat = on.cast.chats["bravo"]
        sent = on.cast.leaders["bravo"].say(chat, "/nyata Kebakaran di bravo")
        told = await on.cast.director.see(on.cast.control, "Kebakaran di bravo")
        assert told.words.startswith(REAL)
        assert "Satuan bravo" in told.words
        heard = await on.cast.director.see(chat, "diteruskan ke ruang kendali", after=sent)
        assert heard.reply_to == sent.message_id
        assert [fact["detail"]["why"] for fact in await on.facts("realworld_again")] == ["Kebakaran di bravo"]
        assert not any("Kebakaran" in message.words for message in on.said("alfa"))


async def test_the_director_resumes_by_button_and_says_so_twice(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        director, control = on.cast.director, on.cast.control
        told = await alarmed(on)
        assert (await director.person.press(control, told, say("id", "realworld.resume")).answered(10)).text
        asked = await director.see(control, say("id", "confirm.resumex"))
        assert (await on.exercise()).state is ExerciseState.REALWORLD
        await director.person.press(control, asked, say("id", "confirm.resumex_yes")).answered(10)
        await director.see(on.cast.chats["alfa"], "tidak dipersalahkan")
        assert (await on.exercise()).state is ExerciseState.RUNNING
        await director.see(control, lambda m: m.message_id == told.message_id and not m.buttons)


async def test_breaking_off_by_button_sends_nobody_home_out_of_an_emergency(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        director, control = on.cast.director, on.cast.control
        told = await alarmed(on)
        await director.person.press(control, told, say("id", "realworld.abort")).answered(10)
        asked = await director.see(control, say("id", "confirm.abort"))
        assert "Ada yang jatuh" in asked.words
        await director.person.press(control, asked, say("id", "confirm.abort_yes")).answered(10)
        for where in (*(on.cast.chats[unit] for unit in GROUPS), control):
            ended = await director.see(where, "Latihan TIDAK dilanjutkan")
            assert "Kejadian nyata tetap berlaku" in ended.words
            assert "LATIHAN LATIHAN" not in ended.words
            assert "kegiatan rutin" not in ended.words
        assert (await on.exercise()).state is ExerciseState.ABORTED


async def test_nobody_but_the_director_goes_on_from_an_emergency(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        told = await alarmed(on)
        data = next(b.data for b in told.buttons if b.text == say("id", "realworld.resume")) or ""
        leader = on.cast.leaders["alfa"]
        answer = await on.world.presses.press(leader.user, on.world.only_bot, told, data).answered(10)
        assert answer.show_alert
        assert (await on.exercise()).state is ExerciseState.REALWORLD
        assert not any(say("id", "confirm.resumex") in message.words for message in on.said("control"))


async def test_closing_words_reach_every_unit_at_endex(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        director, control = on.cast.director, on.cast.control
        director.person.say(control, "/selesai")
        asked = await director.see(control, lambda m: any(b.text == say("id", "confirm.endex_yes") for b in m.buttons))
        await director.person.press(control, asked, say("id", "confirm.endex_yes")).answered(10)
        for unit in GROUPS:
            closing = await director.see(on.cast.chats[unit], "Kembali ke kegiatan rutin. Terima kasih.")
            assert closing.words.startswith("LATIHAN LATIHAN")


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


@pytest.mark.parametrize("replies", [False, True], ids=["by itself", "as a reply to an inject"])
@pytest.mark.parametrize("command", ["/realworld", "/nyata@geladi_bot"])
async def test_the_command_under_a_picture_stops_the_exercise_and_the_picture_is_kept(
    tmp_path: Path, command: str, replies: bool
) -> None:
    async with stage(tmp_path, [{**MANY[0], "evidence": ["photo"]}]) as on:
        chat, leader = on.cast.chats["alfa"], on.cast.leaders["alfa"]
        inject = await on.cast.inject("A-1", "alfa")
        caption = f"{command} Gudang terbakar"
        sent = leader.send_photo(chat, caption=caption, reply_to=inject if replies else None)
        for where in (*(on.cast.chats[unit] for unit in GROUPS), on.cast.control):
            told = await on.cast.director.see(where, "Gudang terbakar")
            assert told.words.startswith(REAL)
            assert say("id", "realworld.file", kind="foto") in told.words
        assert (await on.exercise()).state is ExerciseState.REALWORLD
        (report,) = (await on.record())["reports"]
        assert (report["text"], report["kind"], report["unit"]) == ("Gudang terbakar", "photo", "alfa")
        assert report["file"] == sent.payload()["photo"][-1]["file_id"]
        # It is no evidence of anything in the exercise, and the control room has heard of it in words that are real.
        assert report["inject"] is None
        assert (await on.delivery("A-1", "alfa")).evidence == ()
        words = [message.words for message in on.said("control")]
        assert not any("terbakar" in said and MARKING in said for said in words)
        assert ASIDE not in [message.words for message in on.said("alfa")]


async def test_an_album_with_the_command_is_one_alarm_and_all_of_it_is_kept(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        chat, leader = on.cast.chats["alfa"], on.cast.leaders["alfa"]
        inject = await on.cast.inject("A-1", "alfa")
        pictures = [plain_png(colour=(n, 0, 0)) for n in range(3)]
        leader.send_album(chat, pictures, caption="/realworld Gudang terbakar", reply_to=inject)
        leader.say(chat, "/tugas")
        await on.cast.director.see(chat, say("id", "notice.pending", injects="A-1"))
        (report,) = (await on.record())["reports"]
        assert len({report["file"], *report["files"]}) == 3
        assert report["inject"] is None
        assert len(await on.facts("realworld")) == 1
        assert not await on.facts("realworld_again")
        said = on.said("control")
        assert len([m for m in said if "terbakar" in m.words]) == 1
        assert not any("Berkas lain" in m.words for m in said)


async def test_another_picture_of_the_same_emergency_is_an_alarm_of_its_own(tmp_path: Path) -> None:
    async with stage(tmp_path, MANY[:1]) as on:
        chat, leader = on.cast.chats["alfa"], on.cast.leaders["alfa"]
        leader.send_photo(chat, plain_png(colour=(1, 0, 0)), caption="/realworld")
        await on.cast.director.see(on.cast.control, say("id", "realworld.file", kind="foto"))
        sent = leader.send_photo(chat, plain_png(colour=(2, 0, 0)), caption="/realworld")
        await on.cast.director.see(chat, say("id", "toast.realworld_again"), after=sent)
        assert len({report["file"] for report in (await on.record())["reports"]}) == 2
