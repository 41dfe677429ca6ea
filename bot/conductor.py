"""Watches over every exercise that lives: wakes it, keeps its board current, posts its summary."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from bot.accounts import told_in_summary
from bot.alarm import Alarm
from bot.clock import Clock
from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.report.timeline import unit_pages
from bot.service import running
from bot.store import exercises
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.summary_book import SummaryBook

log = structlog.get_logger(__name__)

SAFETY_SECONDS = 5.0
"""How often every exercise is looked at, alarm or not: also the pace of the board."""
BOARD_SECONDS = 15.0
"""How old the clock on a board may become while it runs, and with it the time that units have left."""
INTERRUPTION_SECONDS = 30.0
"""Real seconds without a look at an exercise after which it counts as left alone."""

SENDINGS_SECONDS = 0.5
"""How long sendings are gathered before their exercise is looked at: what they begin takes longer to run out."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MOVE_NOTHING = {
    FactKind.ACKNOWLEDGED,
    FactKind.PROGRESSED,
    FactKind.REPORTED,
    FactKind.REPORT_GREW,
    FactKind.CORRECTED,
    FactKind.NOTED,
    FactKind.RATED,
    FactKind.REFUSED,
    FactKind.HOT_WASH_RATED,
    FactKind.HOT_WASH_ANSWERED,
}
"""Facts after which nothing is due any sooner; there can be hundreds of them a second."""


class Conductor:
    """The passing of time, brought to the exercises; one per process.

    ``cut_off`` says whether nothing reaches Telegram, so that what comes late by then is not sent blindly later;
    ``deaf``, whether people are not heard, which the boards show. ``hot_wash`` is how long units are asked after
    ENDEX how it went; not at all where it is nothing. ``files`` are the forms of the
    record that come with the summary.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        cut_off: Callable[[], bool] = lambda: False,
        deaf: Callable[[], bool] = lambda: False,
        hot_wash: timedelta = timedelta(),
        files: Sequence[Form] = (),
        book: SummaryBook | None = None,
    ) -> None:
        self._book = book or SummaryBook()
        self._hot_wash = hot_wash
        self._files = files
        self._cut_off = cut_off
        self._deaf = deaf
        self._was_deaf = False
        self._store = store
        self._clock = clock
        self._alarm = Alarm(clock, self._advance)
        self._touched: set[int] = set()
        self._work = asyncio.Event()
        self._sent: set[int] = set()
        self._sendings = asyncio.Event()
        self._out_of_date: set[int] = set()
        self._looked: dict[int, datetime] = {}
        """When each exercise was last looked at with success; at the start, none was."""
        self._closing: set[int] = set()
        """Exercises whose summary is being made: of a large one that takes seconds, and is not to be begun again."""
        self._shown: dict[int, datetime] = {}
        """When each exercise's board was last brought up to date."""

    async def run(self) -> None:
        """Watch until cancelled."""
        self._store.subscribe(self._hear)
        self._alarm.start()
        try:
            async with asyncio.TaskGroup() as watching:
                watching.create_task(self._follow(), name="conductor: follow")
                watching.create_task(self._follow_sendings(), name="conductor: follow sendings")
                watching.create_task(self._look_around(), name="conductor: look around")
        finally:
            self._alarm.stop()

    async def look(self) -> None:
        """Look at every exercise once: before anything is sent, so that what is left over and too late is held."""
        numbers = await self._store.perform(running.live, long=True)
        for number in numbers:
            await self._advance(number)
        before, self._was_deaf = self._was_deaf, self._deaf()
        if self._was_deaf is not before:
            self._out_of_date.update(numbers)

    async def _look_around(self) -> None:
        while True:
            await self.look()
            await self._refresh_boards()
            await self._clock.sleep(SAFETY_SECONDS)

    async def _refresh_boards(self) -> None:
        changed, self._out_of_date = self._out_of_date, set()
        now = self._clock.now()
        for number in await self._store.perform(running.under_way):
            if now - self._shown.get(number, _LONG_AGO) >= timedelta(seconds=BOARD_SECONDS):
                changed.add(number)
        for number in changed:
            self._shown[number] = now
            await self._store.perform(_with_number(running.refresh_board, number))

    def _hear(self, transaction: Transaction) -> None:
        self._out_of_date |= transaction.touched
        # What was steered or sent may have moved the next moment.
        kinds = {(exercise.number, fact.kind) for exercise, fact in transaction.facts}
        sent = {number for number, kind in kinds if kind is FactKind.SENT}
        moved = {number for number, kind in kinds if kind is not FactKind.SENT and kind not in _MOVE_NOTHING}
        if moved:
            self._touched |= moved
            self._work.set()
        if sent:
            self._sent |= sent
            self._sendings.set()

    async def _follow(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            touched, self._touched = self._touched, set()
            for number in touched:
                await self._advance(number)

    async def _follow_sendings(self) -> None:
        while True:
            await self._sendings.wait()
            await self._clock.sleep(SENDINGS_SECONDS)
            self._sendings.clear()
            sent, self._sent = self._sent, set()
            for number in sent:
                await self._advance(number)

    async def _advance(self, number: int) -> None:
        at = self._clock.now()
        reference = self._clock.reference
        try:
            interrupted = self._was_left_alone(number, at) or self._cut_off()
            moment = await self._store.perform(
                lambda tx: running.advance(tx, number, at, reference, interrupted=interrupted), long=True
            )
            self._looked[number] = at
            self._alarm.set(number, moment)
            await self._close(number)
        except LostLeadershipError:
            raise
        except Exception:
            # The safety look comes again; one exercise's trouble is not the others'.
            log.exception("advance_failed", exercise=number)

    def _was_left_alone(self, number: int, at: datetime) -> bool:
        last = self._looked.get(number)
        return last is None or self._clock.real_seconds((at - last).total_seconds()) > INTERRUPTION_SECONDS

    async def _close(self, number: int) -> None:
        if number not in self._closing:
            self._closing.add(number)
            try:
                await self._summarise(number)
            finally:
                self._closing.discard(number)

    async def _summarise(self, number: int) -> None:
        """Post the summary of an exercise that is over, once what it reports has settled."""
        at = self._clock.now()
        if not await self._store.perform(lambda tx: _owes_summary(tx, number, at), long=True):
            return
        await self._store.perform(lambda tx: running.seal(tx, number, at))
        exercise, entries = await self._store.perform(lambda tx: _sealed(tx, number), long=True)
        pages = await self._book.pages(exercise, exercise.language, entries)
        await self._store.perform(lambda tx: running.summarise(tx, number, at, len(pages), self._files))
        by_unit = await asyncio.to_thread(_count_pages, exercise)
        await self._store.perform(
            lambda tx: running.summarise_units(tx, number, at, by_unit, self._hot_wash), long=True
        )


def _owes_summary(tx: Transaction, number: int, at: datetime) -> bool:
    """Whether the exercise's summary is to be posted now; to know that takes a look at every delivery."""
    exercise = exercises.get(tx, number)
    return exercise is not None and running.ready_for_summary(exercise, at)


def _sealed(tx: Transaction, number: int) -> tuple[Exercise, Sequence[LogEntry]]:
    exercise = exercises.get(tx, number)
    if exercise is None:
        raise LookupError(f"exercise {number} is gone")
    return exercise, told_in_summary(tx, number)


def _count_pages(exercise: Exercise) -> dict[str, int]:
    return {
        unit: len(unit_pages(exercise, unit, exercise.language))
        for unit, seat in exercise.seats.items()
        if seat.place is not None
    }


def _with_number(use_case: Callable[[Transaction, int], None], number: int) -> Callable[[Transaction], None]:
    return lambda tx: use_case(tx, number)
