"""How long things took in all: answers, decisions, the evidence asked for, and from order to effect. Pure.

Each counts like the answers: exercise time alone, and what never came counts for as long as it was waited for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.exercise.evidence import missing_evidence
from bot.exercise.figures import asked_by_unit
from bot.exercise.model import Exercise
from bot.exercise.survival import Bound, Wait, longest, quantile
from bot.report.standing import DecisionStanding, decisions, delivered


class SpanKind(StrEnum):
    """What is timed, from the sending of an inject."""

    ANSWER = "answer"
    DECISION = "decision"
    EVIDENCE = "evidence"
    """Until all that was asked for had come."""
    EFFECT = "effect"
    """Until a unit marked the last step that the inject offers, of those that offer steps."""


@dataclass(frozen=True, slots=True)
class Span:
    """The times of one kind: how many were asked for, how many came, and how they lie."""

    kind: SpanKind
    asked: int
    came: int
    median: Bound
    p90: Bound
    worst: Bound


def spans(exercise: Exercise, until: datetime) -> list[Span]:
    """The times of each kind that was asked for; ``until``: the end, or the last moment known."""
    answers = [asked.wait for unit in asked_by_unit(exercise).values() for asked in unit if asked.wait]
    found = {
        SpanKind.ANSWER: answers,
        SpanKind.DECISION: [_decision(decision, exercise, until) for decision in decisions(exercise)],
        SpanKind.EVIDENCE: list(_evidence(exercise, until)),
        SpanKind.EFFECT: list(_effects(exercise, until)),
    }
    return [span for kind, waits in found.items() if (span := _span(kind, waits))]


def since_sent(exercise: Exercise, sent_at: datetime, at: datetime) -> float:
    """Seconds of exercise time from a sending to a moment."""
    return max(exercise.clock.between(sent_at, at), timedelta()).total_seconds()


def _span(kind: SpanKind, waits: Sequence[Wait]) -> Span | None:
    median, p90, worst = quantile(waits, 0.5), quantile(waits, 0.9), longest(waits)
    if median is None or p90 is None or worst is None:
        return None
    return Span(kind, len(waits), sum(wait.answered for wait in waits), median, p90, worst)


def _decision(decision: DecisionStanding, exercise: Exercise, until: datetime) -> Wait:
    if decision.taken_in is not None:
        return Wait.ended(decision.taken_in.total_seconds())
    watched = since_sent(exercise, decision.at, until)
    return Wait.missing(decision.within.total_seconds() if decision.silent else watched, watched)


def _evidence(exercise: Exercise, until: datetime) -> Iterator[Wait]:
    for run, delivery in delivered(exercise):
        if not run.inject.evidence or delivery.sent_at is None:
            continue
        if missing_evidence(run, delivery):
            watched = since_sent(exercise, delivery.sent_at, until)
            yield Wait.missing(watched, watched)
        else:
            complete = max(mark.at for mark in delivery.evidence)
            yield Wait.ended(since_sent(exercise, delivery.sent_at, complete))


def _effects(exercise: Exercise, until: datetime) -> Iterator[Wait]:
    for run, delivery in delivered(exercise):
        if not run.inject.progress or delivery.sent_at is None:
            continue
        done = next((mark.at for mark in delivery.progress if mark.step == run.inject.progress[-1]), None)
        if done is None:
            watched = since_sent(exercise, delivery.sent_at, until)
            yield Wait.missing(watched, watched)
        else:
            yield Wait.ended(since_sent(exercise, delivery.sent_at, done))
