"""Planned and sent, compared in the record itself; where they part, the director is told.

It is no part of what brings injects about: it reads what ought to be so from the exercise, and what is so from the
outbox, and so finds what every other part believes to be in order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot.exercise import delivering
from bot.exercise.auditing import PATIENCE, overdue_deliveries, overdue_runs
from bot.exercise.model import DeliveryState
from bot.messages import Overdue
from bot.service.keys import overdue_key
from bot.service.recording import record
from bot.store import exercises, outbox
from bot.store.outbox import OutboxState
from bot.store.transaction import Transaction


class Lapse(StrEnum):
    """How planned and sent part."""

    NOT_ISSUED = "not_issued"
    """Its moment has passed, and nothing of it was put into the outbox."""
    WAITING = "waiting"
    """It waits in the outbox for too long."""
    LOST = "lost"
    """It was issued, and nothing in the outbox will ever send it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An inject, and for what waits or is lost a unit, with which something is wrong."""

    exercise: int
    inject: str
    lapse: Lapse
    unit: str | None = None


def audit(tx: Transaction, number: int, at: datetime, patience: timedelta = PATIENCE) -> list[Finding]:
    """Everything that is wrong with an exercise at this moment."""
    exercise = exercises.get(tx, number)
    if exercise is None:
        return []
    found = [Finding(number, run.id, Lapse.NOT_ISSUED) for run in overdue_runs(exercise, at, patience)]
    for delivery in overdue_deliveries(exercise, at, patience):
        row = outbox.find_key(tx, outbox.inject_key(number, delivery.inject, delivery.unit))
        if row is None or row.state.is_final:
            found.append(Finding(number, delivery.inject, Lapse.LOST, delivery.unit))
        elif row.state is not OutboxState.HELD and at - row.created_at > patience:
            found.append(Finding(number, delivery.inject, Lapse.WAITING, delivery.unit))
    return found


def tell(tx: Transaction, findings: Sequence[Finding], at: datetime) -> None:
    """Tell the control room, once of each inject and lapse; a delivery that is lost counts as failed from now on."""
    for finding in findings:
        exercise = exercises.get(tx, finding.exercise)
        if exercise is None:
            continue
        match finding.lapse:
            case Lapse.LOST:
                delivery = exercise.injects[finding.inject].deliveries[finding.unit or ""]
                if delivery.state is DeliveryState.PENDING:
                    record(tx, delivering.lost(exercise, finding.inject, delivery.unit, at))
            case Lapse.NOT_ISSUED | Lapse.WAITING:
                message = Overdue(
                    exercise=exercise.number, inject=finding.inject, issued=finding.lapse is Lapse.WAITING
                )
                outbox.add(tx, message, exercise.control, at, exercise=exercise.number, key=_key(finding))
            case _:
                assert_never(finding.lapse)


def settled(tx: Transaction, findings: Sequence[Finding], left: Collection[Finding]) -> None:
    """What was told of these is no longer so: it is brought up to date.

    Where nothing of it is ``left``, it is told anew should it come again.
    """
    open_still = {_key(finding) for finding in left}
    for key in dict.fromkeys(_key(finding) for finding in findings):
        outbox.mark_out_of_date(tx, key)
        if key not in open_still:
            outbox.retire(tx, key)


def _key(finding: Finding) -> str:
    return overdue_key(finding.exercise, finding.inject, finding.lapse)
