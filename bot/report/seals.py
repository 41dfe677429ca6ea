"""The seal of a record: how many entries its log had at a moment, and the hash of the last of them. Pure.

Whoever has a seal from elsewhere, such as the one printed in the control room at the end, can tell whether the log
was cut off or written anew since. The log may go on after its summary (a refused press is a fact too), so the seal
that is printed is the one of the closing entry; what comes after it continues the same chain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.exercise.facts import FactKind, LogEntry


@dataclass(frozen=True, slots=True)
class Seal:
    """Where a log ended: ``entries`` is the number of its last one, ``head`` that one's hash; 0 and empty for none."""

    entries: int
    head: str


def latest(entries: Sequence[LogEntry]) -> Seal:
    """The seal of the log as it stands."""
    last = max(entries, key=lambda entry: entry.seq, default=None)
    return Seal(last.seq, last.hash) if last else Seal(0, "")


def closing(entries: Sequence[LogEntry]) -> Seal | None:
    """The seal of the entry that closed the exercise, with its summary; ``None`` while it has none."""
    closed = next((entry for entry in entries if entry.fact.kind is FactKind.SUMMARISED), None)
    return Seal(closed.seq, closed.hash) if closed else None


def printed(entries: Sequence[LogEntry]) -> Seal:
    """The seal that a summary shows: the closing one, once there is one."""
    return closing(entries) or latest(entries)
