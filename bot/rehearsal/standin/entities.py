"""Formatted text: Telegram's HTML, and what it finds in plain text by itself.

Pure. Offsets and lengths of entities are in UTF-16 code units, as everywhere in the Bot API.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from bot.rehearsal.standin.errors import ApiError, bad_request

Entity = Mapping[str, Any]

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
}
TAGS = {*SIMPLE_TAGS, "a", "pre", "blockquote", "tg-emoji", "tg-time"}

_NAMED = re.compile(r"&(?:lt|gt|amp|quot);|&#[0-9]{1,7};|&#[xX][0-9a-fA-F]{1,6};")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[A-Za-z0-9.-]+(?=[\s>])))?")
_FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})"
)


def utf16_length(text: str) -> int:
    """How many UTF-16 code units ``text`` has."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of ``text`` that an entity with this offset and length covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def find_entities(text: str) -> list[Entity]:
    """Commands, mentions, links and hashtags, as Telegram marks them in plain text."""
    if not any(sign in text for sign in "/@#"):
        return []
    return [
        {
            "type": str(found.lastgroup),
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in _FOUND.finditer(text)
    ]


def format_text(text: str, parse_mode: str | None, entities: Iterable[Entity] = ()) -> tuple[str, tuple[Entity, ...]]:
    """The text as people see it, and its entities in Telegram's order.

    Raises:
        ApiError: 400, the markup is not Telegram's HTML, or the mode is not modelled.
    """
    match parse_mode:
        case None | "":
            given: list[Entity] = list(entities)
        case "HTML":
            text, given = parse_html(text)
        case _:
            raise bad_request(f"parse_mode {parse_mode} is not modelled by this stand-in")
    text, given = _trimmed(text, given)
    taken = [(one["offset"], one["offset"] + one["length"]) for one in given if one["type"] in _OPAQUE]
    found = [
        one
        for one in find_entities(text)
        if not any(start < one["offset"] + one["length"] and one["offset"] < end for start, end in taken)
    ]
    return text, tuple(sorted([*given, *found], key=lambda one: (one["offset"], -one["length"])))


_OPAQUE = {"code", "pre", "text_link", "text_mention", "custom_emoji", "bot_command", "mention", "url", "hashtag"}


@dataclass(slots=True)
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int


@dataclass(slots=True)
class _Html:
    """One pass over the markup."""

    markup: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def fault(self, words: str, position: int) -> ApiError:
        place = len(self.markup[:position].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {words} at byte offset {place}")


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """The text and the entities that Telegram reads from its HTML.

    Raises:
        ApiError: 400 ``can't parse entities: ...``, with the byte offset of the fault.
    """
    state = _Html(markup)
    position = 0
    while position < len(markup):
        opening = markup.find("<", position)
        if opening < 0:
            opening = len(markup)
        if opening > position:
            state.add(_NAMED.sub(lambda found: unescape(found.group()), markup[position:opening]))
        if opening == len(markup):
            break
        closing = markup.startswith("/", opening + 1)
        position = _end_tag(state, opening) if closing else _start_tag(state, opening)
    if state.open_tags:
        name = state.open_tags[-1].name
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\"")
    return "".join(state.pieces), state.entities


def _start_tag(state: _Html, opening: int) -> int:
    markup = state.markup
    found = _TAG_NAME.match(markup, opening + 1)
    name = found.group().lower() if found else ""
    position = opening + 1 + len(name)
    if position >= len(markup):
        raise state.fault("Unclosed start tag", opening)
    if name not in TAGS:
        raise state.fault(f'Unsupported start tag "{name}"', opening)
    attributes: dict[str, str] = {}
    while not markup.startswith(">", _skip_spaces(markup, position)):
        attribute = _ATTRIBUTE.match(markup, position)
        if attribute is None or (
            attribute.group(2) is None and markup.startswith("=", _skip_spaces(markup, attribute.end()))
        ):
            unclosed = _skip_spaces(markup, position) >= len(markup)
            raise state.fault("Unclosed start tag" if unclosed else "Unexpected end of name token", opening)
        value = attribute.group(2) or ""
        if value[:1] in {'"', "'"}:
            value = unescape(value[1:-1])
        attributes[attribute.group(1).lower()] = value
        position = attribute.end()
        if position >= len(markup):
            raise state.fault("Unclosed start tag", opening)
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise state.fault('Tag "span" must have class "tg-spoiler"', opening)
    state.open_tags.append(_OpenTag(name, attributes, state.length))
    return _skip_spaces(markup, position) + 1


def _end_tag(state: _Html, opening: int) -> int:
    markup = state.markup
    if not state.open_tags:
        raise state.fault("Unexpected end tag", opening)
    found = _TAG_NAME.match(markup, opening + 2)
    name = found.group() if found else ""
    position = _skip_spaces(markup, opening + 2 + len(name))
    if not markup.startswith(">", position):
        raise state.fault("Unclosed end tag", opening)
    tag = state.open_tags.pop()
    if name and name.lower() != tag.name:
        words = f'Unmatched end tag at byte offset {{}}, expected "</{tag.name}>", found "</{name}>"'
        place = len(markup[:opening].encode("utf-8", "surrogatepass"))
        raise bad_request("can't parse entities: " + words.format(place))
    length = state.length - tag.offset
    if length:
        _add_entity(state, tag, length)
    return position + 1


def _add_entity(state: _Html, tag: _OpenTag, length: int) -> None:
    entity: dict[str, Any] = {"offset": tag.offset, "length": length}
    match tag.name:
        case "a":
            url = tag.attributes.get("href") or utf16_slice("".join(state.pieces), tag.offset, length)
            if "." not in url and not url.startswith("tg://"):
                return
            entity |= {"type": "text_link", "url": url}
        case "pre":
            entity["type"] = "pre"
            _take_language(state, entity)
        case "blockquote":
            entity["type"] = "expandable_blockquote" if "expandable" in tag.attributes else "blockquote"
        case "tg-emoji":
            entity |= {"type": "custom_emoji", "custom_emoji_id": tag.attributes.get("emoji-id", "")}
        case "tg-time":
            unix = tag.attributes.get("unix", "")
            if not unix.isdecimal():
                raise bad_request("can't parse entities: Invalid Unix time specified")
            entity |= {"type": "date_time", "unix_time": int(unix)}
            if tag.attributes.get("format"):
                entity["date_time_format"] = tag.attributes["format"]
        case "code":
            entity["type"] = "code"
            if tag.attributes.get("class", "").startswith("language-"):
                entity["language"] = tag.attributes["class"].removeprefix("language-")
        case simple:
            entity["type"] = SIMPLE_TAGS[simple]
    if entity["type"] == "code" and "language" in entity and not _directly_in_pre(state, entity):
        del entity["language"]
    state.entities.append(entity)


def _directly_in_pre(state: _Html, entity: Entity) -> bool:
    return bool(state.open_tags) and (state.open_tags[-1].name, state.open_tags[-1].offset) == (
        "pre",
        entity["offset"],
    )


def _take_language(state: _Html, pre: dict[str, Any]) -> None:
    """Merge ``<pre><code class="language-...">`` into one entity, as Telegram does."""
    for code in state.entities:
        if (code["type"], code["offset"], code["length"]) == ("code", pre["offset"], pre["length"]):
            if "language" in code:
                pre["language"] = code["language"]
            state.entities.remove(code)
            return


def _skip_spaces(markup: str, position: int) -> int:
    while position < len(markup) and markup[position].isspace():
        position += 1
    return position


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the white space around the text, which Telegram drops, and with the entities moved along."""
    body = text.strip()
    if body == text:
        return text, entities
    dropped = utf16_length(text[: len(text) - len(text.lstrip())])
    total = utf16_length(body)
    moved: list[Entity] = []
    for entity in entities:
        start = max(0, entity["offset"] - dropped)
        end = min(total, entity["offset"] + entity["length"] - dropped)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return body, moved
