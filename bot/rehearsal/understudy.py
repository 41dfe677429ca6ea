"""The bot under rehearsal: a process of its own, to be started, killed and started again."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.clock import Pace

_FAREWELL_SECONDS = 10.0


class Understudy:
    """One bot, run by ``command`` in ``environment``; what it says goes into ``log_file``.

    The command reads the pace of its clock from standard input and ends when that ends.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log_file: Path) -> None:
        self._command = command
        self._environment = environment
        self.log_file = log_file
        self.starts = 0
        self.kills = 0
        self.died = asyncio.Event()
        """Set when it has ended by itself."""
        self.on_change: Callable[[], None] = lambda: None
        """Called when it has come to life or died."""
        self._is_wanted = False
        self._process: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    async def start(self, pace: Pace) -> None:
        """Start it, unless it runs."""
        if self.is_alive:
            return
        self.starts += 1
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env=dict(self._environment),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the rehearsal, which ends the bot in its own order.
                start_new_session=True,
            )
        self._is_wanted = True
        self.follow(pace)
        self._watching = asyncio.create_task(self._watch(self._process), name="understudy")
        self.on_change()

    def follow(self, pace: Pace) -> None:
        """Tell it the pace of its clock."""
        if self._process is not None and self._process.stdin is not None and self.is_alive:
            self._process.stdin.write(f"{pace}\n".encode())

    async def kill(self) -> None:
        """SIGKILL, as a power cut."""
        if self._process is not None and self.is_alive:
            self.kills += 1
            self._is_wanted = False
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Let it end in its own time; kill it if it takes too much of that."""
        if self._process is None or self._process.stdin is None:
            return
        self._is_wanted = False
        if self.is_alive:
            self._process.stdin.close()
            try:
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                await self.kill()
        if self._watching is not None:
            await self._watching

    def last_words(self, lines: int = 5) -> str:
        """The end of what it said."""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        if self._is_wanted:
            self.died.set()
        self.on_change()
