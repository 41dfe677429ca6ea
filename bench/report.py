"""The report of a large exercise: how long each form takes on the command line, and how much memory."""

import asyncio
import os
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from bench.stage import DIRECTOR, Plan, prepare, url_of
from bench.table import Table
from bot.clock import WallClock
from bot.exercise import conduct
from bot.exercise.answers import acknowledge
from bot.exercise.facts import Change
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.exercise.people import Person
from bot.exercise.ticking import tick
from bot.store import exercises
from bot.store.store import Store
from bot.store.transaction import Transaction

UNITS, INJECTS = 1_000, 100
_LASTED = timedelta(hours=11)
ANSWERED = 0.93
"""The share of the injects that are acknowledged."""


def measure(folder: Path) -> Table:
    """One exercise, over, in every form."""
    file = folder / "large.db"
    asyncio.run(play(file))
    rows = [_made(file, form, folder / f"report.{form.ending}") for form in Form]
    columns = ("form", "seconds", "memory at most, MiB", "file, MB")
    return Table(f"{UNITS:,} units x {INJECTS} injects, `geladi export`", columns, rows)


async def play(file: Path, *, ended: bool = True) -> None:
    """Make the database of the exercise: everything answered or missed, and STARTEX long ago."""
    await prepare(file, Plan(UNITS, (0.0,) * INJECTS, began_ago=_LASTED.total_seconds()))
    store = Store(url_of(file))
    await store.open()
    dice = Random(1)
    for number in range(INJECTS):
        await store.perform(partial(_answer, inject=f"I-{number}", dice=dice))
    await store.perform(_miss)
    if ended:
        await store.perform(_end)
    await store.close()


def _answer(tx: Transaction, inject: str, dice: Random) -> None:
    exercise = _the_exercise(tx)
    change = Change(exercise)
    for unit, seat in exercise.seats.items():
        if dice.random() < ANSWERED:
            at = exercise.created_at + timedelta(seconds=1 + 300 * dice.random())
            leader = Person(*next(iter(seat.leaders.items())))
            change = change.then(acknowledge(change.exercise, inject, unit, leader, at))
    exercises.save(tx, change)


def _miss(tx: Transaction) -> None:
    """Let the deadlines pass."""
    exercise = _the_exercise(tx)
    exercises.save(tx, tick(exercise, exercise.created_at + _LASTED, WallClock().reference))


def _end(tx: Transaction) -> None:
    exercise = _the_exercise(tx)
    exercises.save(tx, conduct.endex(exercise, DIRECTOR, exercise.created_at + _LASTED))


def _the_exercise(tx: Transaction) -> Exercise:
    exercise = exercises.get(tx, 1)
    assert exercise is not None
    return exercise


def _made(file: Path, form: Form, out: Path) -> tuple[str, ...]:
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "export", "1", "--format", form.value, "--out", str(out)],
        env={**os.environ, "GELADI_DATABASE_URL": url_of(file), "PYTHONPATH": str(Path.cwd())},
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"no {form} was made")
    taken = time.monotonic() - began
    return form.value, f"{taken:.1f}", f"{used.ru_maxrss / 1024:.0f}", f"{out.stat().st_size / 1e6:.1f}"
