"""Media are found beside the scenarios, and nowhere else."""

from pathlib import Path

import pytest

from bot.rehearsal.standin.pictures import plain_png
from bot.wire.shelf import LARGEST, Shelf
from scenarios.model import Medium


async def test_a_file_is_found_in_the_first_folder_that_has_it(tmp_path: Path) -> None:
    for folder, colour in (("own", 10), ("bundled", 20)):
        (tmp_path / folder / "pictures").mkdir(parents=True)
        (tmp_path / folder / "pictures" / "map.png").write_bytes(plain_png(colour=(colour, 0, 0)))
    shelf = Shelf([tmp_path / "own", tmp_path / "bundled"])
    found = await shelf.find(Medium(photo="pictures/map.png"))
    assert found is not None
    assert found.path == (tmp_path / "own" / "pictures" / "map.png").resolve()
    assert found.name == "map.png"
    assert len(found.sha256) == 64


async def test_what_lies_outside_the_folder_is_not_found(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("token")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    shelf = Shelf([folder])
    for path in ("../secret.txt", "link.txt", str(tmp_path / "secret.txt"), "", "\0"):
        assert await shelf.find(Medium.model_construct(document=path or ".")) is None


@pytest.mark.parametrize("size", [0, LARGEST["photo"] + 1])
async def test_a_file_that_telegram_would_not_take_is_not_found(tmp_path: Path, size: int) -> None:
    with (tmp_path / "big.png").open("wb") as big:
        big.truncate(size)
    assert await Shelf([tmp_path]).find(Medium(photo="big.png")) is None


async def test_a_changed_file_is_another_file(tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    picture.write_bytes(b"one")
    shelf = Shelf([tmp_path])
    before = await shelf.find(Medium(photo="map.png"))
    picture.write_bytes(b"three")
    after = await shelf.find(Medium(photo="map.png"))
    assert before is not None
    assert after is not None
    assert before.sha256 != after.sha256
