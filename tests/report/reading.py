"""Reads a page of Telegram's HTML as Telegram does, and refuses what Telegram would refuse."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.report.pages import utf16_units


@dataclass
class Page:
    """The text of a page after entity parsing, and the tags that it used."""

    text: str = ""
    tags: set[str] = field(default_factory=set)

    @property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.split("\n")

    @property
    def length(self) -> int:
        """In UTF-16 units."""
        return utf16_units(self.text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        assert not self.open, "a tag within a tag"
        self.open.append(tag)
        self.page.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.page.text += data


def read(html: str) -> Page:
    """The page in ``html``."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, "a tag is left open"
    assert reader.page.tags <= {"b", "i", "code", "pre"}
    return reader.page
