"""Names that people gave, made fit for a narrow line: one line, no trick characters, no two alike. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping

from scenarios.model import Scenario

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, direction marks, surrogates and unassigned code points: they can only confuse a line."""

_FIRST_WIDE = "\u0378"
"""No character before it is wide."""

_EXPLAINS = (" (", ":")
_ENDS = (*_EXPLAINS, ", ", " + ", " / ", " dan ", " and ")


def columns(text: str) -> int:
    """How many columns ``text`` takes in a fixed-width font: East Asian wide characters and emoji take two."""
    wide = [c for c in text if c >= _FIRST_WIDE and unicodedata.east_asian_width(c) in "WF"]
    return len(text) + len(wide)


def short(text: str, width: int) -> str:
    """``text`` on one line of at most ``width`` columns, cut with an ellipsis."""
    text = _one_line(text)
    return text if columns(text) <= width else _cut(text, width - 1).rstrip() + "…"


def padded(text: str, width: int) -> str:
    """``text`` cut or filled up with spaces to exactly ``width`` columns."""
    text = short(text, width)
    return text + " " * (width - columns(text))


def unit_labels(scenario: Scenario, language: str, width: int) -> Mapping[str, str]:
    """A label of at most ``width`` columns for each unit, no two alike.

    What stands in brackets or after a colon is left out; of partners joined in one name that is too long, the
    first stays. Where that makes two units alike, the middle is cut out in the place of the end, else the unit's
    id is used, else a number is set behind.
    """
    numbers = {unit: f"~{number}" for number, unit in enumerate(scenario.units, 1)}
    whole = {unit: _one_line(part.name.in_language(language)) or unit for unit, part in scenario.units.items()}
    forms: tuple[Callable[[str], str], ...] = (
        lambda unit: short(_head(whole[unit], width), width),
        lambda unit: _without_middle(whole[unit], width),
        lambda unit: _without_middle(unit, width),
        lambda unit: short(whole[unit], width - len(numbers[unit])) + numbers[unit],
    )
    labels = {unit: forms[0](unit) for unit in scenario.units}
    for form in forms[1:]:
        taken = Counter(labels.values())
        labels = {unit: form(unit) if taken[label] > 1 else label for unit, label in labels.items()}
    return labels


def _one_line(text: str) -> str:
    seen = (" " if character.isspace() else character for character in text)
    return " ".join("".join(c for c in seen if unicodedata.category(c) not in _UNSEEN).split())


def _head(name: str, width: int) -> str:
    """The name without its explanation and, where it is too long still, without the partners named with it."""
    for end in _ENDS:
        head = name.partition(end)[0].strip()
        if len(head) > 1 and (end in _EXPLAINS or columns(name) > width):
            name = head
    return name


def _without_middle(name: str, width: int) -> str:
    if columns(name) <= width:
        return name
    tail = _cut(name[::-1], width // 2)[::-1].lstrip()
    return _cut(name, width - 1 - columns(tail)).rstrip() + "…" + tail


def _cut(text: str, width: int) -> str:
    """As many characters of ``text`` as fit into ``width`` columns."""
    taken = 0
    for index, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:index]
    return text
