"""Rendering a row of the outbox at the moment of sending: looks up what it shows, then renders."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.accounts import told_in_summary
from bot.clock import Clock
from bot.exercise import commcheck, hot_wash, improving
from bot.exercise.facts import LogEntry
from bot.messages import (
    ActionList,
    Board,
    CommCheck,
    CommCheckResult,
    Comparison,
    ComparisonChart,
    ConfirmEnd,
    HotWashPost,
    HotWashResult,
    InjectPart,
    InjectPost,
    PublicSummary,
    RecordFile,
    ScenarioCard,
    ScenarioFile,
    ScenarioList,
    SentFiles,
    Summary,
    SummaryChart,
    UnitSummary,
)
from bot.service import library
from bot.store import directory, exercises, log
from bot.store.outbox import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.summary_book import SummaryBook
from bot.wire.bundle import OF_FILES, Fetch, bundle
from bot.wire.press import Press
from bot.wire.rendering.render import render
from bot.wire.rendering.rendered import Medium, Rendered
from bot.wire.rendering.summaries import form_of
from bot.wire.rendering.view import Deaf, ScenarioEntry, View
from bot.wire.shelf import Shelf, bundled_folder

_OFF_THE_LOOP = (
    Board,
    Comparison,
    ComparisonChart,
    ConfirmEnd,
    HotWashResult,
    PublicSummary,
    ScenarioFile,
    Summary,
    UnitSummary,
)
"""What takes long to be made: what reads a whole exercise, and a workbook."""
_OUT_OF_THE_LOG = (ActionList, CommCheck, CommCheckResult, HotWashPost, HotWashResult, SentFiles, Summary)
"""What is told out of the log, which may be long to look through."""


class Renderer:
    """Renders messages as things stand now; ``deaf`` says whether people are heard, ``shelf`` holds the media.

    ``press`` makes the files of the record, ``fetch`` gives the files that people sent, ``book`` has the
    summary's pages.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        bot_username: str,
        language: str,
        press: Press,
        deaf: Callable[[], Deaf | None] = lambda: None,
        shelf: Shelf | None = None,
        fetch: Fetch | None = None,
        book: SummaryBook | None = None,
    ) -> None:
        self._press = press
        self._book = book or SummaryBook()
        self._fetch = fetch
        self._shelf = shelf or Shelf([bundled_folder()])
        self._deaf = deaf
        self._store = store
        self._clock = clock
        self._bot_username = bot_username
        self._language = language

    async def render(self, row: OutboxRow, repeat: bool) -> Rendered:
        """The message as it is to read now; what takes long is made off the event loop."""
        view = self._remembered(row)
        if view is None:
            long = isinstance(row.message, _OUT_OF_THE_LOG)
            view = await self._store.perform(lambda tx: self._view(tx, row), long=long)
        if isinstance(row.message, Summary):
            view = replace(view, pages=await self._book.pages(view.run, view.language, view.log))
        if isinstance(row.message, SentFiles) and self._fetch is not None:
            view = replace(view, bundle=await bundle(view.run, view.log, self._fetch))
        if isinstance(row.message, SummaryChart | RecordFile):
            view = replace(view, file=await self._press(view.run.number, form_of(row.message), view.language))
        if isinstance(row.message, InjectPost | InjectPart):
            view = replace(view, medium=await self._medium(row.message, view))
        if isinstance(row.message, _OFF_THE_LOOP):
            return await asyncio.to_thread(render, row.message, view, repeat)
        return render(row.message, view, repeat)

    async def _medium(self, message: InjectPost | InjectPart, view: View) -> Medium | None:
        media = view.run.injects[message.inject].inject.media
        index = message.medium if isinstance(message, InjectPart) else 0
        return await self._shelf.find(media[index]) if media and index is not None else None

    def _remembered(self, row: OutboxRow) -> View | None:
        """What an inject is rendered from, where the last commit has left that in memory: no turn is waited for."""
        memory = self._store.memory
        if not isinstance(row.message, InjectPost) or row.place.chat_id not in memory.languages:
            return None
        exercise = memory.exercises.get(row.message.exercise)
        if exercise is None:
            return None
        language = memory.languages[row.place.chat_id] or exercise.language
        return View(exercise, language, self._clock.now(), self._bot_username, deaf=self._deaf())

    def _view(self, tx: Transaction, row: OutboxRow) -> View:
        exercise = exercises.get(tx, row.exercise) if row.exercise is not None else None
        chosen = directory.language_of(tx, row.place.chat_id)
        language = chosen or (exercise.language if exercise else self._language)
        scenarios: tuple[ScenarioEntry, ...] = ()
        entries: Sequence[LogEntry] = ()
        if isinstance(row.message, ScenarioList):
            scenarios = tuple(
                ScenarioEntry(s.id, s.title.in_language(language), len(s.units), len(s.injects), s.duration)
                for s in library.everything(tx)
            )
        if exercise and isinstance(row.message, Summary):
            entries = told_in_summary(tx, exercise.number)
        if exercise and isinstance(row.message, SentFiles):
            entries = log.entries(tx, exercise.number, OF_FILES)
        if exercise and isinstance(row.message, CommCheck | CommCheckResult):
            entries = log.entries(tx, exercise.number, commcheck.KINDS)
        if exercise and isinstance(row.message, HotWashPost | HotWashResult):
            entries = log.entries(tx, exercise.number, hot_wash.KINDS)
        if exercise and isinstance(row.message, ActionList):
            entries = log.entries(tx, exercise.number, improving.KINDS)
        numbers = row.message.runs if isinstance(row.message, Comparison | ComparisonChart) else ()
        scenario = (
            library.find(tx, row.message.scenario) if isinstance(row.message, ScenarioCard | ScenarioFile) else None
        )
        return View(
            exercise=exercise,
            compared=tuple(run for number in numbers if (run := exercises.get(tx, number))),
            language=language,
            now=self._clock.now(),
            bot_username=self._bot_username,
            scenarios=scenarios,
            scenario=scenario,
            log=tuple(entries),
            deaf=self._deaf(),
        )
