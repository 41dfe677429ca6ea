"""`geladi export --verify`: of an exercise in the database, or of a record in a file."""

from collections.abc import Iterator
from pathlib import Path

import orjson

from bot.report.record import record
from bot.report.verifying import report, verify
from bot.report.written import NotARecordError, Written, read_record
from bot.store import exercises, log
from bot.store.transaction import Transaction


def file_verified(path: Path, seal: str | None) -> tuple[bool, Iterator[str]]:
    """Whether the record in a file is whole, and what was found, line by line.

    Raises:
        OSError: the file cannot be read.
        NotARecordError: it holds no record.
    """
    return _verified(read_record(path.read_bytes()), seal)


def exercise_verified(tx: Transaction, number: int, seal: str | None) -> tuple[bool, Iterator[str]] | None:
    """The same of an exercise in the database; ``None`` where there is no such exercise."""
    entries, strange = log.readable(tx, number)
    exercise = exercises.get(tx, number)
    if exercise is None:
        return None
    document = orjson.loads(orjson.dumps(record(exercise, entries, {})))
    # The end that the writer keeps beside the log, and not the one that the log now has.
    head = log.kept_head(tx, number)
    document["seal"].update(entries=head.seq if head else 0, head=head.hash if head else "")
    return _verified(Written(number, document, entries, strange), seal)


def _verified(written: Written, seal: str | None) -> tuple[bool, Iterator[str]]:
    verdict = verify(written, seal)
    return not verdict.problems, report(verdict)


__all__ = ["NotARecordError", "exercise_verified", "file_verified"]
