"""What goes wrong between the bot and Telegram, and when: decided by the seed.

Every run has a mixture of its own: some kinds of fault, often or seldom, and outages of the whole line. Runs with
few kinds of fault reach states that runs with all of them hardly ever do.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from random import Random
from typing import Final


class Fault(StrEnum):
    """A way for a request to end badly."""

    REFUSED = "connection refused"
    UNREACHED = "no connection in time"
    RESET_BEFORE = "reset before it took effect"
    RESET_AFTER = "reset after it took effect"
    STALL_BEFORE = "no answer, no effect"
    STALL_AFTER = "no answer, but it took effect"
    HALF_BODY = "reset within the answer"
    BROKEN_JSON = "200 with broken JSON"
    GATEWAY_BEFORE = "502, no effect"
    GATEWAY_AFTER = "502, but it took effect"
    FLOOD = "429"
    UNAUTHORISED = "401"
    NOT_FOUND = "404"
    CONFLICT = "409"

    @property
    def takes_effect(self) -> bool:
        """Whether Telegram does what it was asked."""
        return self in _EFFECTIVE


_EFFECTIVE: Final = {
    Fault.RESET_AFTER,
    Fault.STALL_AFTER,
    Fault.HALF_BODY,
    Fault.BROKEN_JSON,
    Fault.GATEWAY_AFTER,
}
_OF_LINES: Final = (Fault.REFUSED, Fault.UNREACHED, Fault.RESET_BEFORE, Fault.STALL_BEFORE, Fault.GATEWAY_BEFORE)
_OF_POLLS_ALONE: Final = {Fault.CONFLICT}
_PACED: Final = ("send", "edit")
_BROKEN_GATEWAYS: Final = 0.2
"""The share of drills with a time in which whatever is said is answered 502, while updates come all the same."""


@dataclass(frozen=True, slots=True)
class Outage:
    """From ``began`` until ``ends``, in seconds, every request ends in ``fault``."""

    began: float
    ends: float
    fault: Fault


class Weather:
    """Decides the fate of each request.

    What is chosen by ``apart`` came to the weather later, and left the drills that it is not in as they were.
    """

    def __init__(self, random: Random, length: float, apart: Random) -> None:
        self._random = random
        kinds = list(Fault)
        self.kinds = random.sample(kinds, random.randint(1, len(kinds)))
        """The faults of this run."""
        self.share = random.choice((0.0, 0.02, 0.06, 0.15, 0.3))
        """Of the requests that one of them befalls."""
        self.outages = [self._an_outage(length) for _ in range(random.choice((0, 0, 1, 1, 2, 3)))]
        self._flooded: dict[int, float] = {}
        self._all_flooded = (0.0, 0.0)
        if Fault.FLOOD in self.kinds and random.random() < 0.3:
            began = random.uniform(0.0, length)
            self._all_flooded = (began, began + random.uniform(2.0, 15.0))
        self.gateways = [_a_broken_gateway(apart, length)] if apart.random() < _BROKEN_GATEWAYS else []
        self.cleared = False
        """Nothing goes wrong any more."""

    def fate(self, method: str, chat_id: int | None, second: float) -> Fault | None:  # noqa: PLR0911 - the first that applies
        """What befalls a request that leaves at that second."""
        if self.cleared:
            return None
        for outage in self.outages:
            if outage.began <= second < outage.ends:
                return outage.fault
        if method.startswith(_PACED) and any(gateway.began <= second < gateway.ends for gateway in self.gateways):
            return Fault.GATEWAY_BEFORE
        if method.startswith(_PACED) and self.silence(chat_id, second) > 0:
            return Fault.FLOOD
        if self._random.random() >= self.share:
            return None
        fault = self._random.choice(self.kinds)
        if method == "getMe" and fault in {Fault.UNAUTHORISED, Fault.NOT_FOUND}:
            # At the start a token that is not accepted is taken to be wrong, and ends the program.
            return Fault.RESET_BEFORE
        if fault in _OF_POLLS_ALONE and method != "getUpdates":
            return None
        if fault is Fault.FLOOD and method.startswith(_PACED) and chat_id is not None:
            self._flooded[chat_id] = second + self._random.uniform(1.0, 12.0)
        return fault

    def silence(self, chat_id: int | None, second: float) -> int:
        """Whole seconds of silence that Telegram asks for in a chat."""
        began, ends = self._all_flooded
        until = max(ends if began <= second else 0.0, self._flooded.get(chat_id or 0, 0.0))
        return max(0, ceil(until - second))

    def latency(self) -> float:
        """Seconds that one way takes."""
        return self._random.uniform(0.01, 0.15)

    def _an_outage(self, length: float) -> Outage:
        began = self._random.uniform(0.0, length)
        lasts = self._random.choice((self._random.uniform(1.0, 10.0), self._random.uniform(10.0, 90.0)))
        return Outage(began, began + lasts, self._random.choice(_OF_LINES))


def _a_broken_gateway(random: Random, length: float) -> Outage:
    began = random.uniform(0.0, length)
    lasts = random.choice((random.uniform(20.0, 60.0), random.uniform(60.0, 180.0)))
    return Outage(began, began + lasts, Fault.GATEWAY_BEFORE)
