"""How much a scenario asks of each unit over time, and what pacing makes of it. Pure."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from math import ceil

from scenarios.durations import format_duration
from scenarios.model import Inject, Scenario
from scenarios.problems import quoted
from scenarios.wording import Wording

_MINUTE = timedelta(minutes=1)
_OVERALL = timedelta(seconds=1) / 28
_OF_A_CHAT = timedelta(seconds=1)
_OF_A_GROUP = 18
"""Messages to one group within a minute; showing an acknowledgement counts as one."""
_TOLERATED = timedelta(seconds=30)
_WIDEST = 60
"""Columns of a chart."""
Say = Callable[[Wording], str]
"""Gives words in another language."""
MOST_FORECAST = 100_000
"""Messages up to which the plan is looked at one by one."""


@dataclass(frozen=True)
class PlanNote:
    """Something to say of the inject at index ``inject``."""

    inject: int
    message: Wording


def can_forecast(scenario: Scenario) -> bool:
    """Whether the plan has few enough messages to be looked at one by one."""
    return sum(len(scenario.units_of(inject)) for inject in scenario.injects) <= MOST_FORECAST


def rushes(scenario: Scenario, most: int) -> Iterator[PlanNote]:
    """Where a unit is asked for, or owes, more than ``most`` answers within a minute: once for each rush and unit."""
    asked, due = _moments(scenario)
    for unit in scenario.units:
        told = set[int]()
        for rush in _rushes(asked[unit], most):
            told.update(rush)
            message = Wording(
                "{unit} is to answer {number} injects within a minute, from {inject} on; more than {most} is a lot",
                unit=quoted(unit),
                number=len(rush),
                inject=quoted(scenario.injects[rush[0]].id),
                most=most,
            )
            yield PlanNote(rush[-1], message)
        for rush in _rushes(due[unit], most):
            if not told.issuperset(rush):
                message = Wording(
                    "{number} deadlines of {unit} fall within a minute, "
                    "from that of {inject} on; more than {most} is a lot",
                    number=len(rush),
                    unit=quoted(unit),
                    inject=quoted(scenario.injects[rush[0]].id),
                    most=most,
                )
                yield PlanNote(rush[-1], message)


def _rushes(moments: Sequence[tuple[timedelta, int]], most: int) -> Iterator[list[int]]:
    """The injects up to the one that makes them more than ``most`` within a minute; once while that lasts."""
    window: deque[tuple[timedelta, int]] = deque()
    in_rush = False
    for at, index in moments:
        while window and window[0][0] <= at - _MINUTE:
            window.popleft()
            in_rush = in_rush and len(window) > most
        window.append((at, index))
        if len(window) > most and not in_rush:
            in_rush = True
            yield [index for _, index in window]


@dataclass(frozen=True)
class Delivery:
    """When an inject reaches a unit, as far as the pacing of messages lets it."""

    inject: int
    unit: str
    late: timedelta


def forecast(scenario: Scenario) -> Iterator[Delivery]:
    """The delivery of every timed inject to every unit, in the order of sending."""
    timed = sorted((inject.at, i) for i, inject in enumerate(scenario.injects) if inject.at is not None)
    free = timedelta(0)
    chats: dict[str, _Chat] = {unit: _Chat() for unit in scenario.units}
    for at, index in timed:
        inject = scenario.injects[index]
        for unit in scenario.units_of(inject):
            sent = max(at, free, chats[unit].free_at(at))
            free = max(free, at) + _OVERALL
            chats[unit].send(sent, 2 if _wants_answer(inject) else 1)
            yield Delivery(index, unit, sent - at)


def late_deliveries(scenario: Scenario) -> Iterator[PlanNote]:
    """Injects that the pacing of messages delivers too late: by over 30 s, or half of the time to answer."""
    for index, deliveries in groupby(forecast(scenario), key=lambda delivery: delivery.inject):
        inject = scenario.injects[index]
        worst = max(deliveries, key=lambda delivery: delivery.late)
        if worst.late > _TOLERATED or (inject.acknowledge and worst.late * 2 > inject.acknowledge.within):
            message = Wording(
                "{inject} reaches {unit} about {late} late: "
                "Telegram takes 28 messages a second, and 18 a minute in one group",
                inject=quoted(inject.id),
                unit=quoted(worst.unit),
                late=_roughly(worst.late),
            )
            yield PlanNote(index, message)


class _Chat:
    """What one group has been sent within the last minute."""

    def __init__(self) -> None:
        self._sent: deque[timedelta] = deque()

    def free_at(self, at: timedelta) -> timedelta:
        while self._sent and self._sent[0] <= at - _MINUTE:
            self._sent.popleft()
        last = self._sent[-1] + _OF_A_CHAT if self._sent else at
        if len(self._sent) < _OF_A_GROUP:
            return last
        return max(last, self._sent[-_OF_A_GROUP] + _MINUTE)

    def send(self, at: timedelta, cost: int) -> None:
        self._sent.extend([at] * cost)


def load_chart(scenario: Scenario, say: Say = str) -> str:
    """One line a unit, one column a stretch of time: how many answers are asked for there; ``+`` is more than 9."""
    asked, _ = _moments(scenario)
    ends = [at for each in asked.values() for at, _ in each]
    length = max([*ends, scenario.duration or timedelta(0)])
    step = max(1, ceil((length / _MINUTE + 1) / _WIDEST))
    columns = int(length / (step * _MINUTE)) + 1
    width = max(len(unit) for unit in scenario.units)
    heading = Wording(
        "answers asked of each unit; a column is {minutes}, from STARTEX to {end}",
        minutes=Wording("a minute") if step == 1 else Wording("{number} minutes", number=step),
        end=format_duration(length),
    )
    lines = [say(heading)]
    ruler = "".join(f"{column * step:<10}" for column in range(0, columns, 10))
    lines.append(f"{'':{width}} |{ruler[:columns]}")
    for unit, each in asked.items():
        counts = [0] * columns
        for at, _ in each:
            counts[int(at / (step * _MINUTE))] += 1
        row = "".join("." if not n else str(n) if n < 10 else "+" for n in counts)
        lines.append(f"{unit:{width}} |{row}| {len(each)}")
    return "\n".join(lines)


def delivery_table(scenario: Scenario, say: Say = str) -> str:
    """One line a unit: how many timed injects it gets, and how late the latest of them is, as pacing lets it."""
    messages = dict.fromkeys(scenario.units, 0)
    worst: dict[str, Delivery] = {}
    for delivery in forecast(scenario):
        messages[delivery.unit] += 1
        worst[delivery.unit] = max(worst.get(delivery.unit, delivery), delivery, key=lambda each: each.late)
    width = max(map(len, scenario.units))
    lines = [say(Wording("injects sent to each unit by the clock, and the latest by which pacing delays one"))]
    for unit, count in messages.items():
        late = worst.get(unit)
        delay = (
            f"{_roughly(late.late)} ({scenario.injects[late.inject].id})"
            if late and late.late
            else say(Wording("none"))
        )
        lines.append(f"{unit:{width}} | {count:4} | {delay}")
    return "\n".join(lines)


_Moments = Mapping[str, Sequence[tuple[timedelta, int]]]


def _moments(scenario: Scenario) -> tuple[_Moments, _Moments]:
    """For each unit when it is asked for answers, and when they are due; in order of time, each with its inject."""
    asked: dict[str, list[tuple[timedelta, int]]] = {unit: [] for unit in scenario.units}
    due: dict[str, list[tuple[timedelta, int]]] = {unit: [] for unit in scenario.units}
    for index, inject in enumerate(scenario.injects):
        if inject.at is not None and _wants_answer(inject):
            windows = _windows(inject)
            for unit in scenario.units_of(inject):
                asked[unit].append((inject.at, index))
                if windows:
                    due[unit].append((inject.at + min(windows), index))
    return (
        {unit: sorted(moments) for unit, moments in asked.items()},
        {unit: sorted(moments) for unit, moments in due.items()},
    )


def _windows(inject: Inject) -> list[timedelta]:
    """How long a unit has for each answer that has a deadline."""
    asking = (inject.acknowledge, inject.decision, *inject.evidence)
    return [part.within for part in asking if part is not None and part.within is not None]


def _wants_answer(inject: Inject) -> bool:
    return inject.acknowledge is not None or inject.decision is not None or bool(inject.evidence)


def _roughly(span: timedelta) -> str:
    return format_duration(timedelta(seconds=ceil(span.total_seconds())))
