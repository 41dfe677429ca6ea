"""Reports: filed where they belong, shown to the control room with what came with them, corrected by an edit."""

import asyncio
from typing import Any

import pytest

from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.pictures import plain_png
from bot.texts.catalogue import say
from tests.steering.conftest import Floor

MARKING = say("id", "marking")


async def reports(floor: Floor, number: int) -> list[dict[str, Any]]:
    """The record's reports, once there are so many."""
    async with asyncio.timeout(30):
        while len(found := (await floor.record())["reports"]) < number:  # noqa: ASYNC110 - nothing announces a commit
            await asyncio.sleep(0.02)
    return found  # type: ignore[no-any-return]  # JSON


def content(message: Message) -> dict[str, Any]:
    return dict(message.content or {})


def alfa(floor: Floor) -> Chat:
    return floor.cast.chats["alfa"]


async def a1(floor: Floor) -> Message:
    return await floor.see("alfa", "A-1-teks")


@pytest.mark.parametrize("kind", ["photo", "document", "video", "voice", "location", "text"])
async def test_a_reply_of_any_kind_is_filed_and_shown_with_unit_and_time(floor: Floor, kind: str) -> None:
    leader, chat, inject = floor.cast.leaders["alfa"], alfa(floor), await a1(floor)
    match kind:
        case "photo":
            sent = leader.send_photo(chat, caption="Situasi aman", reply_to=inject)
        case "document":
            sent = leader.send_document(chat, "daftar.txt", b"isi", caption="Situasi aman", reply_to=inject)
        case "video":
            sent = leader.send_video(chat, caption="Situasi aman", reply_to=inject)
        case "voice":
            sent = leader.send_voice(chat, reply_to=inject)
        case "location":
            sent = leader.send_location(chat, -7.6, 112.9, reply_to=inject)
        case _:
            sent = leader.say(chat, "Situasi aman", reply_to=inject)
    (report,) = await reports(floor, 1)
    assert (report["inject"], report["unit"], report["kind"]) == ("A-1", "alfa", kind)
    confirmed = await floor.see("alfa", "Laporan dicatat", after=sent)
    assert confirmed.reply_to == sent.message_id
    if kind == "location":
        shown = await floor.see_control(lambda m: "venue" in content(m))
        venue = content(shown)["venue"]
        assert venue["location"] == {"latitude": -7.6, "longitude": 112.9}
        assert venue["title"].startswith("LATIHAN: ")
        assert "J+00:00" in venue["address"]
        return
    shown = await floor.see_control("Laporan ")
    assert "A-1" in shown.words
    assert "J+00:00" in shown.words
    assert "Padal alfa" in shown.words
    assert shown.words.splitlines()[0] == shown.words.splitlines()[-1] == MARKING
    if kind != "text":
        assert kind in content(shown)
    if kind != "voice":
        assert "Situasi aman" in shown.words


async def test_a_report_under_no_inject_names_its_unit_and_time_too(floor: Floor) -> None:
    floor.cast.leaders["alfa"].say(alfa(floor), "/lapor Jalan macet")
    shown = await floor.see_control("Jalan macet")
    assert "alfa" in shown.words.casefold()
    assert "J+00:00" in shown.words
    assert "Untuk:" not in shown.words


async def test_an_album_is_one_report_with_all_its_files(floor: Floor) -> None:
    pictures = [plain_png(colour=(n, 0, 0)) for n in range(3)]
    floor.cast.leaders["alfa"].send_album(alfa(floor), pictures, caption="Tiga foto", reply_to=await a1(floor))
    async with asyncio.timeout(30):
        while len(await floor.facts("report_grew")) < 2:  # noqa: ASYNC110 - nothing announces a commit
            await asyncio.sleep(0.02)
    (report,) = (await floor.record())["reports"]
    assert report["text"] == "Tiga foto"
    assert len({report["file"], *report["files"]}) == 3
    confirmations = [m for m in alfa(floor).messages.values() if "Laporan dicatat" in m.words]
    assert len(confirmations) == 1
    await floor.see_control("Berkas lain dari laporan")


async def test_an_album_with_the_command_as_its_caption_is_one_report(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    chat = alfa(floor)
    leader.add_bot(chat, administrator=True)
    leader.send_album(chat, [plain_png(), plain_png(colour=(1, 1, 1))], caption="/lapor Dua foto")
    async with asyncio.timeout(30):
        while not await floor.facts("report_grew"):  # noqa: ASYNC110 - nothing announces a commit
            await asyncio.sleep(0.02)
    (report,) = (await floor.record())["reports"]
    assert (report["text"], len(report["files"])) == ("Dua foto", 1)


async def test_an_album_of_talk_is_nobodys_report(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    leader.add_bot(alfa(floor), administrator=True)
    leader.send_album(alfa(floor), [plain_png(), plain_png()], caption="Foto keluarga")
    leader.say(alfa(floor), "/lapor Aman")
    (report,) = await reports(floor, 1)
    assert report["text"] == "Aman"


async def test_an_edit_is_filed_as_a_correction_beside_what_was_said_first(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    sent = leader.say(alfa(floor), "/lapor 3 korban")
    await reports(floor, 1)
    leader.edit(sent, "/lapor 13 korban")
    shown = await floor.see_control("13 korban")
    assert "PERBAIKAN" in shown.words
    await floor.see("alfa", "Perbaikan laporan dicatat", after=sent)
    (report,) = await reports(floor, 1)
    assert report["text"] == "3 korban"
    assert [correction["text"] for correction in report["corrections"]] == ["13 korban"]


async def test_the_words_under_a_picture_are_corrected_too(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    sent = leader.send_photo(alfa(floor), caption="3 korban", reply_to=await a1(floor))
    await reports(floor, 1)
    leader.edit(sent, "13 korban")
    shown = await floor.see_control("13 korban")
    assert "photo" in content(shown)


async def test_an_edit_that_changes_nothing_and_an_edit_of_talk_are_passed_over(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    leader.add_bot(alfa(floor), administrator=True)
    sent, talk = leader.say(alfa(floor), "/lapor Aman"), leader.say(alfa(floor), "Sudah makan?")
    await reports(floor, 1)
    leader.edit(sent, "/lapor Aman")
    leader.edit(talk, "Sudah makan siang?")
    leader.say(alfa(floor), "/lapor Selesai")
    first, second = await reports(floor, 2)
    assert (first["corrections"], second["text"]) == ([], "Selesai")


async def test_a_correction_after_endex_is_refused_with_words(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    sent = leader.say(alfa(floor), "/lapor 3 korban")
    await reports(floor, 1)
    asked = await floor.ask("/abort Hujan")
    await floor.push_control(asked, asked.buttons[0].text)
    await floor.until(lambda e: e.state.is_over)
    leader.edit(sent, "/lapor 13 korban")
    refused = await floor.cast.director.see(
        alfa(floor), lambda m: m.reply_to == sent.message_id and "Laporan dicatat" not in m.words
    )
    assert refused.words
    assert (await reports(floor, 1))[0]["corrections"] == []


async def test_a_long_report_is_shown_in_full_and_a_hostile_one_as_it_was_written(floor: Floor) -> None:
    floor.cast.leaders["alfa"].say(alfa(floor), "/lapor <b>" + "a" * 3_500 + " ujung")
    shown = await floor.see_control("ujung")
    assert "<b>" in shown.words
