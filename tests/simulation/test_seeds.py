"""Whole drills with faults, deaths and freezes: whatever the seed, nothing is lost and nothing is made up."""

import os
from collections.abc import Iterator

import pytest

from tests.simulation.laboratory import Laboratory

SEEDS = int(os.environ.get("SIMULATED_SEEDS", "500"))
BROKE_SOMETHING = (582, 621, 1084, 1254, 1257, 5272, 6439, 6735, 18042)
"""Seeds beyond those, found by `make soak`."""


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    with Laboratory.open() as opened:
        yield opened


@pytest.mark.parametrize("seed", [*range(1, SEEDS + 1), *BROKE_SOMETHING])
def test_nothing_is_lost_in_the_drill_of(seed: int, laboratory: Laboratory) -> None:
    outcome = laboratory.run(seed)
    assert not outcome.violations, f"make replay SEED={seed}: {'; '.join(outcome.violations)}"
