"""Exercises in the database: written as their facts say, read back whole."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.exercise.facts import Change, FactKind
from bot.exercise.model import Delivery, DeliveryState, Exercise, ExerciseState, InjectRun
from bot.exercise.people import Place
from bot.store import log
from bot.store.prepared import Prepared
from bot.store.reading import read_exercise
from bot.store.rows import (
    delivery_row,
    exercise_row,
    inject_row,
    leader_rows,
    new_inject_row,
    participant_rows,
    seat_row,
    stop_rows,
)
from bot.store.schema import delivery, exercise, inject, leader, participant, seat, stop
from bot.store.transaction import Transaction
from scenarios.model import dump

_OF_THE_WHOLE = {
    FactKind.LANGUAGE,
    FactKind.SCHEDULED,
    FactKind.STARTEX,
    FactKind.PAUSED,
    FactKind.REALWORLD,
    FactKind.RESUMED,
    FactKind.ENDEX,
    FactKind.ABORTED,
    FactKind.PHASE,
    FactKind.SITUATION,
    FactKind.SUMMARISED,
}
_OF_PARTICIPANTS = {FactKind.ROLE_GIVEN, FactKind.ROLE_TAKEN}
_OF_A_SEAT = {
    FactKind.JOINED,
    FactKind.UNBOUND,
    FactKind.CODE_RENEWED,
    FactKind.CODE_WITHDRAWN,
    FactKind.LEADER_APPOINTED,
    FactKind.LEADER_REMOVED,
    FactKind.UNREACHABLE,
    FactKind.REACHABLE,
}
_OF_AN_INJECT = {
    FactKind.ISSUED,
    FactKind.ASKED,
    FactKind.HELD,
    FactKind.RELEASED,
    FactKind.SKIPPED,
    FactKind.DELAYED,
    FactKind.TRIGGERED,
    FactKind.SILENT,
    FactKind.UNDECIDED,
}
_OF_A_DELIVERY = {
    FactKind.RESENT,
    FactKind.SENT,
    FactKind.UNCERTAIN,
    FactKind.FAILED,
    FactKind.NOT_SENT,
    FactKind.ACKNOWLEDGED,
    FactKind.PROGRESSED,
    FactKind.DECIDED,
    FactKind.REMINDED,
    FactKind.SILENT,
    FactKind.UNDECIDED,
    FactKind.ESCALATED,
    FactKind.EVIDENCE_MISSING,
    FactKind.REPORTED,
    FactKind.CORRECTED,
}


# Built once: an acknowledgement takes fewer microseconds than building its statements would.
_BY_REFERENCE = Prepared(
    select(delivery.c.exercise, delivery.c.inject, delivery.c.unit).where(delivery.c.reference == bindparam("this"))
)
_INSERT_DELIVERY = Prepared(insert(delivery))
_UPDATE_DELIVERY = Prepared(
    update(delivery).where(
        delivery.c.exercise == bindparam("x"), delivery.c.inject == bindparam("i"), delivery.c.unit == bindparam("u")
    )
)


def next_number(tx: Transaction) -> int:
    """The number of the next new exercise."""
    highest: int | None = tx.read(select(func.max(exercise.c.number))).scalar()
    return (highest or 0) + 1


def get(tx: Transaction, number: int) -> Exercise | None:
    """The exercise of that number."""
    found = tx.remembered(number)
    if found is None:
        found = read_exercise(tx, number)
        if found is not None:
            tx.fresh.exercises[number] = found
    return found


def latest_at(tx: Transaction, control: Place) -> Exercise | None:
    """The newest exercise whose control room is that place."""
    number: int | None = tx.read(
        select(func.max(exercise.c.number)).where(
            exercise.c.control_chat_id == control.chat_id, _same(exercise.c.control_thread_id, control.thread_id)
        )
    ).scalar()
    return None if number is None else get(tx, number)


def seated_at(tx: Transaction, place: Place) -> tuple[Exercise, str] | None:
    """The newest exercise in which a unit sits at that place, and that unit."""
    found = tx.read(
        select(seat.c.exercise, seat.c.unit)
        .where(seat.c.chat_id == place.chat_id, _same(seat.c.thread_id, place.thread_id))
        .order_by(seat.c.exercise.desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    current = get(tx, found.exercise)
    return (current, found.unit) if current else None


def of_chat(tx: Transaction, chat_id: int) -> list[Exercise]:
    """The exercises, not over, that have a unit or their control room in a chat."""
    seated = select(seat.c.exercise).where(seat.c.chat_id == chat_id)
    numbers = tx.read(
        select(exercise.c.number)
        .where((exercise.c.control_chat_id == chat_id) | exercise.c.number.in_(seated))
        .where(exercise.c.state.in_(_NOT_OVER))
        .order_by(exercise.c.number)
    ).scalars()
    return [found for number in numbers.all() if (found := get(tx, number))]


def not_over(tx: Transaction) -> list[Exercise]:
    """The exercises in which something may still happen, and those whose summary is still owed."""
    numbers = tx.read(
        select(exercise.c.number)
        .where(exercise.c.state.in_(_NOT_OVER) | ~exercise.c.summarised)
        .order_by(exercise.c.number)
    ).scalars()
    return [found for number in numbers.all() if (found := get(tx, number))]


def by_code(tx: Transaction, code_hash: str) -> tuple[Exercise, str] | None:
    """The exercise and the unit that a join code belongs to."""
    found = tx.read(select(seat.c.exercise, seat.c.unit).where(seat.c.code_hash == code_hash)).first()
    current = get(tx, found.exercise) if found else None
    return (current, found.unit) if found and current else None


def by_reference(tx: Transaction, reference: str) -> tuple[Exercise, Delivery] | None:
    """The exercise and the delivery that a button's reference belongs to."""
    for found in tx.find(_BY_REFERENCE, {"this": reference}):
        current = get(tx, found.exercise)
        return (current, current.injects[found.inject].deliveries[found.unit]) if current else None
    return None


def overview(tx: Transaction) -> list[tuple[int, str, str, str, datetime | None, str]]:
    """Every exercise, as (number, state, scenario, name, STARTEX, zone)."""
    columns = (
        exercise.c.number,
        exercise.c.state,
        exercise.c.scenario_id,
        exercise.c.name,
        exercise.c.startex_at,
        exercise.c.timezone,
    )
    return [tuple(row) for row in tx.read(select(*columns).order_by(exercise.c.number))]


def runs_of(tx: Transaction, scenario_id: str, control: Place, most: int) -> list[int]:
    """The newest exercises of a scenario that have begun in a control room, the oldest of them first."""
    numbers = tx.read(
        select(exercise.c.number)
        .where(
            exercise.c.scenario_id == scenario_id,
            exercise.c.control_chat_id == control.chat_id,
            _same(exercise.c.control_thread_id, control.thread_id),
            exercise.c.startex_at.is_not(None),
        )
        .order_by(exercise.c.number.desc())
        .limit(most)
    ).scalars()
    return list(reversed(numbers.all()))


def save(tx: Transaction, change: Change) -> None:
    """Store a change, with its facts in the log: exactly what the facts name."""
    after = change.exercise
    if not change.facts:
        tx.fresh.exercises[after.number] = after
        return
    kinds = {fact.kind for fact in change.facts}
    if FactKind.CREATED in kinds:
        _insert_exercise(tx, after)
    if kinds & _OF_THE_WHOLE:
        tx.write(update(exercise).where(exercise.c.number == after.number), exercise_row(after))
        _replace(tx, stop, after, stop_rows)
    if kinds & _OF_PARTICIPANTS:
        _replace(tx, participant, after, participant_rows)
    if kinds & _OF_A_SEAT:
        _update_seats(tx, after, {f.unit for f in change.facts if f.kind in _OF_A_SEAT and f.unit})
        if FactKind.JOINED in kinds:
            tx.write(update(exercise).where(exercise.c.number == after.number), exercise_row(after))
    if added := [f.inject for f in change.facts if f.kind is FactKind.ADDED and f.inject]:
        _insert_injects(tx, after, added)
    recalled = {f.inject for f in change.facts if f.kind is FactKind.HELD and f.inject}
    issued = {f.inject for f in change.facts if f.kind is FactKind.ISSUED and f.inject}
    # What was called back keeps what still stands, and has that when it is issued anew.
    renewed = recalled | {inject for inject in issued if _has_former(after.injects[inject])}
    if renewed:
        tx.catch_up()
        tx.write(delete(delivery).where(delivery.c.exercise == after.number, delivery.c.inject.in_(sorted(renewed))))
    touched = {f.inject for f in change.facts if f.kind in _OF_AN_INJECT and f.inject}
    if touched:
        _update_injects(tx, after, touched)
    new = [d for inject_id in sorted(issued | recalled) for d in after.injects[inject_id].deliveries.values()]
    if new:
        tx.change_each(_INSERT_DELIVERY, [{"exercise": after.number, **delivery_row(d)} for d in new])
    changed = {
        (f.inject, f.unit)
        for f in change.facts
        if f.kind in _OF_A_DELIVERY and f.inject and f.unit and f.inject not in issued | recalled
    }
    if changed:
        _update_deliveries(tx, after, [after.injects[inject_id].deliveries[unit] for inject_id, unit in changed])
    log.append(tx, after.number, change.facts, after.clock)
    tx.fresh.exercises[after.number] = after
    tx.touched.add(after.number)
    tx.facts.extend((after, fact) for fact in change.facts)


def mark_summarised(tx: Transaction, over: Exercise) -> Exercise:
    """The exercise, with nothing owed of its summary any more."""
    tx.write(update(exercise).where(exercise.c.number == over.number).values(summarised=True))
    after = over.evolve(summarised=True)
    tx.fresh.exercises[over.number] = after
    tx.touched.add(over.number)
    return after


_NOT_OVER = [state for state in ExerciseState if not state.is_over]


def _same(column: Any, value: int | None) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions are typed by their operators
    return column.is_(None) if value is None else column == value


def _has_former(run: InjectRun) -> bool:
    """Whether an inject that was just issued has deliveries from before."""
    return any(d.answered or d.state is DeliveryState.FAILED for d in run.deliveries.values())


def _replace(
    tx: Transaction,
    table: Any,  # noqa: ANN401 - one of three tables
    after: Exercise,
    rows_of: Callable[[Exercise], list[dict[str, Any]]],
) -> None:
    tx.write(delete(table).where(table.c.exercise == after.number))
    if rows := rows_of(after):
        tx.write(insert(table), rows)


def _insert_exercise(tx: Transaction, new: Exercise) -> None:
    document = orjson.dumps(dump(new.scenario)).decode()
    created = {"number": new.number, "created_at": new.created_at, "scenario": document, **exercise_row(new)}
    tx.write(insert(exercise), created)
    tx.write(insert(participant), participant_rows(new))
    tx.write(
        insert(seat),
        [
            {
                "exercise": new.number,
                "unit": s.unit,
                "code_hash": s.code_hash,
                "code_expires_at": s.code_expires_at,
                "chat_title": "",
                "unreachable": "",
            }
            for s in new.seats.values()
        ],
    )
    tx.write(
        insert(inject),
        [
            {"exercise": new.number, **new_inject_row(run, position, scripted=True)}
            for position, run in enumerate(new.injects.values())
        ],
    )


def _update_seats(tx: Transaction, after: Exercise, units: Iterable[str]) -> None:
    for unit in sorted(units):
        here = (after.number, unit)
        tx.write(update(seat).where(seat.c.exercise == here[0], seat.c.unit == here[1]), seat_row(after.seats[unit]))
        tx.write(delete(leader).where(leader.c.exercise == here[0], leader.c.unit == here[1]))
        if rows := leader_rows(after, unit):
            tx.write(insert(leader), rows)


def _insert_injects(tx: Transaction, after: Exercise, inject_ids: Iterable[str]) -> None:
    positions = {inject_id: position for position, inject_id in enumerate(after.injects)}
    rows = [
        {"exercise": after.number, **new_inject_row(after.injects[each], positions[each], scripted=False)}
        for each in inject_ids
    ]
    tx.write(insert(inject), rows)


def _update_injects(tx: Transaction, after: Exercise, inject_ids: Iterable[str]) -> None:
    rows = [{"x": after.number, "i": inject_id, **inject_row(after.injects[inject_id])} for inject_id in inject_ids]
    where = (inject.c.exercise == bindparam("x"), inject.c.inject == bindparam("i"))
    tx.write(update(inject).where(*where), rows)


def _update_deliveries(tx: Transaction, after: Exercise, changed: Iterable[Delivery]) -> None:
    rows: list[Mapping[str, Any]] = []
    for d in changed:
        row = delivery_row(d)
        rows.append({"x": after.number, "i": row.pop("inject"), "u": row.pop("unit"), **row})
    tx.write_later(_UPDATE_DELIVERY, rows)
