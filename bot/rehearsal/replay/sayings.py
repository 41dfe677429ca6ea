"""What the chats are told of each fact: the bot's own messages, once more. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.exercise.facts import Fact, FactKind, LogEntry
from bot.exercise.lateness import held
from bot.exercise.model import Exercise
from bot.messages import (
    Escalation,
    EvidenceReminder,
    Gap,
    GateQuestion,
    HeldQuestion,
    Message,
    Notice,
    Reminder,
    Summary,
    UnitReport,
)
from bot.report.timeline import summary_pages
from bot.service.turns import TURNS, alarm, turn
from scenarios.model import EvidenceKind

REPORTS = {FactKind.REPORTED: "", FactKind.CORRECTED: "correction", FactKind.REPORT_GREW: "more"}
"""The facts that are words of a unit; what they do to what it said before."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A message of the bot; ``unit`` is ``None`` for the control room. ``answers``: it replies to the inject."""

    unit: str | None
    message: Message
    answers: bool = False


def sayings(exercise: Exercise, fact: Fact, log: Sequence[LogEntry]) -> Iterator[Saying]:
    """What was said because of a fact, by the exercise after it and the log up to it; the injects themselves apart.

    Raises:
        LookupError: the fact lacks what its kind has.
        ValueError: what it has cannot be said.
    """
    if fact.kind in TURNS:
        to_units, to_control = turn(exercise, fact)
        yield from _to_units(exercise, to_units)
        yield Saying(None, to_control)
    elif fact.unit is not None and fact.inject is not None:
        yield from _of_a_delivery(exercise, fact, fact.inject, fact.unit)
    else:
        yield from _of_the_whole(exercise, fact, log)
    if fact.kind in REPORTS:
        yield Saying(None, _report(exercise, fact))


def _of_the_whole(exercise: Exercise, fact: Fact, log: Sequence[LogEntry]) -> Iterator[Saying]:
    number = exercise.number
    match fact.kind:
        case FactKind.REALWORLD:
            yield from _to_units(exercise, alarm(exercise, fact))
            yield Saying(None, alarm(exercise, fact))
        case FactKind.REALWORLD_AGAIN:
            yield Saying(None, alarm(exercise, fact).model_copy(update={"again": True}))
        case FactKind.SITUATION:
            level: dict[str, Gap] = {"situation": str(fact.detail["situation"])}
            changed = Notice(exercise=number, key="notice.situation", params=level)
            yield from _to_units(exercise, changed)
            yield Saying(None, changed)
        case FactKind.ASKED:
            yield Saying(None, GateQuestion(exercise=number, inject=fact.inject or ""))
        case FactKind.HELD:
            yield Saying(None, HeldQuestion(exercise=number, injects=tuple(run.id for run in held(exercise))))
        case FactKind.SUMMARISED:
            pages = len(summary_pages(exercise, exercise.language, log))
            yield from (Saying(None, Summary(exercise=number, page=page)) for page in range(pages))
        case _:
            pass


def _of_a_delivery(exercise: Exercise, fact: Fact, inject: str, unit: str) -> Iterator[Saying]:
    where = {"exercise": exercise.number, "inject": inject, "unit": unit}
    match fact.kind:
        case FactKind.REMINDED | FactKind.SILENT:
            decision = exercise.injects[inject].deliveries[unit].acknowledged is not None
            reminder = Reminder(**where, decision=decision, overdue=fact.kind is FactKind.SILENT)
            yield Saying(unit, reminder, answers=True)
        case FactKind.UNDECIDED:
            yield Saying(unit, Reminder(**where, decision=True, overdue=True), answers=True)
            yield Saying(None, Escalation(**where, decision=True))
        case FactKind.ESCALATED:
            yield Saying(None, Escalation(**where))
        case FactKind.EVIDENCE_MISSING:
            kind = EvidenceKind(str(fact.detail["kind"]))
            yield Saying(unit, EvidenceReminder(**where, kind=kind), answers=True)
        case FactKind.FAILED:
            name = exercise.scenario.units[unit].name.in_language(exercise.language)
            params: dict[str, Gap] = {"unit": name, "inject": inject, "why": str(fact.detail["why"])}
            key = "notice.lost" if fact.detail.get("lost") else "notice.failed"
            yield Saying(None, Notice(exercise=exercise.number, key=key, params=params))
        case _:
            pass


def _to_units(exercise: Exercise, message: Message) -> Iterator[Saying]:
    yield from (Saying(seat.unit, message) for seat in exercise.seats.values() if seat.place is not None)


def _report(exercise: Exercise, fact: Fact) -> UnitReport:
    return UnitReport(
        exercise=exercise.number,
        unit=fact.unit or "",
        inject=fact.inject,
        by=fact.actor.name if fact.actor else "",
        at=fact.at,
        kind=str(fact.detail["kind"]),
        text=str(fact.detail.get("text", "")),
        file=str(fact.detail.get("file", "")),
        what=REPORTS[fact.kind],
    )
