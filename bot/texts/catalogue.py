"""The catalogues: texts by symbolic key, read straight from the ``.po`` files beside this module.

A language is the union of the files in its folder. Texts are plain, with gaps like ``{unit}``; whoever puts one
into markup escapes the text and what fills it.

What is found in scenarios is said in English where it is found, and so that English is its key, in a file of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("id", "en")
"""The languages there are; the first stands in for any other."""
_BY_ENGLISH = "findings.po"
"""The file of texts whose key is what English says; in English there is none."""


class UnknownTextError(KeyError):
    """There is no text with that key, or its number is asked for where it has none."""


class MissingGapError(KeyError):
    """A gap of the text was given nothing to fill it."""


@dataclass(frozen=True, slots=True)
class _Language:
    texts: dict[str, tuple[str, ...]]
    """One form for a text, one per plural form for a counted one."""
    counted: frozenset[str]
    plural: Callable[[int], int]


def say(language: str, key: str, /, **params: object) -> str:
    """The text ``key`` with its gaps filled.

    Raises:
        UnknownTextError: no such text.
        MissingGapError: a gap is not among ``params``.
    """
    return _fill(key, template(language, key), params)


def count(language: str, key: str, n: int, /, **params: object) -> str:
    """The text ``key`` in the form that goes with ``n``, which also fills its gap ``{n}``.

    Raises:
        UnknownTextError: no such counted text.
        MissingGapError: a gap is not among ``params``.
    """
    spoken = _language(language)
    if key not in spoken.counted:
        raise UnknownTextError(key)
    return _fill(key, spoken.texts[key][spoken.plural(n)], {**params, "n": n})


def template(language: str, key: str) -> str:
    """The text ``key`` as written, with its gaps open.

    Raises:
        UnknownTextError: no such text.
    """
    spoken = _language(language)
    if key not in spoken.texts or key in spoken.counted:
        raise UnknownTextError(key)
    return spoken.texts[key][0]


def find(language: str, key: str) -> str | None:
    """The text ``key``, which has no gaps, or ``None`` where the catalogue has none."""
    forms = _language(language).texts.get(key)
    return forms[0] if forms else None


def translations(language: str) -> Mapping[str, str]:
    """The templates of what is found in scenarios, by the English ones; English itself has none."""
    return _read_translations(language if language in LANGUAGES else LANGUAGES[0])


def forms(language: str, key: str) -> tuple[str, ...]:
    """Every form of the text ``key``: one, or one per plural form.

    Raises:
        UnknownTextError: no such text.
    """
    try:
        return _language(language).texts[key]
    except KeyError:
        raise UnknownTextError(key) from None


def keys(language: str = LANGUAGES[0]) -> frozenset[str]:
    """Every key of the catalogue."""
    return frozenset(_language(language).texts)


def read() -> None:
    """Read every language now; otherwise the first text of each waits for it, which takes some ten milliseconds."""
    for language in LANGUAGES:
        _read(language)


def _fill(key: str, text: str, params: dict[str, object]) -> str:
    try:
        return text.format_map(params)
    except KeyError as gap:
        raise MissingGapError(f"{key}: {gap.args[0]}") from None


def _language(language: str) -> _Language:
    return _read(language if language in LANGUAGES else LANGUAGES[0])


@cache
def _read(language: str) -> _Language:
    texts: dict[str, tuple[str, ...]] = {}
    counted = set()
    rule = "0"
    for file in _files(language):
        if file.name == _BY_ENGLISH:
            continue
        written = _written(file, language)
        rule = written.plural_expr
        for message in written:
            key = message.id if isinstance(message.id, str) else message.id[0]
            if not key:
                continue
            if key in texts:
                raise ValueError(f"{language}/{file.name}: {key} is there already")
            said = message.string or ""
            texts[key] = (said,) if isinstance(said, str) else tuple(said)
            if not isinstance(message.id, str):
                counted.add(key)
    return _Language(texts, frozenset(counted), c2py(rule))


@cache
def _read_translations(language: str) -> Mapping[str, str]:
    return {
        str(message.id): str(message.string)
        for file in _files(language)
        if file.name == _BY_ENGLISH
        for message in _written(file, language)
        if message.id
    }


def _files(language: str) -> list[Traversable]:
    folder = resources.files("bot.texts") / "locale" / language
    files = (entry for entry in folder.iterdir() if entry.name.endswith(".po"))
    return sorted(files, key=lambda entry: entry.name)


def _written(file: Traversable, language: str) -> Catalog:
    return read_po(BytesIO(file.read_bytes()), locale=language, abort_invalid=True)
