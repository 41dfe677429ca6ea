"""The bot at work in the test's own process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import House, a_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        yield opened
