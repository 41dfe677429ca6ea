"""Durations as scenario authors write them: ``90s``, ``5m``, ``1h05m30s``, ``01:05:30``, ``2.5s``."""

import re
from datetime import timedelta

from scenarios.problems import quoted
from scenarios.wording import Wording

_UNITS = re.compile(r"(?:(?P<h>\d{1,4})h)?(?:(?P<m>\d{1,6})m)?(?:(?P<s>\d{1,8}(?:\.\d{1,6})?)s)?", re.ASCII)
_CLOCK = re.compile(r"(?P<h>\d{1,4}):(?P<m>[0-5]\d):(?P<s>[0-5]\d(?:\.\d{1,6})?)", re.ASCII)
DURATION_PATTERN = (
    r"^\s*((?=\S)(\d{1,4}[hH])?(\d{1,6}[mM])?(\d{1,8}(\.\d{1,6})?[sS])?|"
    r"\d{1,4}:[0-5]\d:[0-5]\d(\.\d{1,6})?)\s*$"
)
"""What :func:`parse_duration` reads, in the dialect of JSON Schema."""
_LONGEST = timedelta(days=366)


def parse_duration(value: object) -> timedelta:
    """The duration that ``value`` spells; a timedelta is passed through.

    Raises:
        ValueError: it is no text, spells no duration, or is longer than a year.
    """
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError(Wording("a duration is text such as 90s, 5m or 01:05:30"))
    text = value.strip().lower()
    match = _CLOCK.fullmatch(text) or (_UNITS.fullmatch(text) if text else None)
    if match is None:
        raise ValueError(
            Wording("{value} is no duration; write it like 90s, 5m, 1h05m30s or 01:05:30", value=quoted(value))
        )
    seconds, _, fraction = (match["s"] or "0").partition(".")
    duration = timedelta(
        hours=int(match["h"] or 0),
        minutes=int(match["m"] or 0),
        seconds=int(seconds),
        microseconds=int(fraction.ljust(6, "0")) if fraction else 0,
    )
    if duration > _LONGEST:
        raise ValueError(Wording("{value} is longer than a year", value=quoted(value)))
    return duration


def format_duration(duration: timedelta) -> str:
    """The shortest spelling that :func:`parse_duration` reads back to the same value."""
    seconds, microseconds = divmod(duration // timedelta(microseconds=1), 1_000_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{microseconds:06d}".rstrip("0") if microseconds else ""
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else ""]
    if seconds or fraction or not (hours or minutes):
        parts.append(f"{seconds}{fraction}s")
    return "".join(parts)
