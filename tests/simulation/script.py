"""A small drill from a seed: a few units, some injects in a few minutes, decisions and branches among them."""

from random import Random
from typing import Any

from scenarios.model import Scenario, load


def a_drill(random: Random, length: float) -> Scenario:
    """Three to five units and some injects, the more the longer: six to nine within two and a half minutes."""
    last = round(length) - 30
    units = [f"u{number}" for number in range(1, random.randint(3, 5) + 1)]
    scheduled = random.randint(3 + last // 75, 4 + last // 35)
    injects = [_scheduled(random, number, units, last) for number in range(1, scheduled + 1)]
    injects.append(_decision(random, scheduled + 1, units, last))
    injects.append(
        {"id": "C-1", "to": random.sample(units, 1), "text": "Kontingensi", "acknowledge": {"within": "20s"}}
    )
    if random.random() < 0.5:
        injects[-3]["requires"] = {"any": [{"inject": f"I-{scheduled + 1}", "option": "a"}], "otherwise": "ask"}
    return load(
        {
            "format": 1,
            "id": "simulated",
            "title": {"id": "Geladi kecil"},
            "languages": ["id"],
            "units": {unit: {"name": {"id": f"Satuan {unit}"}} for unit in units},
            "injects": injects,
        }
    )


def _scheduled(random: Random, number: int, units: list[str], last: int) -> dict[str, Any]:
    inject: dict[str, Any] = {
        "id": f"I-{number}",
        "at": f"{random.randrange(0, last)}s",
        "to": ["all"] if random.random() < 0.4 else random.sample(units, random.randint(1, len(units))),
        "text": f"Perintah {number}",
    }
    if random.random() < 0.85:
        inject["acknowledge"] = {"within": f"{random.randint(15, 40)}s", "remind": "5s", "escalate": "10s"}
    if random.random() < 0.2:
        inject["progress"] = ["underway", "done"]
    if "acknowledge" in inject and random.random() < 0.15:
        inject["acknowledge"]["by"] = "leader"
    return inject


def _decision(random: Random, number: int, units: list[str], last: int) -> dict[str, Any]:
    decider = random.choice(units)
    return {
        "id": f"I-{number}",
        "at": f"{random.randrange(10, last - 10)}s",
        "to": [decider],
        "kind": "decision",
        "text": "Tindakan?",
        "acknowledge": {"within": "30s"},
        "decision": {
            "by": decider,
            "within": "60s",
            "options": [
                {"id": "a", "text": {"id": "Maju"}, "then": ["C-1"]},
                {"id": "b", "text": {"id": "Tunggu"}},
            ],
        },
    }
