"""The summary and the record, asked for at any time."""

from bot.texts.catalogue import say
from tests.steering.conftest import Floor


async def test_the_control_room_reads_one_units_result_alone(floor: Floor) -> None:
    await floor.push("alfa", await floor.see("alfa", "A-1-teks"), say("id", "ack.button"))
    told = await floor.ask("/ringkasan ALFA", "Satuan alfa")
    assert "bravo" not in told.words
    wrong = await floor.ask("/ringkasan alpa")
    assert "alfa" in wrong.words


async def test_the_record_and_the_chart_come_as_files(floor: Floor) -> None:
    record = await floor.ask("/ekspor")
    assert (record.content or {})["document"]["file_name"] == "LATIHAN-1-catatan.json"
    chart = await floor.ask("/export PNG")
    assert (chart.content or {})["photo"]
    unknown = await floor.ask("/export docx")
    assert "json, png" in unknown.words


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
