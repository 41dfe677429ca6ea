"""Bugs that are planted into the product, each one slip of the pen, and the simulation with one of them in.

``python -m tests.simulation.planted NAME COUNT`` plays the first drills that could show it, until one of them does.
"""

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from itertools import count, islice
from types import CodeType, ModuleType
from typing import Final


@dataclass(frozen=True, slots=True)
class Slip:
    """In ``module``, ``wrong`` stands where ``right`` should; ``told`` is part of what the simulation says of it."""

    module: str
    right: str
    wrong: str
    told: str
    replicas: bool = False
    """Whether it takes two processes to show."""


SLIPS: Final = {
    "a send cut off by a death counts as not sent": Slip(
        "bot.service.sending",
        'interrupted = uncertain(tx, row.id, at, again_at, "interrupted")',
        'interrupted = retry(tx, row.id, at, at, "interrupted")',
        "",
    ),
    "a send without an answer counts as not sent": Slip(
        "bot.wire.attempts",
        "return lambda tx, at: sending.uncertain(tx, row.id, at, at + later if again else None, failure.words)",
        "return lambda tx, at: sending.retry(tx, row.id, at, at + later, failure.words)",
        "",
    ),
    "what was left over is not taken up": Slip(
        "bot.service.sending", "    return rows\n", "    return []\n", "was left"
    ),
    "the newest message goes first": Slip(
        "bot.wire.queue",
        "heappush(chat.send_order, (row.priority is not Priority.URGENT, row.id))",
        "heappush(chat.send_order, (row.priority is not Priority.URGENT, -row.id))",
        "",
    ),
    "updates are confirmed and not kept": Slip(
        "bot.wire.polling",
        "new = await self._store.perform(lambda tx: receiving.receive(tx, rows))",
        "new = rows",
        "is not on record",
    ),
    "a freeze is not noticed": Slip(
        "bot.wire.polling", "backlog=catching_up or was_away", "backlog=catching_up", "told as exact"
    ),
    "silence that was asked for is not kept": Slip(
        "bot.wire.pacing",
        "until = now + timedelta(seconds=retry_after)",
        "until = now",
        "of silence",
    ),
    "the writes of a former term are not fenced out": Slip(
        "bot.leadership",
        "store = Store(self._store.url, fence=lambda tx: leases.hold(tx, lease))",
        "store = Store(self._store.url)",
        "",
        replicas=True,
    ),
    "a former leader gives back its successor's lease": Slip(
        "bot.store.leases",
        ".where(lease.c.token_hash == held.token_hash, lease.c.owner == held.owner, lease.c.epoch == held.epoch)",
        ".where(lease.c.token_hash == held.token_hash)",
        " left wh",
        replicas=True,
    ),
    "an entry of the log is sealed over the wrong one": Slip(
        "bot.store.log",
        "seal(exercise, head.seq + 1, head.hash, fact, exercise_time, salt)",
        "seal(exercise, head.seq + 1, FIRST, fact, exercise_time, salt)",
        "chain is broken",
    ),
}


class _Planting(MetaPathFinder, Loader):
    """Imports the one module with its slip."""

    def __init__(self, slip: Slip) -> None:
        self._slip = slip

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's place, if it is the one."""
        if name != self._slip.module:
            return None
        found = PathFinder.find_spec(name, path, target)
        if found is None or found.origin is None:
            raise ImportError(name)
        return importlib.util.spec_from_file_location(name, found.origin, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        """Run the source with the slip in it."""
        if module.__spec__ is None or module.__spec__.origin is None:
            raise ImportError(module.__name__)
        with open(module.__spec__.origin, encoding="utf-8") as file:  # noqa: PTH123 - paths are imported later
            source = file.read()
        if source.count(self._slip.right) != 1:
            raise ImportError(f"{module.__name__} does not read as it did: {self._slip.right}")
        code: CodeType = compile(source.replace(self._slip.right, self._slip.wrong), module.__spec__.origin, "exec")
        exec(code, module.__dict__)  # noqa: S102 - our own source


def main() -> int:
    """Play until the slip shows; 0 when it did."""
    name, drills = sys.argv[1], int(sys.argv[2])
    slip = SLIPS[name]
    sys.meta_path.insert(0, _Planting(slip))
    from tests.simulation.drill import has_replicas  # noqa: PLC0415 - after the slip is in place
    from tests.simulation.laboratory import Laboratory  # noqa: PLC0415 - the same

    fitting = (seed for seed in count(1) if has_replicas(seed) or not slip.replicas)
    with Laboratory.open() as laboratory:
        for seed in islice(fitting, drills):
            told = [line for line in laboratory.run(seed).violations if slip.told in line]
            if told:
                sys.stdout.write(f"seed {seed}: {told[0]}\n")
                return 0
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
