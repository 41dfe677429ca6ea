"""The very same bot as a process of its own, on a clock that the rehearsal leads: `python -m bot.rehearsed`.

Settings come from the environment, the folders of media from the command line, the pace of the clock on standard
input, a line each time it changes. The end of the input is the end of the rehearsal.
"""

import asyncio
import sys
from pathlib import Path

from bot.app import run_until
from bot.clock import Pace, PacedClock
from bot.settings import load_settings
from bot.wire.logs import set_up_logging


async def play() -> None:
    """Run the bot until standard input ends."""
    settings = load_settings(_env_file=None)
    token = settings.read_token()
    set_up_logging(settings.log, token)
    paces = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(paces), sys.stdin)
    clock = PacedClock(Pace.parse((await paces.readline()).decode()))
    over = asyncio.Event()

    async def follow() -> None:
        try:
            while line := await paces.readline():
                clock.follow(Pace.parse(line.decode()))
        finally:
            over.set()

    following = asyncio.create_task(follow(), name="follow the pace")
    try:
        await run_until(over, settings, token, clock, [Path(folder) for folder in sys.argv[1:]])
    finally:
        following.cancel()


if __name__ == "__main__":
    asyncio.run(play())
