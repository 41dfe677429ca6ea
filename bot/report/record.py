"""The record of one exercise as JSON, format 1 of the public contract. Pure.

Times are ISO 8601 in UTC with microseconds; everything else is as the exercise and its log have it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.figures import Outcome, figures, figures_by_unit, latency, outcome
from bot.exercise.model import Delivery, Exercise, InjectRun
from bot.exercise.people import Person, UnitSeat
from bot.exercise.timing import StopKind

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Sending:
    """What the outbox alone knows of a delivery: attempts made, and whether one is under way."""

    attempts: int
    in_flight: bool = False


_UNTRIED = Sending(0)


def record(
    exercise: Exercise, entries: Sequence[LogEntry], sending: Mapping[tuple[str, str], Sending]
) -> dict[str, Any]:
    """The whole record as JSON values.

    Args:
        exercise: the exercise as it stands.
        entries: its log, first to last.
        sending: by inject and unit; a delivery without one has not been tried.
    """
    return {
        "format": FORMAT,
        "exercise": _exercise(exercise, entries),
        "units": [_unit(exercise, seat) for seat in exercise.seats.values()],
        "injects": [_inject(run) for run in exercise.injects.values()],
        "deliveries": [
            _delivery(exercise, run, delivery, sending.get((delivery.inject, delivery.unit), _UNTRIED))
            for run in exercise.injects.values()
            for delivery in run.deliveries.values()
        ],
        "reports": list(_reports(entries)),
        "notes": [],
        "ratings": [],
        "log": [_line(entry) for entry in entries],
        "figures": {
            "overall": asdict(figures(exercise)),
            "units": {unit: asdict(numbers) for unit, numbers in figures_by_unit(exercise).items()},
        },
        "seal": {"algorithm": "sha256", "head": entries[-1].hash if entries else ""},
    }


def record_json(exercise: Exercise, entries: Sequence[LogEntry], sending: Mapping[tuple[str, str], Sending]) -> bytes:
    """The record as a file: UTF-8, indented by two, with a last newline."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(record(exercise, entries, sending), option=options)


def _exercise(exercise: Exercise, entries: Sequence[LogEntry]) -> dict[str, Any]:
    clock = exercise.clock
    # A stop that lasts counts up to the last thing known to have happened.
    until = clock.endex_at or (entries[-1].fact.at if entries else exercise.created_at)
    return {
        "number": exercise.number,
        "name": exercise.name,
        "scenario": exercise.scenario.id,
        "state": exercise.state.value,
        "timezone": exercise.timezone,
        "language": exercise.language,
        "created_at": _moment(exercise.created_at),
        "startex_at": _moment(clock.startex_at),
        "endex_at": _moment(clock.endex_at),
        "paused_seconds": clock.stood_still(until, StopKind.PAUSE).total_seconds(),
        "realworld_seconds": clock.stood_still(until, StopKind.REALWORLD).total_seconds(),
    }


def _unit(exercise: Exercise, seat: UnitSeat) -> dict[str, Any]:
    return {
        "id": seat.unit,
        "name": exercise.scenario.units[seat.unit].name.in_language(exercise.language),
        "chat_id": seat.place.chat_id if seat.place else None,
        "thread_id": seat.place.thread_id if seat.place else None,
        "leaders": [{"id": user_id, "name": name} for user_id, name in seat.leaders.items()],
    }


def _inject(run: InjectRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "state": run.state.value,
        "offset_seconds": None if run.at is None else run.at.total_seconds(),
        "cause": run.cause.value,
        "because": run.because,
        "due_at": _moment(run.due_at),
        "issued_at": _moment(run.issued_at),
        "why": run.why,
    }


def _delivery(exercise: Exercise, run: InjectRun, delivery: Delivery, sending: Sending) -> dict[str, Any]:
    result = outcome(run, delivery, exercise)
    taken = latency(delivery, exercise)
    acknowledged = delivery.acknowledged
    choice = delivery.choice
    return {
        "inject": delivery.inject,
        "unit": delivery.unit,
        "due_at": _moment(delivery.due_at),
        "sent_at": _moment(delivery.sent_at),
        "message_date": _moment(delivery.message_date),
        "message_id": delivery.message_id,
        "state": "sending" if sending.in_flight else delivery.state.value,
        "why": delivery.why,
        "attempts": sending.attempts,
        "possible_duplicate": delivery.possible_duplicate,
        "resent": delivery.resent,
        "acknowledged_at": _moment(acknowledged.at if acknowledged else None),
        "acknowledged_by": _person(acknowledged.by if acknowledged else None),
        "acknowledged_exact": acknowledged.exact if acknowledged else None,
        "latency_seconds": None if taken is None else taken.total_seconds(),
        "outcome": result.value if result else None,
        "late": result is Outcome.LATE,
        "progress": [{"step": mark.step, "at": _moment(mark.at), "by": _person(mark.by)} for mark in delivery.progress],
        "option": choice.option if choice else None,
        "option_at": _moment(choice.at if choice else None),
        "option_by": _person(choice.by if choice else None),
        "reason": choice.reason if choice else None,
    }


def _reports(entries: Iterable[LogEntry]) -> Iterable[dict[str, Any]]:
    for fact in (entry.fact for entry in entries):
        if fact.kind is FactKind.REPORTED:
            yield {
                "inject": fact.inject,
                "unit": fact.unit,
                "at": _moment(fact.at),
                "by": _person(fact.actor),
                **{key: fact.detail.get(key, "") for key in ("kind", "text", "file")},
            }


def _line(entry: LogEntry) -> dict[str, Any]:
    fact = entry.fact
    return {
        "seq": entry.seq,
        "at": _moment(fact.at),
        "exercise_seconds": entry.exercise_seconds,
        "kind": fact.kind.value,
        "actor": _person(fact.actor),
        "inject": fact.inject,
        "unit": fact.unit,
        "detail": dict(fact.detail),
        "hash": entry.hash,
    }


def _person(person: Person | None) -> dict[str, Any] | None:
    return {"id": person.id, "name": person.name} if person else None


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
