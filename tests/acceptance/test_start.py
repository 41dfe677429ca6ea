"""The start is quick, because presses that wait at Telegram's live for 150 seconds only."""

import subprocess
import sys

SLOW_TO_LOAD = {"matplotlib", "numpy", "openpyxl", "typst", "bot.rehearsal"}


def loaded_by(*modules: str) -> set[str]:
    """All that a fresh interpreter has loaded once it has imported ``modules``."""
    asked = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split())


def test_a_start_loads_nothing_that_draws_reads_spreadsheets_or_rehearses() -> None:
    loaded = loaded_by("bot.cli", "bot.app")
    assert SLOW_TO_LOAD.isdisjoint(loaded)
    assert "telegram" in loaded


def test_a_command_that_asks_telegram_nothing_loads_nothing_of_it() -> None:
    loaded = loaded_by("bot.cli")
    assert {"telegram", "bot.app", *SLOW_TO_LOAD}.isdisjoint(loaded)
    assert "bot.store.store" in loaded
