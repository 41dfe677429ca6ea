"""A message as Telegram is asked to show it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it carries ``data`` back to the bot, or opens ``url``."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message, ready to be sent.

    ``text`` is Telegram's HTML, and the caption where there is a ``photo`` or a ``document`` (the bytes of a
    file called ``file_name``). ``force_reply`` opens the reader's reply box; ``silent`` makes no sound.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    photo: bytes | None = None
    document: bytes | None = None
    file_name: str = ""
    force_reply: bool = False
    silent: bool = False
