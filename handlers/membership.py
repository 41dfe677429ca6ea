"""Whether somebody is in a chat: asked of Telegram, remembered for a while."""

import asyncio
from datetime import datetime, timedelta

import structlog
from telegram import Bot, ChatMember
from telegram.error import TelegramError

from bot.clock import Clock
from bot.exercise.errors import Refusal
from bot.wire.calls import call

log = structlog.get_logger(__name__)

_REMEMBERED = timedelta(minutes=10)
"""Most groups are heard of when somebody leaves them; where a bot hears nothing, it asks again after this."""
_PATIENCE = 2.0
"""Real seconds in which Telegram may say who is in a chat: a press waits for it, and deadlines wait for no press."""
_NOT_ASKED_AGAIN = timedelta(seconds=5)
"""What comes in one chat is handled in order: presses shall not wait one after another for an answer that stays out."""
_IN_CHARGE = {ChatMember.OWNER, ChatMember.ADMINISTRATOR}
_PRESENT = {ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER, ChatMember.RESTRICTED}


class NotMember(Refusal):
    """Whoever answers is not in the chat: in a public group strangers see the buttons too."""

    key = "toast.not_member"


class NotAdministrator(Refusal):
    """A chat takes a unit's seat by the word of one of its administrators alone."""

    key = "reply.not_administrator"


class CannotBeChecked(Refusal):
    """Telegram does not say who administers the chat; ``why`` are its words."""

    key = "reply.cannot_be_checked"


class Membership:
    """Who is in which chat, as last heard."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._seen: dict[tuple[int, int], datetime] = {}
        self._unanswered: dict[int, datetime] = {}
        """When, of each chat, Telegram last gave no answer in time."""

    async def is_member(self, chat_id: int, user_id: int) -> bool:
        """Whether the person is in the chat now, or was at most ten minutes ago and is not known to have left.

        Where Telegram does not answer within two seconds, the press counts, and so do those in the next five seconds:
        an acknowledgement is not lost, nor late, for a fault of the line.
        """
        now = self._clock.now()
        seen = self._seen.get((chat_id, user_id))
        if seen is not None and now - seen < _REMEMBERED:
            return True
        silent = self._unanswered.get(chat_id)
        if silent is not None and now - silent < _NOT_ASKED_AGAIN:
            return True
        try:
            async with asyncio.timeout(_PATIENCE):
                member = await call(self._bot, "getChatMember", {"chat_id": chat_id, "user_id": user_id})
        except TimeoutError:
            log.warning("membership_unknown", chat=chat_id, user=user_id, why="no answer in time")
            self._unanswered[chat_id] = self._clock.now()
            return True
        except TelegramError as error:
            log.warning("membership_unknown", chat=chat_id, user=user_id, why=str(error))
            return True
        present = member["status"] in _PRESENT and member.get("is_member", True)
        if present:
            self._seen[chat_id, user_id] = now
        return bool(present)

    async def require_administrator(self, chat_id: int, user_id: int) -> None:
        """Refuse whoever does not administer the chat at this moment; who does is in it, too.

        Raises:
            CannotBeChecked: Telegram does not say.
            NotAdministrator: they do not.
        """
        try:
            member = await self._bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            raise CannotBeChecked(why=str(error)) from error
        if member.status not in _IN_CHARGE:
            raise NotAdministrator
        self._seen[chat_id, user_id] = self._clock.now()

    def forget(self, chat_id: int, user_id: int) -> None:
        """Somebody's standing in a chat has changed."""
        self._seen.pop((chat_id, user_id), None)
