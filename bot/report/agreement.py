"""Whether a record says of its deliveries and reports what its log says, and counts them right. Pure.

The log alone is sealed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.exercise.facts import FactKind, LogEntry
from bot.report.record import read_from
from bot.report.shown import moment, person_shown

_LATER = frozenset({"hot_wash", "actions"})
"""Parts that records have not always had."""
_TURNS = {"startex_at": {FactKind.STARTEX}, "endex_at": {FactKind.ENDEX, FactKind.ABORTED}}


def disagreements(document: Mapping[str, Any], entries: Sequence[LogEntry]) -> Iterator[str]:
    """Each place where the record says something else than its log, in words.

    Looked at: when the exercise began and ended, what was sent, acknowledged, reported and decided, by whom and when,
    and whether the figures count the deliveries as they are.
    """
    try:
        yield from _turns(document["exercise"], entries)
        yield from _deliveries(document["deliveries"], entries)
        yield from _parts(document, entries)
        yield from _counts(document)
    except (KeyError, TypeError, AttributeError):
        yield "exercise, deliveries or reports: not as Geladi writes them"


def _parts(document: Mapping[str, Any], entries: Sequence[LogEntry]) -> Iterator[str]:
    for part, told in read_from(entries).items():
        # A record that was written before there was such a part lacks it, and its log tells nothing of it.
        from_before = part in _LATER and part not in document and not told
        if not from_before and document[part] != told:
            yield f"{part}: not those of the log"


def _counts(document: Mapping[str, Any]) -> Iterator[str]:
    """Where the figures count other than the deliveries have it."""
    outcomes = [(delivery["unit"], delivery.get("outcome")) for delivery in document["deliveries"]]
    # A record that was written before deliveries had their outcome cannot be counted.
    if not any(outcome for _, outcome in outcomes):
        return
    by_unit = {unit["id"]: Counter[str]() for unit in document["units"]}
    for unit, outcome in outcomes:
        if outcome is not None:
            by_unit[unit][outcome] += 1
    figures = document["figures"]
    yield from _miscounted("of all units", figures["overall"], sum(by_unit.values(), Counter[str]()))
    for unit, found in by_unit.items():
        yield from _miscounted(f"of {unit}", figures["units"][unit], found)


def _miscounted(whose: str, figures: Mapping[str, Any], found: Mapping[str, int]) -> Iterator[str]:
    late, missed, still_open = (found.get(outcome, 0) for outcome in ("late", "missed", "open"))
    acknowledged = found.get("in_time", 0) + late
    counted = {
        "asked": acknowledged + missed + still_open,
        "acknowledged": acknowledged,
        "late": late,
        "missed": missed,
        "open": still_open,
    }
    for name, number in counted.items():
        if figures[name] != number:
            yield f"figures {whose}, {name}: {figures[name]}, where the deliveries have {number}"


def _turns(exercise: Mapping[str, Any], entries: Sequence[LogEntry]) -> Iterator[str]:
    for name, kinds in _TURNS.items():
        logged = next((moment(entry.fact.at) for entry in entries if entry.fact.kind in kinds), None)
        if exercise[name] != logged:
            yield f"exercise, {name}: {_shown(exercise[name])}, where the log has {_shown(logged)}"


def _deliveries(deliveries: Sequence[Mapping[str, Any]], entries: Sequence[LogEntry]) -> Iterator[str]:
    logged = _logged(entries)
    written = {(delivery["inject"], delivery["unit"]): delivery for delivery in deliveries}
    if len(written) != len(deliveries):
        yield "deliveries: one of them stands there more than once"
    for (inject, unit), whole in written.items():
        expected = logged.get((inject, unit))
        if expected is None:
            yield f"delivery of {inject} to {unit}: the log has none"
            continue
        delivery = _with_bounds(whole)
        for name, value in expected.items():
            if delivery[name] != value:
                words = f"{_shown(delivery[name])}, where the log has {_shown(value)}"
                yield f"delivery of {inject} to {unit}, {name}: {words}"
    for inject, unit in sorted(logged.keys() - written.keys()):
        yield f"delivery of {inject} to {unit}: missing"


def _with_bounds(delivery: Mapping[str, Any]) -> Mapping[str, Any]:
    """A delivery with what records have not always said: whether steps and decisions are exact. All were taken so."""
    marks = [{"exact": True, **mark} for mark in delivery["progress"]]
    exact = None if delivery["option"] is None else True
    return {"option_exact": exact, **delivery, "progress": marks}


def _logged(entries: Sequence[LogEntry]) -> dict[tuple[str, str], dict[str, Any]]:
    """What the log says of each delivery, under the record's names."""
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        fact = entry.fact
        if fact.kind is FactKind.ISSUED:
            units = fact.detail.get("units")
            for unit in units if isinstance(units, list) else ():
                known.setdefault((str(fact.inject), str(unit)), _untouched())
        elif fact.kind is FactKind.HELD:
            # What had been issued and not sent was called back: it has those deliveries alone that still stand.
            kept = fact.detail.get("kept")
            units = kept if isinstance(kept, list) else ()
            known = {key: delivery for key, delivery in known.items() if key[0] != fact.inject or key[1] in units}
        delivery = known.get((str(fact.inject), str(fact.unit)))
        if delivery is None:
            continue
        at, by = moment(fact.at), person_shown(fact.actor)
        if fact.kind in {FactKind.SENT, FactKind.UNCERTAIN} and delivery["sent_at"] is None:
            delivery["sent_at"] = at
        if fact.kind is FactKind.ACKNOWLEDGED:
            exact = fact.detail.get("exact")
            delivery.update(acknowledged_at=at, acknowledged_by=by, acknowledged_exact=exact)
        elif fact.kind is FactKind.PROGRESSED:
            delivery["progress"].append({"step": fact.detail.get("step"), "at": at, "exact": fact.exact, "by": by})
        elif fact.kind is FactKind.DECIDED:
            option, reason = fact.detail.get("option"), fact.detail.get("reason")
            delivery.update(option=option, option_at=at, option_exact=fact.exact, option_by=by, reason=reason)
    return known


_FIELDS = (
    "sent_at",
    "acknowledged_at",
    "acknowledged_by",
    "acknowledged_exact",
    "option",
    "option_at",
    "option_exact",
    "option_by",
    "reason",
)


def _untouched() -> dict[str, Any]:
    return {"progress": [], **dict.fromkeys(_FIELDS)}


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
