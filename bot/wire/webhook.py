"""Having Telegram bring the updates: the webhook is set, and looked after for as long as the bot runs.

Telegram repeats what was not taken, so after an interruption updates come that have waited. They count as backlog
until Telegram says that nothing waits any more.
"""

from datetime import datetime
from typing import Final

import structlog
from telegram import Bot

from bot.clock import Clock
from bot.wire.failures import classify
from bot.wire.polling import WANTED
from bot.wire.recording import backoff

_LOOK_EVERY: Final = 15.0
_LOOK_SOON: Final = 1.0
"""Seconds between looks while updates wait at Telegram's."""
_LONGEST_WAIT: Final = 15.0

log = structlog.get_logger(__name__)


class Webhook:
    """The webhook of one bot at ``url``. Any number of processes may keep the same one."""

    brought: Final = True

    def __init__(self, bot: Bot, clock: Clock, url: str, secret: str) -> None:
        self._bot = bot
        self._clock = clock
        self._url = url
        self._secret = secret
        self._set = False
        self._tries = 0
        self._last_error_at: datetime | None = None
        self.last_good_at: datetime | None = None
        """When Telegram last gave a good answer about it."""
        self.trouble = ""
        """Why no updates come, in Telegram's words or the network's; empty while they do."""
        self.trouble_since: datetime | None = None
        self.catching_up = True
        """Whether an update that arrives now may have waited at Telegram's."""

    async def run(self) -> None:
        """Keep the webhook until cancelled. It stays set, so that what comes meanwhile waits for the next start."""
        while True:
            try:
                if not self._set:
                    await self._announce()
                await self._look()
            except Exception as error:  # noqa: BLE001  # whatever happens, the next request may succeed
                words = classify(error).words
                self._tries += 1
                self._report(words)
                wait = backoff(self._tries, _LONGEST_WAIT)
            else:
                self._tries = 0
                wait = _LOOK_SOON if self.catching_up else _LOOK_EVERY
            await self._clock.sleep(wait)

    async def _announce(self) -> None:
        await self._bot.set_webhook(self._url, allowed_updates=list(WANTED), secret_token=self._secret)
        self._set = True
        log.info("webhook_set")

    async def _look(self) -> None:
        """Learn how Telegram fares with it."""
        info = await self._bot.get_webhook_info()
        self.last_good_at = self._clock.now()
        if info.url != self._url:
            # Somebody else has taken it away: it is set anew at once.
            self._set = False
            raise ConnectionError("the webhook was changed by somebody else")
        failed_anew = info.last_error_date is not None and info.last_error_date != self._last_error_at
        self._last_error_at = info.last_error_date
        if not info.pending_update_count:
            self.catching_up = False
        elif failed_anew:
            self.catching_up = True
        failing = self.catching_up and info.last_error_date is not None
        self._report((info.last_error_message or "unknown error") if failing else "")

    def _report(self, words: str) -> None:
        if words and words != self.trouble:
            log.warning("webhook_failed", why=words)
        self.trouble = words
        self.trouble_since = (self.trouble_since or self._clock.now()) if words else None
