"""Requests held against the Bot API's own data.

``api.json`` names each supported method's parameters and their types. A parameter that Telegram does not know is
a mistake which Telegram would pass over in silence; here it is found.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from bot.rehearsal.standin.errors import bad_request


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content_type: str
    body: bytes

    def __repr__(self) -> str:
        return f"Upload({self.name!r}, {len(self.body)} bytes)"


Mistakes = list[str]
"""Where words about parameters and fields that the Bot API does not have are gathered."""

Reader = Callable[[Any, str, Mistakes], Any]
"""Takes a value and the words that name its place; gives the value as its type."""

EMPTY_PARAMETERS = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "media": "there are no messages to send",
    "file_id": "file_id not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "voice": "there is no voice in the request",
}


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Bot API and how its parameters are read."""

    name: str
    readers: Mapping[str, Reader]
    required: tuple[str, ...]

    def read(self, values: Mapping[str, Any], attachments: Collection[str], mistakes: Mistakes) -> dict[str, Any]:
        """The parameters as their types, from what the request carried; unknown ones are left out.

        ``attachments`` are the names under which files came that other parameters may mention.

        Raises:
            ApiError: 400, a parameter is missing or of a wrong type.
        """
        known: dict[str, Any] = {}
        readers = self.readers
        for name, value in values.items():
            reader = readers.get(name)
            if reader is not None:
                if value is not None:
                    known[name] = reader(value, name, mistakes)
            elif name not in attachments:
                mistakes.append(self._unknown(name))
        for name in self.required:
            if name not in known or (known[name] == "" and name in EMPTY_PARAMETERS):
                raise bad_request(EMPTY_PARAMETERS.get(name, f'parameter "{name}" is required'))
        return known

    def _unknown(self, name: str) -> str:
        if name in api()["unmodelled"]:
            return f'parameter "{name}" of {self.name} is not modelled by this stand-in'
        return f'unknown parameter "{name}" of {self.name}'


@cache
def api() -> dict[str, Any]:
    """The Bot API's data that travels with this package."""
    loaded: dict[str, Any] = orjson.loads(files(__package__).joinpath("api.json").read_bytes())
    return loaded


@cache
def methods() -> dict[str, Method]:
    """Every supported method by its name in lower case (Telegram takes any case)."""
    return {
        name.lower(): Method(
            name,
            {field: _top_level(spec.removesuffix("!")) for field, spec in fields.items()},
            tuple(field for field, spec in fields.items() if spec.endswith("!")),
        )
        for name, fields in api()["methods"].items()
    }


def check_value(kind: str, value: object) -> None:
    """Hold a JSON value against a type of the Bot API, such as ``Message`` or ``Array of Update``.

    Raises:
        ApiError: 400, a field is missing, of a wrong type, or unknown.
    """
    mistakes: Mistakes = []
    _nested(kind)(value, kind, mistakes)
    if mistakes:
        raise bad_request(mistakes[0])


def _top_level(spec: str) -> Reader:
    """The reader of a parameter: forms carry everything as strings, JSON bodies carry values."""
    kinds, _, choices = spec.partition("=")
    if choices:
        return _choice(choices)
    simple: dict[str, Reader] = {
        "Integer": _integer,
        "Integer|String": _chat_id,
        "Float": _float,
        "Boolean": _boolean,
        "String": _string,
        "InputFile|String": _file,
    }
    return simple.get(kinds) or _structured(kinds)


def _integer(value: object, name: str, _mistakes: Mistakes) -> int:
    if type(value) is int:
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    raise bad_request(f'parameter "{name}" must be of type Integer')


def _chat_id(value: object, name: str, _mistakes: Mistakes) -> int | str:
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    if type(value) is int:
        return value
    raise bad_request(f'parameter "{name}" must be of type Integer or String')


def _float(value: object, name: str, _mistakes: Mistakes) -> float:
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            return float(value)
        except ValueError:
            pass
    raise bad_request(f'parameter "{name}" must be of type Float')


def _boolean(value: object, name: str, _mistakes: Mistakes) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.lower() in {"true", "yes", "1"}
    raise bad_request(f'parameter "{name}" must be of type Boolean')


def _string(value: object, name: str, _mistakes: Mistakes) -> str:
    if isinstance(value, str):
        return value
    raise bad_request(f'parameter "{name}" must be of type String')


def _choice(choices: str) -> Reader:
    known = {choice.lower(): choice for choice in choices.split("|")}

    def read(value: object, name: str, mistakes: Mistakes) -> str:
        words = _string(value, name, mistakes)
        if not words:
            return words
        if words.lower() not in known:
            raise bad_request(f"unsupported {name}")
        return known[words.lower()]

    return read


def _file(value: object, name: str, _mistakes: Mistakes) -> Upload | str:
    if isinstance(value, Upload | str):
        return value
    raise bad_request(f'parameter "{name}" must be of type InputFile or String')


def _structured(kinds: str) -> Reader:
    check = _nested(kinds)

    def read(value: object, name: str, mistakes: Mistakes) -> object:
        if isinstance(value, str):
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError:
                raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None
        check(value, name, mistakes)
        return value

    return read


@cache
def _nested(kinds: str) -> Reader:
    """The check of a value inside JSON. Types that travel with no data are not looked into."""
    kinds, _, choices = kinds.partition("=")
    if kinds.startswith("Array of "):
        return _array(kinds.removeprefix("Array of "))
    alternatives = [one for kind in kinds.split("|") for one in api()["unions"].get(kind, [kind])]
    if len(alternatives) > 1:
        return _union(tuple(alternatives))
    name = alternatives[0]
    simple: dict[str, Reader] = {
        "Integer": _exactly((int,), name),
        "Float": _exactly((int, float), name),
        "Boolean": _exactly((bool,), name),
        "String": _text(frozenset(choices.split("|")) if choices else None),
    }
    return simple.get(name) or (_object(name) if name in api()["types"] else _unchecked)


def _unchecked(value: object, _place: str, _mistakes: Mistakes) -> object:
    return value


def _exactly(types: tuple[type, ...], words: str) -> Reader:
    def check(value: object, place: str, _mistakes: Mistakes) -> object:
        if type(value) not in types:
            raise bad_request(f'field "{place}" must be of type {words}')
        return value

    return check


def _text(choices: frozenset[str] | None) -> Reader:
    def check(value: object, place: str, _mistakes: Mistakes) -> object:
        if not isinstance(value, str):
            raise bad_request(f'field "{place}" must be of type String')
        if choices is not None and value not in choices:
            raise bad_request(f'field "{place}" cannot be "{value}"')
        return value

    return check


def _array(kind: str) -> Reader:
    def check(value: object, place: str, mistakes: Mistakes) -> object:
        if not isinstance(value, list):
            raise bad_request(f'field "{place}" must be of type Array')
        item = _nested(kind)
        for one in value:
            item(one, place, mistakes)
        return value

    return check


def _object(name: str) -> Reader:
    fields: dict[str, str] = api()["types"][name]
    required = [field for field, spec in fields.items() if spec.endswith("!")]

    def check(value: object, place: str, mistakes: Mistakes) -> object:
        if not isinstance(value, dict):
            raise bad_request(f"object expected as {place.replace('_', ' ')}")
        for field in required:
            if field not in value:
                raise bad_request(f"can't parse {name}: can't find field \"{field}\"")
        for field, inner in value.items():
            spec = fields.get(field)
            if spec is None:
                mistakes.append(f'unknown field "{field}" of {name}')
            else:
                _nested(spec.removesuffix("!"))(inner, field, mistakes)
        return value

    return check


def _union(names: tuple[str, ...]) -> Reader:
    """The alternative is the one whose required fields are there and whose fixed words fit."""

    def check(value: object, place: str, mistakes: Mistakes) -> object:
        fitting = [name for name in names if _could_be(name, value)]
        if not fitting:
            raise bad_request(f"can't parse {place.replace('_', ' ')} JSON object")
        return _nested(fitting[0])(value, place, mistakes)

    return check


def _could_be(name: str, value: object) -> bool:
    fields: dict[str, str] | None = api()["types"].get(name)
    if fields is None:
        return True
    if not isinstance(value, dict):
        return False
    for field, spec in fields.items():
        if field in value:
            _, _, choices = spec.removesuffix("!").partition("=")
            if field in {"type", "status"} and choices and value[field] not in choices.split("|"):
                return False
        elif spec.endswith("!"):
            return False
    return True
