"""Plays drills by their seeds: ``python -m tests.simulation SEED...``, or ``--soak COUNT``, which goes on where it was.

The seeds that a soak has played are kept in ``out/soak.txt``; those that broke something, with what.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from tests.simulation.drill import Outcome
from tests.simulation.laboratory import Laboratory

_AT_ONCE: Final = 50
_KEPT: Final = Path("out/soak.txt")


def play(seeds: Sequence[int]) -> list[Outcome]:
    """Play these drills, one after the other."""
    with Laboratory.open() as laboratory:
        return [laboratory.run(seed) for seed in seeds]


def soak(count: int) -> int:
    """Play the drills up to ``count`` that have not been played, on every core; gives how many broke something."""
    _KEPT.parent.mkdir(exist_ok=True)
    before = _KEPT.read_text().splitlines() if _KEPT.exists() else []
    played = {int(line.partition(" ")[0]) for line in before}
    failed = sum(" held" not in line for line in before)
    left = [seed for seed in range(1, count + 1) if seed not in played]
    with ProcessPoolExecutor(os.cpu_count()) as cores, _KEPT.open("a") as kept:
        for outcomes in cores.map(play, _portions(left)):
            for outcome in outcomes:
                if outcome.violations:
                    failed += 1
                    _say(f"make replay SEED={outcome.seed}: {'; '.join(outcome.violations)}")
                kept.write(f"{outcome.seed} {'; '.join(outcome.violations) or 'held'}\n")
            kept.flush()
            _say(f"{outcomes[-1].seed} of {count}, {failed} failed; see {_KEPT}")
    return failed


def _portions(seeds: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(seeds), _AT_ONCE):
        yield seeds[first : first + _AT_ONCE]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Play what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("seeds", nargs="*", type=int, metavar="SEED")
    parser.add_argument("--soak", type=int, metavar="COUNT", default=0)
    asked = parser.parse_args()
    if asked.soak:
        return int(bool(soak(asked.soak)))
    failed = False
    with Laboratory.open() as laboratory:
        for seed in asked.seeds:
            outcome = laboratory.run(seed)
            failed = failed or bool(outcome.violations)
            _say(str(outcome))
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
