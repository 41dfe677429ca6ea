"""Recording what has happened, however long the database takes to come back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

import structlog

from bot.clock import Clock
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.store.transaction import Transaction

T = TypeVar("T")

_SHORTEST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 30.0

log = structlog.get_logger(__name__)


def backoff(tries: int, longest: float = _LONGEST_WAIT) -> float:
    """Seconds to wait after so many tries in a row have failed: 0.5, doubled each time, up to ``longest``."""
    return float(min(_SHORTEST_WAIT * 2 ** min(tries - 1, 10), longest))


@dataclass(frozen=True, slots=True)
class Recorded(Generic[T]):
    """What a use case gave. ``in_doubt``: an earlier commit of it seemed to fail, and may have taken effect."""

    result: T
    in_doubt: bool


async def record(store: Store, clock: Clock, use_case: Callable[[Transaction, datetime], T]) -> Recorded[T]:
    """Run ``use_case`` with the present moment, again and again until it is committed.

    Raises:
        LostLeadershipError: it never will be, because another process leads by now.
    """
    tries = 0
    while True:
        at = clock.now()
        try:
            result = await store.perform(_at(use_case, at))
        except LostLeadershipError:
            raise
        except Exception:
            tries += 1
            log.exception("record_failed", tries=tries)
            await clock.sleep(backoff(tries))
        else:
            return Recorded(result, in_doubt=tries > 0)


def _at(use_case: Callable[[Transaction, datetime], T], at: datetime) -> Callable[[Transaction], T]:
    return lambda tx: use_case(tx, at)
