"""Updates brought to a bot's webhook by POST, one after the other, again and again until they are taken."""

import asyncio
import logging
from collections.abc import Callable
from itertools import count

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.rehearsal.standin.bots import Bot, Webhook
from bot.rehearsal.standin.journal import Change, WebhookChanged
from bot.rehearsal.standin.updates import WaitingUpdate
from bot.rehearsal.standin.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LONGEST_PAUSE = 60.0
ANSWER_WITHIN = ClientTimeout(total=60)
log = logging.getLogger(__name__)


class WebhookCourier:
    """Serves the webhooks of all bots of a world while it is started."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rounds: dict[int, asyncio.Task[None]] = {}
        self._session: ClientSession | None = None
        self._stop_listening: Callable[[], None] | None = None

    async def start(self) -> None:
        """Serve the webhooks that are set, and those that will be."""
        self._session = ClientSession(timeout=ANSWER_WITHIN)
        self._stop_listening = self._world.changes.listen(self._notice)
        for bot in self._world.bots.values():
            self._restart(bot)

    async def stop(self) -> None:
        """Serve no more."""
        if self._stop_listening is not None:
            self._stop_listening()
        rounds = list(self._rounds.values())
        self._rounds.clear()
        for one in rounds:
            one.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _notice(self, change: Change) -> None:
        if isinstance(change, WebhookChanged):
            bot = self._world.bot_of(change.bot_id)
            if bot is not None:
                self._restart(bot)

    def _restart(self, bot: Bot) -> None:
        running = self._rounds.pop(bot.id, None)
        if running is not None:
            running.cancel()
        bot.updates.on_arrival = None
        if bot.webhook is not None and self._session is not None:
            self._rounds[bot.id] = asyncio.create_task(self._round(bot, bot.webhook, self._session))

    async def _round(self, bot: Bot, webhook: Webhook, session: ClientSession) -> None:
        arrived = asyncio.Event()
        bot.updates.on_arrival = arrived.set
        while True:
            arrived.clear()
            while (update := bot.updates.first()) is not None:
                await self._bring(update, bot, webhook, session)
            await arrived.wait()

    async def _bring(self, update: WaitingUpdate, bot: Bot, webhook: Webhook, session: ClientSession) -> None:
        """Bring one update until it is taken or its life is over."""
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers[SECRET_HEADER] = webhook.secret_token
        body = orjson.dumps(update.payload)
        for attempt in count():
            try:
                async with session.post(webhook.url, data=body, headers=headers) as response:
                    await response.read()
                    if 200 <= response.status < 300:
                        bot.updates.confirm(update.update_id + 1)
                        return
                    failure = f"Wrong response from the webhook: {response.status} {response.reason}"
            except (ClientError, TimeoutError) as fault:
                failure = f"Connection failed: {fault}"
            webhook.last_error_at, webhook.last_error = self._world.clock.now(), failure
            log.info("webhook of bot %s: %s", bot.id, failure)
            await self._world.clock.sleep(min(LONGEST_PAUSE, 2.0**attempt))
            if self._world.clock.now() >= update.expires_at:
                return
