"""Fetching updates: asked for, committed to the inbox, and only then confirmed.

Telegram forgets an update once a request asks for a later one, so the next request goes out when the updates of
the last one are on record, and not before. No answer of Telegram's ends the loop.

While another program takes updates with the same token, that stays the trouble, whatever comes in between.
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from telegram.error import Conflict, RetryAfter
from telegram.request import BaseRequest

from bot.clock import Clock
from bot.service import receiving
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.wire.attention import Attention
from bot.wire.calls import post
from bot.wire.failures import classify
from bot.wire.inbox import Inbox
from bot.wire.recording import backoff
from bot.wire.rival import Rival
from bot.wire.updates import received

WANTED: Final = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
"""The kinds of update that mean something here."""
_AT_ONCE: Final = 100
"""As many updates as Telegram gives in one answer."""
_LONG_POLL: Final = 30
"""Seconds that Telegram holds a request open while there is nothing to tell."""
_PATIENCE: Final = 10.0
"""Seconds beyond that after which the line counts as dead."""
_INTERRUPTION: Final = 3.0
"""Real seconds without an open request after which updates may have waited at Telegram's."""
_BREATH: Final = 0.25
"""Seconds between requests to a server that answers at once with nothing."""
_LONGEST_WAIT: Final = 15.0
_IDLE: Final = timedelta(days=1)

log = structlog.get_logger(__name__)


class Poller:
    """Fetches updates for one bot; ``base_url`` is the Bot API's with the token. Only one may run per bot."""

    brought: Final = False

    def __init__(
        self,
        request: BaseRequest,
        base_url: str,
        store: Store,
        clock: Clock,
        inbox: Inbox,
        *,
        attention: Attention | None = None,
    ) -> None:
        self._request = request
        self._base_url = base_url
        self._store = store
        self._clock = clock
        self._inbox = inbox
        self._offset: int | None = None
        self._last_update_at: datetime | None = None
        self._catching_up = True
        self._attention = attention or Attention()
        self._rival = Rival(clock)
        self._webhook_removed = False
        self._tries = 0
        self._asked = asyncio.Event()
        self.last_good_at: datetime | None = None
        """When Telegram last gave a good answer."""
        self.trouble = ""
        """Why no updates come, or not all, in Telegram's words or the network's; empty while they do."""
        self.trouble_since: datetime | None = None

    async def run(self) -> None:
        """Fetch updates until cancelled."""
        await self._request.initialize()
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._attention.run(), name="attention")
                while True:
                    wait = await self._try()
                    self._asked.set()
                    if wait:
                        await self._clock.sleep(wait)
        finally:
            await self._request.shutdown()

    async def asked(self, patience: float) -> None:
        """Return when the first request has ended, or after ``patience`` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._asked.wait()

    async def _try(self) -> float:
        """One request; gives the seconds to wait before the next."""
        try:
            wait = await self._poll()
        except LostLeadershipError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever happens, the next request may succeed
            return await self._failed(error)
        self._tries = 0
        self._report(self._rival.words)
        return wait

    async def _poll(self) -> float:
        began = self._clock.now()
        if self.last_good_at is None or self._real_seconds(self.last_good_at, began) > _INTERRUPTION:
            self._catching_up = True
        catching_up = self._catching_up
        # What waited at Telegram's is fetched without waiting for more, so that only that counts as backlog.
        updates = await self._ask(0 if catching_up else _LONG_POLL)
        at = self._clock.now()
        # Of what is found waiting after an absence, nobody can say when it came.
        was_away = self._attention.was_away()
        rows = received(updates, at, backlog=catching_up or was_away)
        if rows:
            new = await self._store.perform(lambda tx: receiving.receive(tx, rows))
            self._inbox.take(new)
            self._offset = max(row.update_id for row in rows) + 1
            self._last_update_at = at
        self._catching_up = was_away or (catching_up and len(updates) >= _AT_ONCE)
        self.last_good_at = at
        held_open = catching_up or self._real_seconds(began, at) >= _BREATH
        return 0.0 if rows or held_open else _BREATH

    async def _ask(self, wait: int) -> list[Any]:
        if self._last_update_at and self._clock.now() - self._last_update_at > _IDLE:
            # After a week without updates Telegram goes on with any number, lower ones too.
            self._offset = None
        parameters = {"timeout": wait, "limit": _AT_ONCE, "offset": self._offset, "allowed_updates": list(WANTED)}
        result: object = await post(self._request, self._base_url, "getUpdates", parameters, wait + _PATIENCE)
        if not isinstance(result, list):
            raise TypeError("the answer holds no list of updates")
        return result

    async def _failed(self, error: Exception) -> float:
        words = classify(error).words
        self._tries += 1
        self._report(words)
        if isinstance(error, Conflict):
            await self._conflict(words)
        wait = classify(error).retry_after if isinstance(error, RetryAfter) else 0.0
        return max(wait, backoff(self._tries, _LONGEST_WAIT))

    async def _conflict(self, words: str) -> None:
        """Another program polls, or has set a webhook; one that is found once is left from another time."""
        webhook = "webhook" in words.casefold()
        if not webhook or self._webhook_removed:
            self._rival.met(words)
        if webhook:
            await self._remove_webhook()

    def _report(self, words: str) -> None:
        if words and words != self.trouble:
            log.warning("polling_failed", why=words)
        elif self.trouble and not words:
            log.info("polling_recovered")
        self.trouble = words
        self.trouble_since = (self.trouble_since or self._clock.now()) if words else None

    async def _remove_webhook(self) -> None:
        """A webhook is left from another time; updates that wait are kept."""
        try:
            await self._request.post(f"{self._base_url}/deleteWebhook")
        except Exception as error:  # noqa: BLE001  # the next request tells again
            log.warning("webhook_not_removed", why=classify(error).words)
        else:
            self._webhook_removed = True
            log.warning("webhook_removed")

    def _real_seconds(self, earlier: datetime, later: datetime) -> float:
        return self._clock.real_seconds((later - earlier).total_seconds())
