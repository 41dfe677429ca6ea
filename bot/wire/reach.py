"""Whether Telegram answers at all, as far as the ends of requests tell."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.wire.failures import Failure, FailureKind
from bot.wire.pacing import LONG_AGO
from bot.wire.recording import backoff

_OUTAGE_AFTER: Final = 3
"""Requests in a row that Telegram did not answer make an outage."""
_NO_CHANCE: Final = timedelta(seconds=3)
"""So long that row lasts at least where its requests may have arrived: of many at once three may fail together."""
_LONGEST_OUTAGE_WAIT: Final = 5.0
"""Seconds after which Telegram is tried again during an outage, at the latest."""

log = structlog.get_logger(__name__)


class Reach:
    """Learns from how requests end. ``now`` gives a moment that never goes back."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.trouble = ""
        """Why nothing reaches Telegram, in its words or the network's; empty while it does."""
        self.answers = 0
        """How many requests Telegram has answered, well or with a refusal."""
        self.tried_again_at = LONG_AGO
        """Nothing goes out before that moment: when Telegram is tried again."""
        self._misses = 0
        self._since = LONG_AGO
        self._chats: set[int] = set()
        """Those in which it has not answered since it last answered in any."""
        self._outages = 0
        self._has_changed = False

    def ended(self, failure: Failure | None, chat_id: int) -> None:
        """A request to the chat has ended, well (``None``) or not."""
        if failure is not None and failure.unanswered:
            self._missed(failure, chat_id)
        else:
            self._answered()

    def has_changed(self) -> bool:
        """Whether, since this was last asked, Telegram has answered again, or the outage goes on: who waits may try."""
        changed, self._has_changed = self._has_changed, False
        return changed

    def _answered(self) -> None:
        self.answers += 1
        if self._misses:
            self._misses = self._outages = 0
            self._chats.clear()
            self._has_changed = True
        if self.trouble:
            log.info("telegram_reached_again")
            self.trouble = ""

    def _missed(self, failure: Failure, chat_id: int) -> None:
        now = self._now()
        if not self._misses:
            self._since = now
        self._misses += 1
        self._chats.add(chat_id)
        if self._misses < _OUTAGE_AFTER or now < self.tried_again_at or self._is_chance(failure, now):
            return
        self._outages += 1
        self.tried_again_at = now + timedelta(seconds=backoff(self._outages, _LONGEST_OUTAGE_WAIT))
        self._has_changed = True
        if not self.trouble:
            log.error("telegram_out_of_reach", why=failure.words)
        self.trouble = failure.words

    def _is_chance(self, failure: Failure, now: datetime) -> bool:
        """A request that may have arrived can be to blame itself, or its chat, and some of many fail together."""
        if failure.kind is not FailureKind.MAYBE_SENT or self.trouble:
            return False
        return len(self._chats) == 1 or now - self._since < _NO_CHANCE
