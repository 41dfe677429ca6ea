"""What a scenario is: frozen, typed values.

Format 1 as the public contract fixes it. These models check the shape of each value (keys, types, patterns);
what one part says of another (does that unit exist?) is checked in :mod:`scenarios.validation`.
Offsets and windows are :class:`datetime.timedelta`, counted on the exercise clock from STARTEX.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    RootModel,
    Tag,
)

from scenarios.durations import DURATION_PATTERN, format_duration, parse_duration
from scenarios.wording import Wording

_ILLEGIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _legible(words: str) -> str:
    if not words.strip():
        raise ValueError(Wording("the text is empty"))
    if found := _ILLEGIBLE.search(words):
        raise ValueError(
            Wording("the text holds the control character {sign}; remove it", sign=f"U+{ord(found[0]):04X}")
        )
    return words


Slug = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")]
InjectId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,16}$")]
Words = Annotated[str, Field(min_length=1), AfterValidator(_legible)]
Language = Literal["id", "en"]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=Annotated[str, Field(pattern=DURATION_PATTERN)]),
    PlainSerializer(format_duration, return_type=str),
]

EVERYONE = "all"
"""The group that always exists and holds every unit."""


class Part(BaseModel):
    """A piece of a scenario: frozen, and strict about unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
    )


def _form_of(words: object) -> str:
    return "languages" if isinstance(words, Mapping) else "words"


# The form is told apart first, so that a mistake is reported for the form that was written, not for both.
_Wording = Annotated[
    Annotated[Words, Tag("words")] | Annotated[dict[Language, Words], Field(min_length=1), Tag("languages")],
    Discriminator(_form_of),
]


class Text(RootModel[_Wording]):
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
    """What people call it."""
    description: Text | None = None
    """What the unit does."""
    leader: Text | None = None
    """The title of its commander."""


class Phase(Part):
    """A stretch of the exercise that groups injects."""

    id: Slug
    """Short name, by which injects say their phase."""
    title: Text
    """What people call it."""


class Objective(Part):
    """What the exercise is to test."""

    id: Slug
    """Short name, by which injects say what they test."""
    title: Text
    """What is to be tested, in words."""


class Medium(Part):
    """A file beside the scenario; exactly one of the keys is given (checked by the validation)."""

    photo: Words | None = None
    """Path of a JPEG, PNG or WebP picture of at most 10 MB, such as pictures/map.jpg."""
    document: Words | None = None
    """Path of a file of any kind, of at most 50 MB."""
    video: Words | None = None
    """Path of an MP4 video of at most 50 MB."""
    voice: Words | None = None
    """Path of an OGG, MP3 or M4A recording of at most 50 MB."""


class Location(Part):
    """A place on the map, in degrees (WGS 84)."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    """Degrees north of the equator."""
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    """Degrees east of Greenwich."""
    name: Text | None = None
    """What people call the place."""


class Acknowledge(Part):
    """How fast an inject must be acknowledged, and what happens when it is not."""

    within: Duration
    """The deadline, counted from the sending."""
    by: Literal["anyone", "leader"] = "anyone"
    """Whose acknowledgement counts."""
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
    """What is to be sent."""
    within: Duration | None = None
    """The deadline, counted from the sending."""


class Option(Part):
    """One way to decide."""

    id: Slug
    """Short name, by which the conditions of other injects ask for this choice."""
    text: Text
    """What its button says."""
    then: tuple[InjectId, ...] = ()
    """Injects that this choice fires."""
    reason: Literal["required"] | None = None
    """Whether the leader must say why."""


class Decision(Part):
    """A question that the leader of one unit answers by choosing an option."""

    by: Slug
    """The unit whose leader decides."""
    within: Duration
    """The deadline, counted from the sending."""
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    """The ways to decide, one button each."""


class Condition(Part):
    """Something that has, or has not, happened to another inject; one of the last two keys is given."""

    inject: InjectId
    """The inject that is asked about."""
    option: Slug | None = None
    """The option that was chosen there."""
    acknowledged: Literal[True] | None = None
    """That it was acknowledged."""


class Requires(Part):
    """The gate of an inject, checked when it is due; one of 'any' and 'all' is given."""

    any: tuple[Condition, ...] | None = None
    """Conditions of which one is enough."""
    all: tuple[Condition, ...] | None = None
    """Conditions that must all be met."""
    otherwise: Literal["skip", "ask"] = "skip"
    """What happens when the answer is no: the inject is skipped, or the director is asked."""


def _as_list(names: object) -> object:
    return [names] if isinstance(names, str) else names


def _as_acknowledge(window: object) -> object:
    return {"within": window} if isinstance(window, str) else window


def _as_evidence(kind: object) -> object:
    return {"kind": kind} if isinstance(kind, str) else kind


class Inject(Part):
    """One planned message to one or more units."""

    id: InjectId
    """Its number in the script, such as I-01; each stands for one inject, in whatever case."""
    to: Annotated[
        tuple[Slug, ...],
        Field(min_length=1),
        BeforeValidator(_as_list, json_schema_input_type=Slug | Annotated[tuple[Slug, ...], Field(min_length=1)]),
    ]
    """Units, groups or 'all', as written."""
    text: Text
    """What is sent to the unit."""
    at: Duration | None = None
    """Offset from STARTEX; without it, a contingency inject."""
    phase: Slug | None = None
    """The phase it belongs to, one of the scenario's phases."""
    sender: Annotated[Text | None, Field(alias="from")] = None
    """The role that speaks."""
    kind: Kind = Kind.ORDER
    """What it is to the unit; 'order' when left out."""
    situation: Slug | None = None
    """The situation that it brings about, one of the scenario's situations."""
    objectives: tuple[Slug, ...] = ()
    """What it tests, some of the scenario's objectives."""
    expect: Text | None = None
    """What controllers should see happen; never sent to a unit."""
    notes: Text | None = None
    """For controllers; never sent to a unit."""
    media: tuple[Medium, ...] = ()
    """Files beside the scenario that are sent with it."""
    location: Location | None = None
    """A place that is sent with it."""
    acknowledge: Annotated[
        Acknowledge | None,
        BeforeValidator(_as_acknowledge, json_schema_input_type=Duration | Acknowledge | None),
    ] = None
    """How fast it must be acknowledged: a duration, or more in detail; left out, no acknowledgement is asked."""
    progress: tuple[Slug, ...] = ()
    """Further states that a unit reports with one tap."""
    evidence: tuple[
        Annotated[Evidence, BeforeValidator(_as_evidence, json_schema_input_type=EvidenceKind | Evidence)],
        ...,
    ] = ()
    """What the unit is to send in answer, each a kind or with a deadline of its own."""
    decision: Decision | None = None
    """Only, and always, in an inject of the kind 'decision'."""
    if_silent: tuple[InjectId, ...] = ()
    """Injects to fire when the deadline passes unanswered."""
    requires: Requires | None = None
    """What must have happened before it is sent."""

    @property
    def is_contingency(self) -> bool:
        """Whether it waits for a person or a condition, not for the clock."""
        return self.at is None


class Scenario(Part):
    """The whole script."""

    format: Literal[1]
    """The version of this format."""
    id: Slug
    """Short name, by which /new takes the scenario."""
    title: Text
    """What people call the exercise."""
    description: Text | None = None
    """What the exercise is about."""
    duration: Duration | None = None
    """How long the exercise is planned to last."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("id",)
    """The languages in which every text must be there: id, en or both."""
    situations: tuple[Slug, ...] = ()
    """The ordered scale of the situation, lowest first."""
    objectives: tuple[Objective, ...] = ()
    """What the exercise is to test."""
    units: Annotated[dict[Slug, Unit], Field(min_length=1, max_length=1_000)]
    """Who takes part: a short name for each unit, and what it is."""
    groups: dict[Slug, tuple[Slug, ...]] = {}
    """Names for several units; 'all' exists without being written."""
    phases: tuple[Phase, ...] = ()
    """Stretches of the exercise, in order."""
    injects: Annotated[tuple[Inject, ...], Field(min_length=1, max_length=5_000)]
    """The script. Two injects at the same time are sent in this order."""

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
