"""The folder of one's own scenarios is taken into the library at the start."""

from pathlib import Path

import structlog

from bot.clock import WallClock
from bot.own_scenarios import take_in
from bot.service import library
from bot.store.store import Store
from scenarios.model import Scenario
from scenarios.writing import write_scenario
from scenarios.yaml_reader import read_yaml
from tests.handlers.test_library import BAD, GOOD


def renamed(scenario_id: str) -> Scenario:
    """A sound scenario of that id."""
    scenario = read_yaml(GOOD.encode()).scenario
    assert scenario is not None
    return scenario.model_copy(update={"id": scenario_id})


async def test_good_files_are_taken_in_and_bad_ones_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "banjir.yaml").write_text(GOOD)
    (folder / "buruk.yaml").write_text(BAD.replace("id: banjir", "id: buruk"))
    (folder / "catatan.txt").write_text("no scenario")
    (folder / "ruang.xlsx").write_bytes(write_scenario(renamed("ruang"), ".xlsx", "id"))
    (folder / "~$ruang.xlsx").write_bytes(b"the mark of a spreadsheet program that it is open")
    (folder / "lapang.csv").write_bytes(write_scenario(renamed("lapang"), ".csv", "id"))
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    try:
        with structlog.testing.capture_logs() as logs:
            await take_in(folder, store, WallClock())
        (folder / "banjir.yaml").write_text(GOOD.replace("Latihan banjir", "Latihan banjir kedua"))
        await take_in(folder, store, WallClock())
        known = {s.id: s.title.in_language("id") for s in await store.perform(library.everything)}
    finally:
        await store.close()
    assert known["banjir"] == "Latihan banjir kedua"
    assert "buruk" not in known
    assert {"ruang", "lapang"} <= known.keys()
    told = {entry["problem"] for entry in logs if entry["log_level"] == "warning" and entry["file"] != "buruk.yaml"}
    assert told == set()
    assert [entry["problem"] for entry in logs if entry["file"] == "buruk.yaml"] == [
        "buruk.yaml:7:29: error: unknown unit 'tidak-ada'"
    ]
