"""One message, as the chat holds it and as the Bot API writes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from bot.rehearsal.standin.chats import Chat, User, unix
from bot.rehearsal.standin.entities import Entity


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button as a phone shows it."""

    text: str
    data: str | None = None
    url: str | None = None
    disabled: bool = False
    row: int = 0


class Body(TypedDict, total=False):
    """The fields of a message that its sender writes, and an edit may change; see :class:`Message`."""

    text: str | None
    entities: tuple[Entity, ...]
    caption: str | None
    caption_entities: tuple[Entity, ...]
    content: Mapping[str, Any] | None
    markup: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in its present version; an edit makes another value with the same id."""

    message_id: int
    chat: Chat
    date: datetime
    sender: User | None = None
    sender_chat: Chat | None = None
    """The group itself, when an anonymous administrator speaks."""
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    caption: str | None = None
    caption_entities: tuple[Entity, ...] = ()
    content: Mapping[str, Any] | None = None
    """The other fields as the Bot API writes them: media, location, or what a service message tells."""
    service: bool = False
    reply_to: int | None = None
    thread_id: int | None = None
    is_topic_message: bool = False
    markup: Mapping[str, Any] | None = None
    """The reply markup as it was sent, of whichever kind."""
    edit_date: datetime | None = None

    @property
    def words(self) -> str:
        """The text or the caption, whichever there is."""
        return self.text or self.caption or ""

    @property
    def word_entities(self) -> tuple[Entity, ...]:
        """The entities of :attr:`words`."""
        return self.entities if self.text is not None else self.caption_entities

    @property
    def keyboard(self) -> Mapping[str, Any] | None:
        """The inline keyboard, if it has one."""
        return self.markup if self.markup and "inline_keyboard" in self.markup else None

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The inline buttons, row by row."""
        return tuple(self._buttons())

    def _buttons(self) -> Iterator[Button]:
        for row, buttons in enumerate((self.keyboard or {}).get("inline_keyboard", ())):
            for button in buttons:
                yield Button(
                    button["text"],
                    button.get("callback_data"),
                    button.get("url"),
                    "disabled" in button,
                    row,
                )

    @property
    def asks_for_reply(self) -> bool:
        """Whether phones open the reply field under it (force_reply)."""
        return bool(self.markup and self.markup.get("force_reply"))

    @property
    def replied(self) -> "Message | None":
        """The message this one replies to, if it still exists."""
        return self.chat.messages.get(self.reply_to) if self.reply_to is not None else None

    def payload(self, *, nested: bool = False) -> dict[str, Any]:
        """The Bot API's ``Message``; a nested one leaves out what it replies to itself."""
        payload: dict[str, Any] = {"message_id": self.message_id}
        if self.thread_id is not None:
            payload["message_thread_id"] = self.thread_id
        if self.sender is not None:
            payload["from"] = self.sender.payload()
        if self.sender_chat is not None:
            payload["sender_chat"] = self.sender_chat.payload()
        payload["chat"] = self.chat.payload()
        payload["date"] = unix(self.date)
        if self.edit_date is not None:
            payload["edit_date"] = unix(self.edit_date)
        if self.is_topic_message:
            payload["is_topic_message"] = True
        if not nested:
            replied = self._shown_reply()
            if replied is not None:
                payload["reply_to_message"] = replied.payload(nested=True)
        payload |= self._body()
        return payload

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = dict(self.content or {})
        if self.text is not None:
            body["text"] = self.text
            if self.entities:
                body["entities"] = list(self.entities)
        if self.caption:
            body["caption"] = self.caption
            if self.caption_entities:
                body["caption_entities"] = list(self.caption_entities)
        if self.keyboard is not None:
            body["reply_markup"] = dict(self.keyboard)
        return body

    def _shown_reply(self) -> "Message | None":
        """Telegram shows every message of a topic as a reply to the message that made the topic."""
        if self.reply_to is not None:
            return self.replied
        if self.is_topic_message and self.thread_id is not None and self.thread_id != self.message_id:
            return self.chat.messages.get(self.thread_id)
        return None
