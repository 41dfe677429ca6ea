"""A bot that answers each message with its text, once: the wire from end to end, with nothing else.

Run as ``python -m tests.wire.echo DATABASE_URL API_URL TOKEN`` until it is killed.
"""

import asyncio
import sys
from contextlib import AsyncExitStack

from telegram import Bot, Update

from bot.clock import Clock, WallClock
from bot.exercise.people import Place
from bot.messages import Plain
from bot.service import receiving
from bot.store import outbox as record
from bot.store.outbox_row import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.inbox import Inbox, Receipt
from bot.wire.logs import set_up_logging
from bot.wire.outbox import Outbox
from bot.wire.pacing import Rate, Rates
from bot.wire.polling import Poller
from bot.wire.rendering.rendered import Rendered
from bot.wire.request import AiohttpRequest

FAST = Rates(Rate(10_000, 1), Rate(10_000, 1), Rate(10_000, 1))
REPEAT = " (repeat)"


class EchoRenderer:
    """Shows the words that are to be echoed."""

    async def render(self, row: OutboxRow, repeat: bool) -> Rendered:
        assert isinstance(row.message, Plain)
        return Rendered(row.message.key + (REPEAT if repeat else ""))


class Echo:
    """Answers updates of an open store."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def handle(self, update: Update, receipt: Receipt) -> None:
        message = update.effective_message
        if message is None or not message.text:
            return
        words, place, at = message.text, Place(message.chat_id, message.message_thread_id), self._clock.now()

        def answer(tx: Transaction) -> None:
            record.add(tx, Plain(key=words), place, at)

        await self._store.perform(receiving.once(receipt.update_id, answer))


async def run(database: str, api: str, token: str) -> None:
    """Echo until killed."""
    clock = WallClock()
    store = Store(database)
    await store.open()
    async with AsyncExitStack() as stack:
        request = await stack.enter_async_context(AiohttpRequest(read=1.0))
        bot = Bot(token, base_url=f"{api}/bot", request=request, get_updates_request=AiohttpRequest())
        inbox = Inbox(bot, store, clock, Echo(store, clock).handle)
        outbox = Outbox(bot, store, clock, EchoRenderer(), rates=FAST)
        poller = Poller(AiohttpRequest(), f"{api}/bot{token}", store, clock, inbox)
        await asyncio.gather(outbox.run(), inbox.run(), poller.run())


if __name__ == "__main__":
    set_up_logging("error", sys.argv[3])
    asyncio.run(run(*sys.argv[1:]))
