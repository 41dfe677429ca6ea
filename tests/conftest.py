"""What tests of every kind share: a real store on a real file."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await opened.open()
    yield opened
    await opened.close()
