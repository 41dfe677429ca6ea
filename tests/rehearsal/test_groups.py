"""Groups: who hears what, who comes and goes, topics, and the upgrade to a supergroup."""

import pytest

from bot.rehearsal.people import Impossible, Person
from bot.rehearsal.standin.chats import ANONYMOUS_ADMIN_ID, Status
from bot.rehearsal.standin.checks import check_value
from tests.rehearsal.stage import Stage


async def heard(stage: Stage) -> list[str]:
    """The texts that wait for the bot."""
    return [update["message"].get("text", "") for update in await stage.updates() if "message" in update]


async def test_a_bot_in_privacy_mode_hears_only_what_concerns_it(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    sent = (await stage.api("sendMessage", chat_id=group.id, text="Siaga")).result["message_id"]
    await stage.confirm_all()
    stage.sari.say(group, "obrolan biasa")
    stage.sari.say(group, "/status")
    stage.sari.say(group, "/status@Geladi_Bot")
    stage.sari.say(group, "/status@other_bot")
    stage.sari.say(group, "tanya @geladi_bot ya")
    stage.sari.say(group, "Siap", reply_to=sent)
    stage.sari.say(group, "bukan untuk bot", reply_to=group.messages[sent + 1])
    assert await heard(stage) == ["/status", "/status@Geladi_Bot", "tanya @geladi_bot ya", "Siap"]


async def test_a_command_in_a_caption_concerns_the_bot(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal")
    stage.sari.add_bot(group)
    await stage.confirm_all()
    stage.sari.send_document(group, "a.yaml", b"x", caption="lihat")
    stage.sari.send_document(group, "b.yaml", b"x", caption="/scenarios")
    names = [update["message"]["document"]["file_name"] for update in await stage.updates()]
    assert names == ["b.yaml"]


async def test_an_administrator_bot_hears_everything_but_bots(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal")
    stage.sari.add_bot(group, administrator=True)
    await stage.confirm_all()
    await stage.api("sendMessage", chat_id=group.id, text="dari bot")
    stage.sari.say(group, "obrolan biasa")
    assert await heard(stage) == ["obrolan biasa"]


async def test_coming_and_going_is_announced(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    added, service = await stage.updates()
    member = added["my_chat_member"]
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == ("left", "member")
    assert service["message"]["new_chat_members"][0]["id"] == stage.bot.id
    await stage.confirm_all()
    stage.sari.remove_bot(group)
    kicked = (await stage.updates())[-1]["my_chat_member"]["new_chat_member"]
    assert kicked["status"] == "kicked"
    refused = await stage.api("sendMessage", chat_id=group.id, text="x")
    assert refused.refusal == "403 Forbidden: bot was kicked from the group chat"


async def test_a_bot_that_left_is_no_member(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas", username="dalmas_pasuruan")
    stage.sari.add_bot(group)
    assert (await stage.api("leaveChat", chat_id="@dalmas_pasuruan")).result is True
    refused = await stage.api("sendMessage", chat_id=group.id, text="x")
    assert refused.refusal == "403 Forbidden: bot is not a member of the supergroup chat"
    group.members[stage.bot.id] = group.members[stage.sari.id]
    group.deleted = True
    refused = await stage.api("sendMessage", chat_id=group.id, text="x")
    assert refused.refusal == "403 Forbidden: the group chat was deleted"


async def test_a_bot_cannot_speak_first_nor_to_who_blocked_it(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    refused = await stage.api("sendMessage", chat_id=stage.sari.id, text="x")
    assert refused.refusal == "403 Forbidden: bot can't initiate conversation with a user"
    stage.sari.start()
    assert (await stage.api("sendMessage", chat_id=stage.sari.id, text="x")).result["chat"]["type"] == "private"
    stage.sari.block_bot()
    refused = await stage.api("sendMessage", chat_id=stage.sari.id, text="x")
    assert refused.refusal == "403 Forbidden: bot was blocked by the user"
    stage.sari.start()
    assert (await stage.api("sendMessage", chat_id=stage.sari.id, text="x")).status == 200
    statuses = [
        update["my_chat_member"]["new_chat_member"]["status"]
        for update in await stage.updates()
        if "my_chat_member" in update
    ]
    assert statuses == ["member", "kicked", "member"]
    stage.world.deactivated.add(stage.sari.id)
    refused = await stage.api("sendMessage", chat_id=stage.sari.id, text="x")
    assert refused.refusal == "403 Forbidden: user is deactivated"


async def test_an_upgraded_group_points_to_its_new_id(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    await stage.confirm_all()
    new = stage.sari.upgrade_to_supergroup(group)
    to, source = [update["message"] for update in await stage.updates()]
    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (group.id, new.id)
    assert (source["chat"]["id"], source["migrate_from_chat_id"]) == (new.id, group.id)
    refused = await stage.api("sendMessage", chat_id=group.id, text="x")
    assert refused.refusal == "400 Bad Request: group chat was upgraded to a supergroup chat"
    assert refused.body["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await stage.api("sendMessage", chat_id=new.id, text="x")).status == 200
    with pytest.raises(Impossible):
        stage.sari.say(group, "masih di sini?")


async def test_topics_keep_their_messages_apart(stage: Stage) -> None:
    forum = stage.sari.create_group("Sispamkota", forum=True)
    stage.sari.add_bot(forum)
    topic = stage.sari.create_topic(forum, "Medis")
    await stage.confirm_all()
    sent = (await stage.api("sendMessage", chat_id=forum.id, text="x", message_thread_id=topic.thread_id)).result
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic.thread_id, True)
    stage.sari.say(forum, "/pending", thread=topic)
    asked = (await stage.updates())[0]["message"]
    assert asked["message_thread_id"] == topic.thread_id
    assert asked["reply_to_message"]["forum_topic_created"]["name"] == "Medis"
    reply = {"message_id": asked["message_id"]}
    answer = (await stage.api("sendMessage", chat_id=forum.id, text="x", reply_parameters=reply)).result
    assert answer["message_thread_id"] == topic.thread_id
    general = await stage.api("sendMessage", chat_id=forum.id, text="x", message_thread_id=1)
    assert general.refusal == "400 Bad Request: message thread not found"


async def test_an_anonymous_administrator_speaks_as_the_group_and_presses_as_themselves(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal")
    stage.sari.add_bot(group)
    keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
    sent = (await stage.api("sendMessage", chat_id=group.id, text="x", reply_markup=keyboard)).result
    await stage.confirm_all()
    stage.sari.say(group, "/endex", as_anonymous=True)
    stage.sari.press(group, sent["message_id"], "ya")
    said, pressed = await stage.updates()
    assert said["message"]["from"]["id"] == ANONYMOUS_ADMIN_ID
    assert said["message"]["sender_chat"]["id"] == group.id
    assert pressed["callback_query"]["from"]["id"] == stage.sari.id
    budi = Person(stage.world, stage.world.add_user("Budi"))
    stage.sari.add(group, budi.user)
    with pytest.raises(Impossible):
        budi.say(group, "/endex", as_anonymous=True)


async def test_a_startgroup_link_brings_the_bot_and_its_payload(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.open_startgroup_link("https://t.me/geladi_bot?startgroup=KODE-1", group)
    updates = await stage.updates()
    assert updates[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert updates[-1]["message"]["text"] == "/start@geladi_bot KODE-1"
    assert updates[-1]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 17}]


async def test_strangers_press_buttons_in_public_groups_only(stage: Stage) -> None:
    stranger = Person(stage.world, stage.world.add_user("Entah"))
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    for username, allowed in (("dalmas_umum", True), (None, False)):
        group = stage.sari.create_group("Dalmas", username=username)
        stage.sari.add_bot(group)
        sent = (await stage.api("sendMessage", chat_id=group.id, text="x", reply_markup=keyboard)).result
        if allowed:
            assert stranger.press(group, sent["message_id"], "TERIMA").data == "1"
        else:
            with pytest.raises(Impossible):
                stranger.press(group, sent["message_id"], "TERIMA")


async def test_members_are_told_by_standing(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    budi = Person(stage.world, stage.world.add_user("Budi"))
    outsider = await stage.api("getChatMember", chat_id=group.id, user_id=budi.id)
    assert outsider.result["status"] == "left"
    budi.join(group)
    stage.sari.add(group, budi.user, Status.ADMINISTRATOR)
    administrators = (await stage.api("getChatAdministrators", chat_id=group.id)).result
    assert [member["status"] for member in administrators] == ["creator", "administrator"]
    for member in administrators:
        check_value("ChatMember", member)
    assert (await stage.api("getChatMemberCount", chat_id=group.id)).result == 3
    refused = await stage.api("pinChatMessage", chat_id=group.id, message_id=1)
    assert refused.refusal == "400 Bad Request: not enough rights to manage pinned messages in the chat"
    nobody = await stage.api("getChatMember", chat_id=group.id, user_id=1)
    assert nobody.refusal == "400 Bad Request: member not found"


async def test_everything_a_bot_is_sent_fits_the_bot_apis_own_data(stage: Stage) -> None:
    forum = stage.sari.create_group("Sispamkota", forum=True)
    stage.sari.add_bot(forum, administrator=True)
    await stage.updates(allowed_updates=["message", "edited_message", "callback_query", "my_chat_member"])
    topic = stage.sari.create_topic(forum, "Medis")
    stage.sari.edit(stage.sari.say(forum, "Halo @geladi_bot", thread=topic), "Halo semua")
    for message in (
        stage.sari.send_photo(forum, caption="#peta", thread=topic),
        stage.sari.send_document(forum, "a.csv", b"a"),
        stage.sari.send_video(forum),
        stage.sari.send_voice(forum),
        stage.sari.send_location(forum, -7.6, 112.9),
    ):
        stage.sari.say(forum, "Terima", reply_to=message)
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    sent = (await stage.api("sendMessage", chat_id=forum.id, text="x", reply_markup=keyboard)).result
    stage.sari.press(forum, sent["message_id"], "TERIMA")
    await stage.api("pinChatMessage", chat_id=forum.id, message_id=sent["message_id"])
    stage.sari.remove_bot(forum)
    updates = await stage.updates()
    assert len(updates) > 15
    for update in updates:
        check_value("Update", update)
    check_value("Message", sent)
