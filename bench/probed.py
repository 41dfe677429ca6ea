"""The live bot with a probe in its event loop: `python -m bench.probed FILE` writes down when the loop stood still.

The probe asks every few milliseconds to be run. Each time it is late, a line of JSON says when, by how much, and for
how long the loop's own thread was at work meanwhile. The first is what a press would have felt; the second leaves out
what other programs on the machine, and other threads of the bot, took.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.app import run_bot
from bot.settings import load_settings

EVERY_SECONDS = 0.005
WORTH_TELLING = 0.010


async def _probe(file: Path) -> None:
    with file.open("a", encoding="ascii") as lines:
        while True:
            began, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(EVERY_SECONDS)
            late, worked = time.perf_counter() - began - EVERY_SECONDS, time.thread_time() - worked
            if late > WORTH_TELLING:
                lines.write(json.dumps([time.time(), late, worked]) + "\n")
                lines.flush()


async def main(file: Path) -> None:
    """Run the bot as its settings say, with the probe beside it."""
    probe = asyncio.create_task(_probe(file))
    try:
        await run_bot(load_settings())
    finally:
        probe.cancel()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
