"""What a drill has come to whose bot was killed on the way: the record, held against the chats and the people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.sealing import first_broken
from bot.rehearsal.drill import Drill
from tests.acceptance.cast import header, said_by_bot

Presses = Mapping[tuple[str, str], Sequence[datetime]]
"""When each inject was acknowledged in a unit's chat, by (inject, unit)."""
Absences = Sequence[tuple[datetime, datetime]]
"""From when until when nobody was at work."""
_A_MOMENT = timedelta(milliseconds=50)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a drill with kills has come to."""

    deliveries: int
    lost: tuple[str, ...]
    """Injects that are not in the chat, and of which the record does not say so."""
    unsure: int
    """Injects that are not in the chat, and of which the record says that they may not be."""
    repeats: int
    unexplained: tuple[str, ...]
    """Injects that are in a chat more often than the record says they may be."""
    disordered: tuple[str, ...]
    lost_presses: tuple[str, ...]
    counted_twice: tuple[str, ...]
    made_up: tuple[str, ...]
    """Times that cannot be: earlier than the press, called exact though nobody was there to hear, off the script."""
    chain_is_whole: bool

    @property
    def wrong(self) -> tuple[str, ...]:
        """Everything that breaks a promise."""
        found = [
            *(f"lost: {each}" for each in self.lost),
            *(f"twice, unexplained: {each}" for each in self.unexplained),
            *(f"out of order: {each}" for each in self.disordered),
            *(f"press lost: {each}" for each in self.lost_presses),
            *(f"acknowledged twice: {each}" for each in self.counted_twice),
            *(f"time made up: {each}" for each in self.made_up),
        ]
        return tuple(found if self.chain_is_whole else [*found, "the log's chain is broken"])


def judge(
    record: Mapping[str, Any],
    chain: Sequence[LogEntry],
    drill: Drill,
    presses: Presses,
    absences: Absences,
) -> Outcome:
    """Compare the record, and its log, with what is in the chats and with what people did."""
    deliveries = {(d["inject"], d["unit"]): d for d in record["deliveries"]}
    postings: Counter[tuple[str, str]] = Counter()
    disordered = []
    order = {inject.id: position for position, inject in enumerate(drill.scenario.injects)}
    for unit, chat in drill.units.items():
        first = []
        for _, message in said_by_bot(drill.world, chat, edits=False):
            if inject := header(message):
                postings[inject, unit] += 1
                first += [order[inject]] if postings[inject, unit] == 1 else []
        disordered += [f"{unit}: {first}"] if first != sorted(first) else []
    expected = {(i.id, unit) for i in drill.scenario.injects for unit in drill.scenario.units_of(i)}
    absent = {pair for pair in expected if not postings[pair]}
    admitted = {pair for pair in absent if pair in deliveries and deliveries[pair]["state"] in {"uncertain", "failed"}}
    acknowledged = Counter(
        (e.fact.inject or "", e.fact.unit or "") for e in chain if e.fact.kind is FactKind.ACKNOWLEDGED
    )
    return Outcome(
        deliveries=len(expected),
        lost=tuple(sorted("/".join(pair) for pair in absent - admitted)),
        unsure=len(admitted),
        repeats=sum(count - 1 for count in postings.values() if count),
        unexplained=tuple(
            f"{'/'.join(pair)} x{count}"
            for pair, count in postings.items()
            if count > 1 and not deliveries[pair]["possible_duplicate"]
        ),
        disordered=tuple(disordered),
        lost_presses=tuple("/".join(pair) for pair in presses if not deliveries[pair]["acknowledged_at"]),
        counted_twice=tuple("/".join(pair) for pair, count in acknowledged.items() if count > 1),
        made_up=tuple(_made_up(record, drill, presses, absences)),
        chain_is_whole=first_broken(1, chain) is None,
    )


def _made_up(record: Mapping[str, Any], drill: Drill, presses: Presses, absences: Absences) -> list[str]:
    found = []
    startex_at = datetime.fromisoformat(record["exercise"]["startex_at"])
    planned = {inject.id: inject.at or timedelta() for inject in drill.scenario.injects}
    for delivery in record["deliveries"]:
        name = f"{delivery['inject']}/{delivery['unit']}"
        if abs(datetime.fromisoformat(delivery["due_at"]) - startex_at - planned[delivery["inject"]]) > _A_MOMENT:
            found.append(f"{name} due at {delivery['due_at']}")
        pressed = presses.get((delivery["inject"], delivery["unit"]))
        if not pressed or not delivery["acknowledged_at"]:
            continue
        first = min(pressed)
        at = datetime.fromisoformat(delivery["acknowledged_at"])
        unheard = any(gone < first < back and at > back for gone, back in absences)
        if at < first - _A_MOMENT or (unheard and delivery["acknowledged_exact"]):
            found.append(f"{name} acknowledged at {at}, pressed at {first}")
    return found
