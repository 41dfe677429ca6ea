"""Two bots never share one SQLite file."""

from pathlib import Path

import pytest

from bot.store.claim import claimed
from bot.store.engine import BadDatabaseError


def test_a_second_claim_to_the_same_file_is_refused_in_words(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    with claimed(url), pytest.raises(BadDatabaseError, match="another geladi runs on"), claimed(url):
        pass


def test_a_claim_ends_with_its_holder(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    with claimed(url):
        pass
    with claimed(url):
        pass


def test_two_files_are_two_claims(tmp_path: Path) -> None:
    one, other = (f"sqlite+aiosqlite:///{tmp_path / name}" for name in ("one.db", "other.db"))
    with claimed(one), claimed(other):
        pass


def test_a_file_by_another_name_is_the_same_file(tmp_path: Path) -> None:
    file, link, folder = tmp_path / "geladi.db", tmp_path / "link.db", tmp_path / "folder"
    file.touch()
    link.symlink_to(file)
    folder.symlink_to(tmp_path)
    for other in (link, folder / "geladi.db"):
        one, same = (f"sqlite+aiosqlite:///{path}" for path in (file, other))
        with claimed(one), pytest.raises(BadDatabaseError, match="another geladi runs on"), claimed(same):
            pass
        with claimed(same), pytest.raises(BadDatabaseError, match="another geladi runs on"), claimed(one):
            pass


def test_a_link_to_a_file_that_is_not_made_yet_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "geladi.db")
    one, same = (f"sqlite+aiosqlite:///{tmp_path / name}" for name in ("geladi.db", "link.db"))
    with claimed(one), pytest.raises(BadDatabaseError, match="another geladi runs on"), claimed(same):
        pass
