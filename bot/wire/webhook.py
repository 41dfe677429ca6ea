"""Having Telegram bring the updates: the webhook is set, and looked after for as long as the bot runs.

Telegram repeats what was not taken, so after an interruption updates come that have waited. They count as backlog
until Telegram says that nothing waits any more. It is asked so often that nothing can wait for longer than a few
seconds before that is known; while it does not say, everything counts as backlog.
"""

import asyncio
from datetime import datetime
from typing import Final

import structlog
from telegram import Bot

from bot.clock import Clock
from bot.wire.attention import Attention
from bot.wire.failures import classify
from bot.wire.polling import WANTED
from bot.wire.recording import backoff
from bot.wire.rival import Rival

_LOOK_EVERY: Final = 2.0
_LOOK_SOON: Final = 1.0
"""Seconds between looks while updates wait at Telegram's."""
_BLIND: Final = 4.0
"""Real seconds without an answer after which updates may have waited unseen."""
_LONGEST_WAIT: Final = 15.0

log = structlog.get_logger(__name__)


class Webhook:
    """The webhook of one bot at ``url``. Any number of processes may keep the same one."""

    brought: Final = True

    def __init__(self, bot: Bot, clock: Clock, url: str, secret: str, *, attention: Attention | None = None) -> None:
        self._bot = bot
        self._clock = clock
        self._url = url
        self._secret = secret
        self._set = False
        self._tries = 0
        self._last_error_at: datetime | None = None
        self._attention = attention or Attention()
        self._rival = Rival(clock)
        self._waits = True
        """Whether updates may wait at Telegram's."""
        self._fails = False
        """Whether Telegram has tried in vain to bring what waits."""
        self._absences_over = 0
        """Of the process's absences, those from which nothing waits any more."""
        self._looked_at: datetime | None = None
        """When Telegram was last asked with a good answer."""
        self.last_good_at: datetime | None = None
        """When Telegram last gave a good answer about it."""
        self.trouble = ""
        """Why no updates come, in Telegram's words or the network's; empty while they do."""
        self.trouble_since: datetime | None = None

    @property
    def catching_up(self) -> bool:
        """Whether an update that arrives now may have waited, at Telegram's or at the door of a process away."""
        return self._waits or self._attention.absences != self._absences_over or self._is_blind()

    async def run(self) -> None:
        """Keep the webhook until cancelled. It stays set, so that what comes meanwhile waits for the next start."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._attention.run(), name="attention")
            await self._keep()

    async def _keep(self) -> None:
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
        absences, asked_at = self._attention.absences, self._clock.now()
        info = await self._bot.get_webhook_info()
        self.last_good_at = self._clock.now()
        if info.url != self._url:
            # Somebody else has taken it away: it is set anew at once, and what came meanwhile has waited.
            self._set, self._waits = False, True
            self._rival.met("the webhook was changed by somebody else")
            raise ConnectionError(self._rival.words)
        failed_anew = info.last_error_date is not None and info.last_error_date != self._last_error_at
        self._last_error_at, self._looked_at = info.last_error_date, asked_at
        if not info.pending_update_count:
            # Not those from an absence that has begun since: of them Telegram did not know yet.
            self._waits, self._fails, self._absences_over = False, False, absences
        elif failed_anew:
            self._waits = self._fails = True
        self._report((info.last_error_message or "unknown error") if self._fails else self._rival.words)

    def _is_blind(self) -> bool:
        if self._looked_at is None:
            return True
        return self._clock.real_seconds((self._clock.now() - self._looked_at).total_seconds()) > _BLIND

    def _report(self, words: str) -> None:
        if words and words != self.trouble:
            log.warning("webhook_failed", why=words)
        self.trouble = words
        self.trouble_since = (self.trouble_since or self._clock.now()) if words else None
