"""What is checked of every text: that no declared language is missing, and that it fits a message."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from scenarios.model import Inject, Scenario, Text
from scenarios.problems import Finding, Path, quoted
from scenarios.wording import Wording

MESSAGE_UNITS = 4096
"""What a Telegram message holds, in UTF-16 code units."""
CAPTION_UNITS = 1024
"""What the caption of a photo or file holds, in UTF-16 code units."""
SURROUND_UNITS = 300
"""Kept free for the marking, the header line and the states under it."""
_SENDER_UNITS = 150
"""How much of the surround a sender may fill."""


def check_texts(scenario: Scenario) -> Iterator[Finding]:
    """Texts without a declared language, and injects too long to send."""
    for path, text in texts_in(scenario):
        if isinstance(text.root, Mapping):
            for language in scenario.languages:
                if language not in text.root:
                    message = Wording("no text in {language}, which 'languages' declares", language=quoted(language))
                    yield Finding(path, message, of_key=True)
    for index, inject in enumerate(scenario.injects):
        yield from _check_length(("injects", index, "text"), inject)


def _check_length(path: Path, inject: Inject) -> Iterator[Finding]:
    match inject.text.root:
        case str(words):
            written = [(path, words)]
        case translations:
            written = [((*path, language), words) for language, words in translations.items()]
    whole = CAPTION_UNITS if inject.media else MESSAGE_UNITS
    room = whole - SURROUND_UNITS - max(0, _longest(inject.sender) - _SENDER_UNITS)
    for place, words in written:
        if (length := _units(words)) > room:
            message = Wording(
                "the text has {length:,} characters; with marking and header {kind} has room for {room:,}",
                length=length,
                kind=Wording("a caption (the inject has media)") if inject.media else Wording("a Telegram message"),
                room=room,
            )
            yield Finding(place, message)


def _longest(text: Text | None) -> int:
    match text.root if text else "":
        case str(words):
            return _units(words)
        case translations:
            return max(map(_units, translations.values()))


def _units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def texts_in(value: object, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """Every text in a part of a scenario that stands at ``path``, with its own path."""
    match value:
        case Text():
            yield path, value
        case BaseModel():
            for name, field in type(value).model_fields.items():
                yield from texts_in(getattr(value, name), (*path, field.alias or name))
        case tuple():
            for index, entry in enumerate(value):
                yield from texts_in(entry, (*path, index))
        case dict():
            for key, entry in value.items():
                yield from texts_in(entry, (*path, key))
        case _:
            pass
