"""`geladi rehearse --replay`: a recorded exercise once more, on the rehearsal page, in the terminal or as lines."""

import asyncio
import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Pace
from bot.rehearsal.page.server import Page
from bot.rehearsal.replay.clock import ReplayClock
from bot.rehearsal.replay.replay import BEFORE_STARTEX, Replay
from bot.rehearsal.replay.screen import ReplayScreen
from bot.rehearse import opened
from bot.report.recorded import LARGEST, Recorded, recorded
from bot.report.written import NotARecordError
from bot.settings import BadSettingError
from bot.texts.catalogue import say


@dataclass(frozen=True, slots=True)
class Replaying:
    """Which record to play back, and how: on the page, in the terminal, or (``headless``) as lines and at once."""

    record: Path
    speed: float
    page: bool
    headless: bool
    port: int | None


async def replay(plan: Replaying) -> None:
    """Play the record to its end; with a page, go on until stopped.

    Raises:
        BadSettingError: there is no such file, it holds no record, or the port is taken.
    """
    told = _read(plan.record)
    # On the page it stands still until somebody looks.
    speed = 0.0 if plan.page else plan.speed
    clock = ReplayClock(Pace.from_now(speed, told.startex_at - BEFORE_STARTEX))
    played = Replay(told, clock, plan.speed)
    if plan.headless:
        _tell(played)
    elif plan.page:
        await _show(played, plan.port)
    else:
        async with ReplayScreen(played):
            await played.play()


def _tell(played: Replay) -> None:
    """Print everything at once, marked as the exercise that it is of."""
    marking = say(played.exercise.language, "marking")
    for line in (marking, played.title, *_standing(played)):
        _print(line)
    played.on_line = _print
    played.play_at_once()
    _print(marking)


async def _show(played: Replay, port: int | None) -> None:
    page = Page(played.stage, played.clock.code())
    async with contextlib.AsyncExitStack() as stack:
        standin = await stack.enter_async_context(opened(played.scene.world, port, page))
        for line in (played.title, *_standing(played), f"{standin.url}{page.path}"):
            _print(line)
        await page.visited.wait()
        played.stage.set_speed(played.stage.speed)
        await played.play()
        await asyncio.Event().wait()


def _standing(played: Replay) -> list[str]:
    """Every problem of the record, or that there is none."""
    language = played.exercise.language
    problems = played.recorded.problems
    if not problems:
        return [say(language, "replay.whole")]
    return [say(language, "replay.altered", problem=problem) for problem in problems]


def _read(path: Path) -> Recorded:
    try:
        # A device has no size, and no end.
        if not path.is_file() and path.exists():
            raise BadSettingError(f"--replay {path}: this is no file")
        if path.stat().st_size > LARGEST:
            raise BadSettingError(f"--replay {path}: larger than a record can be, {LARGEST >> 20} MiB")
        return recorded(path.read_bytes())
    except OSError as error:
        raise BadSettingError(f"--replay {path}: cannot be read: {error.strerror}") from None
    except NotARecordError as error:
        raise BadSettingError(f"--replay {path}: {error}") from None


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
