"""What is left of a scenario when stand-ins replace the parts whose shape is wrong, so that the rest can be checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.model import EVERYONE
from scenarios.problems import Path

_STAND_INS: Mapping[str, Any] = {"format": 1, "id": "stand-in", "title": "stand-in"}
_UNIT: Mapping[str, Any] = {"name": "stand-in"}
_DECLARATIONS = frozenset({"languages", "situations", "objectives", "units", "groups", "phases", "injects"})


@dataclass(frozen=True)
class Remains:
    """A scenario's data with stand-ins, each at the path of the part that it replaces."""

    document: Mapping[str, Any]
    unread: frozenset[str]
    """The ids of the injects that are stand-ins: what they ask for is not known."""


def salvage(document: Mapping[str, Any], faulty: Iterable[Path]) -> Remains | None:
    """What is left of ``document`` without what stands at ``faulty``; ``None`` if too little to tell more."""
    injects, units, keys = set[int](), set[str](), set[str]()
    for path in faulty:
        match path:
            case ("injects", int(index), *_):
                injects.add(index)
            case ("units", str(unit), *_):
                units.add(unit)
            case (str(key), *_):
                keys.add(key)
            case _:
                pass
    if keys & _DECLARATIONS or not {"units", "injects"} <= document.keys():
        return None
    stand_ins = {index: _inject(document["injects"][index], index) for index in injects}
    return Remains(
        {
            **_STAND_INS,
            **{key: value for key, value in document.items() if key not in keys},
            "units": {unit: _UNIT if unit in units else value for unit, value in document["units"].items()},
            "injects": [stand_ins.get(index, inject) for index, inject in enumerate(document["injects"])],
        },
        frozenset(inject["id"] for inject in stand_ins.values()),
    )


def _inject(written: object, index: int) -> Mapping[str, Any]:
    written_id = written.get("id") if isinstance(written, Mapping) else None
    inject_id = written_id if isinstance(written_id, str) else f"stand-in-{index}"
    return {"id": inject_id, "to": [EVERYONE], "text": "stand-in"}
