"""Methods that write and change messages of words."""

from datetime import timedelta
from typing import Unpack

from bot.rehearsal.standin.calls import (
    Call,
    Handler,
    Result,
    caption_of,
    markup_of,
    message_of,
    reply_of,
    text_of,
    thread_of,
)
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.entities import utf16_length
from bot.rehearsal.standin.errors import bad_request, not_modified
from bot.rehearsal.standin.messages import Body, Message

DELETABLE_FOR = timedelta(hours=48)
LONGEST_ANSWER = 200


async def send_message(call: Call) -> Result:
    """``sendMessage``."""
    text, entities = text_of(call)
    markup = markup_of(call)
    chat = call.chat
    thread_id, reply_to = thread_of(call, chat), reply_of(call, chat)
    call.charge(chat)
    preview = call.parameters.get("link_preview_options")
    message = call.world.post(
        chat,
        call.bot.user,
        text=text,
        entities=entities,
        content={"link_preview_options": preview} if preview else None,
        reply_to=reply_to,
        thread_id=thread_id,
        markup=markup,
    )
    return message.payload()


def _own_message(call: Call, chat: Chat) -> Message:
    message = message_of(call, chat, "message to edit not found")
    if message.service or message.sender is None or message.sender.id != call.bot.id:
        raise bad_request("message can't be edited")
    return message


def _edited(call: Call, message: Message, **new: Unpack[Body]) -> Result:
    """Carry an edit out; like Telegram, an edit without a keyboard takes the keyboard away."""
    if all(getattr(message, name) == value for name, value in new.items()):
        raise not_modified()
    call.charge(message.chat)
    return call.world.edit(message, **new).payload()


async def edit_message_text(call: Call) -> Result:
    """``editMessageText``."""
    text, entities = text_of(call)
    markup = markup_of(call)
    message = _own_message(call, call.chat)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    preview = call.parameters.get("link_preview_options")
    content = {"link_preview_options": preview} if preview else None
    return _edited(call, message, text=text, entities=entities, content=content, markup=markup)


async def edit_message_caption(call: Call) -> Result:
    """``editMessageCaption``."""
    caption, entities = caption_of(call)
    markup = markup_of(call)
    message = _own_message(call, call.chat)
    if message.text is not None or not (message.content and not message.content.get("location")):
        raise bad_request("there is no caption in the message to edit")
    return _edited(call, message, caption=caption, caption_entities=entities, markup=markup)


async def edit_message_reply_markup(call: Call) -> Result:
    """``editMessageReplyMarkup``."""
    markup = markup_of(call)
    return _edited(call, _own_message(call, call.chat), markup=markup)


def _check_deletable(call: Call, message: Message) -> None:
    chat = message.chat
    own = message.sender is not None and message.sender.id == call.bot.id
    if not own and not chat.is_private and not chat.status_of(call.bot.id).is_administrator:
        raise bad_request("message can't be deleted")
    if call.world.clock.now() - message.date > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")


async def delete_message(call: Call) -> Result:
    """``deleteMessage``."""
    message = message_of(call, call.chat, "message to delete not found")
    _check_deletable(call, message)
    call.world.delete(message)
    return True


async def delete_messages(call: Call) -> Result:
    """``deleteMessages``: those that are not there are passed over."""
    chat = call.chat
    wanted = call.parameters["message_ids"]
    if not 1 <= len(wanted) <= 100:
        raise bad_request("too many messages to delete" if wanted else "message identifiers are not specified")
    found = [chat.messages[message_id] for message_id in wanted if message_id in chat.messages]
    for message in found:
        _check_deletable(call, message)
    for message in found:
        call.world.delete(message)
    return True


async def answer_callback_query(call: Call) -> Result:
    """``answerCallbackQuery``."""
    text = call.parameters.get("text") or ""
    if utf16_length(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if call.parameters.get("url"):
        raise bad_request("URL_INVALID")
    call.world.presses.answer(
        call.bot,
        call.parameters["callback_query_id"],
        text,
        show_alert=bool(call.parameters.get("show_alert")),
    )
    return True


HANDLERS: dict[str, Handler] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
