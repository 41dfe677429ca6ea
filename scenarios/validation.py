"""What one part of a scenario says of another: do the names exist, do the windows fit?

Pure, over the models. Each finding carries the path of what it is about, so that a reader of any file format can
turn it into a line or a cell.
"""

from collections.abc import Collection, Iterator

from scenarios.inject_validation import check_inject
from scenarios.model import EVERYONE, Scenario
from scenarios.naming import Names, check_repeats
from scenarios.problems import Finding, quoted
from scenarios.spelling import Spelling
from scenarios.text_validation import check_texts
from scenarios.wording import Wording


def validate(
    scenario: Scenario, *, unread: Collection[str] = (), spelling: Spelling | None = None
) -> tuple[Finding, ...]:
    """Everything wrong between the parts of ``scenario``.

    ``unread`` are ids of injects of which not everything could be read: what they ask for is not known.
    """
    names = Names.of(scenario, unread, spelling or Spelling())
    injects = enumerate(scenario.injects)
    return (
        *_check_declarations(scenario),
        *_check_units_and_groups(scenario, names),
        *(finding for index, inject in injects for finding in check_inject(inject, ("injects", index), names)),
        *check_texts(scenario),
    )


def _check_declarations(scenario: Scenario) -> Iterator[Finding]:
    yield from check_repeats(scenario.languages, ("languages",), Wording("language"))
    yield from check_repeats(scenario.situations, ("situations",), Wording("situation"))
    yield from check_repeats([phase.id for phase in scenario.phases], ("phases",), Wording("phase id"), "id")
    objectives = [objective.id for objective in scenario.objectives]
    yield from check_repeats(objectives, ("objectives",), Wording("objective id"), "id")
    inject_ids = [inject.id for inject in scenario.injects]
    yield from check_repeats(inject_ids, ("injects",), Wording("inject id"), "id", any_case=True)


def _check_units_and_groups(scenario: Scenario, names: Names) -> Iterator[Finding]:
    if EVERYONE in scenario.units:
        message = Wording("no unit can be called 'all': that means every unit")
        yield Finding(("units", EVERYONE), message, of_key=True)
    for group, members in scenario.groups.items():
        path = ("groups", group)
        if group == EVERYONE:
            message = Wording("the group 'all' exists by itself and holds every unit; remove it")
            yield Finding(path, message, of_key=True)
        elif group in scenario.units:
            message = Wording("{group} is a unit already; give the group another name", group=quoted(group))
            yield Finding(path, message, of_key=True)
        if not members:
            yield Finding(path, Wording("the group {group} has no units", group=quoted(group)), of_key=True)
        yield from check_repeats(members, path, Wording("unit"))
        for index, unit in enumerate(members):
            if unit not in scenario.units and (unit in scenario.groups or unit == EVERYONE):
                message = Wording("{unit} is a group; a group holds units only", unit=quoted(unit))
                yield Finding((*path, index), message)
            else:
                yield from names.check(unit, scenario.units, Wording("unit"), (*path, index))
