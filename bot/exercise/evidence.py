"""Evidence that injects ask for: what has come, and what is missing. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.exercise.model import Delivery, EvidenceMark, InjectRun, Timer
from bot.exercise.people import Person
from bot.exercise.timing import ExerciseClock
from scenarios.model import EvidenceKind

TIMERS: Mapping[EvidenceKind, Timer] = {
    EvidenceKind.TEXT: Timer.TEXT,
    EvidenceKind.PHOTO: Timer.PHOTO,
    EvidenceKind.LOCATION: Timer.LOCATION,
    EvidenceKind.DOCUMENT: Timer.DOCUMENT,
    EvidenceKind.VOICE: Timer.VOICE,
}
"""The timer that goes off when evidence of a kind has not come in time."""
_SHOWN_BY = {"video": EvidenceKind.PHOTO}
"""What shows as much as the kind that was asked for."""


def missing_evidence(run: InjectRun, delivery: Delivery) -> tuple[EvidenceKind, ...]:
    """What the inject asks for and the unit has not sent, in the inject's order."""
    sent = {mark.kind for mark in delivery.evidence}
    return tuple(asked.kind for asked in run.inject.evidence if asked.kind not in sent)


def with_evidence(run: InjectRun, delivery: Delivery, kind: str, text: str, by: Person, at: datetime) -> Delivery:
    """The delivery with what a report of that kind brings of the evidence asked; words under a file count as text."""
    brought = {_SHOWN_BY.get(kind, kind)} | ({EvidenceKind.TEXT.value} if text.strip() else set())
    new = [EvidenceMark(missing, at, by) for missing in missing_evidence(run, delivery) if missing.value in brought]
    return delivery.evolve(evidence=(*delivery.evidence, *new)) if new else delivery


def outstanding_evidence(run: InjectRun, delivery: Delivery, clock: ExerciseClock) -> Iterator[tuple[timedelta, Timer]]:
    """The exercise time at which each piece of evidence that is missing is overdue, with its timer."""
    if delivery.sent_at is None:
        return
    missing = missing_evidence(run, delivery)
    for asked in run.inject.evidence:
        if asked.within is not None and asked.kind in missing:
            yield clock.elapsed(delivery.sent_at) + asked.within, TIMERS[asked.kind]
