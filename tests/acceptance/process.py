"""The program as people start it: a process of its own, set up by its environment alone."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 90.0


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    status: int
    out: bytes
    err: str


@dataclass
class Program:
    """`geladi` in a working directory of its own, with nothing set but what a test sets."""

    folder: Path
    settings: dict[str, str]
    beside: dict[str, str] = field(default_factory=dict)
    """What else is in its environment."""
    _process: asyncio.subprocess.Process | None = None
    _starts: int = 0

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, **self.beside, **{f"GELADI_{name}": value for name, value in self.settings.items()}}

    async def start(self) -> None:
        """`geladi run`, in the background; what it says goes into a file."""
        self._starts += 1
        with self.log_file.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )

    @property
    def log_file(self) -> Path:
        """What the present process has said."""
        return self.folder / f"said-{self._starts}.log"

    async def says(self, words: str, times: int = 1) -> None:
        """Wait until the present process has logged these words, so many times."""
        async with asyncio.timeout(PATIENCE):
            while self.log_file.read_text().count(words) < times:  # noqa: ASYNC110 - nothing announces a line in a file
                await asyncio.sleep(0.02)

    async def stop(self) -> int:
        """SIGTERM; gives the exit status."""
        return await self._signal(signal.SIGTERM)

    async def interrupt(self) -> int:
        """SIGINT, as Ctrl-C; gives the exit status."""
        return await self._signal(signal.SIGINT)

    async def kill(self) -> int:
        """SIGKILL, as a power cut."""
        return await self._signal(signal.SIGKILL)

    def strike(self) -> None:
        """SIGKILL at this very moment; :meth:`ended` waits until it has taken effect."""
        assert self._process is not None
        self._process.kill()

    async def ended(self) -> int:
        """Wait for the end of the process; gives its exit status."""
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), PATIENCE)

    def freeze(self) -> None:
        """SIGSTOP: the process stands still, and its connections with it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if no time had passed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def is_alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process is not None and self._process.returncode is None

    async def _signal(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await self.ended()

    async def clean_up(self) -> None:
        """Leave no process behind, whatever the test came to."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def run(self, *arguments: str, patience: float = PATIENCE) -> Ended:
        """One command of `geladi`, to its end, which comes within ``patience`` seconds."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), patience)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        assert process.returncode is not None
        return Ended(process.returncode, out, err.decode())
