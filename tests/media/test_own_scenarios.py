"""The folder of one's own scenarios is taken into the library at the start."""

from pathlib import Path

from bot.clock import WallClock
from bot.own_scenarios import take_in
from bot.service import library
from bot.store.store import Store
from tests.handlers.test_library import BAD, GOOD


async def test_good_files_are_taken_in_and_bad_ones_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "banjir.yaml").write_text(GOOD)
    (folder / "buruk.yaml").write_text(BAD.replace("id: banjir", "id: buruk"))
    (folder / "catatan.txt").write_text("no scenario")
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    try:
        await take_in(folder, store, WallClock())
        (folder / "banjir.yaml").write_text(GOOD.replace("Latihan banjir", "Latihan banjir kedua"))
        await take_in(folder, store, WallClock())
        known = {s.id: s.title.in_language("id") for s in await store.perform(library.everything)}
    finally:
        await store.close()
    assert known["banjir"] == "Latihan banjir kedua"
    assert "buruk" not in known
