"""How late injects are: from the moment by the script to the request at the server, over what the pacing takes."""

import asyncio
import sqlite3
from pathlib import Path

from bench.rig import BOTS, GELADI, Work, run
from bench.stage import Plan, prepare
from bench.table import Table, middle, percentile

OVERALL = 28
"""Messages a second, as is set unless somebody sets it otherwise."""
PLANS = {1: (6, 4.0), 100: (5, 6.0), 1_000: (1, 0.0)}
"""How many injects, and how many seconds between them, by the number of units."""


def measure(folder: Path) -> Table:
    """Exercises of several sizes, each with the pacing that is set by default."""
    rows = []
    for units, (injects, every) in PLANS.items():
        file = folder / f"{units}.db"
        offsets = tuple(1.0 + number * every for number in range(injects))
        asyncio.run(prepare(file, Plan(units, offsets, sent=False, starts_in=6.0)))
        # STARTEX is told to every unit too, and the injects come after it: all of that is paced.
        count = units * (injects + 1) + 2
        done = run(BOTS[GELADI], file, Work((), ("sendMessage", count)))
        with sqlite3.connect(file) as database:
            due = dict(database.execute("SELECT inject, due_at / 1e6 FROM inject"))
        late = _late(done.sent, due)
        over = sorted(late_by - paced for late_by, paced in late)
        rows.append(
            (
                f"{units:,}",
                f"{len(late):,}",
                f"{middle(sorted(by for by, _ in late)) * 1000:,.0f}",
                f"{percentile(sorted(by for by, _ in late), 99) * 1000:,.0f}",
                f"{middle(over) * 1000:,.0f}",
                f"{percentile(over, 99) * 1000:,.0f}",
            )
        )
    columns = ("units", "injects sent", "late by, median ms", "p99 ms", "over the pacing, median ms", "p99 ms")
    return Table(f"Lateness of injects at {OVERALL} messages a second", columns, rows)


def _late(sent: list[tuple[float, int, str]], due: dict[str, float]) -> list[tuple[float, float]]:
    """For each inject at the server: how late it was, and how late the pacing alone would have made it.

    The fastest that the pacing allows is that a request goes out a second after the one 28 before it.
    """
    moments = [moment for moment, _, _ in sorted(sent)]
    found = []
    for position, (moment, _, text) in enumerate(sorted(sent)):
        inject = next((each for each in due if f"{each} · " in text), None)
        if inject is None:
            continue
        allowed = moments[position - OVERALL] + 1.0 if position >= OVERALL else 0.0
        found.append((moment - due[inject], max(0.0, allowed - due[inject])))
    return found
