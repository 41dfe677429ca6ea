"""One call of a method, and what the methods share in reading it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat, User
from bot.rehearsal.standin.checks import Upload
from bot.rehearsal.standin.entities import Entity, format_text, utf16_length
from bot.rehearsal.standin.errors import bad_request
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_CALLBACK_DATA = 64
USER_LINK = "tg://user?id="


@dataclass(frozen=True, slots=True)
class Call:
    """A method called by a bot, with its parameters checked and read."""

    world: World
    bot: Bot
    parameters: Mapping[str, Any]
    attachments: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def chat(self) -> Chat:
        """The chat it is about; see :meth:`World.chat_for`."""
        if "chat_id" not in self.parameters:
            raise bad_request("chat_id is empty")
        return self.world.chat_for(self.bot, self.parameters["chat_id"])

    def charge(self, chat: Chat, messages: int = 1) -> None:
        """Hold the call against flood control.

        Raises:
            ApiError: 429.
        """
        self.bot.flood.charge(self.world.clock.now(), chat.id, private=chat.is_private, messages=messages)


Result = dict[str, Any] | list[dict[str, Any]] | bool | int
"""What a method answers, as JSON-ready data."""

Handler = Callable[[Call], Awaitable[Result]]


def formatted(call: Call, name: str, entities_name: str) -> tuple[str, tuple[Entity, ...]]:
    """The text or caption parameter as people will see it.

    Raises:
        ApiError: 400, bad markup.
    """
    given = call.parameters.get(entities_name) or ()
    text, entities = format_text(call.parameters.get(name) or "", call.parameters.get("parse_mode"), given)
    return text, mentions_named(call.world, entities)


def mentions_named(world: World, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """The entities with links to users turned into mentions; a link to nobody known is dropped."""
    if not any(entity.get("url", "").startswith(USER_LINK) for entity in entities):
        return entities
    named: list[Entity] = []
    for entity in entities:
        if not entity.get("url", "").startswith(USER_LINK):
            named.append(entity)
            continue
        user_id = entity["url"].removeprefix(USER_LINK)
        user = world.users.get(int(user_id)) if user_id.isdecimal() else None
        if user is not None:
            place = {"offset": entity["offset"], "length": entity["length"]}
            named.append({"type": "text_mention", **place, "user": user.payload()})
    return tuple(named)


def text_of(call: Call) -> tuple[str, tuple[Entity, ...]]:
    """The ``text`` parameter.

    Raises:
        ApiError: 400, bad markup, nothing to read, or more than 4096 UTF-16 units.
    """
    text, entities = formatted(call, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if len(text) > LONGEST_TEXT // 2 and utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption_of(call: Call) -> tuple[str | None, tuple[Entity, ...]]:
    """The ``caption`` parameter; ``None`` where there is none.

    Raises:
        ApiError: 400, bad markup, or more than 1024 UTF-16 units.
    """
    caption, entities = formatted(call, "caption", "caption_entities")
    if utf16_length(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return caption or None, entities


def markup_of(call: Call) -> Mapping[str, Any] | None:
    """The ``reply_markup`` parameter; an empty inline keyboard counts as none.

    Raises:
        ApiError: 400, a button that Telegram does not take.
    """
    markup: Mapping[str, Any] | None = call.parameters.get("reply_markup")
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in markup["inline_keyboard"] if row]
        for button in (button for row in rows for button in row):
            _check_button(button)
        return {"inline_keyboard": rows} if rows else None
    return markup


ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)


def _check_button(button: Mapping[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    if not any(action in button for action in ACTIONS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and (urlsplit(url).scheme not in {"http", "https", "tg"} or not urlsplit(url).netloc):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def thread_of(call: Call, chat: Chat) -> int | None:
    """The topic that is written to.

    Raises:
        ApiError: 400, no such topic, or it is closed and the bot is no administrator.
    """
    thread_id: int | None = call.parameters.get("message_thread_id")
    if not thread_id:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not chat.status_of(call.bot.id).is_administrator:
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def reply_of(call: Call, chat: Chat) -> int | None:
    """The message that is replied to; ``None`` if it is gone and that is allowed.

    Raises:
        ApiError: 400, there is no such message.
    """
    wanted: Mapping[str, Any] | None = call.parameters.get("reply_parameters")
    if not wanted or "message_id" not in wanted:
        return None
    if wanted.get("chat_id", chat.id) != chat.id:
        raise bad_request("replies to other chats are not modelled by this stand-in")
    message_id = int(wanted["message_id"])
    if message_id in chat.messages:
        return message_id
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def message_of(call: Call, chat: Chat, missing: str) -> Message:
    """The message that ``message_id`` names.

    Raises:
        ApiError: 400 with the words ``missing``.
    """
    message_id = call.parameters.get("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(missing)
    return message


def user_of(call: Call) -> User:
    """The person or bot that ``user_id`` names.

    Raises:
        ApiError: 400, there is none.
    """
    user_id = call.parameters["user_id"]
    bot = call.world.bot_of(user_id)
    user = bot.user if bot else call.world.users.get(user_id)
    if user is None:
        raise bad_request("member not found")
    return user
