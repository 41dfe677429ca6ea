"""What examining plain data promises, whatever the data."""

import copy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from scenarios.examination import examine
from scenarios.model import Scenario, dump
from scenarios.problems import Path, Severity
from tests.scenarios.strategies import scenarios

JUNK = st.sampled_from(
    [None, "", "x", "X y", 0, 90, -1.5, float("nan"), True, [], {}, ["x"], [None], {"x": "y"}, "\ud800"]
)


def containers(value: Any) -> list[Any]:
    """Every list and mapping in ``value`` that holds something."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    here = [value] if isinstance(value, dict | list) and value else []
    return here + [found for entry in inner for found in containers(entry)]


def spoil(document: dict[str, Any], data: DataObject) -> None:
    """Replace, remove, add or rename something."""
    container = data.draw(st.sampled_from(containers(document)))
    if isinstance(container, list):
        container[data.draw(st.integers(0, len(container) - 1))] = data.draw(JUNK)
        return
    key = data.draw(st.sampled_from(sorted(container)))
    match data.draw(st.sampled_from(["replace", "remove", "add", "rename"])):
        case "replace":
            container[key] = data.draw(JUNK)
        case "remove":
            del container[key]
        case "add":
            container["extra"] = data.draw(JUNK)
        case _:
            container[f"{key}X"] = container.pop(key)


def leads_somewhere(path: Path, document: Any) -> bool:
    """Whether ``path`` can be followed in ``document``."""
    for step in path:
        try:
            document = document[step]
        except (LookupError, TypeError):
            return False
    return True


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(scenarios(), st.integers(1, 3), st.data())
def test_spoiled_data_is_answered_in_plain_words_at_places_that_exist(
    scenario: Scenario, times: int, data: DataObject
) -> None:
    document = copy.deepcopy(dump(scenario))
    for _ in range(times):
        spoil(document, data)
    examination = examine(document)
    failed = any(finding.severity is Severity.ERROR for finding in examination.findings)
    assert (examination.scenario is None) == failed
    for finding in examination.findings:
        assert "\n" not in finding.message
        assert "Input should" not in finding.message
        assert "{" not in finding.message.split("'")[0]
        # What is missing, or given in short, has its place in what is around it.
        assert leads_somewhere(finding.path[:2], document) or finding.path == ()
