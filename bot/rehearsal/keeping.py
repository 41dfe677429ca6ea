"""A rehearsal in a file: the world, who plays what, the clock, and what came of the script so far."""

import asyncio
import os
import threading
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from bot.clock import PacedClock
from bot.rehearsal.cast import Cast
from bot.rehearsal.course import Course, Delivery, State
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.saving import restore_world, save_world
from bot.rehearsal.standin.world import World

FORMAT = 1
EVERY_SECONDS = 2.0
"""Real seconds between two looks at whether there is something new to keep."""
_SHARE = 20
"""A world that takes long to write is written less often: at most this part of the time goes into it."""


class UnreadableWorldError(Exception):
    """The file holds no rehearsal, or another one."""


def read(file: Path) -> dict[str, Any]:
    """What the file holds.

    Raises:
        UnreadableWorldError: it is no rehearsal.
        FileNotFoundError: there is no such file.
    """
    try:
        kept = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError:
        raise UnreadableWorldError(f"{file}: this is no rehearsal") from None
    if not isinstance(kept, dict) or kept.get("format") != FORMAT:
        raise UnreadableWorldError(f"{file}: this is no rehearsal that this version can read")
    return kept


def moment(kept: dict[str, Any]) -> datetime:
    """What the clock showed."""
    return datetime.fromisoformat(kept["moment"])


def world(kept: dict[str, Any], clock: PacedClock) -> World:
    """The world that was kept."""
    return restore_world(kept["world"], clock)


def cast(kept: dict[str, Any]) -> Cast:
    """Who plays what."""
    return Cast(**kept["cast"])


def recall(kept: dict[str, Any], stage: Stage) -> None:
    """Bring the bars and the timeline of a stage to where they were."""
    if stage.course is not None:
        _recall_course(kept["course"], stage.course)
    stage.set_speed(kept["speed"])
    stage.pause(on=kept["paused"])
    for unit, profile in kept["plays"].items():
        stage.let_play(unit, profile)


def content(stage: Stage) -> dict[str, Any]:
    """The whole rehearsal as JSON-ready data."""
    if stage.drill is None or stage.course is None:
        raise UnreadableWorldError("only a rehearsal can be kept")
    return {
        "format": FORMAT,
        "scenario": stage.drill.scenario.id,
        "language": stage.drill.language,
        "moment": stage.clock.now().isoformat(),
        "speed": stage.speed,
        "paused": stage.is_paused,
        "plays": stage.plays,
        "cast": asdict(stage.drill.cast()),
        "course": _save_course(stage.course),
        "world": save_world(stage.world),
    }


class Keeper:
    """Keeps a stage in a file; nobody else may read it."""

    def __init__(self, stage: Stage, file: Path, token: str) -> None:
        """``token`` is what the page is known by: it keeps its address."""
        self._stage = stage
        self._file = file
        self._token = token
        self._writing = threading.Lock()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to keep the file up to date."""
        self._running = asyncio.create_task(self.run(), name="keeper")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write how things stand in the end."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self.keep()

    async def run(self) -> None:
        """Keep the file up to date until cancelled."""
        time = asyncio.get_running_loop().time
        seen = -1
        while True:
            began = time()
            if self._stage.world.changes.count != seen:
                seen = self._stage.world.changes.count
                await self.keep()
            await asyncio.sleep(max(EVERY_SECONDS, _SHARE * (time() - began)))

    async def keep(self) -> None:
        """Write how things stand now; there is nothing to keep before the units are seated."""
        if self._stage.drill is not None and self._stage.drill.is_seated:
            await asyncio.to_thread(self._write, {**content(self._stage), "token": self._token})

    def _write(self, data: dict[str, Any]) -> None:
        """All or nothing."""
        draft = self._file.with_name(f"{self._file.name}.new")
        with self._writing:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as opened:
                opened.write(orjson.dumps(data))
                opened.flush()
                os.fsync(opened.fileno())
            draft.replace(self._file)


def _save_course(course: Course) -> dict[str, Any]:
    return {
        "state": course.state.value,
        "elapsed": course.stopped_at.total_seconds(),
        "since": course.since.isoformat() if course.since is not None else None,
        "moved": [[old, new] for old, new in course.moved.items()],
        "steered": sorted(course.steered),
        "deliveries": {
            inject: {unit: _save_delivery(delivery) for unit, delivery in came.items()}
            for inject, came in course.deliveries.items()
        },
    }


def _recall_course(saved: dict[str, Any], course: Course) -> None:
    course.state = State(saved["state"])
    course.stopped_at = timedelta(seconds=saved["elapsed"])
    course.since = _moment(saved["since"])
    course.moved = dict(saved["moved"])
    course.steered = set(saved["steered"])
    course.deliveries = {
        inject: {unit: _delivery(delivery) for unit, delivery in came.items()}
        for inject, came in saved["deliveries"].items()
    }


def _save_delivery(delivery: Delivery) -> dict[str, Any]:
    times = {name: getattr(delivery, name) for name in ("at", "acknowledged_at")}
    return asdict(delivery) | {name: at.isoformat() if at is not None else None for name, at in times.items()}


def _delivery(saved: dict[str, Any]) -> Delivery:
    plain = Delivery(**saved)
    return replace(plain, at=_moment(saved["at"]), acknowledged_at=_moment(saved["acknowledged_at"]))


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written is not None else None
