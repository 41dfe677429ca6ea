"""The exercise marking: the first and the last line of everything an exercise says. Pure."""

from bot.report.pages import utf16_units
from bot.texts.catalogue import say
from bot.wire.rendering.html import Html, cut, escape, fill, joined

LONGEST_TEXT = 4_096
"""UTF-16 units of a message, as Telegram limits it."""
LONGEST_CAPTION = 1_024
"""UTF-16 units of the words under a picture or a file."""


def marked(body: Html, language: str, longest: int = LONGEST_TEXT) -> str:
    """The body between two lines of marking, cut to what fits with them into ``longest`` UTF-16 units."""
    line = say(language, "marking")
    return f"{escape(line)}\n{cut(body, room(language, longest))}\n{escape(line)}"


def repeated(text: str, language: str, longest: int = LONGEST_TEXT) -> str:
    """A message that its chat may have already, with words that say so: in front, but behind the marking."""
    line = escape(say(language, "marking"))
    body = text.removeprefix(f"{line}\n").removesuffix(f"\n{line}")
    again = joined((fill(language, "inject.repeat"), Html(body)))
    return cut(again, longest) if body == text else marked(again, language, longest)


def room(language: str, longest: int = LONGEST_TEXT) -> int:
    """How many UTF-16 units the marking leaves of ``longest``."""
    return longest - 2 * (utf16_units(say(language, "marking")) + 1)


def marked_file(language: str, name: str) -> str:
    """The name of a file of an exercise: ``LATIHAN-name``."""
    return f"{say(language, 'marking.file')}-{name}"
