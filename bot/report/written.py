"""A record that was written to a file, read back. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.exercise.facts import Fact, FactKind, LogEntry
from bot.exercise.people import Person
from bot.report.record import line

_YEARS = range(2000, 2200)


class NotARecordError(ValueError):
    """This is no record of an exercise."""


@dataclass(frozen=True, slots=True)
class Written:
    """A record as the file has it. ``strange`` numbers, by where they stand, the lines that are no log entries."""

    exercise: int
    document: Mapping[str, Any]
    entries: Sequence[LogEntry]
    strange: Sequence[int]


class _Actor(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: int
    name: str


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    seq: int
    at: str
    exercise_seconds: float
    kind: str
    actor: _Actor | None
    inject: str | None
    unit: str | None
    detail: dict[str, Any]
    hash: str
    salt: str = ""
    commitment: str = ""

    def entry(self) -> LogEntry:
        """The entry of the log.

        Raises:
            ValueError: no entry would be written so.
        """
        actor = Person(self.actor.id, self.actor.name) if self.actor else None
        at = datetime.fromisoformat(self.at)
        if at.tzinfo is None or at.year not in _YEARS:
            raise ValueError("a moment without its zone, or one that no exercise has seen")
        fact = Fact(at, FactKind(self.kind), actor, self.inject, self.unit, self.detail)
        return LogEntry(self.seq, self.exercise_seconds, fact, self.hash, self.salt, self.commitment)


def read_record(content: bytes) -> Written:
    """The record in a JSON file.

    Raises:
        NotARecordError: it is none.
    """
    try:
        document = orjson.loads(content)
        number, lines = document["exercise"]["number"], document["log"]
    except (ValueError, KeyError, TypeError):
        raise NotARecordError("this is not a record of an exercise as JSON") from None
    if not isinstance(number, int) or not isinstance(lines, list) or not isinstance(document, dict):
        raise NotARecordError("this is not a record of an exercise as JSON")
    entries: list[LogEntry] = []
    strange: list[int] = []
    for place, written in enumerate(lines, start=1):
        try:
            entry = _Line.model_validate(written).entry()
        except (ValidationError, ValueError):
            strange.append(place)
            continue
        # What says the same in other words was not written by Geladi either.
        if line(entry) == written:
            entries.append(entry)
        else:
            strange.append(place)
    return Written(number, document, entries, strange)
