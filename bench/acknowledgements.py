"""Durable acknowledgements: a press, committed, answered. Geladi beside bots that only answer, and one that stores."""

import asyncio
import shutil
from pathlib import Path

from bench.rig import BOTS, GELADI, Run, Work, run
from bench.stage import Plan, prepare
from bench.table import Table, middle, percentile

UNITS, INJECTS, ROUNDS = 200, 10, 3
PRESSES = UNITS * INJECTS
STEADY_RATE, STEADY = 150.0, 1_000


def measure(folder: Path) -> Table:
    """All presses waiting at once, in several rounds in which the bots take turns; then a steady stream of them."""
    made = folder / "made.db"
    presses = asyncio.run(prepare(made, Plan(UNITS, (0.0,) * INJECTS)))
    floods: dict[str, list[Run]] = {name: [] for name in BOTS}
    for _ in range(ROUNDS):
        for name, start in BOTS.items():
            file = Path(shutil.copy(made, folder / "used.db"))
            floods[name].append(run(start, file, Work(presses, ("answerCallbackQuery", PRESSES))))
            _remove(file)
    rows = []
    fastest = {name: _rate(runs) for name, runs in floods.items()}
    for name, start in BOTS.items():
        file = Path(shutil.copy(made, folder / "used.db"))
        steady = run(start, file, Work(presses[:STEADY], ("answerCallbackQuery", STEADY), STEADY_RATE)).waits
        _remove(file)
        rows.append(
            (
                name,
                f"{fastest[name]:,.0f}",
                f"{fastest[GELADI] / fastest[name]:.2f} x",
                f"{middle([each.cpu for each in floods[name]]) / PRESSES * 1000:.2f}",
                f"{middle(steady) * 1000:.1f}",
                f"{percentile(steady, 99) * 1000:.1f}",
            )
        )
    title = f"{PRESSES:,} presses at once (median of {ROUNDS} rounds), and {STEADY_RATE:.0f} a second"
    columns = ("bot", "presses/s", "Geladi is", "CPU ms each", f"median ms at {STEADY_RATE:.0f}/s", "p99 ms")
    return Table(title, columns, rows)


def _rate(runs: list[Run]) -> float:
    return middle([PRESSES / (max(each.answered.values()) - min(each.handed.values())) for each in runs])


def _remove(file: Path) -> None:
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()
