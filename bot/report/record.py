"""The record of one exercise as JSON, format 1 of the public contract. Pure.

Times are ISO 8601 in UTC with microseconds; everything else is as the exercise and its log have it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from bot.exercise.evidence import missing_evidence
from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.figures import Outcome, outcome
from bot.exercise.model import Exercise, InjectRun
from bot.exercise.people import UnitSeat
from bot.exercise.sealing import ALGORITHM
from bot.exercise.timing import StopKind
from bot.report.account import Account, Answer, Branch, HandOver, Report, Sending, account, reports_in
from bot.report.after_endex import after_endex
from bot.report.observed import Observation, observations_in
from bot.report.seals import closing, latest
from bot.report.shown import moment, person_shown
from bot.report.standing import DecisionStanding
from scenarios.model import dump

FORMAT = 1


def record(
    exercise: Exercise, entries: Sequence[LogEntry], sending: Mapping[tuple[str, str], Sending]
) -> dict[str, Any]:
    """The whole record as JSON values.

    Args:
        exercise: the exercise as it stands.
        entries: its log, first to last.
        sending: by inject and unit; a delivery without one has not been tried.
    """
    return record_of(account(exercise, entries, sending))


def record_of(told: Account) -> dict[str, Any]:
    """The whole record as JSON values, from the account that the other forms are made from too."""
    exercise = told.exercise
    return {
        "format": FORMAT,
        "exercise": _exercise(exercise, told.entries),
        "script": dump(exercise.scenario),
        "units": [_unit(exercise, seat) for seat in exercise.seats.values()],
        "injects": [_inject(run) for run in exercise.injects.values()],
        "deliveries": list(_deliveries(told)),
        "decisions": [_decision(decision) for decision in told.decisions],
        "branches": [_branch(branch) for branch in told.branches],
        "hand_overs": [_hand_over(gap) for gap in told.hand_overs],
        **read_from(told.entries),
        "log": [line(entry) for entry in told.entries],
        "figures": {
            "people": told.people,
            "overall": asdict(told.overall),
            "units": {unit: asdict(numbers) for unit, numbers in told.by_unit.items()},
            "injects": {inject: asdict(numbers) for inject, numbers in told.by_inject.items()},
            "spans": [asdict(span) for span in told.spans],
        },
        "unmeasured": {each.key: each.number for each in told.unmeasured},
        "seal": _seal(told.entries),
    }


def read_from(entries: Sequence[LogEntry]) -> dict[str, Any]:
    """The parts of the record that are read from the log alone."""
    ratings = observations_in(entries, FactKind.RATED)
    return {
        "reports": [_report(report) for report in reports_in(entries)],
        "notes": [_observation(note) for note in observations_in(entries, FactKind.NOTED)],
        "ratings": [{**_observation(rating), "rating": rating.rating} for rating in ratings],
        **after_endex(entries),
    }


def record_json(exercise: Exercise, entries: Sequence[LogEntry], sending: Mapping[tuple[str, str], Sending]) -> bytes:
    """The record as a file."""
    return record_file_of(account(exercise, entries, sending))


def record_file_of(told: Account) -> bytes:
    """The record as a file: UTF-8, indented by two, with a last newline."""
    return orjson.dumps(record_of(told), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


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
        "created_at": moment(exercise.created_at),
        "startex_at": moment(clock.startex_at),
        "endex_at": moment(clock.endex_at),
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
        "due_at": moment(run.due_at),
        "issued_at": moment(run.issued_at),
        "why": run.why,
    }


def _deliveries(told: Account) -> Iterator[dict[str, Any]]:
    """The deliveries, injects in the scenario's order."""
    by_inject: dict[str, list[Answer]] = {inject: [] for inject in told.exercise.injects}
    for answer in told.answers:
        by_inject[answer.run.id].append(answer)
    for answers in by_inject.values():
        yield from (_delivery(told.exercise, answer) for answer in answers)


def _delivery(exercise: Exercise, answer: Answer) -> dict[str, Any]:
    delivery, taken, sending = answer.delivery, answer.taken, answer.sending
    result = outcome(answer.run, delivery, exercise)
    acknowledged = delivery.acknowledged
    choice = delivery.choice
    return {
        "inject": delivery.inject,
        "unit": delivery.unit,
        "due_at": moment(delivery.due_at),
        "sent_at": moment(delivery.sent_at),
        "message_date": moment(delivery.message_date),
        "message_id": delivery.message_id,
        "state": "sending" if sending.in_flight else delivery.state.value,
        "why": delivery.why,
        "attempts": sending.attempts,
        "possible_duplicate": delivery.possible_duplicate,
        "resent": delivery.resent,
        "acknowledged_at": moment(acknowledged.at if acknowledged else None),
        "acknowledged_by": person_shown(acknowledged.by if acknowledged else None),
        "acknowledged_exact": acknowledged.exact if acknowledged else None,
        "acknowledged_by_radio": acknowledged.by_radio if acknowledged else None,
        "latency_seconds": None if taken is None else taken.total_seconds(),
        "outcome": result.value if result else None,
        "late": result is Outcome.LATE,
        "progress": [
            {"step": mark.step, "at": moment(mark.at), "exact": mark.exact, "by": person_shown(mark.by)}
            for mark in delivery.progress
        ],
        "evidence": [
            {"kind": mark.kind, "at": moment(mark.at), "by": person_shown(mark.by)} for mark in delivery.evidence
        ],
        "evidence_missing": [kind.value for kind in missing_evidence(answer.run, delivery)],
        "option": choice.option if choice else None,
        "option_at": moment(choice.at if choice else None),
        "option_exact": choice.exact if choice else None,
        "option_by": person_shown(choice.by if choice else None),
        "reason": choice.reason if choice else None,
    }


def _decision(decision: DecisionStanding) -> dict[str, Any]:
    choice, options = decision.delivery.choice, decision.run.inject.decision
    return {
        "inject": decision.run.id,
        "unit": decision.delivery.unit,
        "asked_at": moment(decision.delivery.sent_at),
        "offered": [option.id for option in options.options] if options else [],
        "option": choice.option if choice else None,
        "at": moment(choice.at if choice else None),
        "exact": choice.exact if choice else None,
        "by": person_shown(choice.by if choice else None),
        "reason": choice.reason if choice else None,
        "within_seconds": decision.within.total_seconds(),
        "seconds": decision.taken_in.total_seconds() if decision.taken_in is not None else None,
        "late": decision.late,
        "silent": decision.silent,
    }


def _branch(branch: Branch) -> dict[str, Any]:
    return {
        "inject": branch.run.id,
        "cause": branch.cause.value,
        "because": branch.because or None,
        "option": branch.option or None,
        "at": moment(branch.at),
    }


def _hand_over(gap: HandOver) -> dict[str, Any]:
    return {
        "inject": gap.run.id,
        "unit": gap.delivery.unit,
        "step": gap.step or None,
        "at": moment(gap.at),
        "seconds": gap.taken.total_seconds(),
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "inject": report.inject,
        "unit": report.unit,
        "at": moment(report.at),
        "by": person_shown(report.by),
        "kind": report.kind,
        "text": report.text,
        "file": report.file,
        "files": list(report.files),
        "corrections": [
            {"at": moment(c.at), "by": person_shown(c.by), "kind": c.kind, "text": c.text, "file": c.file}
            for c in report.corrections
        ],
    }


def _observation(observation: Observation) -> dict[str, Any]:
    return {
        "inject": observation.inject,
        "unit": observation.unit,
        "at": moment(observation.at),
        "exercise_seconds": observation.exercise_seconds,
        "by": person_shown(observation.by),
        "text": observation.text,
        "kind": observation.kind,
        "file": observation.file,
        "objectives": list(observation.objectives),
    }


def _seal(entries: Sequence[LogEntry]) -> dict[str, Any]:
    closed = closing(entries)
    return {"algorithm": ALGORITHM, **asdict(latest(entries)), "closing": asdict(closed) if closed else None}


def line(entry: LogEntry) -> dict[str, Any]:
    """An entry of the log, as the record shows it: with its salt, or its commitment, where it has one."""
    fact = entry.fact
    told = {
        "seq": entry.seq,
        "at": moment(fact.at),
        "exercise_seconds": entry.exercise_seconds,
        "kind": fact.kind.value,
        "actor": person_shown(fact.actor),
        "inject": fact.inject,
        "unit": fact.unit,
        "detail": dict(fact.detail),
        "hash": entry.hash,
    }
    beside = {"salt": entry.salt, "commitment": entry.commitment}
    return told | {name: value for name, value in beside.items() if value}
