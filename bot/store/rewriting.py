"""An exercise written anew, whole: what has changed need not be named by facts."""

from sqlalchemy import bindparam, delete, insert, update

from bot.exercise.model import Exercise
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


def rewrite(tx: Transaction, after: Exercise) -> None:
    """Write an exercise in the place of the one of its number, which has the same units, injects and deliveries."""
    number = after.number
    tx.catch_up()
    tx.write(update(exercise).where(exercise.c.number == number), exercise_row(after))
    for table, rows in (
        (stop, stop_rows(after)),
        (participant, participant_rows(after)),
        (leader, [row for unit in after.seats for row in leader_rows(after, unit)]),
    ):
        tx.write(delete(table).where(table.c.exercise == number))
        if rows:
            tx.write(insert(table), rows)
    for unit, taken in after.seats.items():
        tx.write(update(seat).where(seat.c.exercise == number, seat.c.unit == unit), seat_row(taken))
    scripted = {definition.id for definition in after.scenario.injects}
    for position, run in enumerate(after.injects.values()):
        row = inject_row(run) if run.id in scripted else new_inject_row(run, position, scripted=False)
        tx.write(update(inject).where(inject.c.exercise == number, inject.c.inject == run.id), row)
    rows = [delivery_row(each) for run in after.injects.values() for each in run.deliveries.values()]
    if rows:
        where = (
            delivery.c.exercise == number,
            delivery.c.inject == bindparam("i"),
            delivery.c.unit == bindparam("u"),
        )
        tx.write(
            update(delivery).where(*where), [{"i": row.pop("inject"), "u": row.pop("unit"), **row} for row in rows]
        )
    tx.fresh.exercises[number] = after
