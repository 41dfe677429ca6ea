"""The exercise marking: the first and the last line of everything an exercise says. Pure."""

from bot.report.pages import utf16_units
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, cut, escape

LONGEST_TEXT = 4_096
"""UTF-16 units of a message, as Telegram limits it."""
LONGEST_CAPTION = 1_024
"""UTF-16 units of the words under a picture or a file."""


def marked(body: Html, language: str, longest: int = LONGEST_TEXT) -> str:
    """The body between two lines of marking, cut to what fits with them into ``longest`` UTF-16 units."""
    line = say(language, "marking")
    return f"{escape(line)}\n{cut(body, room(language, longest))}\n{escape(line)}"


def room(language: str, longest: int = LONGEST_TEXT) -> int:
    """How many UTF-16 units the marking leaves of ``longest``."""
    return longest - 2 * (utf16_units(say(language, "marking")) + 1)


def marked_file(language: str, name: str) -> str:
    """The name of a file of an exercise: ``LATIHAN-name``."""
    return f"{say(language, 'marking.file')}-{name}"
