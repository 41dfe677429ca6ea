"""What somebody asks for: the parts of an update that a use case needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import Chat, Message, Update

from bot.exercise.people import Person, Place
from bot.wire.inbox import Receipt

ANONYMOUS_ADMIN = 1087968824
"""The account in whose name anonymous administrators write; it is nobody."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command, a reply or a press, by whom, where and when.

    ``at`` is when the bot received it, or, out of a backlog, when Telegram dated it; ``exact`` is false where
    that is an upper bound.
    """

    update_id: int
    person: Person
    username: str | None
    anonymous: bool
    place: Place
    chat_title: str
    private: bool
    message_id: int | None
    reply_to: int | None
    reply_author: Person | None
    """Who wrote the message that is replied to, where that is a person."""
    mentioned: Person | None
    """The first person without a user name who is mentioned: Telegram says who that is."""
    text: str
    at: datetime
    exact: bool
    file_aside: bool = False
    """Whether a file came with it that what is asked for has no use for."""


def of_message(update: Update, receipt: Receipt) -> Request | None:
    """The request in a message, a command's own word left out of its text; ``None`` without a sender."""
    message = update.effective_message
    if message is None or message.from_user is None:
        return None
    text = message.text or message.caption or ""
    if text.startswith("/"):
        _, text = first_word(text)
    # A message carries its own time: out of a backlog that is what counts, to the second.
    dated = message.edit_date or message.date
    at = min(receipt.received_at, dated) if receipt.backlog else receipt.received_at
    user, chat, reply = message.from_user, message.chat, message.reply_to_message
    author = reply.from_user if reply else None
    return Request(
        update_id=receipt.update_id,
        person=Person(user.id, user.full_name),
        username=user.username,
        anonymous=user.id == ANONYMOUS_ADMIN or user.is_bot,
        place=Place(chat.id, message.message_thread_id if message.is_topic_message else None),
        chat_title=title_of(chat),
        private=chat.type == Chat.PRIVATE,
        message_id=message.message_id,
        reply_to=reply.message_id if reply else None,
        reply_author=Person(author.id, author.full_name) if author and not author.is_bot else None,
        mentioned=_mentioned(message),
        text=text.strip(),
        at=at,
        exact=True,
    )


def first_word(text: str) -> tuple[str, str]:
    """The first word of a text, and what follows it, empty where there is none.

    Any white space ends a word: keyboards and copied lines bring others than the plain space.
    """
    word, *rest = text.split(maxsplit=1) or [""]
    return word, rest[0] if rest else ""


def of_press(query: Mapping[str, Any], receipt: Receipt) -> Request | None:
    """The request in a press of a button, as Telegram sent it; ``None`` when its message is out of reach."""
    message = query.get("message")
    if message is None:
        return None
    user, chat = query["from"], message["chat"]
    # Of a message too old to be shown, Telegram still says which one it was, but not in which topic it stands.
    in_topic = bool(message["date"]) and bool(message.get("is_topic_message"))
    return Request(
        update_id=receipt.update_id,
        person=Person(user["id"], " ".join(filter(None, (user["first_name"], user.get("last_name"))))),
        username=user.get("username"),
        anonymous=user["id"] == ANONYMOUS_ADMIN or user["is_bot"],
        place=Place(chat["id"], message.get("message_thread_id") if in_topic else None),
        chat_title=chat.get("title") or str(chat["id"]),
        private=chat["type"] == Chat.PRIVATE,
        message_id=message["message_id"],
        reply_to=None,
        reply_author=None,
        mentioned=None,
        text=query.get("data") or "",
        at=receipt.received_at,
        exact=not receipt.backlog,
    )


def title_of(chat: Chat) -> str:
    """How people know a chat."""
    return chat.title or chat.full_name or str(chat.id)


def _mentioned(message: Message) -> Person | None:
    users = (entity.user for entity in (*message.entities, *message.caption_entities))
    return next((Person(user.id, user.full_name) for user in users if user is not None and not user.is_bot), None)
