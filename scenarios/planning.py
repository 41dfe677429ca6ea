"""What an experienced planner would catch in a scenario that is valid: warnings, each with its path. Pure."""

from collections.abc import Iterator, Mapping

from scenarios.durations import format_duration
from scenarios.load import MOST_FORECAST, can_forecast, late_deliveries, rushes
from scenarios.model import Inject, Scenario, Text
from scenarios.problems import Finding, Path, Severity, quoted
from scenarios.reach import Reach
from scenarios.wording import Wording

ANSWERS_PER_MINUTE = 3
"""How many injects a unit can be asked to answer within a minute before it is warned of."""
_SHORTEST_ECHO = 12
"""Characters from which an expected action is more than a word that happens to be in the text."""


def plan_findings(scenario: Scenario, answers_per_minute: int = ANSWERS_PER_MINUTE) -> tuple[Finding, ...]:
    """Warnings about a ``scenario`` that has passed the validation, in the order of its injects."""
    reach = Reach.of(scenario)
    found = [finding for index, inject in enumerate(scenario.injects) for finding in _of_one(inject, index, reach)]
    if can_forecast(scenario):
        found += [_warning(("injects", rush.inject), rush.message) for rush in rushes(scenario, answers_per_minute)]
        found += [_warning(("injects", late.inject, "at"), late.message) for late in late_deliveries(scenario)]
    else:
        message = Wording(
            "more than {most:,} messages: the load of the units and the delivery are not forecast", most=MOST_FORECAST
        )
        found.append(_warning(("injects", 0), message))
    return tuple(sorted(found, key=lambda finding: int(finding.path[1])))


def _of_one(inject: Inject, index: int, reach: Reach) -> Iterator[Finding]:
    path: Path = ("injects", index)
    if inject.id in reach.unfired:
        message = Wording("nothing fires {inject}: only the director can, with /fire", inject=quoted(inject.id))
        yield _warning((*path, "id"), message)
    yield from _check_branches(inject, path, reach)
    yield from _check_gate(inject, path, reach)
    yield from _check_end(inject, path, reach.scenario)
    yield from _check_echo(inject, path)


def _check_branches(inject: Inject, path: Path, reach: Reach) -> Iterator[Finding]:
    options = inject.decision.options if inject.decision else ()
    leading = [reach.leads_somewhere(inject, option) for option in options]
    # An option that fires nothing is fine where the main line goes on by itself.
    if not any(leading) or reach.goes_on_after(inject):
        return
    for index, option in enumerate(options):
        if not leading[index]:
            message = Wording(
                "option {option} leads nowhere, although others here do, and nothing comes after it",
                option=quoted(option.id),
            )
            yield _warning((*path, "decision", "options", index), message)


def _check_gate(inject: Inject, path: Path, reach: Reach) -> Iterator[Finding]:
    if inject.requires is None:
        return
    where = (*path, "requires")
    if inject.id in reach.circling:
        circle = " -> ".join(reach.circling[inject.id])
        message = Wording("this condition can never be met: it goes round in a circle ({circle})", circle=circle)
        yield _warning(where, message)
    elif inject.id in reach.blocked:
        yield _warning(where, Wording("this condition can never be met: what it asks for cannot happen"))
    else:
        for other in reach.too_late(inject):
            message = Wording(
                "the condition is checked before {inject}, which it asks about, is sent", inject=quoted(other.id)
            )
            yield _warning(where, message)


def _check_end(inject: Inject, path: Path, scenario: Scenario) -> Iterator[Finding]:
    if scenario.duration is None or inject.at is None or inject.at >= scenario.duration:
        # What comes right at the end is ENDEX itself.
        return
    windows = [
        ((*path, "acknowledge", "within"), inject.acknowledge.within if inject.acknowledge else None),
        ((*path, "decision", "within"), inject.decision.within if inject.decision else None),
        *(((*path, "evidence", i, "within"), evidence.within) for i, evidence in enumerate(inject.evidence)),
    ]
    for where, within in windows:
        if within is not None and inject.at + within > scenario.duration:
            message = Wording(
                "the deadline of {inject} is {deadline}, after the end: 'duration' is {duration}",
                inject=quoted(inject.id),
                deadline=format_duration(inject.at + within),
                duration=format_duration(scenario.duration),
            )
            yield _warning(where, message)


def _check_echo(inject: Inject, path: Path) -> Iterator[Finding]:
    for language, expected in _by_language(inject.expect).items():
        told = _plain(inject.text.in_language(language))
        if len(_plain(expected)) >= _SHORTEST_ECHO and _plain(expected) in told:
            message = Wording("'expect' stands in the text too: the unit is told the answer")
            yield _warning((*path, "expect"), message)
            return


def _by_language(text: Text | None) -> Mapping[str, str]:
    match text.root if text else {}:
        case str(words):
            return {"id": words, "en": words}
        case translations:
            return {str(language): words for language, words in translations.items()}


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".!?;")


def _warning(path: Path, message: Wording) -> Finding:
    return Finding(path, message, Severity.WARNING)
