"""A disk that is full or breaks under the store: what was told to be durable is there, once, and the file is whole."""

import asyncio
import errno
import os
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.trouble.faulty_disk import FaultyDisk, What, Where, disk

__all__ = ["disk"]

PATIENCE = 60.0
LONGEST = 80
"""Rows within which each kind of operation comes often enough: the log is written back into the database meanwhile."""
CASES = [
    *((What.WRITE, Where.LOG, errno.ENOSPC, passing, 1) for passing in range(12)),
    *((What.WRITE, Where.LOG, errno.EIO, passing, 3) for passing in range(0, 60, 7)),
    *((What.SYNC, Where.LOG, errno.EIO, passing, 1 + passing % 2) for passing in range(6)),
    *((What.WRITE, Where.DATABASE, errno.ENOSPC, passing, 2) for passing in (0, 2, 7)),
    *((What.WRITE, Where.DATABASE, errno.EIO, passing, 1) for passing in (1, 20)),
    (What.SYNC, Where.DATABASE, errno.EIO, 0, 2),
]
"""What fails, where, how, after how many that pass, and how many times in a row."""


@dataclass
class Scribe:
    """A process that stores rows on the disk."""

    file: Path
    process: asyncio.subprocess.Process
    told: int = 0
    """The last number whose row it told to be durable."""

    async def store(self) -> None:
        """Have the next row stored, however long that takes."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{self.told + 1}\n".encode())
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        assert int(line) == self.told + 1
        self.told += 1

    def rows(self) -> list[int]:
        """The rows as somebody else reads them."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as reader:
            assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return [number for (number,) in reader.execute("SELECT update_id FROM inbox ORDER BY update_id")]


async def scribe(folder: Path, disk: FaultyDisk) -> Scribe:
    file = folder / "geladi.db"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.trouble.scribe", f"sqlite+aiosqlite:///{file}"),
        env={"PATH": os.environ["PATH"], **disk.environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    return Scribe(file, process)


@pytest.mark.timeout(300)
async def test_whichever_operation_fails_nothing_durable_is_lost_and_nothing_is_there_twice(
    tmp_path: Path, disk: FaultyDisk
) -> None:
    on = await scribe(tmp_path, disk)
    await on.store()
    for what, where, error, passing, failing in CASES:
        disk.fail(what, where, error, passing=passing, failing=failing)
        began = on.told
        while disk.failed < failing and on.told - began < LONGEST:
            await on.store()
        assert disk.failed == failing, (what, where, passing)
        await on.store()
        assert on.rows() == list(range(1, on.told + 1)), (what, where, error, passing)
    on.process.kill()
    await on.process.wait()


@pytest.mark.parametrize(
    ("what", "error"), [(What.WRITE, errno.ENOSPC), (What.WRITE, errno.EIO), (What.SYNC, errno.EIO)], ids=str
)
async def test_a_process_that_dies_on_a_broken_disk_leaves_all_that_was_durable(
    tmp_path: Path, disk: FaultyDisk, what: What, error: int
) -> None:
    on = await scribe(tmp_path, disk)
    for _ in range(5):
        await on.store()
    disk.fail(what, Where.LOG, error)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(on.store(), 1.0)
    assert disk.failed
    on.process.kill()
    await on.process.wait()
    disk.mend()
    # Its last row was never told to be durable, and may be there all the same.
    assert on.rows() in (list(range(1, 6)), list(range(1, 7)))
