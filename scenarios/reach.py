"""Which injects of a scenario can come to be sent, and which conditions can come to be met. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scenarios.model import Condition, Inject, Option, Scenario


@dataclass(frozen=True)
class Reach:
    """What leads to what in a scenario; injects are named by their ids."""

    scenario: Scenario
    injects: Mapping[str, Inject]
    unfired: frozenset[str]
    """Contingency injects that nothing but the director fires."""
    blocked: frozenset[str]
    """Injects whose condition can never be met."""
    circling: Mapping[str, tuple[str, ...]]
    """Of the blocked ones, those that wait for one another, each with the circle it is in."""
    asked_for: frozenset[tuple[str, str]]
    """Inject and option of every condition."""

    @classmethod
    def of(cls, scenario: Scenario) -> "Reach":
        """What leads to what in ``scenario``."""
        injects = {inject.id: inject for inject in scenario.injects}
        unfired = _unfired(scenario)
        blocked = _blocked(injects)
        return cls(
            scenario=scenario,
            injects=injects,
            unfired=unfired,
            blocked=blocked,
            circling=_circles(injects, blocked),
            asked_for=frozenset(
                (condition.inject, condition.option)
                for inject in scenario.injects
                for condition in conditions_of(inject)
                if condition.option is not None
            ),
        )

    def leads_somewhere(self, inject: Inject, option: Option) -> bool:
        """Whether choosing ``option`` changes what comes."""
        return bool(option.then) or (inject.id, option.id) in self.asked_for

    def goes_on_after(self, inject: Inject) -> bool:
        """Whether the clock sends the unit that decides in ``inject`` more afterwards."""
        if inject.at is None or inject.decision is None:
            return True
        decider = inject.decision.by
        return any(
            each.at is not None and each.at > inject.at and decider in self.scenario.units_of(each)
            for each in self.scenario.injects
        )

    def too_late(self, inject: Inject) -> Iterator[Inject]:
        """Injects that the condition of a timed ``inject`` looks at before they are sent."""
        if inject.at is None:
            return
        order = {each.id: index for index, each in enumerate(self.scenario.injects)}
        for condition in conditions_of(inject):
            other = self.injects.get(condition.inject)
            if other is None or other.at is None:
                continue
            if (other.at, order[other.id]) > (inject.at, order[inject.id]):
                yield other


def conditions_of(inject: Inject) -> tuple[Condition, ...]:
    """The conditions of an inject's gate."""
    return (inject.requires.any or inject.requires.all or ()) if inject.requires else ()


def _fires(inject: Inject) -> Iterator[str]:
    yield from inject.if_silent
    for option in inject.decision.options if inject.decision else ():
        yield from option.then


def _unfired(scenario: Scenario) -> frozenset[str]:
    """Contingencies that no chain from the timed injects leads to; of such a chain only what begins it."""
    injects = {inject.id: inject for inject in scenario.injects}
    fired = {name for inject in scenario.injects for name in _fires(inject) if name != inject.id}
    heads = {inject.id for inject in scenario.injects if inject.is_contingency and inject.id not in fired}
    reached = _followed(injects, {inject.id for inject in scenario.injects if not inject.is_contingency} | heads)
    return frozenset(heads | (injects.keys() - reached))


def _followed(injects: Mapping[str, Inject], begin: set[str]) -> set[str]:
    reached, ahead = set(begin), list(begin)
    while ahead:
        for name in _fires(injects[ahead.pop()]):
            if name in injects and name not in reached:
                reached.add(name)
                ahead.append(name)
    return reached


def _blocked(injects: Mapping[str, Inject]) -> frozenset[str]:
    """Injects that wait for what can never happen.

    The director can fire any contingency by hand, and send what waits for an answer with ``otherwise: ask``.
    """
    possible = {inject.id for inject in injects.values() if not conditions_of(inject)}
    waiting = [inject for inject in injects.values() if conditions_of(inject)]
    grew = True
    while grew:
        free = [inject for inject in waiting if _can_be_met(inject, possible)]
        possible.update(inject.id for inject in free)
        waiting = [inject for inject in waiting if inject.id not in possible]
        grew = bool(free)
    return frozenset(inject.id for inject in waiting)


def _can_be_met(inject: Inject, possible: set[str]) -> bool:
    conditions = conditions_of(inject)
    if inject.requires is not None and inject.requires.any is not None:
        return any(condition.inject in possible for condition in conditions)
    chosen: dict[str, str] = {}
    for condition in conditions:
        if condition.inject not in possible:
            return False
        if condition.option is not None and chosen.setdefault(condition.inject, condition.option) != condition.option:
            return False
    return True


def _circles(injects: Mapping[str, Inject], blocked: frozenset[str]) -> dict[str, tuple[str, ...]]:
    waits_for = {
        name: next((c.inject for c in conditions_of(injects[name]) if c.inject in blocked), None) for name in blocked
    }
    circles: dict[str, tuple[str, ...]] = {}
    for start in blocked:
        trail: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in trail:
            trail[here] = None
            here = waits_for[here]
        if here == start:
            circles[start] = (*trail, start)
    return circles
