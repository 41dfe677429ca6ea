"""What can be known of a bot at work, at any moment of its life: the source of health and metrics."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.clock import Clock
from bot.store.inbox import InboxRow
from bot.store.outbox import oldest_open
from bot.store.store import Store
from bot.wire.inbox import Inbox
from bot.wire.outbox import Outbox
from bot.wire.rendering.view import Deaf

DATABASE_PATIENCE: Final = 3.0
"""Real seconds after which the database counts as out of reach."""
LONGEST_SILENCE: Final = timedelta(seconds=90)
"""Without a good answer for that long, updates do not come: a long poll takes 40 seconds at most."""
BLIP: Final = timedelta(seconds=10)
"""Trouble that is over so soon is not worth telling people."""
LONGEST_WAIT: Final = timedelta(minutes=5)
"""A message that is older has not gone out in time for anything."""


class Leadership(Protocol):
    """Whether this process is the one that polls, ticks and sends."""

    @property
    def leads(self) -> bool:
        """Whether it is, at this moment."""
        ...

    @property
    def trouble(self) -> str:
        """Why the lease can neither be had nor kept; empty while it can."""
        ...

    def may_speak(self) -> bool:
        """Whether requests may go to Telegram."""
        ...


class Intake(Protocol):
    """Where updates come from: a poller, or a webhook."""

    @property
    def last_good_at(self) -> datetime | None:
        """When Telegram last gave a good answer."""
        ...

    @property
    def trouble(self) -> str:
        """Why no updates come; empty while they do."""
        ...

    @property
    def trouble_since(self) -> datetime | None:
        """Since when."""
        ...

    @property
    def brought(self) -> bool:
        """Whether Telegram brings them, by way of whatever stands before the door."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be well; ``detail`` says what was seen.

    ``needed``: the process is not ready without it.
    """

    name: str
    ok: bool
    detail: str
    needed: bool = True


@dataclass(slots=True)
class Vitals:
    """The parts of the bot that are looked at. They come to life one by one, and not at all on one that stands by."""

    store: Store
    clock: Clock
    leadership: Leadership
    inbox: Inbox | None = None
    outbox: Outbox | None = None
    intake: Intake | None = None
    catching_up: Callable[[], bool] = lambda: True
    """Whether what a webhook brings now may have waited at Telegram's."""

    def take(self, rows: Sequence[InboxRow]) -> None:
        """Have updates that are on record handled, where it is this process that handles them."""
        if self.inbox is not None:
            self.inbox.take(rows)

    def deaf(self) -> Deaf | None:
        """That people are not heard, once that has gone on for longer than a blip."""
        intake = self.intake
        if intake is None or intake.trouble_since is None or self.clock.now() - intake.trouble_since < BLIP:
            return None
        return Deaf(intake.trouble_since, intake.trouble)

    async def oldest_undelivered(self) -> datetime | None:
        """When the oldest message that still waits was put into the outbox.

        Raises:
            Exception: the database cannot be read; `TimeoutError` where it does not answer.
        """
        async with asyncio.timeout(DATABASE_PATIENCE):
            return await self.store.perform(oldest_open)

    async def checks(self) -> list[Check]:
        """Everything that has to be well for the bot to do its work; one that stands by needs its database alone."""
        leads, trouble = self.leadership.leads, self.leadership.trouble
        detail = "held" if leads else "standing by"
        lease = Check("lease", ok=not trouble, detail=f"{detail}; {trouble}".rstrip("; "))
        try:
            oldest = await self.oldest_undelivered()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is out of reach
            return [Check("database", ok=False, detail=self.store.trouble or type(error).__name__), lease]
        database = Check("database", ok=True, detail="reachable")
        if not leads:
            return [database, lease]
        return [database, lease, self._updates(), self._delivery(oldest)]

    def _updates(self) -> Check:
        intake = self.intake
        if intake is None:
            return Check("updates", ok=False, detail="starting")
        if intake.last_good_at is None:
            return Check("updates", ok=False, detail=intake.trouble or "starting", needed=not self._brought)
        age = self.clock.now() - intake.last_good_at
        well = age <= LONGEST_SILENCE and self.deaf() is None
        detail = f"last good answer {age.total_seconds():.0f} s ago; {intake.trouble}".rstrip("; ")
        return Check("updates", ok=well, detail=detail, needed=not self._brought)

    def _delivery(self, oldest: datetime | None) -> Check:
        if oldest is None:
            return Check("delivery", ok=True, detail="nothing waits")
        age = self.clock.now() - oldest
        trouble = self.outbox.trouble if self.outbox else ""
        detail = f"oldest undelivered message {age.total_seconds():.0f} s old"
        detail = f"{detail}; {trouble}".rstrip("; ")
        return Check("delivery", ok=age <= LONGEST_WAIT, detail=detail, needed=not self._brought)

    @property
    def _brought(self) -> bool:
        """Whether updates come by way of a proxy, which brings nothing to a process that is not ready.

        Trouble with Telegram would be made worse by that, and trouble with the webhook kept for ever.
        """
        return self.intake is not None and self.intake.brought
