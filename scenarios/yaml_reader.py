"""Reading a scenario from YAML: the scenario, or every problem with its line and column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scenarios.examination import Inspection, examine, nothing_more
from scenarios.model import Scenario
from scenarios.problems import Problem, Severity, not_listed
from scenarios.wording import Wording
from scenarios.yaml_document import MAX_PROBLEMS, Document, Limits, Spot, read_document

UPLOADED = Limits(size=512 * 1024, events=70_000)
"""For files from a chat: read or refused in less than three seconds, and still 5,000 injects to 1,000 units."""
LOCAL = Limits(size=16 * 1024 * 1024, events=2_000_000)
"""For files that the operator names on a command line."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Reading:
    """A scenario, or ``None`` when any problem is an error; the problems in the order of the text."""

    scenario: Scenario | None
    problems: tuple[Problem, ...]


def read_yaml(data: bytes, limits: Limits = UPLOADED, inspect: Inspection = nothing_more) -> Reading:
    """The scenario in ``data``, a UTF-8 YAML file, and everything wrong with it, and what ``inspect`` adds."""
    text = _decode(data, limits)
    if isinstance(text, Problem):
        return Reading(None, (text,))
    document = read_document(text, limits)
    if document.root is None:
        return Reading(None, _in_order(document.problems))
    if not isinstance(document.data, dict):
        return Reading(None, _in_order([*document.problems, _not_a_mapping(document, document.root)]))
    examination = examine(document.data, inspect)
    problems = [*document.problems]
    for finding in examination.findings:
        if document.root.find(finding.path) not in document.empty:
            place = document.root.find(finding.path, of_key=finding.of_key)
            problems.append(Problem(*place, finding.severity, finding.message))
    return Reading(None if document.problems else examination.scenario, _in_order(problems))


def _decode(data: bytes, limits: Limits) -> str | Problem:
    if len(data) > limits.size:
        message = Wording(
            "the file is too large: {size:,} bytes, {most:,} are possible; split the scenario",
            size=len(data),
            most=limits.size,
        )
        return Problem(1, 1, Severity.ERROR, message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        return _at_the_end_of(before, Wording("this is not UTF-8 text; save the file as UTF-8"))
    if found := _FORBIDDEN.search(text):
        sign = f"U+{ord(found[0]):04X}"
        message = Wording("the control character {sign} is not allowed; remove it", sign=sign)
        return _at_the_end_of(text[: found.start()], message)
    return text


def _at_the_end_of(before: str, message: Wording) -> Problem:
    line_start = before.rfind("\n") + 1
    return Problem(before.count("\n") + 1, len(before) - line_start + 1, Severity.ERROR, message)


def _not_a_mapping(document: Document, root: Spot) -> Problem:
    if document.data is None:
        return Problem(1, 1, Severity.ERROR, Wording("the file is empty: it holds no scenario"))
    message = Wording("a scenario is a list of keys with values: 'format: 1', 'id: ...' and so on")
    return Problem(root.line, root.column, Severity.ERROR, message)


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    ordered = sorted(set(problems))
    if len(ordered) <= MAX_PROBLEMS:
        return tuple(ordered)
    last = ordered[MAX_PROBLEMS]
    more = not_listed(len(ordered) - MAX_PROBLEMS)
    return (*ordered[:MAX_PROBLEMS], Problem(last.line, last.column, Severity.ERROR, more))
