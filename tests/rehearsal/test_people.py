"""People can do what a phone lets them do, and whoever watches can follow it."""

import asyncio

import pytest

from bot.rehearsal.people import Impossible, Person
from bot.rehearsal.standin import groups
from bot.rehearsal.standin.journal import (
    ButtonPressed,
    CallbackAnswered,
    ChatCreated,
    MemberChanged,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessageSent,
    ReactionChanged,
)
from bot.rehearsal.standin.pictures import picture_size, plain_png
from tests.rehearsal.stage import Stage


async def test_a_viewer_can_follow_everything_as_it_happens(stage: Stage) -> None:
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    with stage.world.changes.follow() as changes:
        room = stage.sari.start().chat
        sent = (await stage.api("sendMessage", chat_id=room.id, text="x", reply_markup=keyboard)).result
        target = {"chat_id": room.id, "message_id": sent["message_id"]}
        press = stage.sari.press(room, sent["message_id"], "TERIMA")
        stage.clock.move(3)
        await stage.api("answerCallbackQuery", callback_query_id=press.query_id, text="Tercatat")
        await stage.api("editMessageText", **target, text="y")
        await stage.api("setMessageReaction", **target, reaction=[{"type": "emoji", "emoji": "👍"}])
        await stage.api("pinChatMessage", **target)
        await stage.api("unpinChatMessage", **target)
        await stage.api("deleteMessage", **target)
    seen = [changes.get_nowait() for _ in range(changes.qsize())]
    assert [type(change) for change in seen] == [
        ChatCreated,
        MessageSent,
        MessageSent,
        ButtonPressed,
        CallbackAnswered,
        MessageEdited,
        ReactionChanged,
        MessagePinned,
        MessageSent,
        MessagePinned,
        MessageDeleted,
    ]
    answered = seen[4]
    assert isinstance(answered, CallbackAnswered)
    assert (answered.text, answered.took_seconds, answered.user_id) == ("Tercatat", 3, stage.sari.id)
    stage.sari.say(room, "sesudahnya")
    assert changes.empty()


async def test_waiting_sees_what_is_there_and_what_comes(stage: Stage) -> None:
    room = stage.sari.private()
    mark = stage.world.changes.count
    stage.sari.say(room, "satu")
    found = await stage.world.wait_for(lambda change: isinstance(change, MessageSent), since=mark)
    assert isinstance(found, MessageSent)
    assert found.message.text == "satu"
    assert (await stage.world.wait_for_message(room, lambda message: message.text == "satu")).text == "satu"
    waiting = asyncio.create_task(stage.world.wait_for_message(room, lambda message: message.text == "tiga"))
    await asyncio.sleep(0)
    edited = stage.sari.edit(stage.sari.say(room, "dua"), "tiga")
    assert await waiting == edited
    with pytest.raises(TimeoutError):
        await stage.world.wait_for(lambda _change: True, 0.01)


async def test_an_error_in_a_condition_reaches_whoever_waits(stage: Stage) -> None:
    room = stage.sari.private()

    def condition(_change: object) -> bool:
        raise LookupError("oops")

    waiting = asyncio.create_task(stage.world.wait_for(condition))
    await asyncio.sleep(0)
    stage.sari.say(room, "x")
    with pytest.raises(LookupError, match="oops"):
        await waiting


async def test_only_buttons_that_a_phone_would_press_are_pressed(stage: Stage) -> None:
    room = stage.sari.start().chat
    rows = [
        [{"text": "TERIMA", "callback_data": "1:ack"}, {"text": "TERIMA semua", "callback_data": "1:all"}],
        [{"text": "Peta", "url": "https://kpu.go.id/"}, {"text": "Mati", "callback_data": "0", "disabled": {}}],
    ]
    reply = await stage.api("sendMessage", chat_id=room.id, text="x", reply_markup={"inline_keyboard": rows})
    message = room.messages[reply.result["message_id"]]
    assert stage.sari.press(room, message, "TERIMA").data == "1:ack"
    assert stage.sari.press(room, message, "1:all").data == "1:all"
    assert stage.sari.press(room, message, "semua").data == "1:all"
    for wanted in ("Peta", "Mati", "Batal"):
        with pytest.raises(Impossible, match="no button"):
            stage.sari.press(room, message, wanted)
    with pytest.raises(Impossible, match="not there"):
        stage.sari.press(room, 999, "TERIMA")


async def test_a_press_that_nobody_answers_times_out(stage: Stage) -> None:
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    room = stage.sari.start().chat
    sent = (await stage.api("sendMessage", chat_id=room.id, text="x", reply_markup=keyboard)).result
    press = stage.sari.press(room, sent["message_id"], "TERIMA")
    with pytest.raises(TimeoutError):
        await press.answered(0.01)
    assert press.answer is None


def test_who_is_not_in_a_chat_cannot_write_there(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    budi = Person(stage.world, stage.world.add_user("Budi"))
    with pytest.raises(Impossible):
        budi.say(group, "halo")
    budi.join(group)
    budi.say(group, "halo")
    stage.sari.remove(group, budi.user)
    with pytest.raises(Impossible):
        budi.say(group, "halo?")
    statuses = [change.after.status for change in stage.world.changes.history if isinstance(change, MemberChanged)]
    assert statuses == ["member", "kicked"]


def test_a_closed_topic_is_for_administrators(stage: Stage) -> None:
    budi = Person(stage.world, stage.world.add_user("Budi"))
    forum = stage.sari.create_group("Sispamkota", budi, forum=True)
    topic = stage.sari.create_topic(forum, "Medis")
    groups.close_topic(stage.world, forum, topic, stage.sari.user)
    stage.sari.say(forum, "tutup", thread=topic)
    with pytest.raises(Impossible):
        budi.say(forum, "masih?", thread=topic)
    groups.delete_topic(stage.world, forum, topic)
    assert all(message.thread_id != topic.thread_id for message in forum.messages.values())
    with pytest.raises(Impossible):
        stage.sari.say(forum, "ke mana?", thread=topic)


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (plain_png(64, 48), (64, 48)),
        (b"GIF89a" + bytes([10, 0, 20, 0]), (10, 20)),
        (b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x11\x08\x00\x30\x00\x40\x03", (64, 48)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + bytes([63, 0, 0, 47, 0, 0]), (64, 48)),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + bytes([64, 0, 48, 0]), (64, 48)),
        (b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + (63 | 47 << 14).to_bytes(4, "little"), (64, 48)),
        (b"%PDF-1.7", None),
        (b"\xff\xd8\x00", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(body: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(body) == size
