"""The files that units and controllers sent, fetched from Telegram and put into one archive."""

import asyncio
import io
import zipfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.exercise.errors import Refusal
from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.model import Exercise

LARGEST: Final = 45 * 1024 * 1024
"""Bytes of an archive, below what a bot may send."""
OF_FILES: Final = frozenset(
    {FactKind.REPORTED, FactKind.REPORT_GREW, FactKind.CORRECTED, FactKind.NOTED, FactKind.RATED}
)
"""The facts that can have a file."""
_KINDS: Final = frozenset({"photo", "document", "video", "voice"})


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as Telegram gives it out; ``suffix`` is how its name ends, with the dot."""

    body: bytes
    suffix: str


Fetch = Callable[[str, int], Awaitable[Fetched]]
"""Gives the file of an id, of at most so many bytes, or raises a :class:`~bot.exercise.errors.Refusal`."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """An archive of ``files`` files; ``missing`` could not be had, or found no room."""

    body: bytes
    files: int
    missing: int


async def bundle(exercise: Exercise, entries: Sequence[LogEntry], fetch: Fetch) -> Bundle:
    """Everything that was sent in, each file named by its number, exercise time of day, unit and inject."""
    gathered: list[tuple[str, bytes]] = []
    missing, left = 0, LARGEST
    for name, file_id in _files(exercise, entries):
        try:
            fetched = await fetch(file_id, left)
        except Refusal:
            missing += 1
            continue
        left -= len(fetched.body)
        gathered.append((f"{name}{fetched.suffix}", fetched.body))
    body = await asyncio.to_thread(_archive, gathered)
    return Bundle(body, len(gathered), missing)


def _files(exercise: Exercise, entries: Sequence[LogEntry]) -> Iterator[tuple[str, str]]:
    zone = ZoneInfo(exercise.timezone)
    seen: set[str] = set()
    for entry in entries:
        fact = entry.fact
        file = str(fact.detail.get("file", ""))
        if fact.kind in OF_FILES and fact.detail.get("kind") in _KINDS and file and file not in seen:
            seen.add(file)
            at = fact.at.astimezone(zone).strftime("%H%M%S")
            parts = (f"{len(seen):03d}", at, fact.unit or "", fact.inject or "", str(fact.detail["kind"]))
            yield "_".join(part for part in parts if part), file


def _archive(files: Sequence[tuple[str, bytes]]) -> bytes:
    written = io.BytesIO()
    # Pictures and recordings are packed already.
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return written.getvalue()
