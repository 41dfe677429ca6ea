"""A world that was saved and restored is the same world."""

import orjson

from bot.rehearsal.people import Person
from bot.rehearsal.standin.saving import restore_world, save_world
from tests.rehearsal.stage import HandClock, Stage


async def test_a_restored_world_is_the_one_that_was_saved(stage: Stage) -> None:
    world, sari = stage.world, stage.sari
    group = sari.create_group("Posko")
    sari.add_bot(group)
    sari.say(group, "/start halo")
    sari.send_photo(group, caption="foto")
    asked = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "a"}]]}
    said = {"text": "<b>Siaga</b>", "parse_mode": "HTML", "reply_markup": asked}
    sent = await stage.api("sendMessage", chat_id=group.id, **said)
    await stage.api("editMessageText", chat_id=group.id, message_id=sent.result["message_id"], text="Siaga 2")
    await stage.api("setMyCommands", commands=[{"command": "start", "description": "Mulai"}])
    forum = sari.create_group("Forum", forum=True)
    topic = sari.create_topic(forum, "Satu")
    sari.say(forum, "di topik", thread=topic)
    old = sari.create_group("Lama")
    sari.upgrade_to_supergroup(old)
    sari.start()
    sari.react(group.messages[sent.result["message_id"]], "👍")
    saved = orjson.loads(orjson.dumps(save_world(world)))

    again = restore_world(saved, stage.clock)
    assert orjson.loads(orjson.dumps(save_world(again))) == saved
    assert list(again.bots) == list(world.bots)
    assert [update.payload for update in again.only_bot.updates] == [update.payload for update in stage.bot.updates]
    assert again.chats[group.id].messages.keys() == group.messages.keys()


async def test_people_go_on_where_they_were(stage: Stage) -> None:
    group = stage.sari.create_group("Posko")
    stage.sari.add_bot(group)
    first = stage.sari.say(group, "satu").message_id
    again = restore_world(orjson.loads(orjson.dumps(save_world(stage.world))), HandClock())
    sari = Person(again, again.users[stage.sari.id])
    second = sari.say(again.chats[group.id], "/dua", reply_to=first)
    assert second.message_id == first + 1
    assert second.replied is not None
    assert sari.edit(second.replied, "satu lagi").text == "satu lagi"
    newest = [update.update_id for update in again.only_bot.updates][-1]
    assert newest > max(update.update_id for update in stage.bot.updates)
    assert again.add_user("Budi").id not in stage.world.users
    assert sari.create_group("Baru").id not in stage.world.chats
