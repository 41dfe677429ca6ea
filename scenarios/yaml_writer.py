"""Writing a scenario as YAML that people like to read and edit; read back, it is the same scenario."""

import re
import textwrap
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

from scenarios.model import Scenario, dump
from scenarios.yaml_document import Plain

_LINE = 100
_TEXT_LINE = 84
_UNBROKEN = 1_000_000
_SECTIONS = frozenset({"objectives", "units", "groups", "phases"})
_ON_ONE_LINE = frozenset({"location", "any", "all", "evidence"})
_ODD = r"\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff"
_SIMPLE = re.compile(rf"[^\t\n {_ODD}]+(?: [^\t\n {_ODD}]+)*")
"""One line, single spaces: may be written plainly, or folded."""
_LINES = re.compile(rf"[^\t\n {_ODD}][^\t{_ODD}]*[^\t\n {_ODD}]")
"""Several lines that a literal block gives back as they are."""


def write_yaml(scenario: Scenario) -> str:
    """The scenario as YAML text, keys in the order of the format, durations in their shortest spelling."""
    document = dump(scenario)
    injects = document.pop("injects")
    chunks = [("\n" if key in _SECTIONS else "") + _dump({key: value}) for key, value in document.items()]
    chunks.append("\ninjects:\n")
    chunks.append("\n".join(_dump({"injects": [inject]}).removeprefix("injects:\n") for inject in injects))
    return "".join(chunks)


def _dump(part: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.width = _UNBROKEN
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = StringIO()
    yaml.dump(_styled(part, ""), text)
    return text.getvalue()


def _styled(value: Plain, key: str) -> object:
    """``value``, which stands under ``key``, with the style that it is written in."""
    match value:
        case {"within": str(window), **further} if key == "acknowledge" and not further:
            return window
        case {"kind": str(kind), **further} if key == "evidence" and not further:
            return kind
        case dict():
            mapping = CommentedMap({name: _styled(entry, name) for name, entry in value.items()})
            if key in _ON_ONE_LINE and _is_short(list(value.values())):
                mapping.fa.set_flow_style()
            return mapping
        case list():
            sequence = CommentedSeq([_styled(entry, key) for entry in value])
            if all(isinstance(entry, str) for entry in sequence) and _is_short(sequence):
                sequence.fa.set_flow_style()
            return sequence
        case str():
            return _styled_text(value)
        case _:
            return value


def _is_short(entries: list[Any]) -> bool:
    are_scalars = all(not isinstance(entry, dict | list) for entry in entries)
    return are_scalars and sum(len(str(entry)) + 2 for entry in entries) <= _LINE


def _styled_text(text: str) -> object:
    if _SIMPLE.fullmatch(text):
        return text if len(text) <= _LINE else _folded(text)
    if "\n" in text and _LINES.fullmatch(text):
        return LiteralScalarString(text)
    return DoubleQuotedScalarString(text)


def _folded(text: str) -> object:
    folded = FoldedScalarString(text)
    lines = textwrap.wrap(text, _TEXT_LINE, break_long_words=False, break_on_hyphens=False)
    position = 0
    folded.fold_pos = []
    for line in lines[:-1]:
        position += len(line)
        folded.fold_pos.append(position)
        position += 1
    return folded
