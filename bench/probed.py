"""The live bot with a probe in its event loop: `python -m bench.probed FILE` writes down what held the loop up.

Two things are looked at. How late the loop is when asked to be woken every few milliseconds: what a press would feel,
with all else that the machine is at. And for how long the loop's own thread was at work in one callback, which nothing
can interrupt: what the bot itself is to blame for, however busy the machine is.
"""

import asyncio
import json
import sys
import time
from asyncio import events
from dataclasses import dataclass
from pathlib import Path

from bot.app import run_bot
from bot.settings import load_settings

EVERY_SECONDS = 0.005
WORTH_TELLING = 0.010


@dataclass
class _Longest:
    """The callback that was at work for longest since somebody last looked."""

    seconds: float = 0.0
    whose: str = ""


_longest = _Longest()
_run = events.Handle._run  # noqa: SLF001 - whatever a loop calls, it calls so


def _timed(handle: events.Handle) -> None:
    began = time.thread_time()
    _run(handle)
    took = time.thread_time() - began
    if took > _longest.seconds:
        # Never the handle in words: it would tell the result that a task wakes up with, which can be a whole exercise.
        owner = getattr(handle._callback, "__self__", handle._callback)  # noqa: SLF001 - whose turn it was
        _longest.seconds, _longest.whose = (
            took,
            owner.get_name() if isinstance(owner, asyncio.Task) else str(type(owner)),
        )


async def _probe(file: Path) -> None:
    with file.open("a", encoding="utf-8") as lines:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(EVERY_SECONDS)
            late = time.perf_counter() - began - EVERY_SECONDS
            longest, whose = _longest.seconds, _longest.whose
            _longest.seconds = 0.0
            if max(late, longest) > WORTH_TELLING:
                lines.write(json.dumps([time.time(), late, longest, whose if longest > WORTH_TELLING else ""]) + "\n")
                lines.flush()


async def main(file: Path) -> None:
    """Run the bot as its settings say, with the probe beside it."""
    probe = asyncio.create_task(_probe(file))
    try:
        await run_bot(load_settings())
    finally:
        probe.cancel()


if __name__ == "__main__":
    events.Handle._run = _timed  # noqa: SLF001 - as above
    asyncio.run(main(Path(sys.argv[1])))
