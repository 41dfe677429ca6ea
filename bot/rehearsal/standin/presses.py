"""A press on an inline button: from the phone to the bot, and the bot's answer back."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat, User
from bot.rehearsal.standin.errors import query_too_old
from bot.rehearsal.standin.journal import ButtonPressed, CallbackAnswered
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.updates import PRESS_LIFE

if TYPE_CHECKING:
    from bot.rehearsal.standin.world import World


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot said to a press."""

    text: str
    show_alert: bool
    took_seconds: float
    """From the press, on the world's clock."""


@dataclass(slots=True, eq=False)
class Press:
    """One press, which its person can wait to see answered."""

    query_id: str
    user: User
    message: Message
    data: str
    at: datetime
    bot: Bot
    answer: Answer | None = None
    _answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def chat(self) -> Chat:
        """Where the button was pressed."""
        return self.message.chat

    async def answered(self, timeout_seconds: float = 10.0) -> Answer:
        """The bot's answer, as soon as there is one; ``timeout_seconds`` are real seconds.

        Raises:
            TimeoutError: none came.
        """
        async with asyncio.timeout(timeout_seconds):
            await self._answered.wait()
        assert self.answer is not None  # noqa: S101 - the event is set after the answer only
        return self.answer

    def take_answer(self, answer: Answer) -> bool:
        """Show the bot's first answer; later ones show nothing. Gives whether this was the first."""
        if self.answer is not None:
            return False
        self.answer = answer
        self._answered.set()
        return True

    def payload(self) -> dict[str, Any]:
        """The Bot API's ``CallbackQuery``."""
        return {
            "id": self.query_id,
            "from": self.user.payload(),
            "message": self.message.payload(),
            "chat_instance": str(7_000_000_000_000 + abs(self.chat.id)),
            "data": self.data,
        }


class Presses:
    """The presses that can still be answered, by query id."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._open: OrderedDict[str, Press] = OrderedDict()
        self.number = 4_000_000_000_000_000
        """Of the newest press."""

    def press(self, user: User, bot: Bot, message: Message, data: str) -> Press:
        """Send a press to the bot whose message it is."""
        now = self._world.clock.now()
        self._forget(now)
        self.number += 1
        press = Press(str(self.number), user, message, data, now, bot)
        self._open[press.query_id] = press
        chat_id = message.chat.id
        self._world.changes.emit(ButtonPressed(now, chat_id, message.message_id, user.id, press.query_id, data))
        bot.updates.add("callback_query", press.payload())
        return press

    def answer(self, bot: Bot, query_id: str, text: str, *, show_alert: bool) -> None:
        """Take the bot's answer to a press.

        Raises:
            ApiError: 400, the press is older than 150 seconds, unknown, or another bot's.
        """
        now = self._world.clock.now()
        press = self._open.get(query_id)
        if press is None or press.bot is not bot or now - press.at > PRESS_LIFE:
            raise query_too_old()
        answer = Answer(text, show_alert, (now - press.at).total_seconds())
        if press.take_answer(answer):
            message, chat_id = press.message, press.chat.id
            self._world.changes.emit(
                CallbackAnswered(
                    now, chat_id, message.message_id, press.user.id, query_id, text, show_alert, answer.took_seconds
                )
            )

    def _forget(self, now: datetime) -> None:
        while self._open and now - next(iter(self._open.values())).at > PRESS_LIFE:
            self._open.popitem(last=False)
