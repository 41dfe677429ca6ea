"""One durable transaction, as a use case sees it: statements, what is in memory, and what it puts out.

A use case may be run again from scratch (the writer replays a batch in which another one failed), so it keeps
no state of its own outside the transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import EllipsisType
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, Select

from bot.exercise.facts import Fact
from bot.exercise.model import Exercise
from bot.store.outbox_row import OutboxRow
from bot.store.prepared import Prepared, Values

_PIECE = 2_000


def in_pieces(statement: Select[Any]) -> Select[Any]:
    """The statement, its rows brought some at a time: all at once they take more memory than what they say."""
    return statement.execution_options(yield_per=_PIECE)


@dataclass(slots=True)
class LogHead:
    """Where an exercise's log ends."""

    seq: int
    hash: str


@dataclass(slots=True)
class Memory:
    """What the last commit left of exercises, of their logs' ends, and of chats; a copy of the database, never more."""

    exercises: dict[int, Exercise] = field(default_factory=dict)
    heads: dict[int, LogHead] = field(default_factory=dict)
    languages: dict[int, str | None] = field(default_factory=dict)
    """The language chosen for each chat that was asked about."""

    def absorb(self, other: "Memory") -> None:
        """Take over what a transaction has changed or loaded."""
        self.exercises.update(other.exercises)
        self.heads.update(other.heads)
        self.languages.update(other.languages)

    def forget(self) -> None:
        """Drop everything: it is read from the database again when it is next needed."""
        self.exercises.clear()
        self.heads.clear()
        self.languages.clear()


class Deferred:
    """Rows that are written at the end of a batch, all those of one statement at once.

    Whatever reads what they hold, or writes the same rows otherwise, has them written first.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Prepared, list[Values]] = {}

    def add(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Write these rows later, after those that wait for the same statement."""
        self._rows.setdefault(statement, []).extend(rows)

    def write(self) -> None:
        """Write what waits."""
        waiting, self._rows = self._rows, {}
        for statement, rows in waiting.items():
            statement.run_each(self._connection, rows)


class Transaction:
    """A use case's view of the store, within one database transaction."""

    def __init__(self, connection: Connection, memory: Memory, deferred: Deferred) -> None:
        self._connection = connection
        self._memory = memory
        self._deferred = deferred
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

    def find(self, statement: Prepared, values: Values) -> Sequence[Any]:
        """The rows that a statement gives which changes nothing."""
        return statement.rows(self._connection, values)

    def stream(self, statement: Prepared, values: Values) -> Iterator[Any]:
        """As :meth:`find`, one row after another, for there may be very many."""
        return statement.stream(self._connection, values)

    def change(self, statement: Prepared, values: Values) -> int:
        """Run a statement that changes something; gives how many rows it has changed."""
        self.wrote = True
        return statement.run(self._connection, values)

    def change_each(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Run a statement that changes something for each of ``rows``, which are not empty."""
        self.wrote = True
        statement.run_each(self._connection, rows)

    def changed(self, statement: Prepared, values: Values) -> Sequence[Any]:
        """Run a statement that changes something; gives the rows that it returns."""
        self.wrote = True
        return statement.rows(self._connection, values)

    def changed_each(self, statement: Prepared, rows: Sequence[Values]) -> Sequence[Any]:
        """Run a statement that changes something for each of ``rows``, which are not empty; gives a row for each."""
        self.wrote = True
        return statement.rows_each(self._connection, rows)

    def write_later(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Run a statement for each of ``rows`` at the end of the batch, together with those of other use cases.

        Statements of different kinds may then run in another order: they must not touch the same rows.
        """
        self.wrote = True
        self._deferred.add(statement, rows)

    def catch_up(self) -> None:
        """Write now what was to be written later."""
        self._deferred.write()

    def remembered(self, number: int) -> Exercise | None:
        """The exercise as this transaction sees it, if it is in memory."""
        return self.fresh.exercises.get(number) or self._memory.exercises.get(number)

    def language(self, chat_id: int) -> str | EllipsisType | None:
        """The language chosen for a chat as this transaction sees it; an ellipsis where that is not in memory."""
        return self.fresh.languages.get(chat_id, self._memory.languages.get(chat_id, ...))

    def head(self, number: int) -> LogHead | None:
        """Where the exercise's log ends as this transaction sees it, if that is in memory."""
        return self.fresh.heads.get(number) or self._memory.heads.get(number)
