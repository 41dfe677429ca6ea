"""What is checked of one inject against the scenario around it."""

from collections.abc import Iterator
from datetime import timedelta

from scenarios.durations import format_duration
from scenarios.model import Acknowledge, Condition, Decision, Inject, Kind, Medium
from scenarios.naming import Names, check_repeats
from scenarios.problems import Finding, Path, Severity, quoted
from scenarios.wording import Wording

_NO_TIME = timedelta(0)

# Made once: thousands of names are checked.
_UNIT = Wording("unit")
_PHASE = Wording("phase")
_SITUATION = Wording("situation")
_OBJECTIVE = Wording("objective")
_INJECT = Wording("inject")
_PROGRESS = Wording("progress step")
_EVIDENCE = Wording("evidence")
_OPTION = Wording("option id")


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
        yield from names.check(target, names.targets, _UNIT, (*path, "to", index))
    if inject.phase is not None:
        yield from names.check(inject.phase, names.phases, _PHASE, (*path, "phase"))
    if inject.situation is not None:
        yield from names.check(inject.situation, names.situations, _SITUATION, (*path, "situation"))
    for index, objective in enumerate(inject.objectives):
        yield from names.check(objective, names.objectives, _OBJECTIVE, (*path, "objectives", index))
    yield from check_repeats(inject.objectives, (*path, "objectives"), _OBJECTIVE)
    yield from check_repeats(inject.progress, (*path, "progress"), _PROGRESS)
    kinds = [evidence.kind.value for evidence in inject.evidence]
    yield from check_repeats(kinds, (*path, "evidence"), _EVIDENCE, "kind")


def _check_time(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    duration = names.scenario.duration
    if duration is not None and inject.at is not None and inject.at > duration:
        message = Wording(
            "{inject} comes after the end: 'duration' is {duration}",
            inject=quoted(inject.id),
            duration=format_duration(duration),
        )
        yield Finding((*path, "at"), message, Severity.WARNING)


def _check_medium(medium: Medium, path: Path) -> Iterator[Finding]:
    files = {key: file for key, file in medium if file is not None}
    if len(files) != 1:
        yield Finding(path, Wording("a medium needs exactly one of photo, document, video or voice"))
    for key, file in files.items():
        parts = file.split("/")
        if "\\" in file or ":" in file or file.startswith(("/", "~")) or ".." in parts or parts[-1] in {"", "."}:
            message = Wording(
                "{file} must be the path of a file beside the scenario, such as pictures/map.jpg "
                "(no '..', drive or backslash)",
                file=quoted(file),
            )
            yield Finding((*path, key), message)


def _check_acknowledge(acknowledge: Acknowledge, path: Path) -> Iterator[Finding]:
    yield from _check_window(acknowledge.within, (*path, "within"))
    if acknowledge.remind is not None:
        yield from _check_window(acknowledge.remind, (*path, "remind"))
        if acknowledge.remind >= acknowledge.within > _NO_TIME:
            message = Wording(
                "'remind' counts back from the deadline and must be shorter than 'within' ({within})",
                within=format_duration(acknowledge.within),
            )
            yield Finding((*path, "remind"), message)


def _check_window(window: timedelta | None, path: Path) -> Iterator[Finding]:
    if window == _NO_TIME:
        yield Finding(path, Wording("{key} must be longer than 0s", key=quoted(path[-1])))


def _check_decision(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    decision = inject.decision
    if decision is None:
        if inject.kind is Kind.DECISION:
            message = Wording(
                "inject {inject} is of kind 'decision' but has no 'decision'; add it", inject=quoted(inject.id)
            )
            yield Finding((*path, "kind"), message)
        return
    path_here = (*path, "decision")
    if inject.kind is not Kind.DECISION:
        message = Wording(
            "'decision' belongs to 'kind: decision', but this inject is of kind {kind}", kind=quoted(inject.kind)
        )
        yield Finding(path_here, message, of_key=True)
    yield from _check_decider(decision, inject, path_here, names)
    yield from _check_window(decision.within, (*path_here, "within"))
    options = [option.id for option in decision.options]
    yield from check_repeats(options, (*path_here, "options"), _OPTION, "id")
    for index, option in enumerate(decision.options):
        yield from _check_fired(option.then, inject, (*path_here, "options", index, "then"), names)


def _check_decider(decision: Decision, inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    by = (*path, "by")
    if decision.by not in names.scenario.units:
        yield from names.check(decision.by, names.scenario.units, _UNIT, by)
    elif decision.by not in names.scenario.units_of(inject):
        message = Wording(
            "{unit} is to decide but does not receive this inject; add it to 'to'", unit=quoted(decision.by)
        )
        yield Finding(by, message)


def _check_silence(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    if inject.if_silent and inject.acknowledge is None and inject.decision is None:
        message = Wording("'if_silent' needs a deadline: this inject asks for no acknowledgement and no decision")
        yield Finding((*path, "if_silent"), message, of_key=True)
    yield from _check_fired(inject.if_silent, inject, (*path, "if_silent"), names)


def _check_fired(fired: tuple[str, ...], inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    for index, name in enumerate(fired):
        if name == inject.id:
            message = Wording("{inject} cannot fire itself: each inject fires once", inject=quoted(name))
            yield Finding((*path, index), message)
        else:
            yield from names.check(name, names.injects, _INJECT, (*path, index))


def _check_requires(inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    if inject.requires is None:
        return
    requires = (*path, "requires")
    gates = {"any": inject.requires.any, "all": inject.requires.all}
    given = {key: conditions for key, conditions in gates.items() if conditions is not None}
    if len(given) != 1:
        yield Finding(requires, Wording("'requires' needs exactly one of 'any' and 'all'"), of_key=True)
    for key, conditions in given.items():
        if not conditions:
            message = Wording("{key} needs at least one condition", key=quoted(key))
            yield Finding((*requires, key), message, of_key=True)
        for index, condition in enumerate(conditions):
            yield from _check_condition(condition, inject, (*requires, key, index), names)


def _check_condition(condition: Condition, inject: Inject, path: Path, names: Names) -> Iterator[Finding]:
    if (condition.option is None) == (condition.acknowledged is None):
        yield Finding(path, Wording("a condition needs exactly one of 'option' and 'acknowledged: true'"))
    if condition.inject == inject.id:
        yield Finding((*path, "inject"), Wording("{inject} cannot require itself", inject=quoted(inject.id)))
        return
    yield from names.check(condition.inject, names.injects, _INJECT, (*path, "inject"))
    other = names.injects.get(condition.inject)
    if other is None or other.id in names.unread:
        return
    if condition.option is not None:
        if other.decision is None:
            message = Wording("inject {inject} is no decision and has no options", inject=quoted(other.id))
            yield Finding((*path, "option"), message)
        else:
            options = [option.id for option in other.decision.options]
            what = Wording("option of inject {inject}:", inject=quoted(other.id))
            yield from names.check(condition.option, options, what, (*path, "option"))
    if condition.acknowledged is not None and other.acknowledge is None:
        message = Wording("inject {inject} asks for no acknowledgement", inject=quoted(other.id))
        yield Finding((*path, "acknowledged"), message)
