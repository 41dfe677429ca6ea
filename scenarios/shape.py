"""What is wrong with the shape of a scenario (keys, types, patterns), put in words for people."""

import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenarios.model import Part, Scenario
from scenarios.problems import Finding, Path, quoted
from scenarios.spelling import Spelling
from scenarios.wording import Wording, gaps_of, templated

_SLUG_RULE = Wording("use 1 to 40 lower-case letters, digits, - or _")
_INJECT_ID_RULE = Wording("an inject id has 1 to 16 letters, digits or -")
_RANGES = frozenset({"lat", "lon"})
_SENTENCES = {
    "value_error": templated("{label}: {error}"),
    "string_too_short": templated("{label} is empty"),
    "string_type": templated("{label} must be text"),
    "words_type": templated("{label} must be text, or a text for each language"),
    "string_unicode": templated("{label} holds half a character (U+D800 to U+DFFF); remove it"),
    "too_short": templated("{label} has too few entries; it needs at least {min_length}"),
    "too_long": templated("{label} has more than {max_length:,} entries"),
    "tuple_type": templated("{label} must be a list, such as [first, second]"),
    "model_type": templated("{label} must hold keys with values"),
    "dict_type": templated("{label} must hold keys with values"),
    "lat": templated("{label} must be a number from -90 to 90, not {value}"),
    "lon": templated("{label} must be a number from -180 to 180, not {value}"),
}
_ANYTHING_ELSE = templated("{label} cannot be {value}")


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
            return Wording(" in unit {unit}", unit=quoted(unit))
        case ("injects", int(index), *_):
            inject = document["injects"][index]
            name = inject.get("id") if isinstance(inject, Mapping) else None
            return Wording(" in inject {inject}", inject=quoted(name) if isinstance(name, str) else index + 1)
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


def _message(details: ErrorDetails, path: Path, document: Mapping[str, Any], spelling: Spelling) -> Wording:
    label = next((quoted(step) for step in reversed(path) if isinstance(step, str)), Wording("the scenario"))
    if path and isinstance(path[-1], int):
        label = Wording("an entry of {list}", list=label)
    elif details["loc"][-1:] == ("[key]",):
        label = Wording("a language")
    context = details.get("ctx", {})
    kind = details["type"]
    if kind == "string_type" and "words" in details["loc"]:
        kind = "words_type"
    elif path and path[-1] in _RANGES:
        kind = str(path[-1])
    match kind:
        case "missing":
            return Wording("missing key {key}{place}", key=quoted(details["loc"][-1]), place=owner(path, document))
        case "extra_forbidden":
            return _unknown_key(path, document, spelling)
        case "literal_error" | "enum":
            return _wrong_choice(label, path, str(details["input"]), context["expected"], spelling)
        case "string_pattern_mismatch":
            rule = _SLUG_RULE if "_" in context["pattern"] else _INJECT_ID_RULE
            return Wording("{value} is not possible here: {rule}", value=quoted(details["input"]), rule=rule)
        case _:
            sentence = _SENTENCES.get(kind, _ANYTHING_ELSE)
            known = {**context, "label": label, "value": quoted(details["input"])}
            if isinstance(error := context.get("error"), ValueError):
                known["error"] = error.args[0]
            return Wording(sentence, **{gap: known[gap] for gap in gaps_of(sentence)})


def _wrong_choice(label: str, path: Path, value: str, expected: str, spelling: Spelling) -> Wording:
    if path == ("format",):
        return Wording("{label} is {value}; this version reads 'format: 1'", label=label, value=quoted(value))
    choices = [choice.strip(" '") for choice in expected.replace(" or ", ", ").split(",")]
    hint = spelling.hint(value, choices) or Wording("; use {choices}", choices=_one_of(choices))
    return Wording("{label} cannot be {value}{hint}", label=label, value=quoted(value), hint=hint)


def _one_of(choices: Iterable[str]) -> str:
    return reduce(lambda one, other: Wording("{one} or {other}", one=one, other=other), map(str.lower, choices))


def _unknown_key(path: Path, document: Mapping[str, Any], spelling: Spelling) -> Wording:
    key = str(path[-1])
    place = owner(path, document)
    if key == "<<":
        return Wording("merge keys (<<) are not part of this format; write the keys out{place}", place=place)
    known = _keys_of(_part_at(path[:-1]))
    hint = spelling.hint(key, known) or Wording("; possible here: {keys}", keys=", ".join(known))
    return Wording("unknown key {key}{place}{hint}", key=quoted(key), place=place, hint=hint)


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
