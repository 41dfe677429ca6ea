"""A message as Telegram is asked to show it. Pure."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it carries ``data`` back to the bot, or opens ``url``."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that a message shows: one on this machine, or (``file_id``) one that Telegram has already."""

    kind: Literal["photo", "document", "video", "voice"]
    path: Path | None = None
    sha256: str = ""
    """Of its bytes, in hexadecimal."""
    name: str = ""
    """What readers see it called."""
    file_id: str = ""


@dataclass(frozen=True, slots=True)
class Venue:
    """A place on the map, in degrees, under a title and an address."""

    lat: float
    lon: float
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message, ready to be sent.

    ``text`` is Telegram's HTML, and the caption where there is a ``medium``, or a ``photo`` or a ``document`` (the
    bytes of a file called ``file_name``). ``alone`` is the text to send where Telegram does not take the medium or
    the ``venue``. ``force_reply`` opens the reader's reply box; ``silent`` makes no sound.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    photo: bytes | None = None
    document: bytes | None = None
    file_name: str = ""
    medium: Medium | None = None
    venue: Venue | None = None
    alone: str = ""
    force_reply: bool = False
    silent: bool = False

    @property
    def only_words(self) -> bool:
        """Whether nothing is shown but the text and what is under it."""
        return self.medium is None and self.venue is None and self.photo is None and self.document is None
