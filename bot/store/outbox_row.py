"""A message in the outbox, as a value."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.exercise.people import Place
from bot.messages import Message


class Priority(IntEnum):
    """What goes first, among chats; urgent messages go first within a chat too."""

    URGENT = 0
    """A real emergency, and its end."""
    INJECT = 1
    REPLY = 2
    """Said to one chat: the answer that somebody waits for, and what the director has to know."""
    NOTICE = 3
    """Said to every unit; of a large exercise that takes half a minute."""


class OutboxState(StrEnum):
    """Where a message stands. ``SENDING`` is committed before the request leaves."""

    PENDING = "pending"
    SENDING = "sending"
    RETRY = "retry"
    """Not sent, for certain: to be tried again."""
    UNCERTAIN = "uncertain"
    """The attempt ended without an answer: it may have been sent."""
    HELD = "held"
    """Kept back while a real emergency lasts."""
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be tried."""
        return self in {OutboxState.SENT, OutboxState.FAILED, OutboxState.SKIPPED}


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message to one place. Where ``wanted`` exceeds ``shown``, what the chat shows is out of date."""

    id: int
    exercise: int | None
    place: Place
    reply_to: int | None
    priority: Priority
    message: Message
    state: OutboxState
    attempts: int
    not_before: datetime | None
    created_at: datetime
    wanted: int
    shown: int
    message_id: int | None
    edited_at: datetime | None
    possible_duplicate: bool

    @property
    def out_of_date(self) -> bool:
        """Whether the message in the chat is to be edited."""
        return self.state is OutboxState.SENT and self.wanted > self.shown

    def evolve(self, **changes: object) -> "OutboxRow":
        """This row with ``changes``."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the field names are checked by replace
