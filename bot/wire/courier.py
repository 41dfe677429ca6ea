"""Carries one rendered message to Telegram: a send, or an edit of what stands there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode

from bot.exercise.people import Place
from bot.wire.rendering.rendered import Button, Rendered

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands in its chat; ``date`` is Telegram's, to the second."""

    message_id: int
    date: datetime


async def send(bot: Bot, place: Place, reply_to: int | None, rendered: Rendered) -> Posted:
    """Send a message, as a reply where ``reply_to`` is a message that still exists.

    Raises:
        Exception: of any kind; :func:`bot.wire.failures.classify` knows what it means.
    """
    chat_id = place.chat_id
    thread_id = place.thread_id
    silent = rendered.silent
    reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
    markup = ForceReply() if rendered.force_reply else _keyboard(rendered.buttons)
    message: Message
    if rendered.photo is not None:
        message = await bot.send_photo(
            chat_id,
            rendered.photo,
            caption=rendered.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id,
            reply_parameters=reply,
            reply_markup=markup,
            disable_notification=silent,
            filename=rendered.file_name or None,
        )
    elif rendered.document is not None:
        message = await bot.send_document(
            chat_id,
            rendered.document,
            caption=rendered.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id,
            reply_parameters=reply,
            reply_markup=markup,
            disable_notification=silent,
            filename=rendered.file_name or None,
        )
    else:
        message = await bot.send_message(
            chat_id,
            rendered.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id,
            reply_parameters=reply,
            reply_markup=markup,
            disable_notification=silent,
            link_preview_options=_NO_PREVIEW,
        )
    return Posted(message.message_id, message.date.astimezone(UTC))


async def edit(bot: Bot, place: Place, message_id: int, rendered: Rendered) -> None:
    """Bring a message up to date: its text (or caption) and its buttons; a file in it stays as it was.

    Raises:
        Exception: of any kind; :func:`bot.wire.failures.classify` knows what it means.
    """
    markup = _keyboard(rendered.buttons)
    if rendered.photo is not None or rendered.document is not None:
        await bot.edit_message_caption(
            place.chat_id, message_id, caption=rendered.text, parse_mode=ParseMode.HTML, reply_markup=markup
        )
    else:
        await bot.edit_message_text(
            rendered.text,
            place.chat_id,
            message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=markup,
            link_preview_options=_NO_PREVIEW,
        )


def _keyboard(buttons: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in buttons])


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url)
    return InlineKeyboardButton(button.label, callback_data=button.data)
