"""Times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts.times import clock_time, date, exercise_time, seconds, span

AT = datetime(2023, 10, 16, 2, 15, 3, 900_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("elapsed", "indonesian", "english"),
    [
        (timedelta(), "J+00:00:00", "T+00:00:00"),
        (timedelta(minutes=15, seconds=3.9), "J+00:15:03", "T+00:15:03"),
        (timedelta(hours=26, minutes=1), "J+26:01:00", "T+26:01:00"),
        (timedelta(minutes=-5), "J-00:05:00", "T-00:05:00"),
    ],
)
def test_exercise_time_counts_from_startex(elapsed: timedelta, indonesian: str, english: str) -> None:
    assert exercise_time(elapsed, "id") == indonesian
    assert exercise_time(elapsed, "en") == english


@pytest.mark.parametrize(
    ("zone", "indonesian", "english"),
    [
        ("Asia/Jakarta", "09.15.03 WIB", "09:15:03 WIB"),
        ("Asia/Pontianak", "09.15.03 WIB", "09:15:03 WIB"),
        ("Asia/Makassar", "10.15.03 WITA", "10:15:03 WITA"),
        ("Asia/Jayapura", "11.15.03 WIT", "11:15:03 WIT"),
        ("Europe/Berlin", "04.15.03 CEST", "04:15:03 CEST"),
        ("Asia/Dubai", "06.15.03 UTC+04", "06:15:03 UTC+04"),
        ("UTC", "02.15.03 UTC", "02:15:03 UTC"),
    ],
)
def test_the_clock_is_read_in_its_zone_and_by_the_zones_name(zone: str, indonesian: str, english: str) -> None:
    assert clock_time(AT, zone, "id") == indonesian
    assert clock_time(AT, zone, "en") == english


def test_the_clock_can_be_read_without_seconds() -> None:
    assert clock_time(AT, "Asia/Jakarta", "id", seconds=False) == "09.15 WIB"
    assert clock_time(AT, "Asia/Jakarta", "en", seconds=False) == "09:15 WIB"


def test_a_date_is_the_day_in_its_zone() -> None:
    assert date(AT, "Asia/Jakarta", "id") == "Senin, 16 Oktober 2023"
    assert date(AT, "Asia/Jakarta", "en") == "Monday, 16 October 2023"
    assert date(AT.replace(hour=20), "Asia/Jakarta", "id") == "Selasa, 17 Oktober 2023"


@pytest.mark.parametrize(
    ("duration", "indonesian", "english"),
    [
        (timedelta(seconds=45), "45 dtk", "45 s"),
        (timedelta(seconds=90), "1 mnt 30 dtk", "1 min 30 s"),
        (timedelta(minutes=2), "2 mnt", "2 min"),
        (timedelta(hours=1, seconds=5), "1 jam 5 dtk", "1 h 5 s"),
        (timedelta(hours=27), "27 jam", "27 h"),
        (timedelta(), "0 dtk", "0 s"),
        (timedelta(seconds=-3), "0 dtk", "0 s"),
        (timedelta(seconds=59.6), "1 mnt", "1 min"),
    ],
)
def test_a_duration_is_short(duration: timedelta, indonesian: str, english: str) -> None:
    assert span(duration, "id") == indonesian
    assert span(duration, "en") == english


@pytest.mark.parametrize(
    ("number", "indonesian", "english"),
    [
        (4.24, "4,2 dtk", "4.2 s"),
        (0.0, "0,0 dtk", "0.0 s"),
        (-1.0, "0,0 dtk", "0.0 s"),
        (9.96, "10 dtk", "10 s"),
        (23.4, "23 dtk", "23 s"),
        (1234.0, "1234 dtk", "1234 s"),
    ],
)
def test_seconds_keep_one_decimal_below_ten(number: float, indonesian: str, english: str) -> None:
    assert seconds(number, "id") == indonesian
    assert seconds(number, "en") == english


@given(st.floats(0, 100_000))
def test_seconds_never_show_ten_with_a_decimal(number: float) -> None:
    assert not seconds(number, "en").startswith("10.")
