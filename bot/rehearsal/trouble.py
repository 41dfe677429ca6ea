"""Trouble on request: the next calls of the bot go wrong in a way of one's choice."""

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, assert_never

from bot.rehearsal.standin.faults import Fault, Refusal, ResetAfter, ResetBefore, Stall

SPARED = frozenset({"getUpdates", "getMe", "getWebhookInfo", "setWebhook", "deleteWebhook"})
"""Methods that go on: trouble is for what the bot says."""
RETRY_AFTER_SECONDS = 5
STALL_SECONDS = 12.0
"""Real seconds that a stalled answer takes."""


class Kind(StrEnum):
    """What can go wrong."""

    TOO_MANY = "too_many"
    """429 with a time to wait."""
    RESET_BEFORE = "reset_before"
    """The line breaks before the call takes effect."""
    RESET_AFTER = "reset_after"
    """The line breaks after it, before the answer."""
    STALL = "stall"
    """The answer takes long."""
    BAD_GATEWAY = "bad_gateway"
    """502, with no effect."""


class Trouble:
    """What is still to go wrong, each kind for so many calls, and what has.

    ``speed`` tells how fast the world's clock goes, so that a stall is as long as it would be in life.
    """

    def __init__(self, speed: Callable[[], float] = lambda: 1.0) -> None:
        self._speed = speed
        self.left: Counter[Kind] = Counter()
        self.struck: Counter[Kind] = Counter()
        self.on_change: Callable[[], None] = lambda: None

    def bring(self, kind: Kind, count: int) -> None:
        """Let so many more calls go wrong."""
        self.left[kind] += count
        self.on_change()

    def clear(self) -> None:
        """Let all go well from now on."""
        self.left.clear()
        self.on_change()

    def decide(self, method: str, _parameters: Mapping[str, Any]) -> Fault | None:
        """What becomes of a call; fits :attr:`Faults.decide`."""
        if method in SPARED:
            return None
        kind = next((one for one in Kind if self.left[one] > 0), None)
        if kind is None:
            return None
        self.left[kind] -= 1
        self.struck[kind] += 1
        self.on_change()
        return self._fault(kind)

    def _fault(self, kind: Kind) -> Fault:
        match kind:
            case Kind.TOO_MANY:
                return Refusal(429, RETRY_AFTER_SECONDS)
            case Kind.RESET_BEFORE:
                return ResetBefore()
            case Kind.RESET_AFTER:
                return ResetAfter()
            case Kind.STALL:
                return Stall(STALL_SECONDS * self._speed())
            case Kind.BAD_GATEWAY:
                return Refusal(502)
            case _:
                assert_never(kind)
