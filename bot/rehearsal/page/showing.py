"""The world as JSON-ready data for a screen: people, chats and messages. Pure.

Keys of chats are strings: a group's id, or ``<person>-<bot>`` for a private chat, whose id alone would not name it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bot.rehearsal.standin.chats import Chat, Topic, User
from bot.rehearsal.standin.messages import Button, Message
from bot.rehearsal.standin.world import World

GIST_LENGTH = 120
_SERVICE = (
    "new_chat_members",
    "left_chat_member",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_closed",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


def name_of(user: User) -> str:
    """First and last name."""
    return " ".join(part for part in (user.first_name, user.last_name) if part)


def key_of(chat: Chat) -> str:
    """What names a chat on the page."""
    if not chat.is_private:
        return str(chat.id)
    bot = next(member.user for member in chat.members.values() if member.user.is_bot)
    return f"{chat.id}-{bot.id}"


def find_chat(world: World, key: str) -> Chat | None:
    """The chat with that key."""
    return next((chat for chat in chats(world) if key_of(chat) == key), None)


def chats(world: World) -> Iterator[Chat]:
    """Every chat, groups first."""
    yield from world.chats.values()
    yield from world.private_chats.values()


def show_person(user: User) -> dict[str, Any]:
    """A person, or a bot."""
    return {"id": user.id, "name": name_of(user), "username": user.username, "bot": user.is_bot}


def show_topic(topic: Topic) -> dict[str, Any]:
    """A topic of a forum."""
    return {"id": topic.thread_id, "name": topic.name, "closed": topic.closed}


def show_chat(chat: Chat) -> dict[str, Any]:
    """A chat as a list of chats shows it, with its newest message."""
    last = chat.last_message()
    return {
        "key": key_of(chat),
        "id": chat.id,
        "kind": chat.kind.value,
        "title": chat.title if chat.person is None else name_of(chat.person),
        "username": chat.username,
        "person": chat.person.id if chat.person else None,
        "forum": chat.is_forum,
        "members": [
            {"id": member.user.id, "name": name_of(member.user), "bot": member.user.is_bot, "status": member.status}
            for member in chat.present()
        ],
        "topics": [show_topic(topic) for topic in chat.topics.values()],
        "pinned": chat.pinned[-1] if chat.pinned else None,
        "moved_to": str(chat.migrated_to) if chat.migrated_to is not None else None,
        "count": len(chat.messages),
        "last": show_message(last) if last else None,
    }


def show_message(message: Message) -> dict[str, Any]:
    """A message in its present version; what it does not have is left out."""
    shown: dict[str, Any] = {"id": message.message_id, "at": message.date.timestamp(), "words": message.words}
    if message.sender_chat is not None:
        shown["from"] = {"id": message.sender_chat.id, "name": message.sender_chat.title, "bot": False}
    elif message.sender is not None:
        shown["from"] = show_person(message.sender)
    if message.word_entities:
        shown["entities"] = [_show_entity(entity) for entity in message.word_entities]
    if message.edit_date is not None:
        shown["edited"] = message.edit_date.timestamp()
    if message.thread_id is not None and message.is_topic_message:
        shown["topic"] = message.thread_id
    if message.reply_to is not None:
        shown["reply"] = _show_reply(message)
    if message.buttons:
        shown["buttons"] = [_show_button(button) for button in message.buttons]
    if message.asks_for_reply:
        shown["asks_reply"] = _asked(message)
    if message.service:
        shown["service"] = _show_service(message.content or {})
    elif message.content:
        shown |= _show_content(message.content)
    reactions = Counter(
        str(one.get("emoji", ""))
        for (message_id, _), given in message.chat.reactions.items()
        if message_id == message.message_id
        for one in given
    )
    if reactions:
        shown["reactions"] = dict(reactions)
    return shown


def gist(message: Message) -> str:
    """A message on one line, without the marking that exercise messages carry."""
    lines = [line.strip() for line in message.words.splitlines()]
    telling = [line for line in lines if line and not line.isupper()] or [line for line in lines if line]
    return " · ".join(telling)[:GIST_LENGTH]


def _show_reply(message: Message) -> dict[str, Any]:
    replied = message.replied
    if replied is None:
        return {"id": message.reply_to, "name": "", "gist": ""}
    return {"id": replied.message_id, "name": name_of(replied.sender) if replied.sender else "", "gist": gist(replied)}


def _asked(message: Message) -> list[int] | None:
    """On whose phones the reply field opens: these people's; ``None``: everybody's."""
    if not (message.markup or {}).get("selective"):
        return None
    asked = [entity["user"]["id"] for entity in message.word_entities if entity["type"] == "text_mention"]
    asked += [
        member.user.id
        for member in message.chat.present()
        if member.user.username is not None and f"@{member.user.username}" in message.words
    ]
    replied = message.replied
    return [*asked, replied.sender.id] if replied is not None and replied.sender is not None else asked


def _show_button(button: Button) -> dict[str, Any]:
    shown: dict[str, Any] = {"text": button.text, "row": button.row}
    if button.data is not None:
        shown["data"] = button.data
    if button.url is not None:
        shown["url"] = button.url
    if button.disabled:
        shown["disabled"] = True
    return shown


def _show_entity(entity: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: entity[name] for name in ("type", "offset", "length", "url", "language") if name in entity}
    if "user" in entity:
        shown["user"] = entity["user"]["id"]
    return shown


def _show_service(content: Mapping[str, Any]) -> dict[str, Any]:
    kind = next((name for name in _SERVICE if name in content), "other")
    told: dict[str, Any] = {"kind": kind}
    match kind:
        case "new_chat_members":
            told["names"] = [_payload_name(user) for user in content[kind]]
        case "left_chat_member":
            told["names"] = [_payload_name(content[kind])]
        case "forum_topic_created":
            told["names"] = [content[kind]["name"]]
        case _:
            pass
    return told


def _payload_name(user: Mapping[str, Any]) -> str:
    return " ".join(user[part] for part in ("first_name", "last_name") if user.get(part))


def _show_content(content: Mapping[str, Any]) -> dict[str, Any]:
    if sizes := content.get("photo"):
        largest = sizes[-1]
        photo = {name: largest[name] for name in ("width", "height")}
        return {"media": {"kind": "photo", "file": largest["file_id"], **photo}}
    if place := content.get("location"):
        venue = content.get("venue", {})
        named = {name: venue[name] for name in ("title", "address") if name in venue}
        return {"location": {"latitude": place["latitude"], "longitude": place["longitude"], **named}}
    for kind in ("document", "video", "voice"):
        if kind in content:
            carried = content[kind]
            told = {"kind": kind, "file": carried["file_id"], "size": carried.get("file_size", 0)}
            return {"media": told | {name: carried[name] for name in ("file_name", "duration") if name in carried}}
    return {}
