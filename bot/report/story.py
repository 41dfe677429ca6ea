"""The exercise in the order of time: phases, injects with each unit's answer, branches, stops, ENDEX. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median_low
from typing import assert_never

from bot.exercise.figures import latency
from bot.exercise.model import Cause, Delivery, ExerciseState, InjectRun, InjectState
from bot.exercise.timing import Stop, StopKind
from bot.report.names import short
from bot.report.pages import Line, Style, wrapped
from bot.report.standing import Standing, decisions, standing
from bot.report.telling import MARKS, WORDS, Telling

MOST_IN_FULL = 1_000
"""Deliveries up to which each unit's answer is told; of more, only those that went wrong are named."""
NAMED_IN_BRIEF = 3

_LAST = datetime.max.replace(tzinfo=UTC)
_TROUBLE = (Standing.LATE, Standing.MISSED, Standing.OPEN, Standing.FAILED, Standing.NOT_SENT, Standing.PENDING)


@dataclass(frozen=True, slots=True)
class _Entry:
    offset: timedelta
    at: datetime
    lines: list[Line]
    phase: str | None = None
    """The phase that it begins, if it is not the one under way."""


def story(telling: Telling, reports: Mapping[str, int]) -> list[Line]:
    """The timeline; ``reports`` counts those filed under each inject."""
    entries = sorted(_entries(telling, reports), key=lambda entry: (entry.offset, entry.at))
    if not entries:
        return []
    lines = [Line(), Line(telling.say("timeline"), Style.BOLD, heading=True)]
    lines += [Line(telling.say(f"legend.{number}"), Style.ITALIC) for number in range(1, 5)]
    phase: str | None = None
    day: str | None = None
    for entry in entries:
        # What never went out has no day.
        if entry.at is not _LAST and telling.date(entry.at) != day:
            if day is not None:
                lines += [Line(), Line(telling.date(entry.at), Style.ITALIC, heading=True)]
            day = telling.date(entry.at)
        if entry.phase and entry.phase != phase:
            phase = entry.phase
            lines += [Line(), Line(f"▌{phase_title(telling, phase)}", Style.BOLD, heading=True)]
        lines += entry.lines
    return lines


def _entries(telling: Telling, reports: Mapping[str, int]) -> Iterator[_Entry]:
    exercise, clock = telling.exercise, telling.exercise.clock
    in_full = sum(len(run.deliveries) for run in exercise.injects.values()) <= MOST_IN_FULL
    cut_off = []
    for run in exercise.injects.values():
        match run.state:
            case InjectState.ISSUED:
                at = run.due_at or exercise.created_at
                phase = None if run.inject.is_contingency else run.inject.phase
                lines = _issued(telling, run, at, in_full=in_full, reports=reports.get(run.id, 0))
                yield _Entry(clock.elapsed(at), at, lines, phase)
            case InjectState.SKIPPED if run.why == "endex" or clock.startex_at is None:
                cut_off.append(run.id)
            case InjectState.SKIPPED:
                yield _Entry(timedelta.max if run.at is None else run.at, _LAST, _left_out(telling, run))
            case InjectState.ASKED | InjectState.HELD:
                words = telling.say("gate_open", inject=run.id)
                yield _Entry(timedelta.max if run.at is None else run.at, _LAST, [Line(f"? {words}")])
            case InjectState.WAITING:
                pass
            case _:
                assert_never(run.state)
    for stop in clock.stops:
        yield _Entry(clock.elapsed(stop.began_at), stop.began_at, [_stopped(telling, stop)])
    if clock.startex_at and clock.endex_at:
        lines = [Line(), Line(f"{telling.moment(clock.endex_at)} · {_ending(telling)}", Style.BOLD)]
        if cut_off:
            lines += [Line(telling.say("cut_off"), heading=True), *wrapped("-", cut_off)]
        yield _Entry(timedelta.max, clock.endex_at, lines)


def _issued(telling: Telling, run: InjectRun, at: datetime, *, in_full: bool, reports: int) -> list[Line]:
    lines = [Line(f"{telling.moment(at)} · {run.id}", Style.BOLD, heading=True)]
    cause = cause_of(telling, run)
    if cause:
        lines.append(Line(f"↳ {cause}", heading=True))
    if in_full:
        gist = short(run.inject.text.in_language(telling.language), WORDS)
        lines.append(Line(gist, Style.ITALIC, heading=True))
        lines += _answers(telling, run)
    else:
        lines += _answers_in_brief(telling, run)
    for decision in decisions_of(telling, run):
        lines.append(Line(decision))
    for delivery in run.deliveries.values() if in_full else ():
        lines += [Line(line) for line in progress_of(telling, delivery, telling.labels[delivery.unit])]
    if reports:
        lines.append(Line(telling.say("reports", n=reports)))
    return lines


def _answers(telling: Telling, run: InjectRun) -> list[Line]:
    """Every unit with its time, those that went wrong last, where the eye rests."""
    by_standing: dict[Standing, list[str]] = {}
    for delivery in run.deliveries.values():
        how = standing(run, delivery, telling.exercise)
        words = f"{telling.labels[delivery.unit]} {telling.answer_time(run, delivery, how)}".rstrip()
        by_standing.setdefault(how, []).append(words)
    order = (Standing.INFORMED, Standing.IN_TIME, *_TROUBLE)
    return [line for how in order if how in by_standing for line in wrapped(MARKS[how], by_standing[how])]


def _answers_in_brief(telling: Telling, run: InjectRun) -> list[Line]:
    """How many answered and how fast, and the first few of those that went wrong."""
    exercise = telling.exercise
    standings = {unit: standing(run, delivery, exercise) for unit, delivery in run.deliveries.items()}
    numbers = Counter(standings.values())
    lines = []
    if numbers[Standing.INFORMED]:
        lines.append(Line(f"{MARKS[Standing.INFORMED]} {numbers[Standing.INFORMED]}"))
    taken = sorted(
        seconds
        for unit, delivery in run.deliveries.items()
        if standings[unit] is Standing.IN_TIME and (seconds := latency(delivery, exercise)) is not None
    )
    if taken:
        spread = telling.say("in_brief", median=telling.brief(median_low(taken)), worst=telling.brief(taken[-1]))
        lines.append(Line(f"{MARKS[Standing.IN_TIME]} {numbers[Standing.IN_TIME]} ({spread})"))
    for how in _TROUBLE:
        units = [telling.labels[unit] for unit, found in standings.items() if found is how]
        if units:
            rest = [telling.more(len(units) - NAMED_IN_BRIEF)] if len(units) > NAMED_IN_BRIEF else []
            lines.append(Line(f"{MARKS[how]} {len(units)}: " + ", ".join([*units[:NAMED_IN_BRIEF], *rest])))
    return lines


def decisions_of(telling: Telling, run: InjectRun, unit: str | None = None) -> list[str]:
    """How the decision of an inject went, without the name of ``unit`` where that is the reader."""
    lines: list[str] = []
    if run.inject.decision is None:
        return lines
    for decision in decisions(telling.exercise.evolve(injects={run.id: run})):
        delivery = decision.delivery
        if unit not in {None, delivery.unit}:
            continue
        who = "" if unit else f"{telling.labels[delivery.unit]}: "
        if delivery.choice and decision.taken_in is not None:
            mark = "⚠" if decision.late else "◆"
            took = telling.within(decision.taken_in, exact=decision.exact)
            words = f"{telling.option(run, delivery.choice.option)} · {took}"
        else:
            mark = "✗" if decision.silent else "○"
            words = telling.say("silent" if decision.silent else "awaited", span=telling.brief(decision.within))
        lines.append(f"{mark} {who}{words}")
    return lines


def progress_of(telling: Telling, delivery: Delivery, who: str = "") -> list[str]:
    """The steps that a unit marked, each with its time since sending."""
    lines = []
    for mark in delivery.progress:
        since = telling.exercise.clock.between(delivery.sent_at or mark.at, mark.at)
        words = f"{telling.word('progress', mark.step)} · {telling.within(since, exact=mark.exact)}"
        lines.append(f"▸ {who}: {words}" if who else f"▸ {words}")
    return lines


def cause_of(telling: Telling, run: InjectRun) -> str:
    """Why an inject was issued; empty where the script alone brought it."""
    match run.cause:
        case Cause.SCHEDULE:
            return ""
        case Cause.DIRECTOR:
            return telling.say("cause.director")
        case Cause.AD_HOC:
            return telling.say("cause.ad_hoc")
        case Cause.SILENCE:
            return telling.say("cause.silence", inject=run.because)
        case Cause.CHOICE:
            return telling.say("cause.choice", inject=run.because, option=_chosen(telling, run.because))
        case _:
            assert_never(run.cause)


def _chosen(telling: Telling, inject: str) -> str:
    run = telling.exercise.injects[inject]
    chosen = [telling.option(run, d.choice.option) for d in run.deliveries.values() if d.choice]
    return chosen[0] if chosen else ""


def _left_out(telling: Telling, run: InjectRun) -> list[Line]:
    why = telling.word("report.why", run.why) if run.why else ""
    planned = "" if run.at is None else f"{telling.offset(run.at)} · "
    words = telling.say("skipped_why", why=why) if why else telling.say("skipped")
    return [Line(f"- {planned}{run.id} {words}")]


def _stopped(telling: Telling, stop: Stop) -> Line:
    span = telling.span(stop.ended_at - stop.began_at) if stop.ended_at else telling.say("lasts")
    mark = "⏸" if stop.kind is StopKind.PAUSE else "■"
    words = telling.say(f"stop.{stop.kind}", span=span)
    why = f": {short(stop.why, WORDS)}" if stop.why else ""
    return Line(f"{mark} {telling.moment(stop.began_at)} · {words}{why}")


def _ending(telling: Telling) -> str:
    return telling.say("aborted") if telling.exercise.state is ExerciseState.ABORTED else "ENDEX"


def phase_title(telling: Telling, phase: str) -> str:
    """What a phase is called."""
    phases = telling.exercise.scenario.phases
    title = next((part.title.in_language(telling.language) for part in phases if part.id == phase), phase)
    return short(title, WORDS)
