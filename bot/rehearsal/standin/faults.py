"""Faults of the network and of Telegram, to be brought about on purpose.

The server asks :attr:`Faults.decide` about each request that names a real method of a real bot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ResetBefore:
    """The connection is cut and the request has no effect."""


@dataclass(frozen=True, slots=True)
class ResetAfter:
    """The request takes effect and the connection is cut instead of an answer."""


@dataclass(frozen=True, slots=True)
class Stall:
    """The request takes effect and its answer comes after ``seconds`` of the world's clock."""

    seconds: float


@dataclass(frozen=True, slots=True)
class HalfBody:
    """The request takes effect and the connection is cut in the middle of the answer."""


@dataclass(frozen=True, slots=True)
class BrokenJson:
    """The request takes effect and the answer is 200 with a body that is no JSON."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The request has no effect and the answer is an error, such as 401, 404, 409, 429 or 502."""

    code: int
    retry_after: int | None = None
    description: str | None = None
    """Telegram's words for the code unless given."""


@dataclass(frozen=True, slots=True)
class ErrorAfter:
    """The request takes effect and the answer is an error all the same, such as a gateway's 502 or 504."""

    code: int


Fault = ResetBefore | ResetAfter | Stall | HalfBody | BrokenJson | Refusal | ErrorAfter
Decision = Callable[[str, Mapping[str, Any]], Fault | None]


def no_fault(_method: str, _parameters: Mapping[str, Any]) -> Fault | None:
    """All goes well."""
    return None


@dataclass(slots=True)
class Faults:
    """What goes wrong, decided for each request from the method's name and its parameters as they came."""

    decide: Decision = field(default=no_fault)

    def clear(self) -> None:
        """Nothing goes wrong from now on."""
        self.decide = no_fault

    def once(self, fault: Fault, *methods: str) -> None:
        """Bring ``fault`` about at the next request of one of ``methods`` (of any, if none is named)."""
        self.script([fault], *methods)

    def script(self, faults: "list[Fault | None]", *methods: str) -> None:
        """Bring these about one after the other, one a request of ``methods``; ``None`` lets one pass."""
        remaining = list(faults)

        def decide(method: str, _parameters: Mapping[str, Any]) -> Fault | None:
            if remaining and (not methods or method in methods):
                return remaining.pop(0)
            return None

        self.decide = decide
