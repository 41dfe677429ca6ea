"""The start is quick, because presses that wait at Telegram's live for 150 seconds only."""

import subprocess
import sys

SLOW_TO_LOAD = {"matplotlib", "numpy", "openpyxl", "typst", "bot.rehearsal"}


def test_a_start_loads_nothing_that_draws_reads_spreadsheets_or_rehearses() -> None:
    asked = "import sys, bot.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert SLOW_TO_LOAD.isdisjoint(loaded)
    assert "bot.app" in loaded
