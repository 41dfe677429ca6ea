"""Flood control: how many sends and edits a bot may make.

Telegram publishes no exact numbers. These are the ones it names to bot makers; sends and edits share them.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot.rehearsal.standin.errors import too_many_requests


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` in any window of ``seconds``."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates in force; ``None`` lifts one."""

    overall: Rate | None = Rate(30, 1)
    group: Rate | None = Rate(20, 60)
    private: Rate | None = Rate(6, 5)
    """About one a second, with a small burst tolerated."""


NO_LIMITS = Limits(overall=None, group=None, private=None)
"""No flood control at all."""


class _Window:
    """The moments within one sliding window."""

    def __init__(self, rate: Rate) -> None:
        self._count = rate.count
        self._span = timedelta(seconds=rate.seconds)
        self._moments: deque[datetime] = deque()

    def wait(self, now: datetime, messages: int) -> float:
        """Seconds until ``messages`` more fit; 0 when they fit now."""
        moments = self._moments
        while moments and now - moments[0] >= self._span:
            moments.popleft()
        excess = len(moments) + messages - self._count
        if excess <= 0:
            return 0.0
        blocking = moments[min(excess, len(moments)) - 1] if moments else now
        return (blocking + self._span - now).total_seconds()

    def take(self, now: datetime, messages: int) -> None:
        self._moments.extend([now] * messages)


class FloodControl:
    """The sends and edits of one bot, held against the limits. All times are the world's clock's."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._overall = _Window(limits.overall) if limits.overall else None
        self._chats: dict[int, _Window] = {}

    def charge(self, now: datetime, chat_id: int, *, private: bool, messages: int = 1) -> None:
        """Count ``messages`` sends or edits in a chat.

        Raises:
            ApiError: 429 with ``retry_after``; then nothing is counted.
        """
        windows = [window for window in (self._overall, self._window(chat_id, private=private)) if window]
        wait = max((window.wait(now, messages) for window in windows), default=0.0)
        if wait > 0:
            raise too_many_requests(max(1, ceil(wait)))
        for window in windows:
            window.take(now, messages)

    def _window(self, chat_id: int, *, private: bool) -> _Window | None:
        rate = self.limits.private if private else self.limits.group
        if rate is None:
            return None
        window = self._chats.get(chat_id)
        if window is None:
            window = self._chats[chat_id] = _Window(rate)
        return window
