"""How late injects are: from the moment by the script to the request at the server, over what the pacing takes."""

import asyncio
import sqlite3
from pathlib import Path

from bench.rig import BOTS, GELADI, Work, run
from bench.stage import Plan, prepare
from bench.table import Table, middle, percentile

OVERALL = 28
"""Messages a second, as is set unless somebody sets it otherwise."""
PLANS = {1: (6, 10.0, 4.0), 100: (5, 10.0, 6.0), 1_000: (1, 45.0, 0.0)}
"""By the number of units: how many injects, when the first is due and how many seconds lie between them.

Every unit is told of STARTEX first, and that takes its time by the pacing too.
"""


def measure(folder: Path) -> Table:
    """Exercises of several sizes, each with the pacing that is set by default."""
    rows = []
    for units, (injects, first, every) in PLANS.items():
        file = folder / f"{units}.db"
        offsets = tuple(first + number * every for number in range(injects))
        asyncio.run(prepare(file, Plan(units, offsets, sent=False, starts_in=6.0)))
        # Beside the injects: STARTEX to every unit and to the control room, and the board.
        done = run(BOTS[GELADI], file, Work((), ("sendMessage", units * (injects + 1) + 2), seconds=200.0))
        with sqlite3.connect(file) as database:
            due = dict(database.execute("SELECT inject, due_at / 1e6 FROM inject"))
        late = _late(done.sent, done.edited, due)
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


def _late(sent: list[tuple[float, int, str]], edited: list[float], due: dict[str, float]) -> list[tuple[float, float]]:
    """For each inject at the server: how late it was, and how late the pacing alone would have made it.

    The fastest that the pacing allows is that a request goes out a second after the one 28 before it; an edit is one.
    """
    requests = sorted([*((moment, text) for moment, _, text in sent), *((moment, "") for moment in edited)])
    moments = [moment for moment, _ in requests]
    found = []
    for position, (moment, text) in enumerate(requests):
        inject = next((each for each in due if f"{each} · " in text), None)
        if inject is None:
            continue
        allowed = moments[position - OVERALL] + 1.0 if position >= OVERALL else 0.0
        found.append((moment - due[inject], max(0.0, allowed - due[inject])))
    return found
