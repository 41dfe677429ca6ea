"""Reading an exercise back from its rows."""

from collections import defaultdict
from datetime import datetime
from sys import intern
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from bot.exercise.model import (
    Acknowledgement,
    Cause,
    Choice,
    Delivery,
    DeliveryState,
    EvidenceMark,
    Exercise,
    ExerciseState,
    InjectRun,
    InjectState,
    Participant,
    ProgressMark,
    Timer,
)
from bot.exercise.people import Person, Place, Role, UnitSeat
from bot.exercise.timing import ExerciseClock, Stop, StopKind
from bot.store.prepared import Prepared
from bot.store.schema import delivery, exercise, inject, leader, participant, seat, stop
from bot.store.transaction import Transaction
from scenarios.model import EvidenceKind, Inject, load

_NO_MARKS = "[]"
_NONE_RUNG: frozenset[Timer] = frozenset()
_STATES = {state.value: state for state in DeliveryState}
_DELIVERIES = Prepared(select(delivery).where(delivery.c.exercise == bindparam("this")))


def read_exercise(tx: Transaction, number: int) -> Exercise | None:
    """The exercise of that number, whole, or ``None``."""
    tx.catch_up()
    row = tx.read(select(exercise).where(exercise.c.number == number)).first()
    if row is None:
        return None
    scenario = load(orjson.loads(row.scenario))
    defined = {definition.id: definition for definition in scenario.injects}
    deliveries: dict[str, dict[str, Delivery]] = defaultdict(dict)
    for found in tx.stream(_DELIVERIES, {"this": number}):
        deliveries[found.inject][found.unit] = _delivery(found)
    runs = {}
    for found in tx.read(select(inject).where(inject.c.exercise == number).order_by(inject.c.position)):
        definition = Inject.model_validate_json(found.definition) if found.definition else defined[found.inject]
        received = deliveries.get(found.inject, {})
        ordered = {unit: received[unit] for unit in scenario.units_of(definition) if unit in received}
        runs[found.inject] = InjectRun(
            inject=definition,
            at=found.at_offset,
            state=InjectState(found.state),
            cause=Cause(found.cause),
            because=found.because,
            due_at=found.due_at,
            issued_at=found.issued_at,
            why=found.why,
            silence_answered=found.silence_answered,
            deliveries=ordered,
        )
    return Exercise(
        number=row.number,
        name=row.name,
        scenario=scenario,
        control=Place(row.control_chat_id, row.control_thread_id),
        language=row.language,
        timezone=row.timezone,
        created_at=row.created_at,
        state=ExerciseState(row.state),
        clock=ExerciseClock(row.startex_at, stops_of(tx, number), row.endex_at),
        scheduled_at=row.scheduled_at,
        situation=row.situation,
        phase=row.phase,
        summarised=row.summarised,
        participants={
            found.user_id: Participant(Person(found.user_id, found.name), Role(found.role))
            for found in tx.read(select(participant).where(participant.c.exercise == number))
        },
        seats=_seats(tx, number, tuple(scenario.units)),
        injects=runs,
    )


def stops_of(tx: Transaction, number: int) -> tuple[Stop, ...]:
    """The stops of an exercise, first to last."""
    rows = tx.read(select(stop).where(stop.c.exercise == number).order_by(stop.c.position))
    return tuple(
        Stop(StopKind(row.kind), row.began_at, Person(row.by_id, row.by_name), row.why, row.ended_at) for row in rows
    )


def _seats(tx: Transaction, number: int, units: tuple[str, ...]) -> dict[str, UnitSeat]:
    leaders: dict[str, dict[int, str]] = defaultdict(dict)
    for row in tx.read(select(leader).where(leader.c.exercise == number).order_by(leader.c.position)):
        leaders[row.unit][row.user_id] = row.name
    seats = {
        row.unit: UnitSeat(
            unit=row.unit,
            code_hash=row.code_hash,
            code_expires_at=row.code_expires_at,
            place=None if row.chat_id is None else Place(row.chat_id, row.thread_id),
            chat_title=row.chat_title,
            leaders=leaders.get(row.unit, {}),
            unreachable=row.unreachable,
        )
        for row in tx.read(select(seat).where(seat.c.exercise == number))
    }
    return {unit: seats[unit] for unit in units}


def _delivery(row: Any) -> Delivery:  # noqa: ANN401 - its attributes are the table's columns
    acknowledged = choice = None
    if row.acknowledged_at is not None:
        by = Person(row.acknowledged_by_id, row.acknowledged_by_name)
        acknowledged = Acknowledgement(row.acknowledged_at, by, row.acknowledged_exact, bool(row.acknowledged_by_radio))
    if row.option is not None:
        by = Person(row.option_by_id, row.option_by_name)
        # Of what was chosen before this was kept, nothing says that its moment is a bound.
        choice = Choice(row.option, row.option_at, by, row.reason, row.option_exact is not False)
    return Delivery(
        # There can be hundreds of thousands: what is the same in many is kept once.
        inject=intern(row.inject),
        unit=intern(row.unit),
        reference=row.reference,
        due_at=row.due_at,
        state=_STATES[row.state],
        why=row.why,
        sent_at=row.sent_at,
        message_date=row.message_date,
        message_id=row.message_id,
        possible_duplicate=row.possible_duplicate,
        resent=row.resent,
        acknowledged=acknowledged,
        progress=_progress(row.progress) if row.progress != _NO_MARKS else (),
        choice=choice,
        evidence=_evidence(row.evidence) if row.evidence != _NO_MARKS else (),
        rung=frozenset(Timer(name) for name in row.rung.split(",")) if row.rung else _NONE_RUNG,
    )


def _progress(marks: str) -> tuple[ProgressMark, ...]:
    return tuple(
        ProgressMark(step, datetime.fromisoformat(at), Person(user_id, name), *exact)
        for step, at, user_id, name, *exact in orjson.loads(marks)
    )


def _evidence(marks: str) -> tuple[EvidenceMark, ...]:
    return tuple(
        EvidenceMark(EvidenceKind(kind), datetime.fromisoformat(at), Person(user_id, name))
        for kind, at, user_id, name in orjson.loads(marks)
    )
