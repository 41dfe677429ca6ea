"""Each entry of the log in one line, in the record's language. Pure."""

from collections.abc import Collection
from datetime import timedelta

from bot.exercise.facts import Fact, FactKind, LogEntry
from bot.exercise.figures import latency
from bot.exercise.model import Exercise
from bot.exercise.people import SYSTEM
from bot.texts.catalogue import find, say
from bot.texts.times import clock_time, exercise_time, span
from bot.wire.rendering.html import one_line
from bot.wire.rendering.words import option_name, situation_name, step_name, taken, unit_name

_LONGEST = 300
"""UTF-16 units of what somebody wrote."""
_LONGEST_SPAN = 1e9
"""Seconds."""


def line_of(entry: LogEntry, exercise: Exercise, late: Collection[tuple[str, str]] = ()) -> str:
    """What happened, after the wall clock of that day and the exercise clock; ``exercise`` is as it stood after it."""
    fact, language = entry.fact, exercise.language
    parts = [
        clock_time(fact.at, exercise.timezone, language),
        exercise_time(timedelta(seconds=min(max(entry.exercise_seconds, 0.0), _LONGEST_SPAN)), language),
        fact.inject or "",
        unit_name(exercise, fact.unit, language) if fact.unit else "",
        what_of(fact, exercise),
        fact.actor.name if fact.actor and fact.actor != SYSTEM else "",
    ]
    if fact.kind is FactKind.ACKNOWLEDGED and (fact.inject, fact.unit) in late:
        parts.append(say(language, "inject.late"))
    return " · ".join(one_line(part, _LONGEST) for part in parts if part)


def what_of(fact: Fact, exercise: Exercise) -> str:
    """What happened, in words; neither when nor to whom."""
    detail = _detail(exercise, fact)
    kind = say(exercise.language, f"replay.fact.{fact.kind}")
    return f"{kind}: {one_line(detail, _LONGEST)}" if detail else kind


def _detail(exercise: Exercise, fact: Fact) -> str:  # noqa: PLR0911 - one short arm for each kind that has more to tell
    language, told = exercise.language, fact.detail
    words = str(told.get("text") or told.get("why") or "")
    run = exercise.injects.get(fact.inject or "")
    delivery = run.deliveries.get(fact.unit or "") if run else None
    match fact.kind:
        case FactKind.ACKNOWLEDGED if delivery is not None:
            time = latency(delivery, exercise)
            bound = "" if told.get("exact") is not False else "≤"
            return "" if time is None else bound + taken(time, language)
        case FactKind.PROGRESSED:
            return step_name(str(told.get("step", "")), language)
        case FactKind.DECIDED if run is not None:
            option = option_name(run, str(told.get("option", "")), language)
            reason = str(told.get("reason") or "")
            return f"{option} ({one_line(reason, _LONGEST)})" if reason else option
        case FactKind.SKIPPED:
            return find(language, f"report.why.{words}") or words
        case FactKind.PHASE:
            return _phase(exercise, str(told.get("phase", "")))
        case FactKind.SITUATION:
            return situation_name(str(told.get("situation", "")), language)
        case FactKind.RATED | FactKind.HOT_WASH_RATED:
            return " ".join(part for part in (str(told.get("rating", "")), words) if part)
        case FactKind.DELAYED | FactKind.RELEASED:
            return _span(exercise, told.get("seconds"))
        case FactKind.ROLE_GIVEN | FactKind.ROLE_TAKEN | FactKind.LEADER_APPOINTED | FactKind.LEADER_REMOVED:
            return str(told.get("name", ""))
        case FactKind.REPORTED | FactKind.CORRECTED | FactKind.REPORT_GREW:
            kind = find(language, f"report_kind.{told.get('kind')}") or ""
            return " · ".join(part for part in (kind, words) if part)
        case _:
            return words


def _phase(exercise: Exercise, phase: str) -> str:
    titles = {part.id: part.title.in_language(exercise.language) for part in exercise.scenario.phases}
    return titles.get(phase, phase)


def _span(exercise: Exercise, seconds: object) -> str:
    if not isinstance(seconds, int | float) or not 0 < seconds < _LONGEST_SPAN:
        return ""
    return span(timedelta(seconds=seconds), exercise.language)
