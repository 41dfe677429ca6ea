"""Durable acknowledgements: a press, committed, answered. Geladi beside bots that only answer.

The bot under test is pinned to the first core and the server to the second. Two runs each: all presses waiting at
once (throughput, CPU per press), and a steady stream (time from the server's handing out to its being answered).
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.buttons import ButtonData, Verb
from bot.clock import WallClock
from bot.exercise import conduct, delivering, enrolment
from bot.exercise.facts import Change
from bot.exercise.people import Person, Place
from bot.exercise.ticking import tick
from bot.messages import InjectPost
from bot.store import exercises, outbox
from bot.store.outbox import OutboxState
from bot.store.store import Store
from bot.store.transaction import Transaction
from scenarios.model import Scenario, load

UNITS, INJECTS = 200, 10
PRESSES = UNITS * INJECTS
STEADY_RATE = 150.0
_SECONDS = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Result:
    """What one bot did; times in seconds."""

    name: str
    per_second: float
    cpu_ms: float
    median_ms: float
    p99_ms: float


def scenario() -> Scenario:
    """Many units, each of which receives every inject."""
    return load(
        {
            "format": 1,
            "id": "bench",
            "title": "Bench",
            "units": {f"u{i}": {"name": f"Unit {i}"} for i in range(UNITS)},
            "injects": [
                {"id": f"I-{i}", "at": "0s", "to": ["all"], "text": "Press.", "acknowledge": {"within": "1h"}}
                for i in range(INJECTS)
            ],
        }
    )


async def prepare(path: Path) -> list[dict[str, Any]]:
    """A database in which every inject has been sent to every unit; gives a press for each."""
    clock = WallClock()
    now = datetime.now(UTC)
    director = Person(1, "Director")
    script = scenario()
    store = Store(f"sqlite+aiosqlite:///{path}")
    await store.open()

    def play(tx: Transaction) -> list[dict[str, Any]]:
        hashes = {unit: f"{unit:>064}" for unit in script.units}
        change = conduct.create(
            1,
            script,
            "Bench",
            control=Place(-1),
            language="en",
            timezone="UTC",
            by=director,
            at=now,
            code_hashes=hashes,
        )
        exercises.save(tx, change)
        exercise = change.exercise
        joined = Change(exercise)
        for i, unit in enumerate(script.units):
            step = enrolment.join(joined.exercise, unit, Place(-1000 - i), unit, Person(1000 + i, f"Leader {i}"), now)
            joined = joined.then(step)
        begun = joined.then(conduct.startex(joined.exercise, director, now))
        ticked = begun.then(tick(begun.exercise, now, clock.reference))
        exercises.save(tx, ticked)
        exercise = ticked.exercise
        sent = Change(exercise)
        for run in exercise.injects.values():
            posts = [
                (InjectPost(exercise=1, inject=run.id, unit=unit), exercise.seats[unit].place or Place(0))
                for unit in run.deliveries
            ]
            outbox.add_injects(tx, 1, posts, now)
            for unit in run.deliveries:
                step = delivering.sent(sent.exercise, run.id, unit, now, message_id=1, message_date=now, attempts=1)
                sent = sent.then(step)
        exercises.save(tx, sent)
        for row in outbox.open_rows(tx):
            outbox.write(tx, row.evolve(state=OutboxState.SENT, message_id=row.id, edited_at=now))
        return [
            _press(
                1 + n, exercise.seats[d.unit].place or Place(0), 1000 + list(script.units).index(d.unit), d.reference
            )
            for n, d in enumerate(d for run in exercise.injects.values() for d in run.deliveries.values())
        ]

    presses = await store.perform(play)
    await store.close()
    return presses


def _press(number: int, place: Place, user: int, reference: str) -> dict[str, Any]:
    return {
        "update_id": number,
        "callback_query": {
            "id": str(number),
            "from": {"id": user, "is_bot": False, "first_name": f"Leader {user}"},
            "chat_instance": "1",
            "data": ButtonData(Verb.ACKNOWLEDGE, reference).pack(),
            "message": {
                "message_id": number,
                "date": 1_700_000_000,
                "chat": {"id": place.chat_id, "type": "group", "title": "Unit"},
                "text": "x",
            },
        },
    }


def measure(name: str, start: Callable[[str, Path], list[str]], folder: Path) -> Result:
    """Both runs of one bot."""
    flood = _run(start, folder / f"{name}-flood", 0.0)
    steady = _run(start, folder / f"{name}-steady", STEADY_RATE)
    waits = [wait * 1000 for wait in steady["waits"]]
    return Result(
        name,
        PRESSES / flood["took"],
        flood["cpu"] / PRESSES * 1000,
        statistics.median(waits),
        waits[int(len(waits) * 0.99)],
    )


def _run(start: Callable[[str, Path], list[str]], folder: Path, rate: float) -> dict[str, Any]:
    folder.mkdir()
    updates = asyncio.run(prepare(folder / "geladi.db"))
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    _pin(server.pid, 1)
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps({"updates": updates, "rate": rate, "seconds": _SECONDS}) + "\n")
    server.stdin.flush()
    url = f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}"
    environment = {
        **os.environ,
        "GELADI_TOKEN": "1:bench",
        "GELADI_OWNERS": "1",
        "GELADI_API_URL": url,
        "GELADI_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'geladi.db'}",
        "GELADI_LISTEN": "",
        "GELADI_LOG": "error",
        "PYTHONPATH": str(Path.cwd()),
    }
    bot = subprocess.Popen(start(url, folder), env=environment, stderr=subprocess.DEVNULL)
    _pin(bot.pid, 0)
    before = time.process_time()
    result: dict[str, Any] = json.loads(server.stdout.readline() or '{"took": 0, "waits": []}')
    del before
    result["cpu"] = _cpu(bot.pid)
    bot.terminate()
    bot.wait()
    server.wait()
    if not result["waits"]:
        raise SystemExit("a bot under test did not answer every press")
    return result


def _pin(pid: int, core: int) -> None:
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


def _cpu(pid: int) -> float:
    """CPU seconds of a process so far, its start included (about a second, the same for all on one library)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def main() -> list[Result]:
    """Measure every bot."""
    python = sys.executable
    bots: dict[str, Callable[[str, Path], list[str]]] = {
        "Geladi, durable": lambda _url, _folder: [python, "-m", "bot", "run"],
        "bare PTB, defaults": lambda url, _: [python, "-m", "bench.rivals.ptb_default", url],
        "bare PTB on aiohttp": lambda url, _: [python, "-m", "bench.rivals.ptb_aiohttp", url],
        "raw aiohttp loop": lambda url, _: [python, "-m", "bench.rivals.raw_aiohttp", url],
    }
    with tempfile.TemporaryDirectory(prefix="geladi-bench-") as folder:
        return [measure(name, start, Path(folder)) for name, start in bots.items()]
