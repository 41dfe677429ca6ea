"""A clock whose pace changes while it goes."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import Pace, PacedClock

MORNING = datetime(2023, 10, 16, 2, 0, tzinfo=UTC)


def test_a_change_of_pace_makes_no_jump() -> None:
    clock = PacedClock(Pace.from_now(0.0, MORNING))
    for speed in (100.0, 0.0, 1.0, 0.0):
        before = clock.now()
        pace = clock.set_speed(speed)
        assert timedelta() <= pace.moment - before < timedelta(hours=1)
    assert clock.now() == clock.now()


def test_whoever_has_the_same_pace_has_the_same_time() -> None:
    pace = Pace.from_now(0.0, MORNING)
    assert Pace.parse(str(pace)) == pace
    assert PacedClock(Pace.parse(str(pace))).now() == MORNING


async def test_sleep_follows_the_pace() -> None:
    clock = PacedClock(Pace.from_now(0.0, MORNING))
    sleeping = asyncio.create_task(clock.sleep(3600.0))
    await asyncio.sleep(0)
    assert not sleeping.done()
    clock.set_speed(1_000_000.0)
    async with asyncio.timeout(30):
        await sleeping
    assert clock.now() >= MORNING + timedelta(hours=1)


def test_a_span_that_passed_at_a_fast_pace_is_not_taken_for_a_long_one() -> None:
    clock = PacedClock(Pace.from_now(120.0, MORNING))
    clock.set_speed(1.0)
    assert clock.real_seconds(120.0) == 1.0


def test_a_clock_that_stands_still_waits_a_day_at_most() -> None:
    clock = PacedClock(Pace.from_now(0.0, MORNING))
    assert clock.real_seconds(1.0) == 86_400.0
    assert clock.on_the_wall(MORNING + timedelta(seconds=1)) > datetime.now(UTC) + timedelta(hours=23)
