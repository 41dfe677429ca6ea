"""How fast messages may go out: sliding windows, overall, per group and per chat. Pure.

A request counts from the moment it leaves until one window after it has ended, because Telegram counts it
somewhere in between. So no window of Telegram's ever holds more than the rate, however the network jitters.

Before it leaves, a message has its turn, and much may lie between: a commit, a picture, another's upload. Its turn
keeps it a place among all chats for one window of theirs; when that is over, the request has to find a new one.
"""

import re
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
"""Earlier than everything: at once."""

_SLOW_TRIP: Final = timedelta(seconds=1)
"""A request under way for longer than this holds up no other chat, once a later one has ended before it."""
_LONGEST_TRIP: Final = timedelta(seconds=5)
"""A request under way for longer than this holds up no other chat in any case."""
_FLOODS_TOGETHER: Final = 3
_FLOOD_SPAN: Final = timedelta(seconds=5)
_RATE: Final = re.compile(r"(?P<count>[1-9]\d{0,5})\s*/\s*(?P<unit>s|min)")
_SECONDS: Final = {"s": 1.0, "min": 60.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` in any window of ``seconds``."""

    count: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """The rate that ``28/s`` or ``18/min`` means.

        Raises:
            ValueError: The text is none.
        """
        found = _RATE.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is no rate: write it as 28/s or 18/min")
        return cls(int(found["count"]), _SECONDS[found["unit"]])


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates to keep. A group keeps both its own and the one of every chat; edits count like sends."""

    overall: Rate = Rate(28, 1)
    group: Rate = Rate(18, 60)
    chat: Rate = Rate(1, 1)


class _Window:
    """The moments that count, oldest first, and never more of them than the rate."""

    def __init__(self, rate: Rate) -> None:
        self._count = rate.count
        self.span = timedelta(seconds=rate.seconds)
        self._moments: list[datetime] = []

    def free_at(self, spare: int = 0) -> datetime:
        """The earliest moment at which one more fits and ``spare`` others still do."""
        limit = max(1, self._count - spare)
        excess = len(self._moments) - limit
        return LONG_AGO if excess < 0 else self._moments[excess] + self.span

    def add(self, moment: datetime) -> None:
        insort(self._moments, moment)
        if len(self._moments) > self._count:
            del self._moments[0]

    def move(self, moment: datetime, to: datetime) -> None:
        index = bisect_left(self._moments, moment)
        if index < len(self._moments) and self._moments[index] == moment:
            del self._moments[index]
            insort(self._moments, to)


@dataclass(slots=True)
class _Chat:
    """One chat's pace.

    While a request is under way, ``counted`` is the moment that stands for it in the chat's windows and
    ``counted_overall`` the one in the window of all chats. That keeps a place there from the turn of the message on.
    """

    windows: tuple[_Window, ...]
    group: _Window | None
    parked_until: datetime = LONG_AGO
    started_at: datetime = LONG_AGO
    counted: datetime | None = None
    counted_overall: datetime = LONG_AGO


@dataclass(slots=True)
class Pacer:
    """Knows when the next message may go. Chats with a negative id are groups. All moments come from one clock."""

    rates: Rates = field(default_factory=Rates)
    _overall: _Window = field(init=False)
    _chats: dict[int, _Chat] = field(init=False, default_factory=dict)
    _under_way: dict[int, _Chat] = field(init=False, default_factory=dict)
    """Chats whose request may yet hold up others, by the moment it started."""
    _parked_until: datetime = field(init=False, default=LONG_AGO)
    _floods: deque[tuple[datetime, int, datetime]] = field(init=False, default_factory=deque)

    def __post_init__(self) -> None:
        self._overall = _Window(self.rates.overall)

    def ready_at(self, chat_id: int, now: datetime) -> datetime:
        """The earliest moment, not before ``now``, at which a message may go to the chat."""
        return max(now, self.overall_ready_at(), self.chat_ready_at(chat_id))

    def overall_ready_at(self) -> datetime:
        """The earliest moment at which a message to any chat may have its turn."""
        return max(self._parked_until, self._overall.free_at())

    def overall_free_at(self) -> datetime:
        """The earliest moment at which a request may leave that has lost its place."""
        return self._overall.free_at()

    def chat_ready_at(self, chat_id: int, spare: int = 0) -> datetime:
        """The earliest moment at which the chat's own pace allows a message.

        ``spare`` more messages must still fit into a group's window after it.
        """
        chat = self._chats.get(chat_id)
        if chat is None:
            return LONG_AGO
        ready = max(chat.parked_until, chat.windows[0].free_at())
        return max(ready, chat.group.free_at(spare)) if chat.group else ready

    def spend(self, chat_id: int, now: datetime) -> None:
        """A message to the chat has its turn."""
        self._end(chat_id, now)
        self._chat(chat_id).counted_overall = now
        self._overall.add(now)

    def leave(self, chat_id: int, now: datetime) -> bool:
        """Whether a request to the chat may leave now; if so, it has left.

        A turn may take several requests, one after the other. Each counts, but only the first has been waited for by
        the chat's own pace.
        """
        chat = self._chat(chat_id)
        self._end(chat_id, now)
        # A silence of all chats that has begun since its turn is not waited for: the message is claimed, and much may
        # have changed by the end of it.
        under_way = now + _LONGEST_TRIP
        if chat.counted_overall + self._overall.span > now:
            self._overall.move(chat.counted_overall, under_way)
        elif self._overall.free_at() <= now:
            self._overall.add(under_way)
        else:
            return False
        for window in chat.windows:
            window.add(under_way)
        chat.started_at = now
        chat.counted = chat.counted_overall = under_way
        self._under_way[chat_id] = chat
        return True

    def settle(self, chat_id: int, now: datetime) -> None:
        """The turn of the chat's message has ended, one way or another."""
        self._end(chat_id, now)

    def count(self, chat_id: int, now: datetime) -> None:
        """A request to another chat has ended that may have come into this one: it counts here beside its own."""
        for window in self._chat(chat_id).windows:
            window.add(now)

    def park(self, chat_id: int, until: datetime) -> None:
        """Nothing goes to the chat before ``until``."""
        chat = self._chat(chat_id)
        chat.parked_until = max(chat.parked_until, until)

    def park_all(self, until: datetime) -> None:
        """Nothing goes anywhere before ``until``."""
        self._parked_until = max(self._parked_until, until)

    def flooded(self, chat_id: int, now: datetime, retry_after: float) -> None:
        """Telegram asks for ``retry_after`` seconds of silence in the chat.

        Where several chats are told so within seconds, it is the bot as a whole that is too fast: all are silent for
        as long as that many of them share. What one of them is told beyond that is its own.
        """
        until = now + timedelta(seconds=retry_after)
        self.park(chat_id, until)
        self._floods.append((now, chat_id, until))
        while now - self._floods[0][0] > _FLOOD_SPAN:
            self._floods.popleft()
        ends = sorted({flooded: self._chat(flooded).parked_until for _, flooded, _ in self._floods}.values())
        if len(ends) >= _FLOODS_TOGETHER:
            self.park_all(ends[-_FLOODS_TOGETHER])

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            own = _Window(self.rates.chat)
            group = _Window(self.rates.group) if chat_id < 0 else None
            chat = self._chats[chat_id] = _Chat((own, group) if group else (own,), group)
        return chat

    def _end(self, chat_id: int, now: datetime) -> None:
        chat = self._chats.get(chat_id)
        if chat is None or chat.counted is None:
            return
        ended = max(now, chat.started_at)
        self._recount(chat, ended)
        for window in chat.windows:
            window.move(chat.counted, ended)
        chat.counted = None
        chat.counted_overall = LONG_AGO
        self._under_way.pop(chat_id, None)
        self._let_go_of_slow_ones(chat.started_at, now)

    def _let_go_of_slow_ones(self, started_at: datetime, now: datetime) -> None:
        """One that started later has ended, so it is not the line as a whole that is slow."""
        for chat_id, chat in list(self._under_way.items()):
            if chat.started_at >= started_at or chat.started_at + _SLOW_TRIP > now:
                return
            self._recount(chat, chat.started_at + _SLOW_TRIP)
            del self._under_way[chat_id]

    def _recount(self, chat: _Chat, moment: datetime) -> None:
        """Have a request count in the window of all chats from ``moment``, if that is earlier than so far."""
        if moment < chat.counted_overall:
            self._overall.move(chat.counted_overall, moment)
            chat.counted_overall = moment
