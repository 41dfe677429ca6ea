"""What a failed request means: was it sent, and what now? Pure.

Telegram knows no idempotency key and cannot be asked what it did, so the cause of the failure decides.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiohttp import ClientConnectorError, ConnectionTimeoutError
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from bot.wire.redaction import redact


class FailureKind(StrEnum):
    """What is known about a request that failed."""

    NOT_SENT = "not_sent"
    """Telegram was not reached: try again."""
    FLOOD = "flood"
    """Refused for now: try again after a wait."""
    MAYBE_SENT = "maybe_sent"
    """It may or may not have been carried out."""
    REFUSED = "refused"
    """Refused for good."""
    MIGRATED = "migrated"
    """The group has become a supergroup under a new id."""
    UNAUTHORISED = "unauthorised"
    """The token was not accepted, so nothing was done: try again."""


class OutOfTermError(NetworkError):
    """This process may not speak for the bot any more: nothing was sent."""


_CHAT_GONE: Final = (
    "bot was kicked",
    "bot was blocked",
    "bot is not a member",
    "bot can't initiate conversation",
    "user is deactivated",
    "user is blocked",
    "group chat was deleted",
    "group chat was deactivated",
    "chat was deleted",
    "chat not found",
    "peer_id_invalid",
)
_TOPIC_GONE: Final = ("message thread not found", "topic_deleted")
_UNCHANGED: Final = "message is not modified"
_MESSAGE_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed request: its ``kind`` and Telegram's ``words`` (or the network's), free of secrets."""

    kind: FailureKind
    words: str
    retry_after: float = 0.0
    """Seconds, with ``FLOOD``."""
    new_chat_id: int | None = None
    """With ``MIGRATED``."""

    @property
    def unanswered(self) -> bool:
        """Whether it was not Telegram that answered, or nobody did."""
        return self.kind in {FailureKind.NOT_SENT, FailureKind.UNAUTHORISED, FailureKind.MAYBE_SENT}

    @property
    def chat_gone(self) -> bool:
        """Whether the chat can no longer be reached at all."""
        return self.kind is FailureKind.REFUSED and self._says(*_CHAT_GONE)

    @property
    def topic_gone(self) -> bool:
        """Whether the topic of the forum is no more; others of it may be as good as before."""
        return self.kind is FailureKind.REFUSED and self._says(*_TOPIC_GONE)

    @property
    def unchanged(self) -> bool:
        """Whether an edit was refused because the message already reads like that."""
        return self.kind is FailureKind.REFUSED and self._says(_UNCHANGED)

    @property
    def message_gone(self) -> bool:
        """Whether an edit was refused because the message cannot be edited any more."""
        return self.kind is FailureKind.REFUSED and self._says(*_MESSAGE_GONE)

    def _says(self, *phrases: str) -> bool:
        words = self.words.casefold()
        return any(phrase in words for phrase in phrases)


def classify(error: BaseException) -> Failure:
    """What ``error``, raised by a call of :class:`telegram.Bot`, means.

    Whatever is not known to be otherwise may have been sent.
    """
    words = redact(str(error) or type(error).__name__)
    match error:
        case RetryAfter():
            return Failure(FailureKind.FLOOD, words, retry_after=_seconds(error))
        case ChatMigrated():
            return Failure(FailureKind.MIGRATED, words, new_chat_id=error.new_chat_id)
        case _:
            return Failure(_kind(error), words)


def _kind(error: BaseException) -> FailureKind:
    match error:
        case InvalidToken() | EndPointNotFound():
            return FailureKind.UNAUTHORISED
        case Forbidden() | BadRequest():
            return FailureKind.REFUSED
        case Conflict() | OutOfTermError():
            return FailureKind.NOT_SENT
        case NetworkError() if isinstance(error.__cause__, ClientConnectorError | ConnectionTimeoutError):
            return FailureKind.NOT_SENT
        case _:
            return FailureKind.MAYBE_SENT


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
