"""Carries one rendered message to Telegram: a send, or an edit of what stands there.

Either may take several requests, where Telegram refuses the first. ``leave`` is waited for right before each of them,
so that each counts, and from when it really goes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, assert_never

import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.exercise.people import Place
from bot.wire.calls import call
from bot.wire.failures import classify
from bot.wire.rendering.rendered import Button, Medium, Rendered
from bot.wire.uploads import FileGoneError, Uploads

_WORDS: Final = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
"""How words are to be shown."""
_NO_CAPTION: Final = "no caption in the message"
_NO_TEXT: Final = "no text in the message"

Leave = Callable[[], Awaitable[None]]
"""Returns when a request may leave."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands in its chat; ``date`` is Telegram's, to the second."""

    message_id: int
    date: datetime


async def send(
    bot: Bot, place: Place, reply_to: int | None, rendered: Rendered, uploads: Uploads, leave: Leave
) -> Posted:
    """Send a message, as a reply where ``reply_to`` is a message that still exists.

    A file or a place that Telegram refuses, or that is gone, holds back no words: they are sent without it.

    Raises:
        Exception: of any kind; :func:`bot.wire.failures.classify` knows what it means.
    """
    try:
        return await _send(bot, place, reply_to, rendered, uploads, leave)
    except (BadRequest, FileGoneError) as error:
        failure = classify(error)
        if not rendered.alone or failure.chat_gone or failure.topic_gone:
            raise
        # Refused, so certainly not sent: many groups allow their members words, but no files.
        log.warning("medium_not_taken", chat=place.chat_id, why=str(error))
        return await _send(bot, place, reply_to, Rendered(rendered.alone, rendered.buttons), uploads, leave)


async def _send(
    bot: Bot, place: Place, reply_to: int | None, rendered: Rendered, uploads: Uploads, leave: Leave
) -> Posted:
    if rendered.only_words:
        return await _send_words(bot, place, reply_to, rendered, leave)
    message = await _send_file(bot, place, reply_to, rendered, uploads, leave)
    return Posted(message.message_id, message.date.astimezone(UTC))


async def _send_words(bot: Bot, place: Place, reply_to: int | None, rendered: Rendered, leave: Leave) -> Posted:
    message = {
        **_WORDS,
        "chat_id": place.chat_id,
        "message_thread_id": place.thread_id,
        "text": rendered.text,
        "reply_parameters": {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None,
        "reply_markup": {"force_reply": True} if rendered.force_reply else _plain_keyboard(rendered.buttons),
        "disable_notification": rendered.silent,
    }
    await leave()
    answer = await call(bot, "sendMessage", message)
    return Posted(int(answer["message_id"]), datetime.fromtimestamp(answer["date"], UTC))


async def _send_file(
    bot: Bot, place: Place, reply_to: int | None, rendered: Rendered, uploads: Uploads, leave: Leave
) -> Message:
    around: dict[str, Any] = {
        "message_thread_id": place.thread_id,
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
        "reply_markup": ForceReply() if rendered.force_reply else _keyboard(rendered.buttons),
        "disable_notification": rendered.silent,
    }
    under = {"caption": rendered.text, "parse_mode": ParseMode.HTML, **around}
    named: dict[str, Any] = {"filename": rendered.file_name or None}
    if rendered.medium is not None:
        return await uploads.carry(rendered.medium, partial(_send_medium, bot, place, rendered.medium, under, leave))
    await leave()
    if rendered.venue is not None:
        where = rendered.venue
        return await bot.send_venue(place.chat_id, where.lat, where.lon, where.title, where.address, **around)
    if rendered.photo is not None:
        return await bot.send_photo(place.chat_id, rendered.photo, **under, **named)
    return await bot.send_document(place.chat_id, rendered.document or b"", **under, **named)


async def _send_medium(
    bot: Bot, place: Place, medium: Medium, under: dict[str, Any], leave: Leave, file: str | InputFile
) -> Message:
    await leave()
    match medium.kind:
        case "photo":
            return await bot.send_photo(place.chat_id, file, **under)
        case "document":
            return await bot.send_document(place.chat_id, file, **under)
        case "video":
            return await bot.send_video(place.chat_id, file, **under)
        case "voice":
            return await bot.send_voice(place.chat_id, file, **under)
        case _:
            assert_never(medium.kind)


async def edit(bot: Bot, place: Place, message_id: int, rendered: Rendered, leave: Leave) -> None:
    """Bring a message up to date: its text (or caption) and its buttons; a file in it stays as it was.

    Raises:
        Exception: of any kind; :func:`bot.wire.failures.classify` knows what it means.
    """
    if rendered.photo is not None or rendered.document is not None:
        await _edit_caption(bot, place, message_id, rendered.text, rendered, leave)
    elif rendered.medium is not None:
        try:
            await _edit_caption(bot, place, message_id, rendered.text, rendered, leave)
        except BadRequest as error:
            # It was sent without its file.
            if not rendered.alone or _NO_CAPTION not in str(error).casefold():
                raise
            await _edit_text(bot, place, message_id, rendered.alone, rendered, leave)
    else:
        try:
            await _edit_text(bot, place, message_id, rendered.text, rendered, leave)
        except BadRequest as error:
            # It was sent with a file that is gone by now.
            if _NO_TEXT not in str(error).casefold():
                raise
            await _edit_caption(bot, place, message_id, rendered.text, rendered, leave)


async def _edit_caption(bot: Bot, place: Place, message_id: int, words: str, rendered: Rendered, leave: Leave) -> None:
    await leave()
    await bot.edit_message_caption(
        place.chat_id,
        message_id,
        caption=words,
        parse_mode=ParseMode.HTML,
        reply_markup=_keyboard(rendered.buttons),
    )


async def _edit_text(bot: Bot, place: Place, message_id: int, words: str, rendered: Rendered, leave: Leave) -> None:
    await leave()
    await call(
        bot,
        "editMessageText",
        {
            **_WORDS,
            "chat_id": place.chat_id,
            "message_id": message_id,
            "text": words,
            "reply_markup": _plain_keyboard(rendered.buttons),
        },
    )


def _plain_keyboard(buttons: tuple[tuple[Button, ...], ...]) -> dict[str, object] | None:
    if not buttons:
        return None
    return {"inline_keyboard": [[_plain_button(button) for button in row] for row in buttons]}


def _plain_button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data}


def _keyboard(buttons: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)
