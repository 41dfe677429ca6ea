"""A record to be told again: where the exercise began, what happened, and what is wrong with the record. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.exercise.conduct import create
from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.model import Exercise
from bot.exercise.people import SYSTEM, Place, UnitSeat
from bot.report.verifying import verify
from bot.report.written import NotARecordError, read_record
from bot.texts.catalogue import say
from scenarios.library import bundled, read_bundled
from scenarios.model import Inject, Scenario, Text, Unit

LARGEST = 256 * 1024 * 1024
"""Bytes of a record that is read: an exercise of 1,000 units and 100 injects takes some 100 MiB."""
_PUT_OFF = {FactKind.DELAYED, FactKind.RELEASED}


@dataclass(frozen=True, slots=True)
class Recorded:
    """An exercise before anything was done in it, and all that was done, in the log's order."""

    exercise: Exercise
    entries: Sequence[LogEntry]
    late: Collection[tuple[str, str]]
    """Inject and unit of the acknowledgements that the record calls late."""
    problems: Sequence[str]
    """What is wrong with the record, each in words; none where it is as Geladi wrote it."""

    @property
    def startex_at(self) -> datetime:
        """STARTEX; of an exercise that never began, the first thing that happened."""
        turns = (entry.fact.at for entry in self.entries if entry.fact.kind is FactKind.STARTEX)
        return next(turns, self.entries[0].fact.at)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise ValueError("no such time zone") from None
    return name


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Exercise(_Part):
    number: Annotated[int, Field(ge=0)]
    name: str
    scenario: str
    timezone: Annotated[str, AfterValidator(_zone)]
    language: Literal["id", "en"] = "id"


class _Leader(_Part):
    id: int
    name: str


class _Unit(_Part):
    id: str
    name: str


class _Inject(_Part):
    id: str
    offset_seconds: Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)] | None = None
    cause: str = "schedule"


class _Delivery(_Part):
    inject: str
    unit: str
    late: bool = False


class _Document(_Part):
    format: Literal[1]
    exercise: _Exercise
    script: Scenario | None = None
    units: Annotated[list[_Unit], Field(min_length=1, max_length=1_000)]
    injects: list[_Inject] = []
    deliveries: list[_Delivery] = []


def recorded(content: bytes) -> Recorded:
    """What the record in a JSON file tells, verified.

    Raises:
        NotARecordError: it is none, or what a replay needs of it is not as a record has it; its words say what.
    """
    if len(content) > LARGEST:
        raise NotARecordError(f"larger than a record can be: {len(content) >> 20} MiB, at most {LARGEST >> 20}")
    written = read_record(content)
    try:
        document = _Document.model_validate(written.document)
        scenario = document.script or _script_of(document, written.entries)
    except ValidationError as error:
        raise NotARecordError(_first(error)) from None
    if not written.entries:
        raise NotARecordError("log: nothing happened in this exercise, or nothing of it can be read")
    return Recorded(
        exercise=_before(document, scenario, written.entries),
        entries=written.entries,
        late=frozenset((delivery.inject, delivery.unit) for delivery in document.deliveries if delivery.late),
        problems=verify(written).problems,
    )


def _before(document: _Document, scenario: Scenario, entries: Sequence[LogEntry]) -> Exercise:
    told = document.exercise
    first = entries[0].fact
    created = create(
        told.number,
        scenario,
        told.name,
        control=Place(0),
        language=told.language,
        timezone=told.timezone,
        by=first.actor or SYSTEM,
        at=first.at,
        code_hashes=dict.fromkeys(scenario.units, ""),
    ).exercise
    return created.evolve(seats={unit: UnitSeat(unit, "") for unit in scenario.units})


def _script_of(document: _Document, entries: Sequence[LogEntry]) -> Scenario:
    """The script of a record that does not hold it: the bundled one if it can be that, else what is known of it."""
    added = {entry.fact.inject for entry in entries if entry.fact.kind is FactKind.ADDED}
    planned = [inject for inject in document.injects if inject.id not in added]
    name = document.exercise.scenario
    if name in bundled():
        scenario = read_bundled(name)
        same_injects = {inject.id for inject in scenario.injects} == {inject.id for inject in planned}
        if same_injects and set(scenario.units) == {unit.id for unit in document.units}:
            return scenario
    injects = tuple(_injects(document, planned, entries))
    return Scenario(
        format=1,
        id=name,
        title=Text(document.exercise.name),
        languages=(document.exercise.language,),
        units={unit.id: Unit(name=Text(unit.name)) for unit in document.units},
        injects=injects or (_unknown("NONE", ("all",), None, document.exercise.language),),
    )


def _injects(document: _Document, planned: Sequence[_Inject], entries: Sequence[LogEntry]) -> Iterator[Inject]:
    to: dict[str, list[str]] = defaultdict(list)
    for delivery in document.deliveries:
        to[delivery.inject].append(delivery.unit)
    # The record has the offsets as they stood at the end, and the log tells of each time they were put off.
    put_off: dict[str | None, float] = defaultdict(float)
    for fact in (entry.fact for entry in entries):
        seconds = fact.detail.get("seconds")
        if fact.kind in _PUT_OFF and isinstance(seconds, int | float):
            put_off[fact.inject] += seconds
    for inject in planned:
        is_planned = inject.offset_seconds is not None and inject.cause in {"schedule", "director"}
        at = (inject.offset_seconds or 0.0) - put_off[inject.id] if is_planned else None
        units = tuple(to[inject.id]) or ("all",)
        yield _unknown(inject.id, units, at, document.exercise.language)


def _unknown(inject: str, to: Sequence[str], at: float | None, language: str) -> Inject:
    """An inject of which the record does not have the words."""
    words = Text(say(language, "replay.no_text"))
    return Inject(id=inject, to=tuple(to), text=words, at=None if at is None else timedelta(seconds=at))


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, and how many more there are."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    place = ".".join(str(part) for part in found[0]["loc"])
    more = f" (and {len(found) - 1} more like it)" if len(found) > 1 else ""
    return f"{place}: {found[0]['msg']}{more}"
