"""Telegram's HTML: words into markup, and markup that fits. Pure.

Words become :class:`Html` at the last step and only here, so that nothing anybody wrote is ever read as markup.
Lengths are UTF-16 units of what is seen, as Telegram counts them.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape as escape_html
from html.parser import HTMLParser
from string import Formatter

from bot.report.pages import utf16_units
from bot.texts.catalogue import count, template

LONGEST_NAME = 64
LONGEST_WORDS = 1_000
"""The most that a report, a reason or the like may take of a message, in UTF-16 units."""

_JOINER = "\u200d"
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BLANKS = "\u115f\u1160\u200b\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
_TRICKS = frozenset(_DIRECTIONS + _BLANKS)
_SEEN = frozenset("LNPS")
"""The first letters of the categories of characters that leave ink."""
_LINE_ENDS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"})
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class Html(str):
    """Text that is markup already: its words escaped, its tags closed."""

    __slots__ = ()


# An inject says the same to every unit, and people keep their names: each character is looked at once.
@lru_cache(maxsize=1_024)
def clean(text: str) -> str:
    """The text without control characters, direction marks, blanks in disguise and lone surrogates.

    Its lines stay lines.
    """
    lines = text.replace("\r\n", "\n").translate(_LINE_ENDS).replace("\t", " ")
    kept = (c for c in lines if c == "\n" or (c not in _TRICKS and unicodedata.category(c) not in {"Cc", "Cs"}))
    return "".join(kept).strip()


@lru_cache(maxsize=4_096)
def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """The text on one line of at most ``longest`` UTF-16 units; a dash where nothing is left of it.

    Words written from right to left are set apart, so that they do not turn round what stands beside them.
    """
    line = shorten(" ".join(clean(text).split()), longest)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in line):
        return f"\u2068{line}\u2069"
    return line if any(unicodedata.category(character)[0] in _SEEN for character in line) else "-"


def shorten(text: str, longest: int) -> str:
    """The text, cut where it is longer than ``longest`` UTF-16 units, and then with an ellipsis at its end.

    What is seen as one character (an emoji and its joined parts, a letter and its marks) is not cut apart.
    """
    if utf16_units(text) <= longest:
        return text
    taken = end = 0
    while taken + utf16_units(text[end]) < longest:
        taken += utf16_units(text[end])
        end += 1
    whole = end
    while whole and (_continues(text[whole]) or text[whole - 1] == _JOINER):
        whole -= 1
    return text[: whole or end].rstrip() + "…"


def escape(text: str) -> Html:
    """Words as markup; markup stays what it is."""
    return text if isinstance(text, Html) else Html(escape_html(text, quote=False))


def bold(text: str) -> Html:
    """In bold."""
    return Html(f"<b>{escape(text)}</b>")


def italic(text: str) -> Html:
    """In italics."""
    return Html(f"<i>{escape(text)}</i>")


def code(text: str) -> Html:
    """In fixed width, copied with one tap."""
    return Html(f"<code>{escape(text)}</code>")


def mention(user_id: int, name: str) -> Html:
    """A person's name that opens their profile and alerts them, also where they have no username."""
    return Html(f'<a href="tg://user?id={user_id}">{escape(one_line(name))}</a>')


def joined(parts: Iterable[str], between: str = "\n") -> Html:
    """The parts that are not empty, one after another; words among them are escaped."""
    return Html(escape(between).join(escape(part) for part in parts if part))


def fill(language: str, key: str, **gaps: str) -> Html:
    """The text ``key`` of the catalogue as markup, its gaps filled with words or with markup."""
    return filled(language, key, gaps)


def told(language: str, key: str, gaps: Mapping[str, str]) -> Html:
    """A whole message from the catalogue: as :func:`filled`, but never empty; dashes fill the gaps then."""
    return filled(language, key, gaps) or filled(language, key, gaps, blank="-")


def filled(language: str, key: str, gaps: Mapping[str, str], blank: str = "") -> Html:
    """The text ``key`` as markup. A line with a gap that nothing fills (nor ``blank``) is left out.

    What a gap should hold may be unknown (nobody gave a reason); the rest of the message still has to be said.
    """
    lines = []
    for line, names in _lines(language, key):
        values = {name: escape(gaps.get(name) or blank) for name in names}
        if all(values.values()):
            lines.append(line.format_map(values))
    return Html("\n".join(lines))


@cache
def _lines(language: str, key: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines of a text as markup, each with the names of its gaps."""
    lines = escape(template(language, key)).split("\n")
    return tuple((line, tuple(name for _, name, _, _ in Formatter().parse(line) if name)) for line in lines)


def as_many(lines: Sequence[Html], room: int, language: str) -> Html:
    """The first lines that find room in ``room`` UTF-16 units, and how many did not."""
    more = utf16_units(count(language, "count.more", len(lines))) + 1
    taken = 0
    for index, line in enumerate(lines):
        taken += utf16_units(visible(line)) + 1
        last = index == len(lines) - 1
        if taken + (0 if last else more) > room + 1:
            return joined((*lines[:index], count(language, "count.more", len(lines) - index)))
    return joined(lines)


def visible(markup: Html) -> str:
    """What is seen of the markup."""
    if "<" not in markup and "&" not in markup:
        return str(markup)
    reader = _Reader(None)
    reader.feed(markup)
    reader.close()
    return reader.seen


def beside(words: str, around: Html, longest: int) -> str:
    """The words, cut to what ``around`` leaves of ``longest`` UTF-16 units."""
    if utf16_units(words) + utf16_units(around) <= longest:
        return words
    return shorten(words, longest - utf16_units(visible(around)))


def cut(markup: Html, longest: int) -> Html:
    """The markup, cut where what is seen is longer than ``longest`` UTF-16 units, its tags closed."""
    # What is seen is never longer than the markup, which takes no reading.
    if utf16_units(markup) <= longest or utf16_units(visible(markup)) <= longest:
        return markup
    reader = _Reader(longest)
    reader.feed(markup)
    reader.close()
    return Html(reader.kept + "".join(f"</{tag}>" for tag in reversed(reader.open)))


def _continues(character: str) -> bool:
    """Whether the character belongs to the one before it."""
    return (
        character == _JOINER
        or unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


class _Reader(HTMLParser):
    """Reads markup up to a number of UTF-16 units of what is seen."""

    def __init__(self, longest: int | None) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = ""
        self.kept = ""
        self.open: list[str] = []
        self._room = longest
        self._full = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - kept as written
        if not self._full:
            self.kept += self.get_starttag_text() or ""
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._full:
            self.kept += f"</{tag}>"
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        if self._full:
            return
        if self._room is not None and utf16_units(data) >= self._room:
            data = shorten(data + "…", self._room)
            self._full = True
        elif self._room is not None:
            self._room -= utf16_units(data)
        self.seen += data
        self.kept += escape_html(data, quote=False)
