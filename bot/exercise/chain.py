"""The chain of a log, examined: every entry that was changed, taken out, moved or put in twice is named. Pure.

Each entry is held against the hash of the one before it by number, so that one entry meddled with is named alone and
not with all that follow. Who changes an entry and seals it anew breaks the next one; who seals anew all that follow
changes the head, which the seal printed in the control room shows.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.exercise.facts import LogEntry
from bot.exercise.sealing import FIRST, seals


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the entries ``first`` to ``last`` of a log."""

    first: int
    last: int
    words: str

    def __str__(self) -> str:
        """As a person reads it."""
        which = f"entry {self.first}" if self.first == self.last else f"entries {self.first} to {self.last}"
        return f"{which}: {self.words}"


def faults(exercise: int, entries: Sequence[LogEntry], strange: Collection[int] = ()) -> list[Fault]:
    """Everything that is wrong with the log of an exercise, by number.

    Args:
        exercise: its number, which each hash is over too.
        entries: in the order in which they stand.
        strange: the numbers of those that could not be read at all.
    """
    found = [Fault(seq, seq, "holds something that Geladi never writes") for seq in strange]
    found += _missing({entry.seq for entry in entries} | set(strange))
    found += _order(entries)
    found += _altered(exercise, entries)
    return sorted(found, key=lambda fault: (fault.first, fault.last))


def _missing(present: Collection[int]) -> Iterator[Fault]:
    expected = 1
    for seq in sorted(present):
        if seq > expected:
            yield Fault(expected, seq - 1, "missing")
        expected = seq + 1


def _order(entries: Sequence[LogEntry]) -> Iterator[Fault]:
    seen: set[int] = set()
    last = 0
    for entry in entries:
        if entry.seq in seen:
            yield Fault(entry.seq, entry.seq, "stands there more than once")
        elif entry.seq < last:
            yield Fault(entry.seq, entry.seq, f"out of order, after entry {last}")
        seen.add(entry.seq)
        last = max(last, entry.seq)


def _altered(exercise: int, entries: Sequence[LogEntry]) -> Iterator[Fault]:
    hashes = {entry.seq: entry.hash for entry in entries} | {0: FIRST}
    for entry in entries:
        previous = hashes.get(entry.seq - 1)
        # After a gap there is nothing to hold it against; the gap is named already.
        if previous is not None and not seals(exercise, entry, previous):
            yield Fault(entry.seq, entry.seq, "is not what was written")
