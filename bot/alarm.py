"""The alarm clock: wakes an exercise at its next moment. Never the truth.

Jobs live in memory only and are set anew from the record at every start, so a crash loses none; a job that is
late runs all the same, however late. What is due is decided by the exercise when it is woken, not by the alarm.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock

Wake = Callable[[int], Awaitable[None]]


class Alarm:
    """One job per exercise: the moment at which it is next to be looked at."""

    def __init__(self, clock: Clock, wake: Wake) -> None:
        self._clock = clock
        self._wake = wake
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True})

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more."""
        self._scheduler.shutdown(wait=False)

    def set(self, exercise: int, moment: datetime | None) -> None:
        """Ring for an exercise at ``moment``, and not at the moment set before; ``None``: not at all."""
        if moment is None:
            try:
                self._scheduler.remove_job(str(exercise))
            except JobLookupError:
                return
            return
        self._scheduler.add_job(
            self._wake,
            "date",
            run_date=self._clock.on_the_wall(moment),
            args=(exercise,),
            id=str(exercise),
            replace_existing=True,
        )
