"""Rendering a row of the outbox at the moment of sending: looks up what it shows, then renders."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.exercise import commcheck, hot_wash, improving
from bot.exercise.facts import LogEntry
from bot.exercise.model import Exercise
from bot.messages import (
    ActionList,
    CommCheck,
    CommCheckResult,
    Comparison,
    ComparisonChart,
    HotWashPost,
    HotWashResult,
    InjectPart,
    InjectPost,
    PublicSummary,
    RecordFile,
    ScenarioList,
    SentFiles,
    Summary,
    SummaryChart,
    UnitSummary,
)
from bot.report.account import Sending
from bot.report.record import record_json
from bot.service import library
from bot.store import directory, exercises, log, outbox
from bot.store.outbox import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.bundle import Fetch, bundle
from bot.wire.rendering.render import render
from bot.wire.rendering.rendered import Medium, Rendered
from bot.wire.rendering.view import Deaf, ScenarioEntry, View
from bot.wire.shelf import Shelf, bundled_folder

_OFF_THE_LOOP = (Comparison, ComparisonChart, SummaryChart, RecordFile, Summary, PublicSummary, UnitSummary)
"""What takes long to be made: pictures, files, and what reads a whole exercise."""


class Renderer:
    """Renders messages as things stand now; ``deaf`` says whether people are heard, ``shelf`` holds the media.

    ``fetch`` gives the files that people sent.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bot_username: str,
        language: str,
        deaf: Callable[[], Deaf | None] = lambda: None,
        shelf: Shelf | None = None,
        fetch: Fetch | None = None,
    ) -> None:
        self._fetch = fetch
        self._shelf = shelf or Shelf([bundled_folder()])
        self._deaf = deaf
        self._store = store
        self._clock = clock
        self._bot_username = bot_username
        self._language = language

    async def render(self, row: OutboxRow, repeat: bool) -> Rendered:
        """The message as it is to read now; pictures and files are made off the event loop."""
        view = await self._store.perform(lambda tx: self._view(tx, row))
        if isinstance(row.message, SentFiles) and self._fetch is not None:
            view = replace(view, bundle=await bundle(view.run, view.log, self._fetch))
        if isinstance(row.message, InjectPost | InjectPart):
            view = replace(view, medium=await self._medium(row.message, view))
        if isinstance(row.message, _OFF_THE_LOOP):
            return await asyncio.to_thread(render, row.message, view, repeat)
        return render(row.message, view, repeat)

    async def _medium(self, message: InjectPost | InjectPart, view: View) -> Medium | None:
        media = view.run.injects[message.inject].inject.media
        index = message.medium if isinstance(message, InjectPart) else 0
        return await self._shelf.find(media[index]) if media and index is not None else None

    def _view(self, tx: Transaction, row: OutboxRow) -> View:
        exercise = exercises.get(tx, row.exercise) if row.exercise is not None else None
        chosen = directory.language_of(tx, row.place.chat_id)
        language = chosen or (exercise.language if exercise else self._language)
        scenarios: tuple[ScenarioEntry, ...] = ()
        entries: Sequence[LogEntry] = ()
        record: bytes | None = None
        if isinstance(row.message, ScenarioList):
            scenarios = tuple(
                ScenarioEntry(s.id, s.title.in_language(language), len(s.units), len(s.injects), s.duration)
                for s in library.everything(tx)
            )
        if exercise and isinstance(row.message, Summary | RecordFile | SentFiles):
            entries = log.entries(tx, exercise.number)
        if exercise and isinstance(row.message, CommCheck | CommCheckResult):
            entries = log.entries(tx, exercise.number, commcheck.KINDS)
        if exercise and isinstance(row.message, HotWashPost | HotWashResult):
            entries = log.entries(tx, exercise.number, hot_wash.KINDS)
        if exercise and isinstance(row.message, ActionList):
            entries = log.entries(tx, exercise.number, improving.KINDS)
        if exercise and isinstance(row.message, RecordFile):
            record = record_json(exercise, entries, sending(tx, exercise))
        numbers = row.message.runs if isinstance(row.message, Comparison | ComparisonChart) else ()
        return View(
            exercise=exercise,
            compared=tuple(run for number in numbers if (run := exercises.get(tx, number))),
            language=language,
            now=self._clock.now(),
            bot_username=self._bot_username,
            scenarios=scenarios,
            record_json=record,
            log=tuple(entries),
            deaf=self._deaf(),
        )


def sending(tx: Transaction, exercise: Exercise) -> dict[tuple[str, str], Sending]:
    """Attempts at each delivery of an exercise, as the record shows them."""
    return {pair: Sending(*known) for pair, known in outbox.sending_of(tx, exercise.number).items()}
