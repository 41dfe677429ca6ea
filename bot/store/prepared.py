"""Statements that run for every press and every sending: compiled once, not looked up and prepared anew each time.

SQLite has such a statement done in ten microseconds; the library's own work around it takes fifty. So on a connection
of SQLite's own driver they go straight to that. Everywhere else they run as any other statement does.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Select, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine

Values = Mapping[str, Any]
"""What fills a statement: by the names of its gaps, and of the columns that it sets."""
_Processor = Callable[[Any], Any] | None


class Prepared:
    """A statement for many runs, each of them with values of the same names.

    Raises (by its runs):
        DBAPIError: whatever the database has against it.
    """

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        self._statement = statement
        self._form: _Form | None = None

    def rows(self, connection: Connection, values: Values) -> Sequence[Any]:
        """The rows that one run gives, each with its columns as attributes."""
        driver = _own_driver(connection)
        if driver is None:
            return connection.execute(self._statement, values).all()
        return self._form_for(connection, values).found(driver, values)

    def rows_each(self, connection: Connection, many: Sequence[Values]) -> Sequence[Any]:
        """The rows that it gives, run for each of ``many``, which are not empty: one for each, in their order.

        Elsewhere than on SQLite a statement that inserts keeps that order only where it returns its rows so
        (``sort_by_parameter_order``).
        """
        driver = _own_driver(connection)
        if driver is None:
            return connection.execute(self._statement, many).all()
        form = self._form_for(connection, many[0])
        return [row for values in many for row in form.found(driver, values)]

    def stream(self, connection: Connection, values: Values) -> Iterator[Any]:
        """As :meth:`rows`, one after another, for there may be very many."""
        driver = _own_driver(connection)
        if driver is None:
            yield from connection.execute(self._statement, values)
            return
        form = self._form_for(connection, values)
        try:
            for found in driver.execute(form.text, form.filled(values)):
                yield form.row(found)
        except sqlite3.Error as error:
            raise _told(form, error) from error

    def run(self, connection: Connection, values: Values) -> int:
        """Run it once; gives how many rows it has changed."""
        driver = _own_driver(connection)
        if driver is None:
            return connection.execute(self._statement, values).rowcount
        form = self._form_for(connection, values)
        try:
            return driver.execute(form.text, form.filled(values)).rowcount
        except sqlite3.Error as error:
            raise _told(form, error) from error

    def run_each(self, connection: Connection, many: Sequence[Values]) -> None:
        """Run it for each of ``many``, which are not empty."""
        driver = _own_driver(connection)
        if driver is None:
            connection.execute(self._statement, many)
            return
        form = self._form_for(connection, many[0])
        try:
            driver.executemany(form.text, map(form.filled, many))
        except sqlite3.Error as error:
            raise _told(form, error) from error

    def _form_for(self, connection: Connection, values: Values) -> "_Form":
        if self._form is None:
            self._form = _Form(self._statement, connection.dialect, values)
        return self._form


class _Form:
    """A statement as SQLite reads it, and the way from values to what fills it and from what is found to values."""

    def __init__(self, statement: Select[Any] | UpdateBase, dialect: Dialect, values: Iterable[str]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(values))
        if not isinstance(compiled, SQLCompiler):
            raise TypeError(f"{statement} is no statement of SQL")
        self.text = str(compiled)
        types = {name: gap.type.dialect_impl(dialect) for name, gap in compiled.binds.items()}
        processors: dict[str, _Processor] = {name: kind.bind_processor(dialect) for name, kind in types.items()}
        gaps = list(compiled.positiontup or ())
        self._pick = _picker(gaps)
        self._writings = [(index, process) for index, name in enumerate(gaps) if (process := processors[name])]
        self._constants = {name: value for name, value in compiled.params.items() if name not in set(values)}
        columns = list(statement.exported_columns)
        names = [str(column.key) for column in columns]
        row: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024 - its names come with the statement
        self._make: Callable[[Iterable[Any]], Any] = row._make
        readings = [_reading(column.type, dialect) for column in columns]
        self._readings = [(index, reading) for index, reading in enumerate(readings) if reading is not None]

    def found(self, driver: sqlite3.Connection, values: Values) -> list[Any]:
        """The rows that one run gives."""
        try:
            rows = driver.execute(self.text, self.filled(values)).fetchall()
        except sqlite3.Error as error:
            raise _told(self, error) from error
        return [self.row(row) for row in rows]

    def filled(self, values: Values) -> list[Any]:
        """What fills the gaps, in order."""
        if self._constants:
            values = {**self._constants, **values}
        filled = list(self._pick(values))
        for index, process in self._writings:
            filled[index] = process(filled[index])
        return filled

    def row(self, found: Iterable[Any]) -> Any:  # noqa: ANN401 - its attributes are the statement's columns
        """A row as it was found, with its values read."""
        if not self._readings:
            return self._make(found)
        values = list(found)
        for index, reading in self._readings:
            if values[index] is not None:
                values[index] = reading(values[index])
        return self._make(values)


def _picker(names: Sequence[str]) -> Callable[[Values], Iterable[Any]]:
    """What picks the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> _Processor:
    if isinstance(kind, TypeDecorator):
        # Without the function that the library puts around it: a large exercise has a million moments.
        return partial(kind.process_result_value, dialect=dialect)
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _own_driver(connection: Connection) -> sqlite3.Connection | None:
    driver: object = connection.connection.dbapi_connection
    return driver if isinstance(driver, sqlite3.Connection) else None


def _told(form: _Form, error: sqlite3.Error) -> BaseException:
    """The error as the library would have raised it; what stood in the statement is not told."""
    return DBAPIError.instance(form.text, None, error, sqlite3.Error)
