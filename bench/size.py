"""The largest exercises: what one takes of memory, and of the start."""

import asyncio
from pathlib import Path

from bench.rig import BOTS, GELADI, Work, run
from bench.stage import Plan, prepare
from bench.table import Table

SIZES = ((15, 40), (200, 50), (1_000, 200))
"""Units, and injects to each of them."""
PRESSES = 200


def measure(folder: Path) -> Table:
    """Exercises in which everything has been sent, and some is acknowledged after a start."""
    rows = []
    for units, injects in SIZES:
        file = folder / f"{units}.db"
        presses = asyncio.run(prepare(file, Plan(units, (0.0,) * injects)))[:PRESSES]
        done = run(BOTS[GELADI], file, Work(presses, ("answerCallbackQuery", len(presses))))
        rows.append(
            (
                f"{units:,} x {injects:,}",
                f"{units * injects:,}",
                f"{done.memory:.0f}",
                f"{done.started_in:.2f}",
                f"{done.answering_in:.2f}",
            )
        )
    columns = (
        "units x injects",
        "deliveries",
        "memory at most, MiB",
        "start to first poll, s",
        "start to first answer, s",
    )
    return Table("Large exercises, everything sent", columns, rows)
