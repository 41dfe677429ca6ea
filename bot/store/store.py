"""The store: a database, its writer, and who hears of commits."""

from collections.abc import Callable
from typing import TypeVar

from bot.store.engine import make_engine
from bot.store.migrating import migrate, require_current
from bot.store.transaction import Transaction
from bot.store.writer import UseCase, Writer

T = TypeVar("T")
Listener = Callable[[Transaction], None]


class Store:
    """The durable record. Open it once per process; every change goes through :meth:`perform`."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)
        self._listeners: list[Listener] = []
        self._writer = Writer(self._engine, self._tell)

    async def open(self) -> None:
        """Connect and begin to write; a fresh database gets its tables.

        Raises:
            OutdatedSchemaError: `geladi migrate` is needed first.
        """
        await require_current(self._engine)
        self._writer.start()

    async def close(self) -> None:
        """Commit what waits and let go of the database."""
        await self._writer.stop()
        await self._engine.dispose()

    async def migrate(self) -> None:
        """Bring the schema up to date, without opening the store."""
        await migrate(self._engine)

    async def perform(self, use_case: UseCase[T]) -> T:
        """Run ``use_case`` in one durable transaction and give its result; see :class:`~bot.store.writer.Writer`."""
        return await self._writer.perform(use_case)

    def subscribe(self, listener: Listener) -> None:
        """Have ``listener`` called, on the event loop, with each transaction that was committed."""
        self._listeners.append(listener)

    def count_batches(self, listener: Callable[[int], None]) -> None:
        """Have ``listener`` called, on the event loop, with the number of use cases in each commit."""
        self._writer.on_batch = listener

    def _tell(self, transaction: Transaction) -> None:
        for listener in self._listeners:
            listener(transaction)
