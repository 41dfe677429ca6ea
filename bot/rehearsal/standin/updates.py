"""The queue of updates that wait for one bot, under Telegram's rules."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from bot.clock import Clock
from bot.rehearsal.standin.errors import other_poll

MESSAGE_LIFE = timedelta(hours=24)
PRESS_LIFE = timedelta(seconds=150)
"""How long an undelivered press is kept, and how long it can be answered."""

NOT_SENT_UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50


@dataclass(frozen=True, slots=True)
class WaitingUpdate:
    """One update that has not been confirmed yet."""

    update_id: int
    kind: str
    payload: dict[str, Any]
    expires_at: datetime


class UpdateQueue:
    """Updates in order; what a bot has not confirmed stays until its life is over."""

    def __init__(self, clock: Clock, first_id: int) -> None:
        self._clock = clock
        self._waiting: deque[WaitingUpdate] = deque()
        self._next_id = first_id
        self._poll: asyncio.Future[None] | None = None
        self._soonest_end: datetime | None = None
        self.allowed: frozenset[str] | None = None
        """The kinds the bot asked for; ``None`` is Telegram's default."""
        self.on_arrival: Callable[[], None] | None = None
        """Called on each new update; a webhook's courier listens here."""

    @property
    def next_id(self) -> int:
        """The id that the next update gets."""
        return self._next_id

    def restore(self, next_id: int, waiting: Iterable[WaitingUpdate]) -> None:
        """Take up what another queue left."""
        self._next_id = next_id
        self._waiting = deque(waiting)
        self._soonest_end = min((update.expires_at for update in self._waiting), default=None)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Take the kinds of update the bot wants from now on; ``None`` leaves them, empty is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queue an update of that kind, or pass over one the bot did not ask for; gives its id."""
        wanted = kind in self.allowed if self.allowed is not None else kind not in NOT_SENT_UNASKED
        if not wanted:
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        self._append(update_id, kind, {"update_id": update_id, kind: body})
        return update_id

    def _append(self, update_id: int, kind: str, payload: dict[str, Any]) -> None:
        life = PRESS_LIFE if kind == "callback_query" else MESSAGE_LIFE
        end = self._clock.now() + life
        self._waiting.append(WaitingUpdate(update_id, kind, payload, end))
        if self._soonest_end is None or end < self._soonest_end:
            self._soonest_end = end
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self.on_arrival is not None:
            self.on_arrival()

    def _drop_expired(self) -> None:
        now = self._clock.now()
        if self._soonest_end is None or now < self._soonest_end:
            return
        self._waiting = deque(update for update in self._waiting if update.expires_at > now)
        self._soonest_end = min((update.expires_at for update in self._waiting), default=None)

    def __len__(self) -> int:
        self._drop_expired()
        return len(self._waiting)

    def __iter__(self) -> Iterator[WaitingUpdate]:
        self._drop_expired()
        return iter(tuple(self._waiting))

    def first(self) -> WaitingUpdate | None:
        """The oldest update that is still alive."""
        self._drop_expired()
        return self._waiting[0] if self._waiting else None

    def clear(self) -> None:
        """Drop everything that waits."""
        self._waiting.clear()

    def confirm(self, offset: int) -> None:
        """Forget the updates before ``offset``; a negative one keeps only that many of the newest."""
        waiting = self._waiting
        if offset > 0:
            while waiting and waiting[0].update_id < offset:
                waiting.popleft()
        elif offset < 0:
            while len(waiting) > -offset:
                waiting.popleft()

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits now."""
        return self._poll is not None and not self._poll.done()

    def end_polls(self) -> None:
        """End the long poll that waits now, with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(other_poll())

    async def poll(self, offset: int, limit: int, timeout_seconds: float) -> list[dict[str, Any]]:
        """The next updates, waiting up to ``timeout_seconds`` of the clock (at least one real one) for the first.

        Raises:
            ApiError: 409, a newer poll began to wait.
        """
        self._drop_expired()
        self.confirm(offset)
        if not self._waiting and timeout_seconds > 0:
            await self._arrival(max(1.0, self._clock.real_seconds(min(timeout_seconds, LONGEST_POLL))))
            self._drop_expired()
        return [update.payload for update in islice(self._waiting, max(1, min(limit, 100)))]

    async def _arrival(self, real_seconds: float) -> None:
        self.end_polls()
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(real_seconds):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
