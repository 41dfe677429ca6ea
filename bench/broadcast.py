"""One inject to a thousand units with the pacing lifted: recorded before and after each sending, by Geladi alone."""

import asyncio
import shutil
from pathlib import Path

from bench.rig import BOTS, GELADI, Run, Work, run
from bench.stage import Plan, command, prepare
from bench.table import Table, middle, percentile

UNITS, ROUNDS = 1_000, 3
_LIFTED = {"RATE_OVERALL": "999999/s", "RATE_GROUP": "999999/s", "RATE_CHAT": "999999/s"}


def measure(folder: Path) -> Table:
    """The director gives a command, and all units have the inject."""
    made = folder / "made.db"
    asyncio.run(prepare(made, Plan(UNITS, contingency=True)))
    runs: dict[str, list[Run]] = {name: [] for name in BOTS}
    work = Work([command("/fire C-1")], ("sendMessage", UNITS))
    for round_ in range(ROUNDS):
        for name, start in BOTS.items():
            file = Path(shutil.copy(made, folder / f"{round_}.db"))
            runs[name].append(run(start, file, work, **_LIFTED))
    rates = {name: middle([_rate(each) for each in done]) for name, done in runs.items()}
    rows = []
    for name, done in runs.items():
        after = sorted(moment - each.handed["-"] for each in done for moment, _, _ in each.sent)
        rows.append(
            (
                name,
                f"{rates[name]:,.0f}",
                f"{rates[GELADI] / rates[name]:.2f} x",
                f"{middle([each.cpu for each in done]) / UNITS * 1000:.2f}",
                f"{middle(after) * 1000:,.0f}",
                f"{percentile(after, 99) * 1000:,.0f}",
            )
        )
    columns = ("bot", "messages/s", "Geladi is", "CPU ms each", "median ms after the command", "p99 ms")
    return Table(f"One inject to {UNITS:,} units, no pacing (median of {ROUNDS} rounds)", columns, rows)


def _rate(done: Run) -> float:
    return len(done.sent) / (max(moment for moment, _, _ in done.sent) - done.handed["-"])
