"""The pictures that were sent in, ready to be set: a frame for each, and the files that the frames show."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.report.account import Account
from bot.report.names import short
from bot.report.photos import Photo, shrunk
from bot.report.telling import Telling
from bot.store.pictures import MOST

_LONGEST_WORDS: Final = 120


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture stands. ``name`` is that of its file; empty where the picture cannot be had."""

    at: datetime
    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of a report, in the order of time; ``note`` says what is not shown."""

    frames: Sequence[Frame] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    note: str = ""

    @classmethod
    def of(cls, told: Account, telling: Telling) -> "Album":
        """Every picture that came, those beyond the first :data:`~bot.store.pictures.MOST` told by their number."""
        frames: list[Frame] = []
        files: dict[str, bytes] = {}
        for number, photo in enumerate(told.photos[:MOST], 1):
            body = told.pictures.get(photo.file)
            picture = shrunk(body) if body is not None else None
            name = f"picture-{number}.jpg" if picture else ""
            if picture:
                files[name] = picture
            frames.append(Frame(photo.at, name, caption(photo, telling)))
        left = len(told.photos) - len(frames)
        return cls(frames, files, telling.say("more_pictures", number=left) if left else "")

    def by_start(self, starts: Sequence[object]) -> list[list[dict[str, Any]]]:
        """The frames as the layout sets them, in groups that begin at these moments; earlier ones are in the first."""
        moments = [at for at in starts if isinstance(at, datetime)]
        groups: list[list[dict[str, Any]]] = [[] for _ in starts]
        for frame in self.frames:
            place = max(bisect_right(moments, frame.at) - 1, 0)
            groups[place].append({"name": frame.name, "caption": frame.caption})
        return groups


def caption(photo: Photo, telling: Telling) -> str:
    """When it came, about what, from whom, and with which words."""
    units = telling.exercise.scenario.units
    unit = units[photo.unit].name.in_language(telling.language) if photo.unit in units else ""
    head = " · ".join(part for part in (telling.clock(photo.at), photo.inject or "", unit) if part)
    words = short(photo.words, _LONGEST_WORDS)
    return f"{head}: {words}" if words else head
