"""What a long log costs: for each acknowledgement, and at the start."""

import asyncio
import shutil
from pathlib import Path

from bench.rig import BOTS, GELADI, Run, Work, run
from bench.stage import Plan, prepare
from bench.table import Table, middle

UNITS, INJECTS, ROUNDS = 200, 10, 3
PRESSES = UNITS * INJECTS
LENGTHS = (1_000, 100_000, 1_000_000)
"""Rows in the log; the exercise itself makes some of them."""


def measure(folder: Path) -> Table:
    """The same presses on logs of several lengths, in turns."""
    works: dict[int, Work] = {}
    runs: dict[int, list[Run]] = {length: [] for length in LENGTHS}
    for length in LENGTHS:
        presses = asyncio.run(prepare(folder / f"{length}.db", Plan(UNITS, (0.0,) * INJECTS, log_rows=length)))
        works[length] = Work(presses, ("answerCallbackQuery", PRESSES))
    for _ in range(ROUNDS):
        for length in LENGTHS:
            used = Path(shutil.copy(folder / f"{length}.db", folder / "used.db"))
            runs[length].append(run(BOTS[GELADI], used, works[length]))
            for part in folder.glob("used.db*"):
                part.unlink()
    costs = {length: middle([each.cpu for each in done]) / PRESSES * 1000 for length, done in runs.items()}
    rows = [
        (
            f"{length:,}",
            f"{cost:.2f}",
            f"{cost / costs[LENGTHS[0]]:.2f} x",
            f"{middle([each.started_in for each in runs[length]]):.2f}",
            f"{max(each.started_in for each in runs[length]):.2f}",
        )
        for length, cost in costs.items()
    ]
    columns = ("rows in the log", "CPU ms each", "of the first", "start to first poll, median s", "worst s")
    return Table(f"{PRESSES:,} acknowledgements on a growing log (median of {ROUNDS} rounds)", columns, rows)
