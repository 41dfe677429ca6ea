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
