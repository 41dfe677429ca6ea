"""The store: a database, its writer, and who hears of commits."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.cleansing import cleanse_file, cleanse_server
from bot.store.engine import BadDatabaseError, file_of, is_sqlite, make_engine
from bot.store.line import line_to
from bot.store.migrating import NoDatabaseError, migrate, require_current, require_to_read
from bot.store.transaction import Deferred, Memory, Transaction
from bot.store.trouble import will_pass, words
from bot.store.writer import Fence, UseCase, Writer

T = TypeVar("T")
Listener = Callable[[Transaction], None]

_KNOCK_SECONDS: Final = 2.0
"""Between tries to open a database that does not answer."""
_NOT_OPEN: Final = "not open"

log = structlog.get_logger(__name__)


class Store:
    """The durable record. Every change goes through :meth:`perform`.

    Open it once per process, and once more for each term as leader, with the ``fence`` that every use case has to
    pass in its own transaction: what a term has left undone ends with its store.
    """

    def __init__(self, url: str, *, fence: Fence | None = None) -> None:
        self.url = url
        self._engine = make_engine(url)
        self._reading: AsyncEngine | None = None
        self._listeners: list[Listener] = []
        self._writer = Writer(line_to(url, self._engine), self._tell, fence)
        self._open = False
        self._why_not_open = _NOT_OPEN

    @property
    def shared(self) -> bool:
        """Whether other processes may write to this database too."""
        return not is_sqlite(self._engine)

    @property
    def trouble(self) -> str:
        """Why nothing can be committed at present, in one line; empty while all is well."""
        return self._writer.trouble if self._open else self._why_not_open

    @property
    def memory(self) -> Memory:
        """What the last commit left of the record, as far as it is in memory: read without waiting for a turn."""
        return self._writer.memory

    async def open(self) -> None:
        """Connect and begin to write; a fresh database gets its tables. A database that is away is waited for.

        Meanwhile :attr:`trouble` says why. A store that is open already stays as it is.

        Raises:
            OutdatedSchemaError: `geladi migrate` is needed first.
        """
        while not self._open:
            try:
                await require_current(self._engine)
            except Exception as failure:
                if not will_pass(failure):
                    raise
                self._why_not_open = words(failure)
                log.warning("database_unreachable", why=self._why_not_open, retry_seconds=_KNOCK_SECONDS)
                await asyncio.sleep(_KNOCK_SECONDS)
            else:
                self._writer.start()
                self._open = True

    async def close(self) -> None:
        """Commit what waits and let go of the database."""
        await self._writer.stop()
        self._open, self._why_not_open = False, _NOT_OPEN
        await self._engine.dispose()
        if self._reading is not None:
            await self._reading.dispose()

    async def migrate(self) -> None:
        """Bring the schema up to date, without opening the store."""
        await migrate(self._engine)

    async def perform(self, use_case: UseCase[T], *, long: bool = False) -> T:
        """Run ``use_case`` in one durable transaction and give its result; see :class:`~bot.store.writer.Writer`."""
        return await self._writer.perform(use_case, long=long)

    async def read(self, use_case: UseCase[T]) -> T:
        """Run ``use_case``, which only reads, on a state of the database of its own, beside whoever writes.

        The store need not be open, and nothing is made or changed.

        Raises:
            BadDatabaseError: the URL names a file in no folder.
            NoDatabaseError: there is nothing to read.
            OutdatedSchemaError: `geladi migrate` is needed first.
        """
        if self._reading is None:
            file = file_of(self.url)
            if file is not None and not file.parent.is_dir():
                raise BadDatabaseError(f"cannot read {file}: there is no such folder")
            if file is not None and not file.exists():
                raise NoDatabaseError
            reading = make_engine(self.url, read_only=True)
            try:
                await require_to_read(reading)
            except BaseException:
                await reading.dispose()
                raise
            self._reading = reading
        async with self._reading.connect() as connection, connection.begin():
            return await connection.run_sync(_alone(use_case))

    async def aside(self, use_case: UseCase[T]) -> T:
        """Run ``use_case`` in a transaction of its own: behind no other, under no fence, tried once, told to nobody."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(_alone(use_case))

    async def cleanse(self) -> None:
        """Overwrite what was deleted, where the database still keeps traces of it; commits wait meanwhile.

        Raises:
            NotCleansedError: the file is in use all the while.
        """
        file = file_of(self.url)
        if file is not None:
            await cleanse_file(file)
        else:
            await cleanse_server(self._engine)

    def subscribe(self, listener: Listener) -> None:
        """Have ``listener`` called, on the event loop, with each transaction that was committed."""
        self._listeners.append(listener)

    def count_batches(self, listener: Callable[[int], None]) -> None:
        """Have ``listener`` called, on the event loop, with the number of use cases in each commit."""
        self._writer.on_batch = listener

    def _tell(self, transaction: Transaction) -> None:
        for listener in self._listeners:
            listener(transaction)


def _alone(use_case: UseCase[T]) -> Callable[[Connection], T]:
    def run(connection: Connection) -> T:
        transaction = Transaction(connection, Memory(), Deferred(connection))
        result = use_case(transaction)
        transaction.catch_up()
        return result

    return run
