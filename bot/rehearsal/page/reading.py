"""Parts of long chats, and what is found in all of them."""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from bot.rehearsal.page.showing import chats, gist, key_of, name_of, show_message
from bot.rehearsal.standin.chats import Chat, User
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.world import World

MOST_FOUND = 60


class Window(BaseModel):
    """Which messages: the newest, or those before, after or around one of them; of one topic, or of all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    before: int | None = None
    after: int | None = None
    around: int | None = None
    topic: int | None = None
    limit: int = Field(default=60, ge=1, le=200)


def page_of(chat: Chat, window: Window) -> dict[str, Any]:
    """The messages in order, and whether there are older and newer ones."""
    kept: dict[int, Message] = chat.messages
    if window.topic is not None:
        kept = {key: one for key, one in kept.items() if one.thread_id == window.topic}
    ids = list(kept)
    first, last = _bounds(ids, window)
    return {
        "messages": [show_message(kept[one]) for one in ids[first:last]],
        "older": first > 0,
        "newer": last < len(ids),
    }


def _bounds(ids: list[int], window: Window) -> tuple[int, int]:
    """From which place to which."""
    count, limit = len(ids), window.limit
    if window.before is not None:
        last = bisect_left(ids, window.before)
        return max(0, last - limit), last
    if window.after is not None:
        first = bisect_right(ids, window.after)
        return first, min(count, first + limit)
    if window.around is not None:
        first = max(0, min(bisect_left(ids, window.around) - limit // 2, count - limit))
        return first, min(count, first + limit)
    return max(0, count - limit), count


def commands_for(world: World, chat: Chat, user: User) -> list[dict[str, str]]:
    """The bot's menu of commands as this person sees it there: of the narrowest scope that has one."""
    here = (world.bot_of(member.user.id) for member in chat.present())
    bot = next((one for one in here if one is not None), None)
    if bot is None:
        return []
    for scope in _scopes(chat, user):
        written = orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode()
        for language in (user.language_code or "", ""):
            menu = bot.commands.get((written, language))
            if menu:
                return [{**one, "command": one["command"].removeprefix("/")} for one in menu]
    return []


def _scopes(chat: Chat, user: User) -> Iterator[dict[str, Any]]:
    """The scopes in which Telegram looks for a menu, the narrowest first."""
    if chat.is_private:
        yield {"type": "chat", "chat_id": chat.id}
        yield {"type": "all_private_chats"}
    else:
        is_administrator = chat.status_of(user.id).is_administrator
        yield {"type": "chat_member", "chat_id": chat.id, "user_id": user.id}
        if is_administrator:
            yield {"type": "chat_administrators", "chat_id": chat.id}
        yield {"type": "chat", "chat_id": chat.id}
        if is_administrator:
            yield {"type": "all_chat_administrators"}
        yield {"type": "all_group_chats"}
    yield {"type": "default"}


async def search(world: World, words: str) -> dict[str, Any]:
    """Messages that hold the words, in whatever case, newest first. Others go on meanwhile."""
    sought = words.strip().casefold()
    if not sought:
        return {"found": []}
    found: list[tuple[Chat, Message]] = []
    for chat in tuple(chats(world)):
        holding = (message for message in reversed(chat.messages.values()) if sought in message.words.casefold())
        found += [(chat, message) for message in islice(holding, MOST_FOUND)]
        await asyncio.sleep(0)
    found.sort(key=lambda one: one[1].date, reverse=True)
    return {"found": [_show_found(chat, message, sought) for chat, message in found[:MOST_FOUND]]}


def _show_found(chat: Chat, message: Message, sought: str) -> dict[str, Any]:
    lines = message.words.splitlines()
    line = next((line for line in lines if sought in line.casefold()), gist(message))
    return {
        "chat": key_of(chat),
        "message": message.message_id,
        "at": message.date.timestamp(),
        "name": name_of(message.sender) if message.sender else "",
        "line": line[:200],
    }
