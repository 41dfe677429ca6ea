"""python-telegram-bot, unchanged, works against the stand-in."""

from datetime import UTC
from io import BytesIO

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.rehearsal.standin.pictures import plain_png
from tests.rehearsal.stage import Stage


def library_bot(stage: Stage) -> Bot:
    return Bot(stage.bot.token, base_url=f"{stage.api.root}/bot", base_file_url=f"{stage.api.root}/file/bot")


async def test_a_press_makes_the_whole_way_there_and_back(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    async with library_bot(stage) as bot:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Diterima", callback_data="1:ack")]])
        text = "<b>LATIHAN</b> & siaga 🚨 <i>sekarang</i>".replace("&", "&amp;")
        sent = await bot.send_message(group.id, text, parse_mode=ParseMode.HTML, reply_markup=keyboard)
        assert sent.text == "LATIHAN & siaga 🚨 sekarang"
        assert [sent.parse_entity(entity) for entity in sent.entities] == ["LATIHAN", "sekarang"]
        assert sent.date == stage.clock.now().astimezone(UTC)

        press = stage.sari.press(group, sent.message_id, "Diterima")
        updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
        query = updates[-1].callback_query
        assert query is not None
        assert (query.data, query.from_user.id) == ("1:ack", stage.sari.id)
        stage.clock.move(2)
        await query.answer("Tercatat", show_alert=True)
        answer = await press.answered()
        assert (answer.text, answer.show_alert, answer.took_seconds) == ("Tercatat", True, 2)

        await query.edit_message_text("Diterima oleh Sari")
        shown = group.messages[sent.message_id]
        assert (shown.text, shown.buttons) == ("Diterima oleh Sari", ())


async def test_files_go_up_and_come_down_again(stage: Stage) -> None:
    room = stage.sari.start().chat
    picture = plain_png(640, 480)
    async with library_bot(stage) as bot:
        me = await bot.get_me()
        assert me.username == "geladi_bot"
        photo = await bot.send_photo(room.id, BytesIO(picture), caption="Peta")
        assert [(size.width, size.height) for size in photo.photo] == [(320, 240), (640, 480)]
        document = await bot.send_document(room.id, b"a,b\n", filename="lembar.csv")
        assert document.document is not None
        assert document.document.file_name == "lembar.csv"
        album = await bot.send_media_group(room.id, [InputMediaPhoto(picture), InputMediaPhoto(picture)])
        assert len({message.media_group_id for message in album}) == 1
        again = await bot.send_photo(room.id, photo.photo[-1].file_id)
        assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
        with pytest.raises(BadRequest, match="Wrong file identifier"):
            await bot.send_document(room.id, "no-such-file")
        with pytest.raises(BadRequest, match="can't be mixed"):
            await bot.send_media_group(room.id, [InputMediaPhoto(picture), InputMediaDocument(b"x")])

        sent = stage.sari.send_document(room, "skenario.yaml", b"format: 1\n", caption="/scenarios")
        update = (await bot.get_updates())[-1]
        assert update.message is not None
        assert update.message.message_id == sent.message_id
        assert update.message.document is not None
        file = await update.message.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"format: 1\n"


async def test_chats_members_and_menus_are_told_as_the_library_expects(stage: Stage) -> None:
    group = stage.sari.create_group("Kodal", forum=True)
    stage.sari.add_bot(group, administrator=True)
    async with library_bot(stage) as bot:
        full = await bot.get_chat(group.id)
        assert (full.title, full.is_forum, full.type) == ("Kodal", True, "supergroup")
        owner = await bot.get_chat_member(group.id, stage.sari.id)
        assert owner.status == "creator"
        administrators = await bot.get_chat_administrators(group.id)
        assert {member.user.id for member in administrators} == {stage.sari.id, stage.bot.id}
        topic = await bot.create_forum_topic(group.id, "Medis")
        sent = await bot.send_message(
            group.id, "Siaga", message_thread_id=topic.message_thread_id, reply_markup=ForceReply(selective=True)
        )
        assert sent.is_topic_message
        assert group.messages[sent.message_id].asks_for_reply
        await bot.pin_chat_message(group.id, sent.message_id)
        assert group.pinned == [sent.message_id]
        scope = BotCommandScopeChat(group.id)
        await bot.set_my_commands([BotCommand("status", "Papan")], scope=scope)
        assert [command.command for command in await bot.get_my_commands(scope=scope)] == ["status"]
        assert await bot.get_my_commands() == ()
        assert (await bot.get_webhook_info()).url == ""
        updates = await bot.get_updates()
        assert updates[0].my_chat_member is not None
        assert updates[0].my_chat_member.new_chat_member.status == "administrator"


async def test_refusals_arrive_as_the_librarys_own_errors(stage: Stage) -> None:
    group = stage.sari.create_group("Lama")
    stage.sari.add_bot(group)
    new = stage.sari.upgrade_to_supergroup(group)
    async with library_bot(stage) as bot:
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(group.id, "Halo")
        assert moved.value.new_chat_id == new.id
        stage.sari.remove_bot(new)
        with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
            await bot.send_message(new.id, "Halo")
        with pytest.raises(BadRequest, match="disabled_button"):
            await bot.send_message(new.id, "Halo", api_kwargs={"disabled_button": True})
    assert [violation.method for violation in stage.world.violations] == ["sendMessage"]
