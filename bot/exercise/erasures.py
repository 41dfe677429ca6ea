"""What a log tells of its own erasures, and whether what stands in the place of the erased was put there by them. Pure.

The seal of an erased entry does not cover what stands in it now; the entry of the kind ``erased`` that follows does,
with a hash over all such entries, and is itself sealed. Each later erasure counts for those before it too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.sealing import remains


@dataclass(frozen=True, slots=True)
class FormerSeal:
    """A seal that the log bore until an erasure sealed it anew (in ``until``): that of its entry ``entries``."""

    entries: int
    head: str
    until: int


def erasures_in(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """The entries that say that something was erased."""
    return [entry for entry in entries if entry.fact.kind is FactKind.ERASED]


def former_seals(entries: Sequence[LogEntry]) -> Iterator[FormerSeal]:
    """The seals of which an erasure says that the log bore them before."""
    for entry in erasures_in(entries):
        listed = entry.fact.detail.get("former_seals")
        for each in listed if isinstance(listed, list) else ():
            if isinstance(each, dict) and isinstance(each.get("entries"), int):
                yield FormerSeal(each["entries"], str(each.get("head")), entry.seq)


def troubles(entries: Sequence[LogEntry]) -> Iterator[str]:
    """Everything that is wrong with what was erased, in words."""
    told = erasures_in(entries)
    gone = [entry.seq for entry in entries if entry.commitment]
    if gone and not told:
        yield f"entry {gone[0]}: was erased, and no entry says so"
    elif told and told[-1].fact.detail.get("remains") != remains(entries):
        yield f"what was erased does not read as the erasure of entry {told[-1].seq} left it"
    for entry in told:
        listed = entry.fact.detail.get("former_faults")
        for fault in listed if isinstance(listed, list) else ():
            yield f"before the erasure of entry {entry.seq} sealed the log anew: {fault}"
