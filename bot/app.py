"""The composition root: the one place where the parts of the bot are put together."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, CallbackContext, ExtBot

from bot.auditor import Auditor
from bot.clock import Clock, WallClock
from bot.clockwatch import ClockWatch
from bot.conductor import Conductor
from bot.databasewatch import DatabaseWatch
from bot.factlog import log_facts
from bot.guarded_reading import GuardedReader
from bot.keeper import Keeper
from bot.leadership import Leadership
from bot.own_scenarios import take_in
from bot.printing import Printer
from bot.settings import BadSettingError, Settings
from bot.store.claim import claimed
from bot.store.store import Store
from bot.summary_book import SummaryBook
from bot.texts import catalogue
from bot.web.metrics import Metrics
from bot.web.server import front
from bot.web.vitals import Vitals
from bot.wire.inbox import Handle, HandlePress, Inbox, Receipt
from bot.wire.logs import set_up_logging
from bot.wire.menus import Menus
from bot.wire.outbox import Outbox
from bot.wire.picture_keeper import PictureKeeper
from bot.wire.polling import Poller
from bot.wire.press import Press
from bot.wire.renderer import Renderer
from bot.wire.request import AiohttpRequest
from bot.wire.shelf import Shelf, bundled_folder
from bot.wire.unrecorded import Unrecorded
from bot.wire.webhook import Webhook
from handlers.desk import Desk
from handlers.files import Files
from handlers.membership import Membership
from handlers.register import RECEIPT, Routes

log = structlog.get_logger(__name__)

_FAREWELL_SECONDS = 3.0
_FIRST_ANSWER_SECONDS = 1.0
"""How long the answer to the first poll is waited for before anything else is done."""
_FAILURES: ContextVar[list[BaseException]] = ContextVar("failures")


async def run_bot(settings: Settings) -> None:
    """Run the bot until SIGTERM or SIGINT.

    Raises:
        BadSettingError: a setting is missing, or Telegram does not know the token.
        BadDatabaseError: another bot runs on the same SQLite file.
        OutdatedSchemaError: the database needs `geladi migrate`.
    """
    token = settings.read_token()
    set_up_logging(settings.log, token)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    with claimed(settings.database_url):
        await run_until(stop, settings, token, WallClock())
    log.info("stopped")


async def run_until(
    stop: asyncio.Event, settings: Settings, token: str, clock: Clock, media: Sequence[Path] = ()
) -> None:
    """Run the bot as :func:`running` has it until ``stop`` is set, which ends the start too: that may wait long.

    Raises:
        BadSettingError: as by :func:`running`.
        OutdatedSchemaError: the database needs `geladi migrate`.
    """
    store = Store(settings.database_url)
    at_work = asyncio.Event()

    async def serve() -> None:
        async with running(settings, token, store, clock, media):
            at_work.set()
            await stop.wait()

    serving = asyncio.create_task(serve(), name="serve")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not at_work.is_set():
            serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    token: str,
    store: Store,
    clock: Clock,
    media: Sequence[Path] = (),
    press: Press | None = None,
) -> AsyncIterator[None]:
    """The whole bot, for as long as the context lasts: at work, or standing by for another that is.

    A store that is not open yet is opened behind the front, which tells how it stands with its database while that is
    waited for; whoever gave the store closes it.

    ``media`` are further folders in which the media of scenarios lie. ``press`` makes the files of the report; without
    one it is a process for each.

    Raises:
        BadSettingError: Telegram does not know the token, or the address to serve at cannot be had.
        OutdatedSchemaError: the database needs `geladi migrate`.
    """
    leadership = Leadership(store, token, f"{socket.gethostname()[:24]}-{clock.reference()}")
    vitals, metrics = Vitals(store, clock, leadership), Metrics()
    async with (
        front(settings, vitals, metrics),
        _opened(store),
        _introduced(settings, token, leadership) as bot,
        # Should one part ever fail, all stop together: a bot that does half its work is worse than one restarted.
        asyncio.TaskGroup() as process,
    ):
        keeping: asyncio.Task[None] | None = None
        if settings.webhook_url:
            webhook = Webhook(bot, clock, settings.webhook_url, settings.webhook_secret.get_secret_value())
            vitals.intake, vitals.catching_up = webhook, lambda: webhook.catching_up
            keeping = process.create_task(webhook.run(), name="webhook")
        if not settings.owners:
            log.warning("no_owners", hint="GELADI_OWNERS is empty: nobody can begin an exercise")
        log.info("started", bot=bot.username, database=settings.database_url.partition("://")[0])
        own = [settings.scenarios] if settings.scenarios else []
        shelf = Shelf([*media, *own, bundled_folder()])
        make = press or Printer(store.url)
        watch = DatabaseWatch(clock, Unrecorded(bot, clock).say)
        process.create_task(
            leadership.run(lambda term: _at_work(settings, token, bot, term, vitals, metrics, shelf, make, watch))
        )
        yield
        if keeping is not None:
            keeping.cancel()
        leadership.stop()


@contextlib.asynccontextmanager
async def _opened(store: Store) -> AsyncIterator[None]:
    """The store, once its database has answered."""
    await store.open()
    yield


@contextlib.asynccontextmanager
async def _introduced(settings: Settings, token: str, leadership: Leadership) -> AsyncIterator[ExtBot[None]]:
    """The bot, once Telegram has said who it is."""
    bot = ExtBot(
        token,
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=AiohttpRequest(permit=leadership.may_speak),
        get_updates_request=AiohttpRequest(),
    )
    try:
        # Nobody's first press shall wait for the texts: they are read while Telegram answers.
        await asyncio.gather(_greet(bot), asyncio.to_thread(catalogue.read))
        yield bot
    finally:
        await bot.shutdown()


@contextlib.asynccontextmanager
async def _at_work(
    settings: Settings,
    token: str,
    bot: ExtBot[None],
    store: Store,
    vitals: Vitals,
    metrics: Metrics,
    shelf: Shelf,
    press: Press,
    watch: DatabaseWatch,
) -> AsyncIterator[None]:
    """The parts that only one process at a time may have at work, on the store of its term."""
    clock = vitals.clock
    store.subscribe(log_facts)
    store.subscribe(metrics.heard)
    store.count_batches(metrics.committed)
    # Never shut down: that would shut down the bot, which outlives the term.
    application = Application.builder().bot(bot).updater(None).job_queue(None).build()
    await application.initialize()
    membership = Membership(bot, clock)
    files = Files(bot, GuardedReader())
    desk = Desk(store, clock, frozenset(settings.owners), settings.timezone, settings.language, membership, files)
    routes = Routes(desk, bot)
    routes.register(application)
    application.add_error_handler(_keep_failure)

    handle, press_button = _doors(application, routes, clock, metrics)
    others_receive = store.shared and bool(settings.webhook_url)
    inbox = Inbox(bot, store, clock, handle, press=press_button, quarantined=metrics.put_aside, shared=others_receive)
    book = SummaryBook()
    renderer = Renderer(store, clock, bot.username, settings.language, press, vitals.deaf, shelf, files.fetch, book)
    outbox = Outbox(bot, store, clock, renderer, rates=settings.rates, observer=metrics.attempted)
    conductor = Conductor(
        store,
        clock,
        cut_off=lambda: bool(outbox.trouble),
        deaf=lambda: vitals.deaf() is not None,
        hot_wash=settings.hot_wash,
        files=settings.files,
        book=book,
    )
    if settings.scenarios:
        await take_in(settings.scenarios, store, clock)
    poller: Poller | None = None
    if not settings.webhook_url:
        request = AiohttpRequest(permit=vitals.leadership.may_speak)
        poller = vitals.intake = Poller(request, f"{settings.api_url}/bot{token}", store, clock, inbox)
    try:
        async with asyncio.TaskGroup() as parts:
            tasks: list[asyncio.Task[None]] = []
            if poller is not None:
                # What people press meanwhile is heard and stored, however long it takes to read what is under way.
                tasks.append(parts.create_task(poller.run(), name="poller"))
                await poller.asked(_FIRST_ANSWER_SECONDS)
            await conductor.look()
            # What is in memory by now, whole exercises among it, stays there: no need to look for garbage in it again.
            gc.freeze()
            vitals.inbox, vitals.outbox = inbox, outbox
            work = {"inbox": inbox.run(), "conductor": conductor.run()}
            work |= _watchers(store, clock, watch, settings.keep_days)
            work["pictures"] = PictureKeeper(store, clock, files.fetch).run()
            work["menus"] = Menus(bot, store, clock, settings.language).run()
            sending = parts.create_task(outbox.run(), name="outbox")
            tasks += [parts.create_task(part, name=name) for name, part in work.items()]
            yield
            await _wind_down(outbox, sending, tasks)
    finally:
        vitals.inbox = vitals.outbox = None
        if poller is not None:
            vitals.intake = None


def _doors(
    application: Application[Any, Any, Any, Any, Any, Any], routes: Routes, clock: Clock, metrics: Metrics
) -> tuple[Handle, HandlePress]:
    """Where updates come in: presses of buttons by a door of their own."""

    async def handle(update: Update, receipt: Receipt) -> None:
        RECEIPT.set(receipt)
        failures: list[BaseException] = []
        _FAILURES.set(failures)
        await application.process_update(update)
        if failures:
            raise failures[0]

    async def press_button(query: Mapping[str, Any], receipt: Receipt) -> None:
        await routes.press(query, receipt)
        if not receipt.backlog:
            taken = clock.now() - receipt.received_at
            metrics.pressed(clock.real_seconds(taken.total_seconds()))

    return handle, press_button


def _watchers(
    store: Store, clock: Clock, watch: DatabaseWatch, keep: timedelta | None
) -> dict[str, Coroutine[Any, Any, None]]:
    """What looks after the others."""
    auditor = Auditor(store, clock)
    watchers = {"auditor": auditor.run(), "database watch": watch.run(store)}
    if isinstance(clock, WallClock):
        watchers["clock watch"] = ClockWatch(store, clock, auditor.wind_up).run()
    if keep is not None:
        watchers["keeper"] = Keeper(store, clock, keep).run()
    return watchers


async def _wind_down(outbox: Outbox, sending: asyncio.Task[None], others: Sequence[asyncio.Task[None]]) -> None:
    """Stop taking in, and let what is under way to Telegram end: cut off, it would be repeated at the next start."""
    for task in others:
        task.cancel()
    outbox.stop()
    await asyncio.wait([sending], timeout=_FAREWELL_SECONDS)
    sending.cancel()


async def _keep_failure(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
    """The application swallows what a handler raises; the inbox has to know, to try again."""
    if context.error is not None:
        _FAILURES.get().append(context.error)


async def _greet(bot: Bot) -> None:
    """Learn who the bot is; a line that is down is waited for, a wrong token is not."""
    delay = 0.5
    while True:
        try:
            await bot.initialize()
        except InvalidToken:
            raise BadSettingError("GELADI_TOKEN: Telegram does not know this token") from None
        except TelegramError as error:
            log.warning("telegram_unreachable", why=str(error), retry_seconds=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 15.0)
        else:
            return
