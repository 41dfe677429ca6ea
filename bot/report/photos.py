"""The pictures that people sent in, as the report shows them: scaled down, and only what can be decoded within limits.

Nobody knows what is in such a file until it is decoded. Three formats are known, huge dimensions are refused before
any pixel is, and what is shown is made anew: nothing else that was in the file (a place, a camera) gets into a report.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from PIL import Image

from bot.exercise.facts import LogEntry
from bot.exercise.reporting import picture_in

SIDE: Final = 640
"""Pixels of the longer side of a picture in a report."""
_MOST_PIXELS: Final = 16_000_000
"""Of a picture that is decoded at all: 48 MB. Telegram makes a photo at most half as large."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 78


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that was sent in. ``file`` is Telegram's id of it; ``unit`` and ``inject`` are what it is about."""

    at: datetime
    unit: str | None
    inject: str | None
    words: str
    file: str


def photos_in(entries: Iterable[LogEntry]) -> list[Photo]:
    """Every picture of a log once, in the order in which they came."""
    found: dict[str, Photo] = {}
    for fact in (entry.fact for entry in entries):
        file = picture_in(fact)
        if file:
            found.setdefault(file, Photo(fact.at, fact.unit, fact.inject, str(fact.detail.get("text", "")), file))
    return list(found.values())


def shrunk(body: bytes) -> bytes | None:
    """The picture as a small JPEG; ``None`` where the file is none, is damaged, or is too large to decode."""
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(body), formats=_FORMATS) as image:
            warnings.simplefilter("ignore")
            if image.width * image.height > _MOST_PIXELS:
                return None
            image.draft("RGB", (SIDE, SIDE))
            small = image.convert("RGB")
        small.thumbnail((SIDE, SIDE))
        made = BytesIO()
        small.save(made, "JPEG", quality=_QUALITY)
    except Exception:  # noqa: BLE001 - a damaged file makes the decoder raise whatever it likes
        return None
    return made.getvalue()
