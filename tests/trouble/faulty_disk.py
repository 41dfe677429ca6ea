"""A disk under a real process that fails on purpose: full, or broken, in the database or in its log."""

import ctypes
import mmap
import shutil
import subprocess
import sys
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "faulty_disk.c"
ALL = -1
"""As many as come."""


class What(IntEnum):
    """Which operation fails."""

    WRITE = 1
    SYNC = 2


class Where(IntEnum):
    """In which of the database's files."""

    DATABASE = 1
    LOG = 2


class _Orders(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("what", "where", "error", "passing", "failing", "failed")]


class FaultyDisk:
    """Tells a process that was started with ``environment`` what fails."""

    def __init__(self, folder: Path) -> None:
        library, orders = folder / "faulty_disk.so", folder / "orders"
        compiler = ("cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl")
        subprocess.run(compiler, check=True, timeout=60)
        orders.write_bytes(bytes(ctypes.sizeof(_Orders)))
        self.environment = {"LD_PRELOAD": str(library), "FAULTY_DISK": str(orders)}
        with orders.open("r+b") as file:
            self._mapped = mmap.mmap(file.fileno(), ctypes.sizeof(_Orders))
        self._orders = _Orders.from_buffer(self._mapped)

    def fail(self, what: What, where: Where, error: int, *, passing: int = 0, failing: int = ALL) -> None:
        """From now on ``passing`` operations succeed, and ``failing`` after them end with the errno ``error``."""
        self._orders.failing = 0
        self._orders.what, self._orders.where, self._orders.error = what, where, error
        self._orders.passing, self._orders.failed = passing, 0
        self._orders.failing = failing

    def mend(self) -> None:
        """Nothing fails any more."""
        self._orders.failing = 0

    @property
    def failed(self) -> int:
        """How many operations have failed since the last order."""
        return int(self._orders.failed)

    def close(self) -> None:
        """Let go of the orders."""
        del self._orders
        self._mapped.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[FaultyDisk]:
    if sys.platform != "linux" or shutil.which("cc") is None:
        pytest.skip("stands between SQLite and the C library, which takes a Linux with a C compiler")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = FaultyDisk(folder)
    yield made
    made.mend()
    made.close()
