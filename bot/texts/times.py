"""Times as people read them: the exercise clock, the wall clock, dates and durations. Pure."""

import datetime as dt
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from bot.texts.catalogue import LANGUAGES, say

_LOCALES = {"id": "id", "en": "en_GB"}


def exercise_time(elapsed: timedelta, language: str) -> str:
    """Time on the exercise clock, whole seconds passed: ``J+00:15:03``, in English ``T+00:15:03``."""
    letter = "T" if language == "en" else "J"
    sign = "-" if elapsed < timedelta() else "+"
    minutes, seconds = divmod(int(abs(elapsed).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{letter}{sign}{hours:02d}:{minutes:02d}:{seconds:02d}"


def clock_time(at: datetime, timezone: str, language: str, *, seconds: bool = True) -> str:
    """The wall clock of a zone: ``09.15.03 WIB``, in English ``09:15:03 WIB``. ``timezone`` is an IANA name."""
    return f"{bare_clock_time(at, timezone, language, seconds=seconds)} {zone_name(at, timezone)}"


def bare_clock_time(at: datetime, timezone: str, language: str, *, seconds: bool = True) -> str:
    """The wall clock of a zone without its name, where that stands elsewhere: ``09.15.03``, in English ``09:15:03``."""
    local = at.astimezone(ZoneInfo(timezone))
    colon = ":" if language == "en" else "."
    parts = ("%H", "%M", "%S") if seconds else ("%H", "%M")
    return local.strftime(colon.join(parts))


def zone_name(at: datetime, timezone: str) -> str:
    """What a zone is called at a moment: ``WIB``, ``WITA``, ``WIT``, ``CEST``, or ``UTC+04`` where it has no name."""
    name = at.astimezone(ZoneInfo(timezone)).tzname() or "UTC"
    return f"UTC{name}" if name[0] in "+-" else name


def date(at: datetime, timezone: str, language: str) -> str:
    """The day in a zone, in full: ``Senin, 16 Oktober 2023``, in English ``Monday, 16 October 2023``."""
    local = at.astimezone(ZoneInfo(timezone))
    return format_date(local, "full", locale=_locale(language))


def day(on: dt.date, language: str) -> str:
    """A day, short: ``1 Des 2026``, in English ``1 Dec 2026``."""
    return format_date(on, "d MMM y", locale=_locale(language))


def decimal(number: float, language: str) -> str:
    """A number with one decimal: ``3,8``, in English ``3.8``."""
    return format_decimal(number, "0.0", locale=_locale(language))


def span(duration: timedelta, language: str) -> str:
    """A duration to the second, its empty parts left out: ``1 mnt 30 dtk``, in English ``1 min 30 s``."""
    minutes, seconds = divmod(max(round(duration.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    parts = (("span.hours", hours), ("span.minutes", minutes), ("span.seconds", seconds))
    filled = [say(language, key, n=number) for key, number in parts if number]
    return " ".join(filled) or say(language, "span.seconds", n=0)


def seconds(number: float, language: str) -> str:
    """A number of seconds, below ten with one decimal: ``4,2 dtk``, in English ``4.2 s``."""
    number = round(max(number, 0.0), 1)
    return say(language, "span.seconds", n=_decimal(number if number < 10 else round(number), language))


# Reading the pattern takes longer than all the other words that answer a press.
@lru_cache(maxsize=1_024)
def _decimal(number: float, language: str) -> str:
    return format_decimal(number, "0.0" if number < 10 else "0", locale=_locale(language))


def _locale(language: str) -> str:
    return _LOCALES.get(language, _LOCALES[LANGUAGES[0]])
