"""Plain data to a scenario, with everything wrong about it found in one go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scenarios.model import Scenario
from scenarios.problems import Finding, Severity
from scenarios.salvage import salvage
from scenarios.shape import shape_findings
from scenarios.spelling import Spelling
from scenarios.validation import validate

Inspection = Callable[[Scenario], Iterable[Finding]]
"""What else is to be found in a scenario that has no errors."""


def nothing_more(scenario: Scenario) -> tuple[Finding, ...]:
    """Find nothing in ``scenario`` beyond what the format asks."""
    del scenario  # the format's own rules have had their say
    return ()


@dataclass(frozen=True)
class Examination:
    """A scenario, or ``None`` when there are errors, and what was found."""

    scenario: Scenario | None
    findings: tuple[Finding, ...]


def examine(document: Mapping[str, Any], inspect: Inspection = nothing_more) -> Examination:
    """The scenario that ``document`` (keys as in the YAML format) describes, and everything wrong with it.

    ``inspect`` adds what it finds where the format's own rules have found no error.
    """
    spelling = Spelling()
    try:
        scenario = _model(document)
    except ValidationError as error:
        shape = tuple(shape_findings(error, document, spelling))
        return Examination(None, (*shape, *_validate_the_rest(document, shape, spelling)))
    findings = validate(scenario, spelling=spelling)
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    if failed:
        return Examination(None, findings)
    findings = (*findings, *inspect(scenario))
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return Examination(None if failed else scenario, findings)


def _model(document: Mapping[str, Any]) -> Scenario:
    return Scenario.model_validate(document, by_alias=True, by_name=False)


def _validate_the_rest(
    document: Mapping[str, Any], shape: tuple[Finding, ...], spelling: Spelling
) -> tuple[Finding, ...]:
    remains = salvage(document, (finding.path for finding in shape))
    if remains is None:
        return ()
    try:
        scenario = _model(remains.document)
    except ValidationError:  # no unit is left, say
        return ()
    findings = validate(scenario, unread=remains.unread, spelling=spelling)
    return tuple(finding for finding in findings if remains.can_judge(finding.path))
