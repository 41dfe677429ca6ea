"""The summary and the record, asked for at any time."""

import io
import zipfile

import pytest

from bot.accounts import told_in_summary
from bot.exercise.forms import Form
from bot.rehearsal.people import Person
from bot.rehearsal.standin.pictures import plain_png
from bot.report.timeline import summary_pages
from bot.store import log
from bot.texts.catalogue import say
from tests.steering.conftest import Floor


async def test_the_control_room_reads_one_units_result_alone(floor: Floor) -> None:
    await floor.push("alfa", await floor.see("alfa", "A-1-teks"), say("id", "ack.button"))
    told = await floor.ask("/ringkasan ALFA", "Satuan alfa")
    assert "bravo" not in told.words
    wrong = await floor.ask("/ringkasan alpa")
    assert "alfa" in wrong.words


@pytest.mark.parametrize("form", list(Form))
async def test_the_record_comes_in_every_form(floor: Floor, form: Form) -> None:
    sent = await floor.ask(f"/ekspor {form.value.upper()}")
    name = f"LATIHAN-1-{say('id', f'summary.name.{form}')}.{form.ending}"
    if form in {Form.PNG, Form.SPREAD_PNG}:
        assert (sent.content or {})["photo"]
    else:
        assert (sent.content or {})["document"]["file_name"] == name
    assert len(floor.downloaded(sent)) > 1_000


async def test_without_a_form_the_report_comes_on_paper(floor: Floor) -> None:
    assert (floor.downloaded(await floor.ask("/ekspor"))).startswith(b"%PDF")


async def test_a_form_that_there_is_not_names_those_that_there_are(floor: Floor) -> None:
    unknown = await floor.ask("/export docx")
    named = unknown.words.split("Yang ada: ")[1].split(".")[0].split(", ")
    assert set(named) == {*Form, "zip"}


async def test_before_startex_there_is_no_record(prepared: Floor) -> None:
    told = await prepared.ask("/ekspor")
    assert told.words
    assert not (told.content or {}).get("document")


async def test_a_unit_exports_nothing(floor: Floor) -> None:
    leader, chat = floor.cast.leaders["alfa"], floor.cast.chats["alfa"]
    sent = leader.say(chat, "/ekspor")
    refused = await floor.see("alfa", "", after=sent)
    assert not (refused.content or {}).get("document")
    assert await floor.facts("refused")


async def test_what_was_sent_in_comes_as_one_archive_after_endex(floor: Floor) -> None:
    leader, chat = floor.cast.leaders["alfa"], floor.cast.chats["alfa"]
    picture = plain_png(colour=(9, 9, 9))
    leader.send_photo(chat, picture, reply_to=await floor.see("alfa", "A-1-teks"))
    leader.send_document(chat, "daftar.csv", b"nama;umur", caption="/lapor Daftar")
    await floor.see_control("Daftar")
    assert not ((await floor.ask("/ekspor zip")).content or {}).get("document")
    asked = await floor.ask("/abort Cukup")
    await floor.push_control(asked, say("id", "confirm.abort_yes"))
    await floor.until(lambda e: e.state.is_over)
    sent = await floor.ask("/ekspor zip", "berkas")
    assert (sent.content or {})["document"]["file_name"] == "LATIHAN-1-berkas.zip"
    with zipfile.ZipFile(io.BytesIO(floor.downloaded(sent))) as archive:
        first, second = archive.namelist()
        assert first.startswith("001_")
        assert first.endswith("_alfa_A-1_photo.jpg")
        assert second.endswith("_alfa_document.csv")
        assert [archive.read(name) for name in (first, second)] == [picture, b"nama;umur"]


async def test_a_file_that_telegram_does_not_give_out_is_counted(floor: Floor) -> None:
    leader, chat = floor.cast.leaders["alfa"], floor.cast.chats["alfa"]
    leader.send_voice(chat, reply_to=await floor.see("alfa", "A-1-teks"))
    await floor.see_control("Laporan")
    asked = await floor.ask("/abort Cukup")
    await floor.push_control(asked, say("id", "confirm.abort_yes"))
    await floor.until(lambda e: e.state.is_over)
    floor.world.files.forget()
    told = await floor.ask("/ekspor zip")
    assert told.words == say("id", "marking") + "\n" + say("id", "summary.no_files") + "\n" + say("id", "marking")


async def test_after_endex_observers_get_the_paragraph_that_names_nobody(floor: Floor) -> None:
    observer = Person(floor.world, floor.world.add_user("Wakil Wali Kota"))
    await floor.cast.director.see(observer.private(), "", after=observer.start())
    met_in_a_group_alone = floor.cast.leaders["bravo"]
    for person in (observer, met_in_a_group_alone):
        await floor.ask(f"/observer {person.id}", person.user.first_name)
    await floor.push("alfa", await floor.see("alfa", "A-1-teks"), say("id", "ack.button"))
    asked = await floor.ask("/endex")
    await floor.push_control(asked, say("id", "confirm.endex_yes"))
    told = await floor.cast.director.see(observer.private(), "1 datang tepat waktu")
    marking, words, last = told.words.split("\n")
    assert marking == last == say("id", "marking")
    assert not [name for name in ("alfa", "bravo", "charlie", "Padal", "Sari") if name in words]
    # Whoever never opened a chat with the bot gets nothing, and no unit is any worse for it.
    assert not [seat.unit for seat in (await floor.exercise()).seats.values() if seat.unreachable]
    assert not [m for m in floor.cast.said("alfa") if words in m.words]


async def test_the_summary_is_the_same_whether_it_reads_the_whole_log_or_what_it_tells(floor: Floor) -> None:
    floor.cast.leaders["alfa"].say(floor.cast.chats["alfa"], "/lapor Jembatan putus")
    await floor.see_control("Jembatan putus")
    await floor.ask("/catat A-1 Barisan rapi")
    asked = await floor.ask("/abort Cukup")
    await floor.push_control(asked, say("id", "confirm.abort_yes"))
    exercise = await floor.until(lambda e: e.summarised)
    whole = await floor.store.perform(lambda tx: log.entries(tx, 1))
    told = await floor.store.perform(lambda tx: told_in_summary(tx, 1))
    assert len(told) < len(whole)
    assert summary_pages(exercise, "id", told) == summary_pages(exercise, "id", whole)
    assert "Jembatan" in str(told)
