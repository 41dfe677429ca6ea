"""The simulation sees what is wrong: each of these slips is caught within some drills."""

import subprocess
import sys

import pytest

from tests.simulation.planted import SLIPS

DRILLS = 120


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_caught(name: str) -> None:
    command = [sys.executable, "-m", "tests.simulation.planted", name, str(DRILLS)]
    played = subprocess.run(command, capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stdout.startswith("seed ")
