"""What may be written and changed, and Telegram's words when it may not."""

from typing import Any

import pytest

from bot.rehearsal.standin.chats import Chat
from tests.rehearsal.stage import Stage

ACK = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1:ack"}]]}


@pytest.fixture
def room(stage: Stage) -> Chat:
    return stage.sari.start().chat


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🚨" * 2049}, "message is too long"),
        (
            {"text": "<p>x</p>", "parse_mode": "HTML"},
            'can\'t parse entities: Unsupported start tag "p" at byte offset 0',
        ),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 99}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "message_thread_id": 7}, "message thread not found"),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
async def test_what_cannot_be_sent_is_refused_in_telegrams_words(
    stage: Stage, room: Chat, parameters: dict[str, Any], refusal: str
) -> None:
    before = room.last_message_id
    reply = await stage.api("sendMessage", **{"chat_id": room.id, **parameters})
    assert reply.refusal == f"400 Bad Request: {refusal}"
    assert room.last_message_id == before


async def test_length_counts_after_the_markup_is_read(stage: Stage, room: Chat) -> None:
    text = f"<b>{'🚨' * 2048}</b>"
    sent = (await stage.api("sendMessage", chat_id=room.id, text=text, parse_mode="HTML")).result
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_message_ids_grow_chat_by_chat(stage: Stage, room: Chat) -> None:
    group = stage.sari.create_group("Medis")
    stage.sari.add_bot(group)
    sent = [(await stage.api("sendMessage", chat_id=chat.id, text="x")).result for chat in (room, group, room)]
    assert sent[2]["message_id"] == sent[0]["message_id"] + 1
    assert sent[1]["message_id"] == 2


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "1"}, "can't parse inline keyboard button: Text must be non-empty"),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "callback_data": 7}, 'field "callback_data" must be of type String'),
        ({"text": "x", "colour": "red", "callback_data": "1"}, 'unknown field "colour" of InlineKeyboardButton'),
        ({"callback_data": "1"}, "can't parse InlineKeyboardButton: can't find field \"text\""),
    ],
)
async def test_a_button_telegram_does_not_take_is_refused(
    stage: Stage, room: Chat, button: dict[str, Any], refusal: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    reply = await stage.api("sendMessage", chat_id=room.id, text="x", reply_markup=markup)
    assert reply.refusal == f"400 Bad Request: {refusal}"


async def test_a_reply_survives_its_target_only_when_allowed(stage: Stage, room: Chat) -> None:
    allowed = {"message_id": 99, "allow_sending_without_reply": True}
    sent = (await stage.api("sendMessage", chat_id=room.id, text="x", reply_parameters=allowed)).result
    assert "reply_to_message" not in sent


async def test_an_edit_that_changes_nothing_is_refused(stage: Stage, room: Chat) -> None:
    sent = (await stage.api("sendMessage", chat_id=room.id, text="Siaga", reply_markup=ACK)).result
    target = {"chat_id": room.id, "message_id": sent["message_id"]}
    same = await stage.api("editMessageText", **target, text="<i></i>Siaga ", parse_mode="HTML", reply_markup=ACK)
    assert same.refusal == (
        "400 Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    same = await stage.api("editMessageReplyMarkup", **target, reply_markup=ACK)
    assert "not modified" in same.refusal


async def test_an_edit_without_a_keyboard_takes_it_away(stage: Stage, room: Chat) -> None:
    sent = (await stage.api("sendMessage", chat_id=room.id, text="Siaga", reply_markup=ACK)).result
    target = {"chat_id": room.id, "message_id": sent["message_id"]}
    stage.clock.move(5)
    edited = (await stage.api("editMessageText", **target, text="Siaga")).result
    assert "reply_markup" not in edited
    assert edited["edit_date"] == edited["date"] + 5


async def test_only_what_is_there_and_ones_own_is_edited(stage: Stage, room: Chat) -> None:
    missing = await stage.api("editMessageText", chat_id=room.id, message_id=99, text="x")
    assert missing.refusal == "400 Bad Request: message to edit not found"
    theirs = stage.sari.say(room, "Halo")
    refused = await stage.api("editMessageText", chat_id=room.id, message_id=theirs.message_id, text="x")
    assert refused.refusal == "400 Bad Request: message can't be edited"
    place = (await stage.api("sendLocation", chat_id=room.id, latitude=-7.6, longitude=112.9)).result
    refused = await stage.api("editMessageText", chat_id=room.id, message_id=place["message_id"], text="x")
    assert refused.refusal == "400 Bad Request: there is no text in the message to edit"
    refused = await stage.api("editMessageCaption", chat_id=room.id, message_id=place["message_id"], caption="x")
    assert refused.refusal == "400 Bad Request: there is no caption in the message to edit"
    unnamed = await stage.api("editMessageText", chat_id=room.id, text="x")
    assert unnamed.refusal == "400 Bad Request: message identifier is not specified"


async def test_messages_are_deleted_for_48_hours(stage: Stage, room: Chat) -> None:
    first, second = [(await stage.api("sendMessage", chat_id=room.id, text="x")).result["message_id"] for _ in range(2)]
    assert (await stage.api("deleteMessage", chat_id=room.id, message_id=first)).result is True
    again = await stage.api("deleteMessage", chat_id=room.id, message_id=first)
    assert again.refusal == "400 Bad Request: message to delete not found"
    stage.clock.move(48 * 3600 + 1)
    late = await stage.api("deleteMessage", chat_id=room.id, message_id=second)
    assert late.refusal == "400 Bad Request: message can't be deleted for everyone"


async def test_the_words_of_others_are_deleted_by_administrators_alone(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    word = stage.sari.say(group, "x").message_id
    refused = await stage.api("deleteMessage", chat_id=group.id, message_id=word)
    assert refused.refusal == "400 Bad Request: message can't be deleted"
    stage.sari.add_bot(group, administrator=True)
    assert (await stage.api("deleteMessages", chat_id=group.id, message_ids=[word, 999])).result is True
    assert word not in group.messages


async def test_a_caption_has_1024_units(stage: Stage, room: Chat) -> None:
    sent = stage.sari.send_photo(room)
    photo = sent.payload()["photo"][-1]["file_id"]
    long = await stage.api("sendPhoto", chat_id=room.id, photo=photo, caption="🚨" * 513)
    assert long.refusal == "400 Bad Request: message caption is too long"
    fits = (await stage.api("sendPhoto", chat_id=room.id, photo=photo, caption="🚨" * 512)).result
    edited = await stage.api("editMessageCaption", chat_id=room.id, message_id=fits["message_id"], caption="Peta")
    assert edited.result["caption"] == "Peta"


async def test_a_link_to_a_person_becomes_a_mention_of_them(stage: Stage, room: Chat) -> None:
    text = f'🚨 <a href="tg://user?id={stage.sari.id}">Sari</a> dan <a href="tg://user?id=1">entah</a>'
    sent = (await stage.api("sendMessage", chat_id=room.id, text=text, parse_mode="HTML")).result
    assert sent["entities"] == [{"type": "text_mention", "offset": 3, "length": 4, "user": stage.sari.user.payload()}]


async def test_a_venue_has_its_title_its_address_and_its_place(stage: Stage) -> None:
    room = stage.sari.start().chat
    where = {"chat_id": room.id, "latitude": -7.6, "longitude": 112.9}
    sent = (await stage.api("sendVenue", **where, title="Simpang KPU", address="Pasuruan")).result
    assert sent["venue"]["title"] == "Simpang KPU"
    assert sent["venue"]["location"] == sent["location"] == {"latitude": -7.6, "longitude": 112.9}
    nameless = await stage.api("sendVenue", **where, title=" ", address="Pasuruan")
    assert nameless.status == 400
