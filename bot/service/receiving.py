"""Updates on their way in: stored before anything else, done once, put aside when they cannot be handled."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeVar

from bot.messages import Gap, Notice
from bot.store import exercises, inbox, outbox
from bot.store.inbox import InboxRow
from bot.store.transaction import Transaction

T = TypeVar("T")


class AlreadyHandledError(Exception):
    """The update has been handled before: its effect stands, and is not repeated."""


def receive(tx: Transaction, updates: Sequence[InboxRow]) -> list[InboxRow]:
    """Store updates; gives those that are new."""
    return inbox.add(tx, updates)


def waiting(tx: Transaction) -> list[InboxRow]:
    """What was received and not yet handled."""
    return inbox.waiting(tx)


def received_by_others(tx: Transaction, known: Collection[int]) -> list[InboxRow]:
    """What other processes have received and nobody has handled; ``known``: updates that wait here already."""
    return inbox.others(tx, known)


def done(tx: Transaction, update_id: int) -> None:
    """Nothing more is to be done about an update."""
    inbox.finish(tx, update_id)


def tried(tx: Transaction, update_id: int, why: str) -> int:
    """Count a try that failed; gives the tries so far."""
    return inbox.tried(tx, update_id, why)


def quarantine(tx: Transaction, row: InboxRow, why: str, at: datetime) -> None:
    """Put an update aside for good, and tell the control rooms that it concerns."""
    inbox.quarantine(tx, row.update_id, why)
    for exercise in exercises.of_chat(tx, row.lane):
        where = [
            exercise.scenario.units[seat.unit].name.in_language(exercise.language)
            for seat in exercise.seats.values()
            if seat.place is not None and seat.place.chat_id == row.lane
        ]
        params: dict[str, Gap] = {"where": ", ".join(where) or exercise.name, "update": row.update_id}
        put_aside = Notice(exercise=exercise.number, key="notice.quarantined", params=params)
        outbox.add(
            tx,
            put_aside,
            exercise.control,
            at,
            exercise=exercise.number,
            key=f"quarantined:{exercise.number}:{row.update_id}",
        )


def once(update_id: int, use_case: Callable[[Transaction], T]) -> Callable[[Transaction], T]:
    """``use_case``, bound to an update so that both take effect together, and never twice.

    Raises:
        AlreadyHandledError: (when run) the update has been handled before; nothing changes.
    """

    def whole(tx: Transaction) -> T:
        result = use_case(tx)
        if not inbox.finish(tx, update_id):
            raise AlreadyHandledError(update_id)
        return result

    return whole
