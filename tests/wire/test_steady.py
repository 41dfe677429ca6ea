"""A clock's time without its steps back."""

from datetime import timedelta

from bot.wire.steady import SteadyTime
from tests.wire.clocks import ManualClock
from tests.wire.rows import START, after, waiting


def test_what_was_written_before_the_clock_was_set_back_does_not_wait_as_long_as_that() -> None:
    """It was set back between two processes, so this one knows nothing of it."""
    row = SteadyTime(ManualClock()).row(waiting(1, -1, not_before=3_600.0))
    assert row.not_before is not None
    assert row.not_before <= START + timedelta(minutes=1)


def test_a_wait_that_is_as_long_as_waits_are_stays_as_long() -> None:
    row = SteadyTime(ManualClock()).row(waiting(1, -1, not_before=30.0))
    assert row.not_before == after(30)
