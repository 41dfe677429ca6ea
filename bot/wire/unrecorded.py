"""Saying what cannot wait for the record, because it is about the record."""

import structlog
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.clock import Clock
from bot.exercise.model import Exercise
from bot.messages import Notice
from bot.wire.rendering.render import render
from bot.wire.rendering.view import View

log = structlog.get_logger(__name__)


class Unrecorded:
    """Speaks in control rooms past the outbox: once, unpaced, and not again where it fails. Seldom, therefore."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock

    async def say(self, exercise: Exercise, notice: Notice) -> None:
        """Say it in the control room of the exercise, in its language."""
        view = View(exercise, exercise.language, self._clock.now(), self._bot.username)
        place = exercise.control
        try:
            await self._bot.send_message(
                place.chat_id,
                render(notice, view).text,
                parse_mode=ParseMode.HTML,
                message_thread_id=place.thread_id,
            )
        except TelegramError as error:
            log.warning("notice_not_said", chat=place.chat_id, key=notice.key, why=str(error))
