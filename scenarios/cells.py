"""What stands in one cell: lists, media and evidence as short text, and words that a program must not run."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from scenarios.durations import format_duration

Cell = str | int | float | bool | datetime | time | timedelta | None
"""What a spreadsheet program keeps in a cell."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
_MEDIUM = re.compile(r"\s*(photo|document|video|voice)\s*:\s*(.*)", re.DOTALL)
_PLAIN_NAME = re.compile(r'(?!")\S(?:[^\n\r]*\S)?')


def join(names: Iterable[str]) -> str:
    """Names with commas between."""
    return ", ".join(names)


def split(written: str) -> list[str]:
    """Names that commas, semicolons or lines separate."""
    return [name.strip() for name in re.split(r"[,;\n]", written) if name.strip()]


def join_media(media: Iterable[Mapping[str, str]]) -> str:
    """One medium a line; a name that is no plain line stands as JSON."""
    lines = (
        f"{kind}: {name if _PLAIN_NAME.fullmatch(name) else json.dumps(name)}"
        for medium in media
        for kind, name in medium.items()
    )
    return "\n".join(lines)


def split_media(written: str) -> list[Any]:
    """What :func:`join_media` joined; a line that names no kind of medium stays text, for the check to refuse."""
    media: list[Any] = []
    for line in filter(str.strip, written.split("\n")):
        match = _MEDIUM.fullmatch(line)
        media.append({match[1]: _name(match[2].strip())} if match else line)
    return media


def _name(written: str) -> str:
    if written.startswith('"'):
        try:
            return str(json.loads(written))
        except ValueError:
            return written
    return written


def join_evidence(evidence: Iterable[Mapping[str, str]]) -> str:
    """Kinds with commas between, each with its deadline behind it."""
    return join(" ".join(each.values()) for each in evidence)


def split_evidence(written: str) -> list[Any]:
    """What :func:`join_evidence` joined."""
    found: list[Any] = []
    for each in split(written):
        kind, _, within = each.partition(" ")
        found.append({"kind": kind, "within": within.strip()} if within else kind)
    return found


def as_text(value: Cell) -> str:  # noqa: PLR0911 - one arm for each type of cell
    """What a cell holds, as its author sees it; numbers without a needless fraction, times as durations."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.isoformat(sep=" ")
        case time():
            return format_duration(
                timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
            )
        case timedelta():
            return format_duration(value) if value >= timedelta(0) else str(value)
        case _:
            return repr(value)


def disarmed(words: str) -> str:
    """``words`` for a CSV file: what a spreadsheet program would run gets an apostrophe before it."""
    return f"'{words}" if words.startswith(_RISKY) else words


def rearmed(words: str) -> str:
    """What :func:`disarmed` was given."""
    return words[1:] if words.startswith("'") and words[1:].startswith(_RISKY) else words
