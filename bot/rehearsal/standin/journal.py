"""What happened: every request on the wire, and every change of the world, as frozen values."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.rehearsal.standin.chats import Chat, Member, Topic
from bot.rehearsal.standin.faults import Fault
from bot.rehearsal.standin.messages import Message

KEPT = 100_000
"""How many requests and how many changes are remembered."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a bot; ``outcome`` is ``ok`` or the error code it was refused with.

    With a ``fault``, the outcome is what the request came to in the world, which the bot may not have learned;
    ``lost`` when it came to nothing because the connection was cut before.
    """

    at: datetime
    method: str
    parameters: Mapping[str, Any]
    outcome: str | int
    chat_id: int | None = None
    message_id: int | None = None
    bot_id: int | None = None
    description: str | None = None
    """Telegram's words when it was refused."""
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """A request that Telegram would have let pass in silence but that is a mistake."""

    at: datetime
    method: str
    words: str


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message appeared."""

    at: datetime
    chat_id: int
    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """A message has a new version."""

    at: datetime
    chat_id: int
    message: Message
    before: Message


@dataclass(frozen=True, slots=True)
class MessageDeleted:
    """A message is gone."""

    at: datetime
    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class MessagePinned:
    """A message was pinned, or unpinned."""

    at: datetime
    chat_id: int
    message_id: int
    pinned: bool


@dataclass(frozen=True, slots=True)
class ReactionChanged:
    """Somebody's reactions to a message are now these."""

    at: datetime
    chat_id: int
    message_id: int
    user_id: int
    emoji: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ButtonPressed:
    """Somebody pressed a button."""

    at: datetime
    chat_id: int
    message_id: int
    user_id: int
    query_id: str
    data: str


@dataclass(frozen=True, slots=True)
class CallbackAnswered:
    """A bot answered a press; ``text`` is the toast on that person's phone."""

    at: datetime
    chat_id: int
    message_id: int
    user_id: int
    query_id: str
    text: str
    show_alert: bool
    took_seconds: float
    """From the press to this answer, on the world's clock."""


@dataclass(frozen=True, slots=True)
class ChatCreated:
    """A chat was opened."""

    at: datetime
    chat_id: int
    chat: Chat


@dataclass(frozen=True, slots=True)
class ChatUpgraded:
    """A group became a supergroup: the old id is of no use any more."""

    at: datetime
    chat_id: int
    new_chat_id: int


@dataclass(frozen=True, slots=True)
class TopicCreated:
    """A forum has a new topic."""

    at: datetime
    chat_id: int
    topic: Topic


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """Somebody's standing in a chat changed."""

    at: datetime
    chat_id: int
    before: Member
    after: Member


@dataclass(frozen=True, slots=True)
class WebhookChanged:
    """A bot set its webhook, or removed it (``url`` empty)."""

    at: datetime
    bot_id: int
    url: str


Change = (
    MessageSent
    | MessageEdited
    | MessageDeleted
    | MessagePinned
    | ReactionChanged
    | ButtonPressed
    | CallbackAnswered
    | ChatCreated
    | ChatUpgraded
    | TopicCreated
    | MemberChanged
    | WebhookChanged
)
Listener = Callable[[Change], None]
Found = TypeVar("Found")


class Changes:
    """The changes of the world in order, to be looked back at and followed."""

    def __init__(self) -> None:
        self.history: deque[Change] = deque(maxlen=KEPT)
        self.count = 0
        """How many there were in all; a mark for ``since``."""
        self._listeners: dict[int, Listener] = {}
        self._listener_key = 0

    def emit(self, change: Change) -> None:
        """Record a change and tell everybody who follows."""
        self.history.append(change)
        self.count += 1
        for listener in tuple(self._listeners.values()):
            listener(change)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` on each change from now on; the result stops it."""
        key = self._listener_key = self._listener_key + 1
        self._listeners[key] = listener

        def stop() -> None:
            self._listeners.pop(key, None)

        return stop

    @contextmanager
    def follow(self) -> Iterator[asyncio.Queue[Change]]:
        """A queue that receives each change while the context lasts."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        stop = self.listen(queue.put_nowait)
        try:
            yield queue
        finally:
            stop()

    def since(self, mark: int) -> list[Change]:
        """The remembered changes after the first ``mark``."""
        wanted = min(self.count - mark, len(self.history))
        return [self.history[index] for index in range(len(self.history) - wanted, len(self.history))]

    async def wait_for(
        self, predicate: Callable[[Change], object], timeout_seconds: float, since: int | None = None
    ) -> Change:
        """The first change that ``predicate`` accepts, from the mark ``since`` on (default: from now on).

        ``timeout_seconds`` are real seconds.

        Raises:
            TimeoutError: none came.
        """
        position = self.count if since is None else since

        def find() -> Change | None:
            nonlocal position
            fresh, position = self.since(position), self.count
            return next((change for change in fresh if predicate(change)), None)

        return await self.wait_until(find, timeout_seconds)

    async def wait_until(self, condition: Callable[[], Found | None], timeout_seconds: float) -> Found:
        """What ``condition`` gives as soon as it gives something true: now, or after some change.

        ``timeout_seconds`` are real seconds, whatever the speed of the world's clock.

        Raises:
            TimeoutError: it stayed false.
        """
        found = condition()
        if found:
            return found
        arrived: asyncio.Future[Found] = asyncio.get_running_loop().create_future()

        def check(_change: Change) -> None:
            if not arrived.done():
                try:
                    outcome = condition()
                except Exception as fault:  # noqa: BLE001 - the fault belongs to whoever waits
                    arrived.set_exception(fault)
                else:
                    if outcome:
                        arrived.set_result(outcome)

        stop = self.listen(check)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await arrived
        finally:
            stop()


class Journal:
    """Every request on the wire, oldest first."""

    def __init__(self) -> None:
        self.requests: deque[Request] = deque(maxlen=KEPT)
        self.outcomes: Counter[tuple[str, str | int]] = Counter()
        """How often each method had each outcome."""

    def record(self, request: Request) -> None:
        """Remember a request."""
        self.requests.append(request)
        self.outcomes[request.method, request.outcome] += 1

    @property
    def too_many(self) -> int:
        """How many requests were answered 429."""
        return sum(count for (_, outcome), count in self.outcomes.items() if outcome == 429)

    def of(self, *methods: str) -> list[Request]:
        """The remembered requests of these methods."""
        return [request for request in self.requests if request.method in methods]
