"""The world's ledger, asked the questions that the invariants have."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.messages import InjectPost
from bot.store.outbox_row import OutboxRow
from tests.simulation.record import Record
from tests.simulation.telegram import Arrival, Telegram


@dataclass(frozen=True, slots=True)
class Copies:
    """What Telegram has of one message of the outbox: each time it was put into a chat, oldest first."""

    row: OutboxRow
    posts: tuple[Arrival, ...]


def copies(record: Record, telegram: Telegram) -> tuple[Copies, ...]:
    """Every message of the outbox with what became of it in the world, in the outbox's order."""
    posts: Mapping[int, list[Arrival]] = defaultdict(list)
    for arrival in telegram.arrivals:
        if arrival.posted and arrival.row is not None:
            posts[arrival.row].append(arrival)
    return tuple(Copies(row, tuple(posts.get(row.id, ()))) for row in record.outbox)


def injects_of(all_copies: Sequence[Copies]) -> Iterator[tuple[InjectPost, Copies]]:
    """The injects' messages among them."""
    for one in all_copies:
        if isinstance(one.row.message, InjectPost):
            yield one.row.message, one
