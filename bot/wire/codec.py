"""JSON as it comes and goes: fast where it is clean, and lenient where it is not. Pure."""

import json

import orjson


def load(text: bytes | str) -> object:
    """What the JSON says; half of a surrogate pair is let through, and an integer beyond 64 bits comes as a float.

    The Bot API promises integers of at most 52 bits.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def dump(value: object) -> str:
    """``value`` as JSON that any store can hold."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)
