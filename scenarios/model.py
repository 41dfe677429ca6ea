"""What a scenario is: frozen, typed values.

Format 1 as the public contract fixes it. These models check the shape of each value (keys, types, patterns);
what one part says of another (does that unit exist?) is checked in :mod:`scenarios.validation`.
Offsets and windows are :class:`datetime.timedelta`, counted on the exercise clock from STARTEX.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, RootModel

from scenarios.durations import format_duration, parse_duration

Slug = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
InjectId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,16}$")]
Words = Annotated[str, Field(min_length=1)]
Language = Literal["id", "en"]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str),
    PlainSerializer(format_duration, return_type=str),
]

EVERYONE = "all"
"""The group that always exists and holds every unit."""


class Part(BaseModel):
    """A piece of a scenario: frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Text(RootModel[Words | dict[Language, Words]]):
    """Words for people: one string for every language, or a string for each."""

    model_config = ConfigDict(frozen=True)

    def in_language(self, language: str) -> str:
        """The words in ``language``, else in the first language that was written."""
        match self.root:
            case str(words):
                return words
            case translations:
                return next((w for key, w in translations.items() if key == language), "") or next(
                    iter(translations.values())
                )


class Kind(StrEnum):
    """What an inject is to the unit that receives it."""

    ORDER = "order"
    INFORMATION = "information"
    REPORT = "report"
    DECISION = "decision"
    ADMIN = "admin"


class Unit(Part):
    """A unit taking part: one chat, or one topic of a forum."""

    name: Text
    description: Text | None = None
    leader: Text | None = None
    """The title of its commander."""


class Phase(Part):
    """A stretch of the exercise that groups injects."""

    id: Slug
    title: Text


class Objective(Part):
    """What the exercise is to test."""

    id: Slug
    title: Text


class Medium(Part):
    """A file beside the scenario; exactly one of the keys is given (checked by the validation)."""

    photo: str | None = None
    document: str | None = None
    video: str | None = None
    voice: str | None = None


class Location(Part):
    """A place on the map, in degrees (WGS 84)."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    name: Text | None = None


class Acknowledge(Part):
    """How fast an inject must be acknowledged, and what happens when it is not."""

    within: Duration
    by: Literal["anyone", "leader"] = "anyone"
    remind: Duration | None = None
    """How long before the deadline the unit is reminded."""
    escalate: Duration | None = None
    """How long after the deadline the control room is told."""


class EvidenceKind(StrEnum):
    """What a unit can send as evidence."""

    TEXT = "text"
    PHOTO = "photo"
    LOCATION = "location"
    DOCUMENT = "document"
    VOICE = "voice"


class Evidence(Part):
    """Something the unit is to send in answer."""

    kind: EvidenceKind
    within: Duration | None = None


class Option(Part):
    """One way to decide."""

    id: Slug
    text: Text
    then: tuple[InjectId, ...] = ()
    """Injects that this choice fires."""
    reason: Literal["required"] | None = None


class Decision(Part):
    """A question that the leader of one unit answers by choosing an option."""

    by: Slug
    within: Duration
    options: Annotated[tuple[Option, ...], Field(min_length=2)]


class Condition(Part):
    """Something that has, or has not, happened to another inject; one of the last two keys is given."""

    inject: InjectId
    option: Slug | None = None
    acknowledged: Literal[True] | None = None


class Requires(Part):
    """The gate of an inject, checked when it is due; one of ``any`` and ``all`` is given."""

    any: tuple[Condition, ...] | None = None
    all: tuple[Condition, ...] | None = None
    otherwise: Literal["skip", "ask"] = "skip"


class Inject(Part):
    """One planned message to one or more units."""

    id: InjectId
    to: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Units, groups or ``all``, as written; see :meth:`Scenario.units_of`."""
    text: Text
    at: Duration | None = None
    """Offset from STARTEX; ``None`` is a contingency inject."""
    phase: Slug | None = None
    sender: Annotated[Text | None, Field(alias="from")] = None
    """The role that speaks."""
    kind: Kind = Kind.ORDER
    situation: Slug | None = None
    objectives: tuple[Slug, ...] = ()
    expect: Text | None = None
    """What controllers should see happen; never sent to a unit."""
    notes: Text | None = None
    """For controllers; never sent to a unit."""
    media: tuple[Medium, ...] = ()
    location: Location | None = None
    acknowledge: Acknowledge | None = None
    progress: tuple[Slug, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    decision: Decision | None = None
    if_silent: tuple[InjectId, ...] = ()
    requires: Requires | None = None

    @property
    def is_contingency(self) -> bool:
        """Whether it waits for a person or a condition, not for the clock."""
        return self.at is None


class Scenario(Part):
    """The whole script."""

    format: Literal[1]
    id: Slug
    title: Text
    description: Text | None = None
    duration: Duration | None = None
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("id",)
    situations: tuple[Slug, ...] = ()
    """The ordered scale of the situation, lowest first."""
    objectives: tuple[Objective, ...] = ()
    units: Annotated[dict[Slug, Unit], Field(min_length=1, max_length=1_000)]
    groups: dict[Slug, tuple[Slug, ...]] = {}
    phases: tuple[Phase, ...] = ()
    injects: Annotated[tuple[Inject, ...], Field(min_length=1, max_length=5_000)]

    def units_of(self, inject: Inject) -> tuple[str, ...]:
        """The units that receive ``inject``, each once, in the scenario's order of units."""
        wanted = set(self._expand(inject.to))
        return tuple(unit for unit in self.units if unit in wanted)

    def _expand(self, names: Iterable[str]) -> Iterable[str]:
        for name in names:
            if name == EVERYONE:
                yield from self.units
            else:
                yield from self.groups.get(name, (name,))

    def inject(self, inject_id: str) -> Inject | None:
        """The inject of that id, in whatever case it is written, or ``None``."""
        wanted = inject_id.casefold()
        return next((inject for inject in self.injects if inject.id.casefold() == wanted), None)


def dump(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain JSON-ready data, without what was left at its default."""
    return scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def load(document: Mapping[str, Any]) -> Scenario:
    """The scenario in ``document``, which :func:`dump` made and the validation has passed."""
    return Scenario.model_validate(document)
