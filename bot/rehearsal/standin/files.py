"""The files that were sent, and how the Bot API speaks of them."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.rehearsal.standin.errors import bad_request, too_large
from bot.rehearsal.standin.pictures import picture_size

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
THUMBNAIL_SIDE = 320


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file on Telegram's side."""

    file_id: str
    unique_id: str
    kind: str
    """``photo``, ``document``, ``video`` or ``voice``."""
    name: str
    mime_type: str
    body: bytes
    path: str
    """Where it is downloaded from, under ``/file/bot<token>/``."""
    size: tuple[int, int] | None = None
    """Width and height in pixels, of a photo."""

    def sized(self) -> dict[str, Any]:
        """What every description of a file carries."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.body)}


class FileStore:
    """All files by id and by path. The same bytes keep the same unique id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, name: str, body: bytes, mime_type: str | None = None) -> StoredFile:
        """Take a file in.

        Raises:
            ApiError: 400 or 413, Telegram would refuse it: empty, too big, or no picture.
        """
        if not body:
            raise bad_request("file must be non-empty")
        if len(body) > LARGEST_FILE:
            raise too_large()
        size = _photo_size(body) if kind == "photo" else None
        number = len(self._by_id)
        digest = sha256(body).hexdigest()
        guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
        ending = ".jpg" if kind == "photo" else "." + name.rpartition(".")[2] if "." in name else ""
        stored = StoredFile(
            file_id=f"AgAC{digest[:16]}{kind[:3]}{number:08d}",
            unique_id=f"AQAD{digest[:12]}",
            kind=kind,
            name=name,
            mime_type=mime_type or guessed,
            body=body,
            path=f"{kind}s/file_{number}{ending}",
            size=size,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def __iter__(self) -> Iterator[StoredFile]:
        """Every file, oldest first."""
        return iter(self._by_id.values())

    def get(self, file_id: str) -> StoredFile | None:
        """The file of that id."""
        return self._by_id.get(file_id)

    def forget(self) -> None:
        """Know no file any more, as another bot would know none."""
        self._by_id.clear()
        self._by_path.clear()

    def at(self, path: str) -> StoredFile | None:
        """The file at that download path."""
        return self._by_path.get(path)


def _photo_size(body: bytes) -> tuple[int, int]:
    if len(body) > LARGEST_PHOTO:
        raise bad_request(
            f"file of size {len(body)} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    size = picture_size(body)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size


def media_content(stored: StoredFile, details: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The message fields that show this file; ``details`` are width, height and duration where they are known."""
    known = details or {}
    match stored.kind:
        case "photo":
            width, height = stored.size or (1, 1)
            sizes = [{**stored.sized(), "width": width, "height": height}]
            if max(width, height) > THUMBNAIL_SIDE:
                part = THUMBNAIL_SIDE / max(width, height)
                small = {"width": max(1, int(width * part)), "height": max(1, int(height * part))}
                sizes.insert(0, {**stored.sized(), **small})
            return {"photo": sizes}
        case "video":
            video = {name: int(known.get(name, 0)) for name in ("width", "height", "duration")}
            return {"video": {**stored.sized(), **video, "mime_type": stored.mime_type}}
        case "voice":
            duration = int(known.get("duration", 1))
            return {"voice": {**stored.sized(), "duration": duration, "mime_type": stored.mime_type}}
        case _:
            return {"document": {**stored.sized(), "file_name": stored.name, "mime_type": stored.mime_type}}
