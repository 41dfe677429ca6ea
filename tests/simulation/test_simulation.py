"""The simulation itself: it repeats itself exactly."""

from tests.simulation.laboratory import Laboratory


def test_the_same_seed_plays_the_same_drill() -> None:
    with Laboratory.open() as laboratory:
        first, other, again = (laboratory.run(seed) for seed in (3, 5, 3))
    assert first == again
    assert first.digest != other.digest
    assert first.presses
