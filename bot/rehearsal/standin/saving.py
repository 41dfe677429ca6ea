"""A world as JSON-ready data, and a world from it again: people, bots with what waits for them, chats, files.

What was seen on the wire and the order of past changes are not kept, nor presses that wait for an answer.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat, ChatKind, Member, Status, Topic, User
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.updates import WaitingUpdate
from bot.rehearsal.standin.world import World

Saved = dict[str, Any]


def save_world(world: World) -> Saved:
    """The world as it is now."""
    return {
        "users": [_save_user(user) for user in world.users.values()],
        "deactivated": sorted(world.deactivated),
        "offline": sorted(world.offline),
        "presses": world.presses.number,
        "bots": [_save_bot(bot) for bot in world.bots.values()],
        "files": [
            {"kind": file.kind, "name": file.name, "mime": file.mime_type, "body": b64encode(file.body).decode()}
            for file in world.files
        ],
        "groups": [_save_chat(chat) for chat in world.chats.values()],
        "private": [
            {"bot": bot_id, "chat": _save_chat(chat)} for (bot_id, _), chat in world.private_chats.items()
        ],
    }  # fmt: skip


def restore_world(saved: Saved, clock: Clock) -> World:
    """The world that was saved, on ``clock``, which must not be earlier than when it was saved.

    Raises:
        KeyError: something is missing.
        ValueError: something is no such thing as it should be.
    """
    world = World(clock)
    world.users.update({user["id"]: _user(user) for user in saved["users"]})
    world.deactivated.update(saved["deactivated"])
    world.offline.update(saved["offline"])
    world.presses.number = saved["presses"]
    for one in saved["bots"]:
        _restore_bot(world, one)
    for file in saved["files"]:
        world.files.add(file["kind"], file["name"], b64decode(file["body"]), file["mime"])
    for one in saved["groups"]:
        chat = _chat(world, one)
        world.chats[chat.id] = chat
    for one in saved["private"]:
        chat = _chat(world, one["chat"])
        world.private_chats[one["bot"], chat.id] = chat
    for one in saved["groups"]:
        _restore_messages(world, world.chats[one["id"]], one["messages"])
    for one in saved["private"]:
        chat = world.private_chats[one["bot"], one["chat"]["id"]]
        _restore_messages(world, chat, one["chat"]["messages"])
    return world


def _save_user(user: User) -> Saved:
    return user.payload()


def _user(saved: Mapping[str, Any]) -> User:
    return User(**saved)


def _save_bot(bot: Bot) -> Saved:
    return {
        "token": bot.token,
        "user": _save_user(bot.user),
        "sees_all": bot.sees_all,
        "commands": [[*key, value] for key, value in bot.commands.items()],
        "descriptions": [[*key, value] for key, value in bot.descriptions.items()],
        "allowed": sorted(bot.updates.allowed) if bot.updates.allowed is not None else None,
        "next_update": bot.updates.next_id,
        "waiting": [
            [update.update_id, update.kind, update.payload, update.expires_at.isoformat()] for update in bot.updates
        ],
    }


def _restore_bot(world: World, saved: Saved) -> None:
    user = _user(saved["user"])
    bot = world.add_bot(
        user.username or "", first_name=user.first_name, token=saved["token"], sees_all=saved["sees_all"]
    )
    bot.commands.update({(scope, language): value for scope, language, value in saved["commands"]})
    bot.descriptions.update({(kind, language): value for kind, language, value in saved["descriptions"]})
    bot.updates.allowed = frozenset(saved["allowed"]) if saved["allowed"] is not None else None
    waiting = [
        WaitingUpdate(update_id, kind, payload, datetime.fromisoformat(end))
        for update_id, kind, payload, end in saved["waiting"]
    ]
    bot.updates.restore(saved["next_update"], waiting)


def _save_chat(chat: Chat) -> Saved:
    return {
        "id": chat.id,
        "kind": chat.kind.value,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "username": chat.username,
        "person": chat.person.id if chat.person is not None else None,
        "members": [[_save_user(member.user), member.status.value] for member in chat.members.values()],
        "topics": [[topic.thread_id, topic.name, topic.closed, topic.icon_color] for topic in chat.topics.values()],
        "pinned": list(chat.pinned),
        "migrated_to": chat.migrated_to,
        "deleted": chat.deleted,
        "last_message_id": chat.last_message_id,
        "reactions": [[*key, list(given)] for key, given in chat.reactions.items()],
        "messages": [_save_message(message) for message in chat.messages.values()],
    }


def _chat(world: World, saved: Saved) -> Chat:
    """The chat, without its messages."""
    chat = Chat(
        saved["id"],
        ChatKind(saved["kind"]),
        saved["title"],
        saved["is_forum"],
        saved["username"],
        world.users[saved["person"]] if saved["person"] is not None else None,
    )
    for user, status in saved["members"]:
        member = Member(_known(world, user), Status(status))
        chat.members[member.user.id] = member
    for thread_id, name, closed, colour in saved["topics"]:
        chat.topics[thread_id] = Topic(thread_id, name, closed, colour)
    chat.pinned = list(saved["pinned"])
    chat.migrated_to = saved["migrated_to"]
    chat.deleted = saved["deleted"]
    chat.last_message_id = saved["last_message_id"]
    chat.reactions = {(message_id, user_id): tuple(given) for message_id, user_id, given in saved["reactions"]}
    return chat


def _known(world: World, saved: Saved) -> User:
    """The person of the world, or the bot: one value for one user."""
    bot = world.bot_of(saved["id"]) if saved["is_bot"] else None
    return bot.user if bot is not None else world.users.get(saved["id"]) or _user(saved)


def _save_message(message: Message) -> Saved:
    saved: Saved = {"id": message.message_id, "date": message.date.isoformat()}
    if message.sender is not None:
        saved["sender"] = _save_user(message.sender)
    if message.sender_chat is not None:
        saved["sender_chat"] = message.sender_chat.id
    if message.edit_date is not None:
        saved["edit_date"] = message.edit_date.isoformat()
    for name in _PLAIN:
        value = getattr(message, name)
        if value:
            saved[name] = value
    return saved


_PLAIN = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "content",
    "service",
    "reply_to",
    "thread_id",
    "is_topic_message",
    "markup",
)


def _restore_messages(world: World, chat: Chat, saved: list[Saved]) -> None:
    for one in saved:
        plain = {name: one[name] for name in _PLAIN if name in one}
        for name in ("entities", "caption_entities"):
            plain[name] = tuple(plain.get(name, ()))
        chat.messages[one["id"]] = Message(
            message_id=one["id"],
            chat=chat,
            date=datetime.fromisoformat(one["date"]),
            sender=_known(world, one["sender"]) if "sender" in one else None,
            sender_chat=world.chats[one["sender_chat"]] if "sender_chat" in one else None,
            edit_date=datetime.fromisoformat(one["edit_date"]) if "edit_date" in one else None,
            **plain,
        )
