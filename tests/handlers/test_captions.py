"""A command counts wherever it is written: in a message, or in the words under a picture or a file."""

import pytest
from telegram import Bot, Message
from telegram.ext.filters import COMMAND

from bot.exercise.model import ExerciseState
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.texts.catalogue import find
from handlers.captions import CaptionCommand
from tests.house import House, says

ASIDE = says("reply.file_aside")


async def a_units_chat(house: House) -> tuple[Person, Chat]:
    """The chat of a unit, and its leader."""
    await house.new()
    leader = house.person("Padal alfa")
    chat = leader.create_group("Grup alfa")
    leader.add_bot(chat)
    await house.told(leader, chat, f"/join {house.codes['alfa']}", containing="alfa")
    return leader, chat


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        ("/units", "Satuan alfa"),
        ("/satuan@geladi_bot", "Satuan alfa"),
        ("/LEWATI", says("reply.usage", example="/lewati I-07")),
        ("/new gladi-cepat Malam", "Malam"),
    ],
)
async def test_a_command_under_a_picture_does_what_it_does_in_a_message(house: House, caption: str, told: str) -> None:
    await house.new()
    sent = house.director.person.send_photo(house.control, caption=caption)
    answer = await house.director.see(house.control, told, after=sent)
    assert answer.reply_to in {sent.message_id, None}


async def test_a_file_that_a_command_has_no_use_for_is_not_dropped_in_silence(house: House) -> None:
    leader, chat = await a_units_chat(house)
    sent = leader.send_document(chat, "daftar.pdf", b"%PDF", caption="/tugas")
    aside = await house.director.see(chat, ASIDE, after=sent)
    assert aside.reply_to == sent.message_id
    asked = leader.say(chat, "/tugas")
    await house.director.see(chat, lambda m: m.reply_to == asked.message_id)
    leader.send_photo(chat, caption="/bantuan")
    await house.director.see(chat, "/tugas", after=asked)
    assert ASIDE not in [m.words for m in chat.messages.values() if m.reply_to == asked.message_id]


async def test_a_slip_under_a_picture_is_answered_with_the_command_that_was_meant(house: House) -> None:
    director = house.director.person
    sent = director.send_photo(house.control, caption="/stauts")
    assert (find("id", "help.command.status") or "?") in (
        await house.director.see(house.control, "/stauts", after=sent)
    ).words
    sent = director.send_document(house.control, "x.pdf", b"x", caption="/zzzzzzzz")
    answer = await house.director.see(house.control, says("reply.unknown_command"), after=sent)
    assert answer.reply_to == sent.message_id


async def test_under_a_reply_to_an_inject_a_command_is_no_report(house: House) -> None:
    leader, chat = await a_units_chat(house)
    asked = await house.director.ask(house.control, "/startex", containing="STARTEX")
    await house.director.person.press(house.control, asked, says("confirm.yes")).answered()
    inject = await house.see(chat, "A-1-teks")
    sent = leader.send_photo(chat, caption="/tuags", reply_to=inject)
    answer = await house.director.see(chat, "/tugas", after=sent)
    assert answer.reply_to == sent.message_id
    sent = leader.send_photo(chat, caption="/terima A-1", reply_to=inject)
    await house.director.see(chat, says("notice.acknowledged", inject="A-1", name="Padal alfa"), after=sent)
    assert not any(says("reply.reported", inject="A-1") in m.words for m in chat.messages.values())
    exercise = await house.exercise()
    assert exercise.state is ExerciseState.RUNNING
    assert exercise.injects["A-1"].deliveries["alfa"].acknowledged is not None


async def test_in_a_group_another_bots_command_under_a_picture_is_left_alone(house: House) -> None:
    leader, chat = await a_units_chat(house)
    before = len(chat.messages)
    for caption in ("/tugas@other_bot", "/stauts@other_bot", "/zzzz"):
        leader.send_photo(chat, caption=caption)
    sent = leader.say(chat, "/tugas")
    await house.director.see(chat, lambda m: m.reply_to == sent.message_id)
    assert len(chat.messages) == before + 5


@pytest.mark.parametrize("words", ["/ack", "/ack A-1", "/ack\nA-1", "lihat /ack", "", "/ack@other_bot", "tanpa"])
def test_what_is_a_command_in_a_caption_is_what_is_one_in_a_message(words: str) -> None:
    start = words.find("/")
    length = len(words[start:].split(maxsplit=1)[0]) if start >= 0 else 0
    marked = [{"type": "bot_command", "offset": start, "length": length}] if start >= 0 else []
    head = {"message_id": 5, "date": 1_777_000_000, "chat": {"id": -100, "type": "group", "title": "x"}}
    bot = Bot("1:x")
    written = Message.de_json({**head, "text": words, "entities": marked}, bot)
    under = Message.de_json({**head, "caption": words, "caption_entities": marked}, bot)
    assert CaptionCommand().filter(under) is COMMAND.filter(written)
