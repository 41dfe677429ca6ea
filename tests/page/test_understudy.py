"""The bot under rehearsal as a process: its clock, its end, and its death."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import Pace
from bot.rehearsal.understudy import Understudy

PATIENCE = 60.0
SOON = 5.0
"""Well before an understudy that does not end would be killed."""
ECHO = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)\nprint('good bye', flush=True)"
SCENARIO = """\
format: 1
id: gladi
title: Gladi
units: {posko: {name: Posko}}
injects: [{id: I-01, at: 60m, to: [all], text: Siaga}]
"""


@pytest.fixture
async def understudy(tmp_path: Path) -> AsyncIterator[Understudy]:
    one = Understudy([sys.executable, "-c", ECHO], {"PATH": os.environ["PATH"]}, tmp_path / "bot.log")
    yield one
    await one.stop()


async def says(one: Understudy, words: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while words not in one.last_words():  # noqa: ASYNC110 - nothing announces a line in a file
            await asyncio.sleep(0.02)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_it_is_told_every_pace_and_ends_with_its_input(understudy: Understudy) -> None:
    first, second = Pace.from_now(1.0), Pace.from_now(60.0)
    await understudy.start(first)
    understudy.follow(second)
    await says(understudy, str(second))
    await understudy.stop()
    assert understudy.last_words().splitlines() == [str(first), str(second), "good bye"]
    assert not understudy.died.is_set()


async def test_it_is_killed_and_started_again(understudy: Understudy) -> None:
    await understudy.start(Pace.from_now(1.0))
    await understudy.kill()
    assert not understudy.is_alive
    again = Pace.from_now(2.0)
    await understudy.start(again)
    await says(understudy, str(again))
    assert (understudy.starts, understudy.kills) == (2, 1)
    assert not understudy.died.is_set()


async def test_a_rehearsal_that_is_gone_takes_a_bot_with_it_that_reaches_nobody(tmp_path: Path) -> None:
    """A rehearsal killed while its bot starts leaves a bot whose Telegram does not answer: it waits for none."""
    environment = {
        "PATH": os.environ["PATH"],
        "GELADI_TOKEN": "1:gladi",
        # The port that discards: nobody listens there.
        "GELADI_API_URL": "http://127.0.0.1:9",
        "GELADI_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'gladi.db'}",
        "GELADI_LISTEN": "",
    }
    one = Understudy([sys.executable, "-m", "bot.rehearsed"], environment, tmp_path / "bot.log")
    await one.start(Pace.from_now(1.0))
    await says(one, "telegram_unreachable")
    began = time.monotonic()
    await one.stop()
    assert time.monotonic() - began < SOON
    assert "Traceback" not in one.last_words()


async def test_a_bot_that_ends_by_itself_is_noticed(tmp_path: Path) -> None:
    one = Understudy([sys.executable, "-c", "raise SystemExit('trouble')"], {}, tmp_path / "bot.log")
    await one.start(Pace.from_now(1.0))
    async with asyncio.timeout(PATIENCE):
        await one.died.wait()
    assert one.last_words() == "trouble"
    await one.stop()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the bot's process by /proc")
async def test_a_rehearsal_whose_bot_dies_ends_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "gladi.yaml").write_text(SCENARIO)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GELADI_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "rehearse", "gladi.yaml", "--headless"),
        cwd=tmp_path,
        env=environment,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        while not children(process.pid):  # noqa: ASYNC110 - nothing announces a child
            await asyncio.sleep(0.05)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert said.decode().startswith("The bot ended in the middle of the rehearsal.")
