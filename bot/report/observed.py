"""What controllers noted and how they rated, read from the log. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.people import Person


@dataclass(frozen=True, slots=True)
class Observation:
    """One note or rating; ``rating`` is empty in a note, ``kind`` and ``file`` where no file came with it."""

    at: datetime
    exercise_seconds: float
    by: Person | None
    inject: str | None
    unit: str | None
    text: str
    kind: str
    file: str
    objectives: tuple[str, ...]
    """Those that the inject is to test."""
    rating: str = ""


def observations_in(
    entries: Iterable[LogEntry], kind: Literal[FactKind.NOTED, FactKind.RATED]
) -> Iterator[Observation]:
    """The notes, or the ratings, of a log, in the order in which they were made."""
    for entry in entries:
        fact = entry.fact
        if fact.kind is kind:
            named = fact.detail.get("objectives")
            yield Observation(
                at=fact.at,
                exercise_seconds=entry.exercise_seconds,
                by=fact.actor,
                inject=fact.inject,
                unit=fact.unit,
                text=str(fact.detail.get("text", "")),
                kind=str(fact.detail.get("kind", "")),
                file=str(fact.detail.get("file", "")),
                objectives=tuple(map(str, named)) if isinstance(named, list) else (),
                rating=str(fact.detail.get("rating", "")),
            )
