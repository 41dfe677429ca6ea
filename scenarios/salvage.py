"""What is left of a scenario when stand-ins replace the parts whose shape is wrong, so that the rest can be checked."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.model import EVERYONE
from scenarios.problems import Path

_STAND_INS: Mapping[str, Any] = {"format": 1, "id": "stand-in", "title": "stand-in"}
_UNIT: Mapping[str, Any] = {"name": "stand-in"}
_SLUG = re.compile(r"[a-z0-9_-]{1,40}")
_NAMED_IN: Mapping[str, frozenset[str]] = {
    "phases": frozenset({"phase"}),
    "objectives": frozenset({"objectives"}),
    "situations": frozenset({"situation"}),
    "groups": frozenset({"to", "decision"}),
}
"""The keys of an inject that cannot be judged while the declaration is faulty."""
_INDISPENSABLE = frozenset({"languages", "units", "injects"})


@dataclass(frozen=True)
class Remains:
    """A scenario's data with stand-ins, each at the path of the part that it replaces."""

    document: Mapping[str, Any]
    unread: frozenset[str]
    """The ids of injects with stand-ins in them: what they ask for is not known."""
    unjudged: frozenset[str]
    """Keys of injects that name what could not be read."""

    def can_judge(self, path: Path) -> bool:
        """Whether a finding at ``path`` does not merely follow from what is missing."""
        return path[:1] != ("injects",) or self.unjudged.isdisjoint(path[2:3])


def salvage(document: Mapping[str, Any], faulty: Iterable[Path]) -> Remains | None:
    """What is left of ``document`` without what stands at ``faulty``; ``None`` if too little to tell more."""
    injects, units, keys = defaultdict[int, set[str | int]](set), set[str](), set[str]()
    for path in faulty:
        match path:
            case ("injects", int(index), *inside):
                injects[index].update(inside[:1])
            case ("units", str(unit), *_):
                units.add(unit)
            case (str(key), *_):
                keys.add(key)
            case _:
                pass
    if keys & _INDISPENSABLE or not {"units", "injects"} <= document.keys():
        return None
    stand_ins = {index: _inject(document["injects"][index], index, parts) for index, parts in injects.items()}
    return Remains(
        {
            **_STAND_INS,
            **{key: value for key, value in document.items() if key not in keys},
            "units": {
                unit: _UNIT if unit in units else value
                for unit, value in document["units"].items()
                if _SLUG.fullmatch(unit)
            },
            "injects": [stand_ins.get(index, inject) for index, inject in enumerate(document["injects"])],
        },
        frozenset(inject["id"] for inject in stand_ins.values()),
        frozenset(name for key in keys for name in _NAMED_IN.get(key, ())),
    )


def _inject(written: object, index: int, faulty: Collection[str | int]) -> Mapping[str, Any]:
    inject: dict[str, Any] = {"id": f"stand-in-{index}", "to": [EVERYONE], "text": "stand-in"}
    if isinstance(written, Mapping):
        inject.update({key: value for key, value in written.items() if key not in faulty})
    if "kind" in faulty or "decision" in faulty:
        # Without both, neither misses the other.
        inject.pop("kind", None)
        inject.pop("decision", None)
    if not {"kind", "decision", "acknowledge"}.isdisjoint(faulty):
        inject["acknowledge"] = "1m"
    return inject
