"""Where drills are run: the parts of the bot that reach for the machine are given the universe instead."""

import asyncio
import contextlib
import gc
import logging
import secrets
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator, MutableMapping
from datetime import datetime, tzinfo
from pathlib import Path
from random import Random
from typing import Any, Final

import aiohttp
import aiosqlite.core
import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval
import structlog
from sqlalchemy import event
from sqlalchemy.exc import SAWarning
from sqlalchemy.pool import Pool

import bot.clock
import bot.leadership
import bot.report.chart
import bot.store.line
import bot.store.store
from bot.rehearsal.standin.pictures import plain_png
from bot.store.store import Store
from tests.simulation.disk import DiskConnection, watch_connections
from tests.simulation.drill import Drill, Outcome
from tests.simulation.line import Session
from tests.simulation.record import Record
from tests.simulation.thrift import garbage_left_lying, shared
from tests.simulation.universe import VirtualLoop

_ERRORS_OF_OURS: Final = {
    "advance_failed",
    "attempt_broke",
    "render_failed",
    "update_failed",
    "update_not_settled",
    "update_quarantined",
}
"""What the bot logs where it meets an error in itself: no fault of the world's may bring these about."""


class Laboratory:
    """Runs drills one after the other in this process, each on a fresh database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._empty = folder / "empty.db"
        self._drill: Drill | None = None
        self._salts = Random(0)

    @classmethod
    @contextlib.contextmanager
    def open(cls) -> Iterator["Laboratory"]:
        """A laboratory with a folder of its own, in memory where the machine has such a place."""
        memory = Path("/dev/shm")  # noqa: S108  # the folder made in it is nobody else's
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            laboratory = cls(Path(folder))
            asyncio.run(_make_tables(laboratory._empty))
            with garbage_left_lying(), laboratory._in_place():
                yield laboratory

    def run(self, seed: int) -> Outcome:
        """Play the drill of a seed."""
        database = self._folder / "drill.db"
        for leftover in self._folder.glob("drill.db*"):
            leftover.unlink()
        shutil.copyfile(self._empty, database)
        # The seals of the log are told in the chats, and depend on them.
        self._salts.seed(seed)
        self._drill = Drill(seed, database)
        with warnings.catch_warnings():
            # What dead processes leave of their connections is told of when it is swept up.
            warnings.simplefilter("ignore", SAWarning)
            try:
                return self._drill.run()
            finally:
                self._drill = None
                gc.collect()

    def record(self) -> Record:
        """What the bot has kept of the drill that was run last."""
        return Record.read(self._folder / "drill.db")

    @contextlib.contextmanager
    def _in_place(self) -> Iterator[None]:
        replaced: list[tuple[Any, str, Any]] = [
            (secrets, "token_hex", lambda size: self._salts.randbytes(size).hex()),
            (aiosqlite.core, "Connection", DiskConnection),
            (aiohttp, "ClientSession", Session),
            (apscheduler.schedulers.base, "datetime", _VirtualDatetime),
            (apscheduler.executors.base, "datetime", _VirtualDatetime),
            (apscheduler.triggers.interval, "datetime", _VirtualDatetime),
            (bot.clock, "time", _VirtualTime),
            (bot.leadership, "time", _VirtualTime),
            # With replicas the file stands for a server's database.
            (bot.store.store, "is_sqlite", self._is_a_file),
            (bot.store.line, "is_sqlite", self._is_a_file),
            # What is frozen would never be let go of, over thousands of processes.
            (gc, "freeze", lambda: None),
            # Drawing takes most of a second, and what it draws is no matter here.
            (bot.report.chart, "chart_png", lambda *_: plain_png()),
            *shared(),
        ]
        before = [(module, name, getattr(module, name)) for module, name, _ in replaced]
        configuration = structlog.get_config()
        # What is told of dead processes' remains.
        for name in ("apscheduler", "sqlalchemy.pool"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        structlog.configure(processors=[self._overhear], wrapper_class=structlog.make_filtering_bound_logger(30))
        for module, name, value in replaced:
            setattr(module, name, value)
        try:
            event.listen(Pool, "connect", watch_connections)
            yield
        finally:
            event.remove(Pool, "connect", watch_connections)
            for module, name, value in before:
                setattr(module, name, value)
            structlog.configure(**configuration)

    def _is_a_file(self, _engine: object) -> bool:
        return self._drill is None or not self._drill.replicas

    def _overhear(self, _logger: object, _level: str, line: MutableMapping[str, Any]) -> str:
        error = sys.exc_info()[1]
        # What stood frozen past its time is given up and tried again, as it should be.
        late = isinstance(error, TimeoutError) and self._drill is not None and self._drill.was_frozen_lately()
        if self._drill is not None and line.get("event") in _ERRORS_OF_OURS and not late:
            self._drill.failures.append(f"{line['event']}: {line.get('why') or repr(error)}")
        raise structlog.DropEvent


class _VirtualDatetime(datetime):
    """What the alarm's scheduler takes for the wall clock."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # the moment is a plain datetime
        loop = asyncio.get_running_loop()
        if not isinstance(loop, VirtualLoop):
            raise TypeError("there is no virtual time outside a simulated process")
        return loop.universe.now().astimezone(tz)


class _VirtualTime:
    """What stands in for the module ``time``."""

    CLOCK_BOOTTIME = None

    @staticmethod
    def monotonic() -> float:
        """Seconds since the beginning."""
        return asyncio.get_running_loop().time()


async def _make_tables(database: Path) -> None:
    store = Store(f"sqlite+aiosqlite:///{database}")
    await store.open()
    await store.close()
