"""A record verified: its chain, its seals, and whether it says what its log says. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.exercise.chain import Fault, faults
from bot.exercise.erasures import erasures_in, former_seals, troubles
from bot.exercise.facts import FactKind, LogEntry
from bot.report.agreement import disagreements
from bot.report.seals import Seal, closing, latest
from bot.report.written import Written

_ENDS = {"ended": FactKind.ENDEX, "aborted": FactKind.ABORTED}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. ``problems`` names all that is wrong, each in words; nothing is where it is empty."""

    exercise: int
    latest: Seal
    closing: Seal | None
    anchor: int | None
    """The entry that bears the seal that was brought along."""
    problems: Sequence[str]
    erasures: Sequence[LogEntry] = ()
    """The entries that say what was erased."""
    erased: int = 0
    """How many entries have lost something."""
    until: int | None = None
    """The erasure that sealed the log anew, where the seal that was brought along is one from before."""


def verify(written: Written, seal: str | None = None) -> Verdict:
    """Examine a record; ``seal`` is a head that was printed or written down elsewhere, in any case."""
    entries = written.entries
    anchor = None
    problems = [str(fault) for fault in faults(written.exercise, entries, written.strange)]
    problems += troubles(entries)
    problems += _own_seal(written)
    problems += _end(written.document, entries)
    until = None
    if seal is not None:
        wanted = seal.strip().lower()
        anchor = next((entry.seq for entry in entries if entry.hash == wanted), None)
        former = next((each for each in former_seals(entries) if each.head == wanted), None)
        if anchor is None and former is not None:
            anchor, until = former.entries, former.until
        if anchor is None:
            problems.append(f"no entry bears the seal {seal}: the log was cut off before it, or written anew")
    problems += disagreements(written.document, entries)
    erased = sum(bool(entry.commitment) for entry in entries)
    told = erasures_in(entries)
    return Verdict(written.exercise, latest(entries), closing(entries), anchor, problems, told, erased, until)


def _own_seal(written: Written) -> Iterator[str]:
    stated = written.document.get("seal")
    if not isinstance(stated, Mapping):
        yield "the record has no seal"
        return
    now, closed = latest(written.entries), closing(written.entries)
    last = max([now.entries, *written.strange])
    counted = stated.get("entries")
    if isinstance(counted, int) and counted > last:
        yield str(Fault(last + 1, counted, "missing at the end"))
    elif stated.get("head") != now.head:
        yield f"the record's seal is not that of its last entry, {now.entries}"
    if "closing" in stated and stated["closing"] != (asdict(closed) if closed else None):
        yield "the record's closing seal is not that of its summary's entry"


def _end(document: Mapping[str, Any], entries: Sequence[LogEntry]) -> Iterator[str]:
    exercise = document.get("exercise")
    state = exercise.get("state") if isinstance(exercise, Mapping) else None
    kind = _ENDS.get(str(state))
    if kind is not None and not any(entry.fact.kind is kind for entry in entries):
        yield f"the exercise is {state}, and the log does not say so: its end is missing"


def report(verdict: Verdict) -> Iterator[str]:
    """The verdict in lines: what was found, what is wrong, and what nobody can see from the record alone."""
    last = verdict.latest
    yield f"exercise {verdict.exercise}: the log ends with entry {last.entries}, seal {last.head or '-'}"
    if verdict.closing is not None:
        after = last.entries - verdict.closing.entries
        more = f"; {after} after it continue the chain" if after else ""
        yield f"the summary was ordered in entry {verdict.closing.entries}, seal {verdict.closing.head}{more}"
    yield from map(_erasure, verdict.erasures)
    if verdict.erased:
        yield f"erased in part: {verdict.erased} entries; their seals hold, without telling what stood there"
    yield from (f"PROBLEM: {problem}" for problem in verdict.problems)
    if not verdict.problems:
        rest = " or what an erasure left of it" if verdict.erased else ""
        yield f"whole: every entry is what was written{rest}, and the record says what its log says"
    if verdict.until is not None:
        yield (
            f"the seal given was that of entry {verdict.anchor} until the erasure of entry {verdict.until} sealed the "
            "log anew: older seals have names in them. Only a copy from before would show what it was over."
        )
    elif verdict.anchor is not None:
        yield f"the seal given is that of entry {verdict.anchor}: up to there nothing was cut off or written anew"
    elif not verdict.problems:
        yield (
            "Not shown by this: whether the end was cut off or the whole was written anew. Compare the seal with "
            "the one in the control room's summary, or give that one with --seal."
        )
    yield "Not sealed, and not looked at: names, medians, and what was never in the log."


def _erasure(entry: LogEntry) -> str:
    detail = entry.fact.detail
    who = "everybody" if detail.get("everyone") else "one person"
    removed = detail.get("removed")
    kinds = ", ".join(f"{kind} {number}" for kind, number in removed.items()) if isinstance(removed, Mapping) else ""
    at = entry.fact.at.isoformat(timespec="seconds")
    return f"entry {entry.seq} says that {who} was erased ({detail.get('by')}, {at}): {kinds or 'nothing'}"
