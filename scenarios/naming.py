"""The names that a scenario declares, and what to say of a name that it does not."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scenarios.model import EVERYONE, Inject, Scenario
from scenarios.problems import Finding, Path, quoted
from scenarios.spelling import Spelling
from scenarios.wording import Wording


@dataclass(frozen=True)
class Names:
    """Everything in a scenario that other parts of it can name."""

    scenario: Scenario
    targets: Collection[str]
    phases: Collection[str]
    objectives: Collection[str]
    situations: Collection[str]
    injects: Mapping[str, Inject]
    unread: Collection[str]
    """Ids of injects of which not everything could be read: what they ask for is not known."""
    spelling: Spelling

    @classmethod
    def of(cls, scenario: Scenario, unread: Collection[str], spelling: Spelling) -> "Names":
        """The names in ``scenario``."""
        return cls(
            scenario=scenario,
            targets={EVERYONE: None, **dict.fromkeys(scenario.units), **dict.fromkeys(scenario.groups)},
            phases=[phase.id for phase in scenario.phases],
            objectives=[objective.id for objective in scenario.objectives],
            situations=scenario.situations,
            injects={inject.id: inject for inject in reversed(scenario.injects)},
            unread=frozenset(unread),
            spelling=spelling,
        )

    def check(self, name: str, known: Collection[str], what: Wording, path: Path) -> Iterator[Finding]:
        """A finding when ``name`` is not among ``known``; ``what`` says what it should be."""
        if name not in known:
            hint = self.spelling.hint(name, known)
            yield Finding(path, Wording("unknown {what} {name}{hint}", what=what, name=quoted(name), hint=hint))


def check_repeats(
    names: Sequence[str], path: Path, what: Wording, key: str | None = None, *, any_case: bool = False
) -> Iterator[Finding]:
    """A finding for each name that came before; ``key``: where in an entry of ``path`` the name stands."""
    seen: dict[str, int] = {}
    for index, name in enumerate(names):
        first = seen.setdefault(name.casefold() if any_case else name, index)
        if first != index:
            place = (*path, index) if key is None else (*path, index, key)
            message = Wording(
                "{what} {name} is there already{as_first}, in entry {entry}",
                what=what,
                name=quoted(name),
                as_first="" if names[first] == name else Wording(" as {name}", name=quoted(names[first])),
                entry=first + 1,
            )
            yield Finding(place, message)
