"""Whole drills with faults, deaths and freezes: whatever the seed, nothing is lost and nothing is made up."""

import os

import pytest

from tests.simulation.laboratory import Laboratory

SEEDS = int(os.environ.get("SIMULATED_SEEDS", "200"))
AT_ONCE = 10


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(1, SEEDS + 1, AT_ONCE))
def test_nothing_is_lost_in_the_drills_from(first: int) -> None:
    with Laboratory.open() as laboratory:
        outcomes = [laboratory.run(seed) for seed in range(first, first + AT_ONCE)]
    broken = [
        f"make replay SEED={outcome.seed}: {'; '.join(outcome.violations)}"
        for outcome in outcomes
        if outcome.violations
    ]
    assert not broken, "\n".join(broken)
