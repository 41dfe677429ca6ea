"""A few kills of the real bot in the middle of a drill; `make kills` does a hundred."""

from pathlib import Path

from tests.acceptance.kills import drill_with_kills


async def test_a_bot_killed_over_and_over_loses_nothing_and_repeats_nothing_unmarked(tmp_path: Path) -> None:
    played = await drill_with_kills(tmp_path, kills=5, seed=2)
    assert played.outcome.wrong == ()
    assert played.kills == 5
    assert played.presses >= played.outcome.deliveries
