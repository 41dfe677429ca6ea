"""One durable transaction, as a use case sees it: statements, the exercises in memory, and what it puts out.

A use case may be run again from scratch (the writer replays a batch in which another one failed), so it keeps
no state of its own outside the transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from bot.exercise.facts import Fact
from bot.exercise.model import Exercise
from bot.store.outbox_row import OutboxRow


@dataclass(slots=True)
class LogHead:
    """Where an exercise's log ends."""

    seq: int
    hash: str


@dataclass(slots=True)
class Memory:
    """Exercises as the last commit left them, and where their logs end; a copy of the database, never more."""

    exercises: dict[int, Exercise] = field(default_factory=dict)
    heads: dict[int, LogHead] = field(default_factory=dict)

    def absorb(self, other: "Memory") -> None:
        """Take over what a transaction has changed or loaded."""
        self.exercises.update(other.exercises)
        self.heads.update(other.heads)

    def forget(self) -> None:
        """Drop everything: it is read from the database again when it is next needed."""
        self.exercises.clear()
        self.heads.clear()


class Transaction:
    """A use case's view of the store, within one database transaction."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self._connection = connection
        self._memory = memory
        self.fresh = Memory()
        """What this transaction has loaded or changed."""
        self.posted: list[OutboxRow] = []
        """Messages put into the outbox, or out of date, by this transaction."""
        self.touched: set[int] = set()
        """Numbers of the exercises that it changed."""
        self.facts: list[tuple[Exercise, Fact]] = []
        """What it recorded, each fact with its exercise as the change left it."""
        self.languages: set[int] = set()
        """Chats whose language was chosen."""
        self.finished: list[int] = []
        """Ids of the updates that it marked as done."""
        self.wrote = False

    def read(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        """Run a statement that changes nothing."""
        return self._connection.execute(statement, parameters)

    def write(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement that changes something; a sequence of parameters runs it for each."""
        self.wrote = True
        return self._connection.execute(statement, parameters)

    def remembered(self, number: int) -> Exercise | None:
        """The exercise as this transaction sees it, if it is in memory."""
        return self.fresh.exercises.get(number) or self._memory.exercises.get(number)

    def head(self, number: int) -> LogHead | None:
        """Where the exercise's log ends as this transaction sees it, if that is in memory."""
        return self.fresh.heads.get(number) or self._memory.heads.get(number)
