"""Whether Telegram answers at all, as far as the ends of requests tell."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.wire.failures import Failure, FailureKind
from bot.wire.pacing import LONG_AGO
from bot.wire.recording import backoff

_OUTAGE_AFTER: Final = 3
"""Requests in a row that Telegram did not answer make an outage."""
_LONGEST_OUTAGE_WAIT: Final = 5.0
"""Seconds after which Telegram is tried again during an outage, at the latest."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Reach:
    """Learns from how requests end."""

    trouble: str = ""
    """Why nothing reaches Telegram, in its words or the network's; empty while it does."""
    answers: int = 0
    """How many requests Telegram has answered, well or with a refusal."""
    _misses: int = 0
    _outages: int = 0
    _unanswered: set[int] = field(default_factory=set)
    """The chats in which it has not answered since it last answered in any."""
    _tried_again_at: datetime = LONG_AGO

    def answered(self) -> bool:
        """Telegram has answered; whether it had failed to before."""
        self.answers += 1
        missed = self._misses > 0
        self._misses = self._outages = 0
        self._unanswered.clear()
        if self.trouble:
            log.info("telegram_reached_again")
            self.trouble = ""
        return missed

    def missed(self, failure: Failure, chat_id: int, now: datetime) -> datetime | None:
        """Telegram has not answered. When that goes on: the moment before which nothing else is to be tried.

        A request that may have arrived can be to blame itself, or its chat; so such ones make an outage only where
        they come from more than one.
        """
        self._misses += 1
        self._unanswered.add(chat_id)
        alone = failure.kind is FailureKind.MAYBE_SENT and len(self._unanswered) == 1
        if self._misses < _OUTAGE_AFTER or alone or now < self._tried_again_at:
            return None
        self._outages += 1
        self._tried_again_at = now + timedelta(seconds=backoff(self._outages, _LONGEST_OUTAGE_WAIT))
        if not self.trouble:
            log.error("telegram_out_of_reach", why=failure.words)
        self.trouble = failure.words
        return self._tried_again_at
