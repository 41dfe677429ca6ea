"""The scenarios that come with the product."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from scenarios.model import Scenario
from scenarios.yaml_reader import LOCAL, read_yaml

_SUFFIX = ".yaml"


def bundled() -> tuple[str, ...]:
    """The ids of the bundled scenarios, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in _shelf().iterdir() if _is_scenario(file)))


def bundled_bytes(scenario_id: str) -> bytes:
    """The YAML file of a bundled scenario, as a starting point for one's own.

    Raises:
        LookupError: no bundled scenario has that id.
    """
    if scenario_id not in bundled():
        raise LookupError(f"no bundled scenario is called {scenario_id!r}; there are {', '.join(bundled())}")
    return (_shelf() / f"{scenario_id}{_SUFFIX}").read_bytes()


@cache
def read_bundled(scenario_id: str) -> Scenario:
    """A bundled scenario.

    Raises:
        LookupError: no bundled scenario has that id.
    """
    reading = read_yaml(bundled_bytes(scenario_id), LOCAL)
    if reading.scenario is None:
        raise AssertionError(f"the bundled scenario {scenario_id} is broken: {reading.problems[0]}")
    return reading.scenario


def _shelf() -> Traversable:
    return resources.files("scenarios") / "library"


def _is_scenario(file: Traversable) -> bool:
    return file.is_file() and file.name.endswith(_SUFFIX)
