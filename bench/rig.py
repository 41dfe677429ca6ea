"""One measurement: a bot pinned to the first core, the server that it talks to pinned to the second."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.stage import url_of

Start = Callable[[str, Path], list[str]]
"""The command that starts a bot, from the URL of the server and the file of its database."""
_PYTHON = sys.executable
_TICKS = os.sysconf("SC_CLK_TCK")

BOTS: dict[str, Start] = {
    "Geladi, durable": lambda _url, _file: [_PYTHON, "-m", "bot", "run"],
    "bare PTB, defaults": lambda url, _: [_PYTHON, "-m", "bench.rivals.ptb_default", url],
    "bare PTB on aiohttp": lambda url, _: [_PYTHON, "-m", "bench.rivals.ptb_aiohttp", url],
    "aiogram, stores each": lambda url, file: [_PYTHON, "-m", "bench.rivals.aiogram_storing", url, str(file)],
    "raw aiohttp loop": lambda url, _: [_PYTHON, "-m", "bench.rivals.raw_aiohttp", url],
}
GELADI = next(iter(BOTS))


@dataclass(frozen=True, slots=True)
class Work:
    """What the server hands out, and what it waits for: a method, and how many calls of it."""

    updates: Sequence[dict[str, Any]]
    until: tuple[str, int]
    rate: float = 0.0
    """Updates a second; 0: all at once."""
    seconds: float = 60.0
    """After which it is given up."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came back. Moments are wall-clock seconds."""

    began: float
    started_in: float
    """Seconds from the start of the process to its first poll."""
    answering_in: float
    """Seconds from the start of the process to its first answer to a press; 0 where there were none."""
    handed: dict[str, float]
    answered: dict[str, float]
    sent: list[tuple[float, int, str]]
    edited: list[float]
    files: list[float]
    """When pictures and documents came."""
    cpu: float
    """Processor seconds of the bot from ``began`` on."""
    memory: float
    """MiB that the bot has used at most."""

    @property
    def waits(self) -> list[float]:
        """Seconds from each press's being handed out to its answer, the shortest first."""
        return sorted(moment - self.handed[query] for query, moment in self.answered.items())


def run(start: Start, file: Path, work: Work, **settings: str) -> Run:
    """Start a bot on the database ``file``, have it do its work, and stop it.

    Raises:
        SystemExit: it did not.
    """
    server = subprocess.Popen([_PYTHON, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pin(server.pid, 1)
    assert server.stdin is not None
    plan = {"updates": work.updates, "rate": work.rate, "until": work.until, "seconds": work.seconds}
    server.stdin.write(json.dumps(plan) + "\n")
    server.stdin.flush()
    url = f"http://127.0.0.1:{_told(server)['port']}"
    began = _now()
    bot = subprocess.Popen(start(url, file), env=_environment(url, file, settings), stderr=subprocess.DEVNULL)
    pin(bot.pid, 0)
    try:
        first = _told(server)
        before = _cpu(bot.pid)
        told = _told(server)
        return Run(
            began=first["began"],
            started_in=first["polled"] - began,
            answering_in=min(told["answered"].values(), default=began) - began,
            handed=told["handed"],
            answered=told["answered"],
            sent=[tuple(each) for each in told["sent"]],
            edited=told["edited"],
            files=told["files"],
            cpu=_cpu(bot.pid) - before,
            memory=_memory(bot.pid),
        )
    finally:
        for process in (bot, server):
            process.kill()
            process.wait()


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


def _environment(url: str, file: Path, settings: dict[str, str]) -> dict[str, str]:
    geladi = {"TOKEN": "1:bench", "OWNERS": "1", "API_URL": url, "DATABASE_URL": url_of(file), "LISTEN": ""}
    return {
        **os.environ,
        **{f"GELADI_{name}": value for name, value in {**geladi, **settings}.items()},
        "PYTHONPATH": str(Path.cwd()),
    }


def _told(server: "subprocess.Popen[str]") -> dict[str, Any]:
    assert server.stdout is not None
    line = server.stdout.readline()
    if not line:
        raise SystemExit("a bot under test did not do its work")
    return dict(json.loads(line))


def _now() -> float:
    # The server's moments are the wall clock's, too: both are processes of this machine.
    return time.time()


def _cpu(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(pid: int) -> float:
    """MiB that a process has used at most."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
