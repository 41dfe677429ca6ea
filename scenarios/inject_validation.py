"""What is checked of one inject against the scenario around it."""

from collections.abc import Iterator
from datetime import timedelta

from scenarios.durations import format_duration
from scenarios.model import Acknowledge, Condition, Decision, Inject, Kind, Medium
from scenarios.naming import Names, check_repeats
from scenarios.problems import Finding, Path, Severity, quoted

_NO_TIME = timedelta(0)


def check_inject(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    """Everything wrong with ``inject``, which stands at ``path``."""
    yield from _check_names(inject, path, names)
    yield from _check_time(inject, path, names)
    for index, medium in enumerate(inject.media):
        yield from _check_medium(medium, (*path, "media", index))
    if inject.acknowledge is not None:
        yield from _check_acknowledge(inject.acknowledge, (*path, "acknowledge"))
    for index, evidence in enumerate(inject.evidence):
        yield from _check_window(evidence.within, (*path, "evidence", index, "within"))
    yield from _check_decision(inject, path, names)
    yield from _check_silence(inject, path, names)
    yield from _check_requires(inject, path, names)


def _check_names(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    for index, target in enumerate(inject.to):
        yield from names.check(target, names.targets, "unit", (*path, "to", index))
    if inject.phase is not None:
        yield from names.check(inject.phase, names.phases, "phase", (*path, "phase"))
    if inject.situation is not None:
        yield from names.check(inject.situation, names.situations, "situation", (*path, "situation"))
    for index, objective in enumerate(inject.objectives):
        yield from names.check(objective, names.objectives, "objective", (*path, "objectives", index))
    yield from check_repeats(inject.objectives, (*path, "objectives"), "objective")
    yield from check_repeats(inject.progress, (*path, "progress"), "progress step")
    kinds = [evidence.kind.value for evidence in inject.evidence]
    yield from check_repeats(kinds, (*path, "evidence"), "evidence", "kind")


def _check_time(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    duration = names.scenario.duration
    if duration is not None and inject.at is not None and inject.at > duration:
        message = f"{quoted(inject.id)} comes after the end: 'duration' is {format_duration(duration)}"
        yield Finding((*path, "at"), message, Severity.WARNING)


def _check_medium(medium: Medium, path: Path) -> Iterator[Finding]:
    files = {key: file for key, file in medium if file is not None}
    if len(files) != 1:
        yield Finding(path, "a medium needs exactly one of photo, document, video or voice")
    for key, file in files.items():
        parts = file.split("/")
        if "\\" in file or ":" in file or file.startswith(("/", "~")) or ".." in parts or parts[-1] in {"", "."}:
            message = (
                f"{quoted(file)} must be the path of a file beside the scenario, such as pictures/map.jpg "
                "(no '..', drive or backslash)"
            )
            yield Finding((*path, key), message)


def _check_acknowledge(acknowledge: Acknowledge, path: Path) -> Iterator[Finding]:
    yield from _check_window(acknowledge.within, (*path, "within"))
    if acknowledge.remind is not None:
        yield from _check_window(acknowledge.remind, (*path, "remind"))
        if acknowledge.remind >= acknowledge.within > _NO_TIME:
            message = (
                f"'remind' counts back from the deadline and must be shorter than 'within' "
                f"({format_duration(acknowledge.within)})"
            )
            yield Finding((*path, "remind"), message)


def _check_window(window: timedelta | None, path: Path) -> Iterator[Finding]:
    if window == _NO_TIME:
        yield Finding(path, f"{quoted(path[-1])} must be longer than 0s")


def _check_decision(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    decision = inject.decision
    if decision is None:
        if inject.kind is Kind.DECISION:
            message = f"inject {quoted(inject.id)} is of kind 'decision' but has no 'decision'; add it"
            yield Finding((*path, "kind"), message)
        return
    path_here = (*path, "decision")
    if inject.kind is not Kind.DECISION:
        message = f"'decision' belongs to 'kind: decision', but this inject is of kind {quoted(inject.kind)}"
        yield Finding(path_here, message, of_key=True)
    yield from _check_decider(decision, inject, path_here, names)
    yield from _check_window(decision.within, (*path_here, "within"))
    options = [option.id for option in decision.options]
    yield from check_repeats(options, (*path_here, "options"), "option id", "id")
    for index, option in enumerate(decision.options):
        yield from _check_fired(option.then, inject, (*path_here, "options", index, "then"), names)


def _check_decider(decision: Decision, inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    by = (*path, "by")
    if decision.by not in names.scenario.units:
        yield from names.check(decision.by, names.scenario.units, "unit", by)
    elif decision.by not in names.scenario.units_of(inject):
        yield Finding(by, f"{quoted(decision.by)} is to decide but does not receive this inject; add it to 'to'")


def _check_silence(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    if inject.if_silent and inject.acknowledge is None and inject.decision is None:
        message = "'if_silent' needs a deadline: this inject asks for no acknowledgement and no decision"
        yield Finding((*path, "if_silent"), message, of_key=True)
    yield from _check_fired(inject.if_silent, inject, (*path, "if_silent"), names)


def _check_fired(fired: tuple[str, ...], inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    for index, name in enumerate(fired):
        if name == inject.id:
            yield Finding((*path, index), f"{quoted(name)} cannot fire itself: each inject fires once")
        else:
            yield from names.check(name, names.injects, "inject", (*path, index))


def _check_requires(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    if inject.requires is None:
        return
    requires = (*path, "requires")
    gates = {"any": inject.requires.any, "all": inject.requires.all}
    given = {key: conditions for key, conditions in gates.items() if conditions is not None}
    if len(given) != 1:
        yield Finding(requires, "'requires' needs exactly one of 'any' and 'all'", of_key=True)
    for key, conditions in given.items():
        if not conditions:
            yield Finding((*requires, key), f"{quoted(key)} needs at least one condition", of_key=True)
        for index, condition in enumerate(conditions):
            yield from _check_condition(condition, inject, (*requires, key, index), names)


def _check_condition(condition: Condition, inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    if (condition.option is None) == (condition.acknowledged is None):
        yield Finding(path, "a condition needs exactly one of 'option' and 'acknowledged: true'")
    if condition.inject == inject.id:
        yield Finding((*path, "inject"), f"{quoted(inject.id)} cannot require itself")
        return
    yield from names.check(condition.inject, names.injects, "inject", (*path, "inject"))
    other = names.injects.get(condition.inject)
    if other is None or other.id in names.unread:
        return
    if condition.option is not None:
        if other.decision is None:
            yield Finding((*path, "option"), f"inject {quoted(other.id)} is no decision and has no options")
        else:
            options = [option.id for option in other.decision.options]
            what = f"option of inject {quoted(other.id)}:"
            yield from names.check(condition.option, options, what, (*path, "option"))
    if condition.acknowledged is not None and other.acknowledge is None:
        yield Finding((*path, "acknowledged"), f"inject {quoted(other.id)} asks for no acknowledgement")
