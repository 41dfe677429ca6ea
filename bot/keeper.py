"""The keeper: erases people from exercises that ended longer ago than names are to be kept."""

from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from bot.clock import Clock
from bot.service import erasing
from bot.service.erasing import By, Wanted
from bot.store import exercises
from bot.store.cleansing import NotCleansedError
from bot.store.erasing import forget_asides, naming_people
from bot.store.leases import LostLeadershipError
from bot.store.store import Store

EVERY: Final = timedelta(days=1)
"""Between two looks."""
SOON: Final = timedelta(hours=1)
"""Until the next look, where an exercise went on at the last."""

log = structlog.get_logger(__name__)


class Keeper:
    """Looks at the start and once a day; one per process that leads."""

    def __init__(self, store: Store, clock: Clock, keep: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._keep = keep

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            looked = await self.look()
            await self._clock.sleep((EVERY if looked else SOON).total_seconds())

    async def look(self) -> bool:
        """Look once; false while an exercise goes on, which nothing is to hold up. Trouble ends this look alone."""
        try:
            if await self._store.perform(lambda tx: [e for e in exercises.not_over(tx) if e.state.is_under_way]):
                return False
            await self._look()
        except LostLeadershipError:
            raise
        except NotCleansedError as failure:
            log.warning("not_cleansed", why=str(failure))
        except Exception:
            log.exception("keeping_failed")
        return True

    async def _look(self) -> None:
        at = self._clock.now()
        before = at - self._keep
        gone = await self._store.perform(lambda tx: forget_asides(tx, before))
        numbers = await self._store.perform(lambda tx: naming_people(tx, before))
        for number in numbers:
            done = await self._store.perform(partial(erasing.erase, number=number, wanted=Wanted(By.RETENTION), at=at))
            log.info("erased", exercise=number, **done.removed)
        if numbers or gone.total():
            log.info("erased_beside_exercises", **gone)
            await self._store.cleanse()
