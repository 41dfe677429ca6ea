"""What units report after the first word of it: further files of an album, and corrections. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.exercise.errors import ExerciseOver
from bot.exercise.evidence import with_evidence
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise
from bot.exercise.people import Person

KINDS = (FactKind.REPORTED, FactKind.REPORT_GREW, FactKind.CORRECTED)
"""The facts that reports are made of."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a message of a report brings: its kind, its words, and Telegram's id of its file (a location: degrees).

    ``message`` is its id in the unit's chat, ``album`` what the messages of one album have in common; 0 and empty
    where there is none.
    """

    kind: str
    text: str
    file: str = ""
    message: int = 0
    album: str = ""

    def detail(self) -> dict[str, object]:
        """As a fact keeps it."""
        kept: dict[str, object] = {"kind": self.kind, "text": self.text, "file": self.file}
        if self.message:
            kept["message"] = self.message
        if self.album:
            kept["album"] = self.album
        return kept


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that is filed: under which inject, and what its messages bring as they read by now."""

    inject: str | None
    by: Person
    first: int
    messages: tuple[Brought, ...]
    real: bool = False
    """Whether it came with the word of a real emergency, and so is none of the exercise's."""

    def message(self, message: int) -> Brought | None:
        """What one of its messages brings."""
        return next((brought for brought in self.messages if brought.message == message), None)


def picture_in(fact: Fact) -> str:
    """Telegram's id of the picture that a report, a note or a rating brings; empty where it brings none."""
    if fact.kind not in {*KINDS, FactKind.NOTED, FactKind.RATED} or fact.detail.get("kind") != "photo":
        return ""
    return str(fact.detail.get("file", ""))


def filed(facts: Iterable[Fact], unit: str) -> list[Filed]:
    """The reports of a unit whose messages are known, oldest first."""
    reports: list[Filed] = []
    for fact in facts:
        message = fact.detail.get("message")
        if fact.unit != unit or fact.actor is None or not isinstance(message, int):
            continue
        kind, text, file, album = (str(fact.detail.get(key, "")) for key in ("kind", "text", "file", "album"))
        brought = Brought(kind, text, file, message, album)
        if fact.kind is FactKind.REPORTED:
            real = bool(fact.detail.get("realworld"))
            reports.append(Filed(fact.inject, fact.actor, message, (brought,), real))
            continue
        first = fact.detail.get("of")
        for index, report in enumerate(reports):
            if report.first == first:
                others = tuple(known for known in report.messages if known.message != message)
                reports[index] = replace(report, messages=(*others, brought))
    return reports


def of_emergency(exercise: Exercise, unit: str, brought: Brought, by: Person, at: datetime) -> Change:
    """What came with a unit's word of a real emergency: kept with its reports, under no inject and as no evidence."""
    detail = {**brought.detail(), "realworld": True}
    return Change(exercise, (Fact(at, FactKind.REPORTED, by, None, unit, detail),))


def grow(exercise: Exercise, unit: str, report: Filed, brought: Brought, by: Person, at: datetime) -> Change:
    """Another file of an album whose first is filed already: the same report.

    Raises:
        ExerciseOver: it is not under way.
    """
    _require_under_way(exercise)
    detail = {**brought.detail(), "of": report.first}
    return Change(exercise, (Fact(at, FactKind.REPORT_GREW, by, report.inject, unit, detail),))


def correct(exercise: Exercise, unit: str, report: Filed, brought: Brought, by: Person, at: datetime) -> Change:
    """A message of a report has been edited: what it said first stays in the log, this stands beside it.

    Raises:
        ExerciseOver: it is not under way.
    """
    _require_under_way(exercise)
    run = exercise.injects.get(report.inject or "")
    delivery = run.deliveries.get(unit) if run else None
    if run is not None and delivery is not None:
        exercise = exercise.with_delivery(with_evidence(run, delivery, brought.kind, brought.text, by, at))
    detail = {**brought.detail(), "of": report.first}
    return Change(exercise, (Fact(at, FactKind.CORRECTED, by, report.inject, unit, detail),))


def _require_under_way(exercise: Exercise) -> None:
    if not exercise.state.is_under_way:
        raise ExerciseOver
