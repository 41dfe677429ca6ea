"""What a bot says of itself, and the smaller methods about chats and files."""

from typing import Any

import pytest

from bot.rehearsal.standin.checks import check_value
from tests.rehearsal.stage import Stage


async def test_command_menus_are_kept_by_scope_and_language(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal")
    stage.sari.add_bot(group)
    menu = [{"command": "status", "description": "Papan"}]
    here = {"scope": {"type": "chat", "chat_id": group.id}, "language_code": "id"}
    assert (await stage.api("setMyCommands", commands=menu, **here)).result is True
    assert (await stage.api("getMyCommands", **here)).result == menu
    assert (await stage.api("getMyCommands", scope=here["scope"])).result == []
    assert (await stage.api("deleteMyCommands", **here)).result is True
    assert (await stage.api("getMyCommands", **here)).result == []


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [], "language_code": "ind"}, "invalid language code specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": -5}}, "chat not found"),
        ({"commands": [], "scope": {"type": "somewhere"}}, "can't parse scope JSON object"),
    ],
)
async def test_a_menu_that_telegram_does_not_take_is_refused(
    stage: Stage, parameters: dict[str, Any], refusal: str
) -> None:
    assert (await stage.api("setMyCommands", **parameters)).refusal == f"400 Bad Request: {refusal}"


async def test_texts_of_introduction_fall_back_to_those_without_a_language(stage: Stage) -> None:
    assert (await stage.api("setMyDescription", description="Latihan")).result is True
    assert (await stage.api("setMyDescription", description="Exercise", language_code="en")).result is True
    assert (await stage.api("getMyDescription", language_code="en")).result == {"description": "Exercise"}
    assert (await stage.api("getMyDescription", language_code="id")).result == {"description": "Latihan"}
    assert (await stage.api("getMyName")).result == {"name": "geladi_bot"}
    long = await stage.api("setMyShortDescription", short_description="x" * 121)
    assert long.refusal == "400 Bad Request: short description is too long"


async def test_a_file_is_not_sent_as_another_kind_of_file(stage: Stage) -> None:
    room = stage.sari.start().chat
    video = stage.sari.send_video(room).payload()["video"]["file_id"]
    again = (await stage.api("sendVideo", chat_id=room.id, video=video, duration=9)).result
    assert again["video"]["duration"] == 9
    refused = await stage.api("sendVoice", chat_id=room.id, voice=video)
    assert refused.refusal == "400 Bad Request: can't use file of type Video as Voice"
    voice = stage.sari.send_voice(room).payload()["voice"]["file_id"]
    check_value("Message", (await stage.api("sendVoice", chat_id=room.id, voice=voice)).result)
    unknown = await stage.api("getFile", file_id="none")
    assert unknown.refusal == "400 Bad Request: invalid file_id"


async def test_places_off_the_earth_and_albums_of_one_are_refused(stage: Stage) -> None:
    room = stage.sari.start().chat
    nowhere = await stage.api("sendLocation", chat_id=room.id, latitude=91, longitude=0)
    assert nowhere.refusal == "400 Bad Request: wrong location specified"
    photo = stage.sari.send_photo(room).payload()["photo"][0]["file_id"]
    one = [{"type": "photo", "media": photo}]
    few = await stage.api("sendMediaGroup", chat_id=room.id, media=one)
    assert few.refusal == "400 Bad Request: wrong number of media in the group; it must be from 2 to 10"
    long = [{**one[0], "caption": "x" * 1025}, *one]
    refused = await stage.api("sendMediaGroup", chat_id=room.id, media=long)
    assert refused.refusal == "400 Bad Request: message caption is too long"


async def test_private_chats_have_no_administrators_and_cannot_be_left(stage: Stage) -> None:
    room = stage.sari.start().chat
    refused = await stage.api("getChatAdministrators", chat_id=room.id)
    assert refused.refusal == "400 Bad Request: there are no administrators in the private chat"
    refused = await stage.api("leaveChat", chat_id=room.id)
    assert refused.refusal == "400 Bad Request: chat member status can't be changed in private chats"
    assert (await stage.api("sendChatAction", chat_id=room.id, action="typing")).result is True


async def test_a_chat_is_described_with_its_pinned_message(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal")
    stage.sari.add_bot(group, administrator=True)
    sent = (await stage.api("sendMessage", chat_id=group.id, text="Papan")).result
    await stage.api("pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    full = (await stage.api("getChat", chat_id=group.id)).result
    check_value("ChatFullInfo", full)
    assert full["pinned_message"]["text"] == "Papan"


async def test_topics_are_opened_by_administrators_in_forums(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal")
    forum = stage.sari.create_group("Sispamkota", forum=True)
    for chat in (group, forum):
        stage.sari.add_bot(chat)
    refused = await stage.api("createForumTopic", chat_id=group.id, name="Medis")
    assert refused.refusal == "400 Bad Request: the chat is not a forum"
    refused = await stage.api("createForumTopic", chat_id=forum.id, name="Medis")
    assert refused.refusal == "403 Forbidden: not enough rights to create a topic"
    refused = await stage.api("createForumTopic", chat_id=forum.id, name="x" * 129)
    assert refused.refusal == "400 Bad Request: TOPIC_TITLE_INVALID"


async def test_a_bot_has_one_reaction_to_a_message(stage: Stage) -> None:
    room = stage.sari.start().chat
    target = {"chat_id": room.id, "message_id": 1}
    thumbs = {"type": "emoji", "emoji": "👍"}
    assert (await stage.api("setMessageReaction", **target, reaction=[thumbs])).result is True
    assert room.reactions[1, stage.bot.id] == (thumbs,)
    refused = await stage.api("setMessageReaction", **target, reaction=[thumbs, thumbs])
    assert refused.refusal == "400 Bad Request: REACTIONS_TOO_MANY"
