"""Stores a row for each number on standard input, and says the number again once the row is durable.

Run as ``python -m tests.trouble.scribe DATABASE_URL``, until its input ends or it is killed.
"""

import asyncio
import sys
from datetime import UTC, datetime

from bot.store import inbox
from bot.store.inbox import InboxRow
from bot.store.store import Store
from bot.wire.logs import set_up_logging

PAYLOAD = "x" * 60_000
"""So much that the log is written back into the database every few dozen rows."""


async def scribble(url: str) -> None:
    """Store rows until the input ends."""
    numbers = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(numbers), sys.stdin)
    store = Store(url)
    await store.open()
    while line := await numbers.readline():
        row = InboxRow(int(line), 0, datetime(2026, 3, 2, tzinfo=UTC), backlog=False, payload=PAYLOAD)
        await store.perform(lambda tx, row=row: inbox.add(tx, [row]))  # type: ignore[misc]  # mypy does not infer a lambda's defaults
        sys.stdout.write(f"{row.update_id}\n")
        sys.stdout.flush()
    await store.close()


if __name__ == "__main__":
    set_up_logging("error")
    asyncio.run(scribble(sys.argv[1]))
