"""What is wrong with the shape of a scenario (keys, types, patterns), put in words for people."""

import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenarios.model import Part, Scenario
from scenarios.problems import Finding, Path, quoted
from scenarios.spelling import Spelling

_SLUG_RULE = "use 1 to 40 lower-case letters, digits, - or _"
_INJECT_ID_RULE = "an inject id has 1 to 16 letters, digits or -"
_RANGES = frozenset({"lat", "lon"})
_SENTENCES = {
    "value_error": "{label}: {error}",
    "string_too_short": "{label} is empty",
    "string_type": "{label} must be text",
    "words_type": "{label} must be text, or a text for each language",
    "string_unicode": "{label} holds half a character (U+D800 to U+DFFF); remove it",
    "too_short": "{label} has too few entries; it needs at least {min_length}",
    "too_long": "{label} has more than {max_length:,} entries",
    "tuple_type": "{label} must be a list, such as [first, second]",
    "model_type": "{label} must hold keys with values",
    "dict_type": "{label} must hold keys with values",
    "lat": "{label} must be a number from -90 to 90, not {value}",
    "lon": "{label} must be a number from -180 to 180, not {value}",
}


def shape_findings(error: ValidationError, document: Mapping[str, Any], spelling: Spelling) -> Iterator[Finding]:
    """Each thing that pydantic refused in ``document``, once, with the path as it was written there."""
    for details in error.errors(include_url=False):
        path = _written_path(document, details["loc"])
        if not _follows_from_others(details):
            of_key = details["type"] == "extra_forbidden" or details["loc"][-1:] == ("[key]",)
            yield Finding(path, _message(details, path, document, spelling), of_key=of_key)


def owner(path: Path, document: Mapping[str, Any]) -> str:
    """``in unit 'x'`` or ``in inject 'I-01'``: the part of ``document`` that ``path`` lies in; else nothing."""
    match path:
        case ("units", str(unit), *_):
            return f" in unit {quoted(unit)}"
        case ("injects", int(index), *_):
            inject = document["injects"][index]
            name = inject.get("id") if isinstance(inject, Mapping) else None
            return f" in inject {quoted(name)}" if isinstance(name, str) else f" in inject {index + 1}"
        case _:
            return ""


def _written_path(document: object, location: tuple[str | int, ...]) -> Path:
    # The location also names branches of unions and keys that short forms stand for.
    path: list[str | int] = []
    value = document
    for step in location:
        match value:
            case Mapping() if step in value:
                value = value[step]
            case list() if isinstance(step, int) and step < len(value):
                value = value[step]
            case _:
                continue
        path.append(step)
    return tuple(path)


def _follows_from_others(details: ErrorDetails) -> bool:
    # A list whose entries were all refused counts as empty.
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _message(details: ErrorDetails, path: Path, document: Mapping[str, Any], spelling: Spelling) -> str:
    label = next((quoted(step) for step in reversed(path) if isinstance(step, str)), "the scenario")
    if path and isinstance(path[-1], int):
        label = f"an entry of {label}"
    elif details["loc"][-1:] == ("[key]",):
        label = "a language"
    context = details.get("ctx", {})
    kind = details["type"]
    if kind == "string_type" and "words" in details["loc"]:
        kind = "words_type"
    elif path and path[-1] in _RANGES:
        kind = str(path[-1])
    match kind:
        case "missing":
            return f"missing key {quoted(details['loc'][-1])}{owner(path, document)}"
        case "extra_forbidden":
            return _unknown_key(path, document, spelling)
        case "literal_error" | "enum":
            return _wrong_choice(label, path, str(details["input"]), context["expected"], spelling)
        case "string_pattern_mismatch":
            rule = _SLUG_RULE if "_" in context["pattern"] else _INJECT_ID_RULE
            return f"{quoted(details['input'])} is not possible here: {rule}"
        case _:
            sentence = _SENTENCES.get(kind, "{label} cannot be {value}")
            return sentence.format(label=label, value=quoted(details["input"]), **context)


def _wrong_choice(label: str, path: Path, value: str, expected: str, spelling: Spelling) -> str:
    if path == ("format",):
        return f"{label} is {quoted(value)}; this version reads 'format: 1'"
    choices = [choice.strip(" '") for choice in expected.replace(" or ", ", ").split(",")]
    hint = spelling.hint(value, choices) or f"; use {' or '.join(choices).lower()}"
    return f"{label} cannot be {quoted(value)}{hint}"


def _unknown_key(path: Path, document: Mapping[str, Any], spelling: Spelling) -> str:
    key = str(path[-1])
    place = owner(path, document)
    if key == "<<":
        return f"merge keys (<<) are not part of this format; write the keys out{place}"
    known = _keys_of(_part_at(path[:-1]))
    return f"unknown key {quoted(key)}{place}" + (spelling.hint(key, known) or f"; possible here: {', '.join(known)}")


def _keys_of(part: type[Part]) -> list[str]:
    return [field.alias or name for name, field in part.model_fields.items()]


def _part_at(path: Path) -> type[Part]:
    """The model of what stands at ``path``."""
    part: type[Part] = Scenario
    steps = iter(path)
    for step in steps:
        if isinstance(step, int):
            continue
        field = next(f for name, f in part.model_fields.items() if step == (f.alias or name))
        part = next(_parts_in(field.annotation))
        if typing.get_origin(field.annotation) is dict:
            next(steps, None)
    return part


def _parts_in(annotation: object) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from _parts_in(inner)
