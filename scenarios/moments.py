"""Times as people write them in the column of a script: clock times, offsets, and the cells of spreadsheets. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from scenarios.cells import Cell, as_text
from scenarios.durations import parse_duration
from scenarios.wording import Wording

_DAY = timedelta(days=1)
_OFFSET = re.compile(
    r"(?P<sign>[jhtd]|startex)?\s*\+\s*(?P<a>\d{1,3})(?:[.:](?P<b>[0-5]\d))?(?:[.:](?P<c>[0-5]\d))?"
    r"\s*(?P<unit>menit|minutes?|mins?|m|'|jam|hours?|h|detik|seconds?|s)?",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?P<a>\d{1,4})\s*(?P<unit>menit|minutes?|mins?|jam|hours?|detik|seconds?)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:(?:pukul|pkl|jam)\.?\s*)?(?P<h>[01]?\d|2[0-3])[.:](?P<m>[0-5]\d)(?:[.:](?P<s>[0-5]\d))?"
    r"\s*(?P<half>am|pm)?\s*(?:wib|wita|wit|hrs|lt)?",
    re.IGNORECASE,
)
_MILITARY = re.compile(
    r"(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d)(?P<s>)(?P<half>)\s*(?:hrs|h|lt|wib|wita|wit)?", re.IGNORECASE
)
_UNTIL = re.compile(r"\s*(?:-|\u2013|\u2014|s/d|s\.d\.|sampai|until|to)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Moment:
    """``span`` counts from STARTEX, or from midnight where it ``is_clock`` time; ``remark``: what was presumed."""

    span: timedelta
    is_clock: bool
    remark: Wording | None = None


def read_moment(cell: Cell) -> Moment | None:  # noqa: PLR0911 - one arm for each type of cell
    """The moment that a cell tells, or ``None`` when it tells none."""
    match cell:
        case bool() | None:
            return None
        case time():
            return Moment(_since_midnight(cell), is_clock=True)
        case datetime():
            return Moment(_since_midnight(cell.time()), is_clock=True, remark=Wording("its date is left out"))
        case timedelta():
            return Moment(cell, is_clock=False) if timedelta(0) <= cell else None
        case float() if 0 <= cell < 1:
            remark = Wording("read as a part of a day")
            return Moment(timedelta(seconds=round(cell * 86_400)), is_clock=True, remark=remark)
        case int() | float():
            # 8.15 is how a program keeps 08.15 that was typed where decimals have a point.
            hours, hundredths = divmod(round(cell * 100), 100)
            if isinstance(cell, float) and 0 <= hours < 24 and hundredths < 60:
                remark = Wording("read as hours.minutes")
                return Moment(timedelta(hours=hours, minutes=hundredths), is_clock=True, remark=remark)
            return None
        case str():
            return _read_text(cell.strip())


def _read_text(written: str) -> Moment | None:
    whole = _one(written)
    if whole is not None:
        return whole
    for until in _UNTIL.finditer(written):
        first = _one(written[: until.start()])
        if first is not None and _one(written[until.end() :]) is not None:
            remark = Wording("only the beginning of this stretch of time is used")
            return Moment(first.span, first.is_clock, remark)
    return None


def _one(written: str) -> Moment | None:
    if match := _OFFSET.fullmatch(written):
        return _offset(match)
    if match := _SPAN.fullmatch(written):
        return Moment(_in_unit(int(match["a"]), match["unit"]), is_clock=False)
    if match := _CLOCK.fullmatch(written) or _MILITARY.fullmatch(written):
        hours = int(match["h"])
        if match["half"]:
            if not 1 <= hours <= 12:
                return None
            hours = hours % 12 + (12 if match["half"].casefold() == "pm" else 0)
        span = timedelta(hours=hours, minutes=int(match["m"]), seconds=int(match["s"] or 0))
        return Moment(span, is_clock=True)
    try:
        return Moment(parse_duration(written), is_clock=False)
    except ValueError:
        return None


def _offset(match: re.Match[str]) -> Moment | None:
    first, second, third = int(match["a"]), match["b"], match["c"]
    if second is None:
        if match["unit"]:
            return Moment(_in_unit(first, match["unit"]), is_clock=False)
        if (match["sign"] or "").casefold() in {"h", "d"}:
            return None  # a day, or an hour: the sheet does not say
        return Moment(timedelta(minutes=first), is_clock=False, remark=Wording("read as minutes"))
    if third is None:
        remark = Wording("read as hours and minutes")
        return Moment(timedelta(hours=first, minutes=int(second)), is_clock=False, remark=remark)
    return Moment(timedelta(hours=first, minutes=int(second), seconds=int(third)), is_clock=False)


def _in_unit(number: int, unit: str) -> timedelta:
    match unit[0].casefold():
        case "j" | "h":
            return timedelta(hours=number)
        case "d" | "s":
            return timedelta(seconds=number)
        case _:
            return timedelta(minutes=number)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


class Beginning:
    """Turns the moments of a script, row by row, into offsets from its first clock time."""

    def __init__(self) -> None:
        self._begin: timedelta | None = None
        self._last = timedelta(0)

    def offset(self, moment: Moment) -> timedelta:
        """How long after the beginning ``moment`` is; a clock time far below the one before is of the next day."""
        if not moment.is_clock:
            return moment.span
        if self._begin is None:
            self._begin = self._last = moment.span
        span = moment.span + (self._last // _DAY) * _DAY
        if span < self._last - _DAY / 2 or span < self._begin:
            span += _DAY
        self._last = max(self._last, span)
        return span - self._begin


def shown(cell: Cell) -> str:
    """What stands in a cell of the time column, for a remark."""
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return " ".join(as_text(cell).split())
