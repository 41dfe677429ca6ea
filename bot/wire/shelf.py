"""Where the media of scenarios lie: the folder of one's own scenarios, then that of the bundled ones."""

import asyncio
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Final, Literal

import structlog

from bot.wire.rendering.rendered import Medium
from scenarios.model import Medium as Named

LARGEST: Final = {"photo": 10_000_000, "document": 50_000_000, "video": 50_000_000, "voice": 50_000_000}
"""Bytes that a bot may send."""
_Kind = Literal["photo", "document", "video", "voice"]
_KINDS: Final[tuple[_Kind, ...]] = ("photo", "document", "video", "voice")

log = structlog.get_logger(__name__)


def bundled_folder() -> Path:
    """The folder of the bundled scenarios."""
    return Path(str(resources.files("scenarios"))) / "library"


def named(medium: Named) -> tuple[_Kind, str]:
    """How a medium is sent, and the path that the scenario gives for it.

    Raises:
        ValueError: it names no file; the check of scenarios lets none such through.
    """
    for kind in _KINDS:
        if path := getattr(medium, kind):
            return kind, path
    raise ValueError("a medium without a file")


class Shelf:
    """Finds the files that scenarios name; what lies outside the folders is not found."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = [folder.resolve() for folder in folders]
        self._hashes: dict[tuple[Path, int, int], str] = {}
        """By path, moment of change and size: a file is read for its hash once."""

    async def find(self, medium: Named) -> Medium | None:
        """The file, if it is there and small enough to be sent."""
        kind, path = named(medium)
        return await asyncio.to_thread(self._find, kind, path)

    def _find(self, kind: _Kind, name: str) -> Medium | None:
        for folder in self._folders:
            try:
                path = (folder / name).resolve()
                if not path.is_relative_to(folder) or not path.is_file():
                    continue
                status = path.stat()
                if not 0 < status.st_size <= LARGEST[kind]:
                    log.warning("medium_unusable", file=name, bytes=status.st_size)
                    return None
                same = (path, status.st_mtime_ns, status.st_size)
                if same not in self._hashes:
                    self._hashes[same] = hashlib.sha256(path.read_bytes()).hexdigest()
            except (OSError, ValueError) as error:
                log.warning("medium_unreadable", file=name, why=str(error))
                return None
            return Medium(kind, path, self._hashes[same], path.name)
        log.warning("medium_missing", file=name)
        return None
