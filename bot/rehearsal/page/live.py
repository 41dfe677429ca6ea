"""What every open page is told, as it happens: changes of the world, the pulse of the clock, the state of the bars."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson

from bot.rehearsal.page.showing import chats, key_of, show_chat, show_message, show_person
from bot.rehearsal.page.standing import Standing
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import (
    ButtonPressed,
    CallbackAnswered,
    Change,
    ChatCreated,
    ChatUpgraded,
    MemberChanged,
    MessageDeleted,
    MessageEdited,
    MessagePinned,
    MessageSent,
    ReactionChanged,
    TopicCreated,
    WebhookChanged,
)

LONGEST_QUEUE = 20_000
"""How far a page may fall behind before it has to begin anew."""
PULSE_SECONDS = 0.5
"""Real seconds."""


class Line:
    """One open page: what it has still to be told. ``None`` ends it."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    def tell(self, news: bytes) -> None:
        """Put news into the queue; a page that does not take them is let go."""
        if self.queue.qsize() < LONGEST_QUEUE:
            self.queue.put_nowait(news)
        elif self.queue.qsize() == LONGEST_QUEUE:
            self.queue.put_nowait(None)


class Live:
    """Tells all open pages the same, in the same order."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._standing = Standing(stage)
        self._lines: set[Line] = set()
        self._stop_listening: Callable[[], None] | None = None
        self._pulse: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._stop_listening = self._stage.world.changes.listen(self._notice)
        self._stage.on_change = self.beat
        self._stage.trouble.on_change = self.beat
        if self._stage.bot is not None:
            self._stage.bot.on_change = self.beat
        self._pulse = asyncio.create_task(self._beat_on(), name="page: pulse")

    def stop(self) -> None:
        """Let every page go."""
        if self._stop_listening is not None:
            self._stop_listening()
        if self._pulse is not None:
            self._pulse.cancel()
        for line in self._lines:
            line.queue.put_nowait(None)

    def open(self) -> Line:
        """Another page: first it is told how things stand, then what changes."""
        line = Line()
        line.tell(orjson.dumps({"type": "world", **self.snapshot()}))
        self._lines.add(line)
        return line

    def close(self, line: Line) -> None:
        """A page has gone."""
        self._lines.discard(line)

    def snapshot(self) -> dict[str, Any]:
        """How things stand."""
        world = self._stage.world
        return {
            "people": [show_person(user) for user in world.users.values()],
            "bots": [show_person(bot.user) for bot in world.bots.values()],
            "chats": [show_chat(chat) for chat in chats(world)],
            **self._standing.roles(),
            "injects": self._standing.injects(),
            "pulse": self._standing.pulse(),
        }

    def beat(self) -> None:
        """Tell the state of clock, bars and counters, and which injects have something new."""
        if not self._lines:
            return
        self._tell({"type": "pulse", **self._standing.pulse()})
        fresh = self._standing.fresh_injects()
        if fresh:
            self._tell({"type": "injects", "injects": fresh})

    async def _beat_on(self) -> None:
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            self.beat()

    def _tell(self, news: dict[str, Any]) -> None:
        told = orjson.dumps(news)
        for line in tuple(self._lines):
            line.tell(told)

    def _notice(self, change: Change) -> None:
        if self._lines and (news := self._news(change)) is not None:
            self._tell(news)

    def _news(self, change: Change) -> dict[str, Any] | None:
        news: dict[str, Any] | None = None
        match change:
            case MessageSent(message=message) | MessageEdited(message=message):
                kind = "message" if isinstance(change, MessageSent) else "edit"
                news = {"type": kind, "chat": key_of(message.chat), "message": show_message(message)}
            case MessageDeleted(message_id=message_id):
                news = {"type": "delete", "chat": self._key(change), "message": message_id}
            case ButtonPressed() | CallbackAnswered():
                news = self._press_news(change)
            case ReactionChanged():
                news = self._reaction_news(change)
            case ChatCreated() | MemberChanged() | ChatUpgraded() | MessagePinned() | TopicCreated():
                chat = self._chat(change)
                news = {"type": "chat", "chat": show_chat(chat)} if chat is not None else None
            case WebhookChanged():
                pass
        return news

    def _reaction_news(self, change: ReactionChanged) -> dict[str, Any] | None:
        chat = self._chat(change)
        message = chat.messages.get(change.message_id) if chat is not None else None
        if chat is None or message is None:
            return None
        return {"type": "edit", "chat": key_of(chat), "message": show_message(message)}

    def _press_news(self, change: ButtonPressed | CallbackAnswered) -> dict[str, Any]:
        news: dict[str, Any] = {
            "type": "press",
            "chat": self._key(change),
            "message": change.message_id,
            "person": change.user_id,
            "press": change.query_id,
        }
        if isinstance(change, CallbackAnswered):
            news |= {"type": "answer", "text": change.text, "alert": change.show_alert, "took": change.took_seconds}
        return news

    def _chat(self, change: Change) -> Chat | None:
        if isinstance(change, WebhookChanged):
            return None
        world = self._stage.world
        if change.chat_id in world.chats:
            return world.chats[change.chat_id]
        return next((chat for chat in world.private_chats.values() if chat.id == change.chat_id), None)

    def _key(self, change: Change) -> str:
        chat = self._chat(change)
        return key_of(chat) if chat is not None else ""
