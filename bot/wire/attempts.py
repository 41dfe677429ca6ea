"""One attempt at one message, from the claim to the record of its end.

A claim is committed before the request leaves, so whatever happens in between is found again as a message that
may have been sent. The end of an attempt is recorded however long the database takes to come back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, assert_never

import structlog
from telegram import Bot

from bot.clock import Clock
from bot.messages import InjectPart, InjectPost
from bot.service import sending
from bot.store import outbox
from bot.store.leases import LostLeadershipError
from bot.store.outbox_row import OutboxRow, OutboxState, Priority
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire import courier
from bot.wire.courier import Leave
from bot.wire.failures import Failure, FailureKind, classify
from bot.wire.reach import Reach
from bot.wire.recording import backoff, record
from bot.wire.rendering.rendered import Rendered
from bot.wire.uploads import Uploads

REPEAT_AFTER: Final = 30.0
"""Seconds after which a message that may not have arrived is repeated."""
MOST_TRIES: Final = 20
"""After so many, whether it has arrived is left open, whatever the message."""
RENDER_TRIES: Final = 3
"""A message that cannot be rendered is given up after this many tries."""

log = structlog.get_logger(__name__)


class Renderer(Protocol):
    """Turns a message into what Telegram is asked to show."""

    async def render(self, row: OutboxRow, repeat: bool) -> Rendered:
        """The row as it reads now; ``repeat`` says that it may be in the chat already."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended.

    ``row`` is the message as the record has it now, ``None`` where nothing is to be done about it any more.
    ``again_in`` is how many seconds it has to wait where it is still to do.
    """

    row: OutboxRow | None
    failure: Failure | None = None
    again_in: float = 0.0
    reached: bool = False
    """Whether Telegram has answered."""


class Attempts:
    """Carries out sends and edits, each with its end recorded. ``leave`` is waited for before each request."""

    def __init__(self, bot: Bot, store: Store, clock: Clock, renderer: Renderer, reach: Reach) -> None:
        self._bot = bot
        self._reach = reach
        self._store = store
        self._clock = clock
        self._renderer = renderer
        self._uploads = Uploads(store)
        self._failures: dict[int, int] = {}
        """Failures in a row that the record does not count: of rendering, and of edits."""
        self._answers: dict[int, int] = {}
        """How many requests had been answered when a message that may have arrived was last tried."""

    async def send(self, waiting: OutboxRow, leave: Leave) -> Outcome:
        """Claim a message, send it, and record what came of it."""
        row = await self._record(waiting, lambda tx, at: sending.claim(tx, waiting, at))
        # A claim in whose commit there was doubt may come back as another state's row.
        if row is None or row.state is not OutboxState.SENDING:
            return Outcome(None)
        try:
            rendered = await self._renderer.render(row, row.possible_duplicate)
        except LostLeadershipError:
            raise
        except Exception as error:
            log.exception("render_failed", message=row.id, kind=row.message.type)
            return await self._not_rendered(row, f"cannot be rendered: {type(error).__name__}")
        self._failures.pop(row.id, None)
        try:
            posted = await courier.send(self._bot, row.place, row.reply_to, rendered, self._uploads, leave)
        except Exception as error:  # noqa: BLE001  # every error has its meaning, and the unknown one too
            failure = classify(error)
            self._reach.ended(failure, row.place.chat_id)
            log.warning("send_failed", message=row.id, chat=row.place.chat_id, kind=failure.kind, why=failure.words)
            wait = _wait(row, failure)
            return Outcome(await self._record(row, self._end(row, failure, wait)), failure, again_in=wait)
        self._reach.ended(None, row.place.chat_id)
        self._answers.pop(row.id, None)
        done = await self._record(
            row, lambda tx, at: sending.sent(tx, row.id, at, posted.message_id, posted.date, row.place)
        )
        return Outcome(done, reached=True)

    async def edit(self, row: OutboxRow, leave: Leave) -> Outcome:
        """Bring a message up to date where it stands, and record what it shows now."""
        if row.message_id is None:
            return Outcome(await self._shown(row, gone=True))
        try:
            rendered = await self._renderer.render(row, row.possible_duplicate)
        except LostLeadershipError:
            raise
        except Exception:
            log.exception("render_failed", message=row.id, kind=row.message.type)
            if self._count_failure(row) < RENDER_TRIES:
                return Outcome(row, again_in=backoff(self._failures[row.id]))
            return Outcome(await self._shown(row))
        try:
            await courier.edit(self._bot, row.place, row.message_id, rendered, leave)
        except Exception as error:  # noqa: BLE001  # every error has its meaning, and the unknown one too
            failure = classify(error)
            self._reach.ended(failure, row.place.chat_id)
            return await self._edit_failed(row, failure)
        self._reach.ended(None, row.place.chat_id)
        return Outcome(await self._shown(row), reached=True)

    async def _edit_failed(self, row: OutboxRow, failure: Failure) -> Outcome:
        if failure.unchanged:
            return Outcome(await self._shown(row), reached=True)
        log.warning("edit_failed", message=row.id, chat=row.place.chat_id, kind=failure.kind, why=failure.words)
        match failure.kind:
            case FailureKind.REFUSED:
                gone = failure.message_gone or failure.chat_gone or failure.topic_gone
                shut_out = failure.words if failure.chat_gone else ""
                return Outcome(await self._shown(row, gone=gone, shut_out=shut_out), failure)
            case FailureKind.FLOOD:
                return Outcome(row, failure, again_in=failure.retry_after)
            case FailureKind.MIGRATED:
                return Outcome(await self._record(row, lambda tx, at: _leave_behind(tx, row, failure, at)), failure)
            case FailureKind.NOT_SENT | FailureKind.UNAUTHORISED | FailureKind.MAYBE_SENT:
                # Showing the same state twice does no harm, so an edit that may have been made is just made again.
                return Outcome(row, failure, again_in=backoff(self._count_failure(row)))
            case _:
                assert_never(failure.kind)

    async def _shown(self, row: OutboxRow, *, gone: bool = False, shut_out: str = "") -> OutboxRow | None:
        self._failures.pop(row.id, None)
        return await self._record(
            row, lambda tx, at: sending.shown(tx, row.id, row.wanted, at, gone=gone, shut_out=shut_out)
        )

    async def _not_rendered(self, row: OutboxRow, why: str) -> Outcome:
        tries = self._count_failure(row)
        if tries < RENDER_TRIES:
            wait = backoff(tries)
            later = timedelta(seconds=wait)
            again = await self._record(row, lambda tx, at: sending.retry(tx, row.id, at, at + later, why))
            return Outcome(again, again_in=wait)
        self._failures.pop(row.id, None)
        return Outcome(await self._record(row, lambda tx, at: sending.failed(tx, row.id, at, why)))

    def _end(
        self, row: OutboxRow, failure: Failure, wait: float
    ) -> Callable[[Transaction, datetime], OutboxRow | None]:
        """The use case that records how a send has failed."""
        later = timedelta(seconds=wait)
        match failure.kind:
            case FailureKind.NOT_SENT | FailureKind.UNAUTHORISED | FailureKind.FLOOD:
                return lambda tx, at: sending.retry(tx, row.id, at, at + later, failure.words)
            case FailureKind.MAYBE_SENT:
                again = self._is_repeated(row)
                return lambda tx, at: sending.uncertain(tx, row.id, at, at + later if again else None, failure.words)
            case FailureKind.REFUSED:
                chat, topic = failure.chat_gone, failure.topic_gone
                return lambda tx, at: sending.failed(tx, row.id, at, failure.words, chat_gone=chat, topic_gone=topic)
            case FailureKind.MIGRATED:
                return lambda tx, at: _move(tx, row, failure, at)
            case _:
                assert_never(failure.kind)

    def _is_repeated(self, row: OutboxRow) -> bool:
        """Whether a message that may have arrived is sent again.

        Once, in any case. That an attempt has no answer while nobody's has one tells nothing about the message, and
        does not count. Of an inject whose repeat had none, the director is asked; what else there is to say asks
        nobody, so it is repeated until Telegram answers, unless it has answered others meanwhile: then the message
        itself may be to blame, and must not hold up its chat. A real emergency is told until it is certain.
        """
        answers = self._reach.answers
        others_answered = answers != self._answers.get(row.id, answers)
        self._answers[row.id] = answers
        if not row.possible_duplicate:
            return True
        if row.attempts >= MOST_TRIES:
            return False
        nobody_is = bool(self._reach.trouble)
        asked_about = isinstance(row.message, InjectPost | InjectPart)
        return nobody_is or row.priority is Priority.URGENT or not (asked_about or others_answered)

    async def _record(
        self, row: OutboxRow, use_case: Callable[[Transaction, datetime], OutboxRow | None]
    ) -> OutboxRow | None:
        """The row as ``use_case`` leaves it, or as the record has it where that may have run twice."""
        recorded = await record(self._store, self._clock, use_case)
        if recorded.result is None and recorded.in_doubt:
            recorded = await record(self._store, self._clock, lambda tx, _: outbox.find(tx, row.id))
        return recorded.result

    def _count_failure(self, row: OutboxRow) -> int:
        self._failures[row.id] = self._failures.get(row.id, 0) + 1
        return self._failures[row.id]


def _wait(row: OutboxRow, failure: Failure) -> float:
    """Seconds until the next try of a send, where there is to be one."""
    match failure.kind:
        case FailureKind.NOT_SENT | FailureKind.UNAUTHORISED:
            return backoff(row.attempts)
        case FailureKind.FLOOD:
            return failure.retry_after
        case FailureKind.MAYBE_SENT:
            # Hearing of a real emergency twice harms less than hearing of it late.
            return backoff(row.attempts) if row.priority is Priority.URGENT else REPEAT_AFTER
        case FailureKind.REFUSED | FailureKind.MIGRATED:
            return 0.0
        case _:
            assert_never(failure.kind)


def _leave_behind(tx: Transaction, row: OutboxRow, failure: Failure, at: datetime) -> OutboxRow | None:
    """Rebind everything to the supergroup but the message itself, which cannot be edited any more."""
    if failure.new_chat_id is not None:
        sending.migrated(tx, row.place.chat_id, failure.new_chat_id, at)
    return sending.shown(tx, row.id, row.wanted, at, gone=True)


def _move(tx: Transaction, row: OutboxRow, failure: Failure, at: datetime) -> OutboxRow | None:
    """Rebind everything to the supergroup, and try again there."""
    if failure.new_chat_id is not None:
        sending.migrated(tx, row.place.chat_id, failure.new_chat_id, at)
    return sending.retry(tx, row.id, at, at, failure.words)
