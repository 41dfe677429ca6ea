"""The first screen of the summary: what it was, how it went, what went wrong, each unit, each decision. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import chain, islice

from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.figures import Figures, latency, outcome
from bot.exercise.hot_wash import hot_wash_in
from bot.exercise.improving import actions_in
from bot.exercise.model import Delivery, ExerciseState, InjectRun
from bot.exercise.timing import StopKind
from bot.report.names import columns, padded, short, unit_labels
from bot.report.pages import Line, Style, wrapped
from bot.report.standing import (
    DecisionStanding,
    Standing,
    decisions,
    delivered,
    delivered_to,
    situation_at,
    standing,
    unsure,
)
from bot.report.telling import MARKS, WORDS, Telling
from bot.texts.times import decimal

TABLE_COLUMNS = 34
MOST_EXCEPTIONS = 20
MOST_ROWS = 40
MOST_DECISIONS = 20


def head(telling: Telling) -> list[Line]:
    """What was exercised, when, and for how long."""
    exercise = telling.exercise
    title = exercise.scenario.title.in_language(telling.language)
    return [
        Line(telling.say("title", number=exercise.number), Style.BOLD),
        Line(short(exercise.name, WORDS), Style.BOLD),
        Line(telling.say("scenario", title=short(title, WORDS))),
        *_when(telling),
    ]


def result(telling: Telling, numbers: Figures, unit: str | None = None) -> list[Line]:
    """The answers of one unit, or of all, with their ``numbers``, in one line, and what stands beside it."""
    if not numbers.asked:
        return [Line(), Line(telling.say("nothing_asked"), Style.BOLD)]
    in_time = numbers.acknowledged - numbers.late
    lines = [
        Line(),
        Line(telling.say("result", in_time=in_time, asked=numbers.asked), Style.BOLD),
        Line(telling.say("result_rest", late=numbers.late, missed=numbers.missed, open=numbers.open)),
    ]
    median = telling.bound(numbers.median_seconds, at_least=numbers.median_at_least)
    p90 = telling.bound(numbers.p90_seconds, at_least=numbers.p90_at_least)
    if median and p90:
        lines.append(Line(telling.say("times", median=median, p90=p90)))
    return [*lines, *_slowest(telling, unit)]


def decision_result(asked: list[DecisionStanding], telling: Telling) -> list[Line]:
    """How many decisions were taken, and how many were not."""
    if not asked:
        return []
    taken = sum(decision.delivery.choice is not None for decision in asked)
    silent = sum(decision.silent for decision in asked)
    return [Line(telling.say("decisions_result", taken=taken, silent=silent))]


def observed(telling: Telling, log: Sequence[LogEntry]) -> list[Line]:
    """How many notes and ratings there are, if any; they are read in the record."""
    kinds = Counter(entry.fact.kind for entry in log)
    notes, ratings = kinds[FactKind.NOTED], kinds[FactKind.RATED]
    return [Line(telling.say("observed", notes=notes, ratings=ratings))] if notes or ratings else []


def after_endex(telling: Telling, log: Sequence[LogEntry]) -> list[Line]:
    """How many units answered the hot wash, their mean rating, and how many corrective actions there are, if any."""
    facts = [entry.fact for entry in log]
    wash, actions = hot_wash_in(facts), actions_in(facts)
    words = []
    # At ENDEX nobody can have answered yet.
    if wash is not None and (wash.heard or wash.closed):
        words.append(telling.say("hot_wash", heard=len(wash.heard), asked=len(wash.units)))
        if wash.mean is not None:
            words.append(telling.say("hot_wash_mean", mean=decimal(wash.mean, telling.language)))
    if actions:
        words.append(telling.say("actions_count", number=len(actions)))
    return [Line(word) for word in words]


def exceptions(telling: Telling) -> list[Line]:
    """What went wrong: unanswered, undecided, late, and what did not arrive."""
    exercise = telling.exercise
    missed: list[tuple[InjectRun, Delivery]] = []
    late: list[tuple[timedelta, InjectRun, Delivery]] = []
    not_arrived: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for run, delivery in delivered(exercise):
        how = standing(run, delivery, exercise)
        if how is Standing.MISSED:
            missed.append((run, delivery))
        elif how is Standing.LATE and run.inject.acknowledge:
            over = (latency(delivery, exercise) or timedelta()) - run.inject.acknowledge.within
            late.append((over, run, delivery))
        elif how in {Standing.FAILED, Standing.NOT_SENT}:
            not_arrived[how, delivery.unit].append(delivery)
        if unsure(delivery):
            not_arrived["unsure", delivery.unit].append(delivery)
    undecided = [decision for decision in decisions(exercise) if decision.silent]
    late.sort(key=lambda found: found[0], reverse=True)
    # Of a large exercise there may be a hundred thousand: only those that are shown are put into words.
    found = chain(
        (_exception(telling, run, delivery, Standing.MISSED) for run, delivery in missed),
        (
            telling.say("undecided", inject=decision.run.id, unit=telling.labels[decision.delivery.unit])
            for decision in undecided
        ),
        (_late(telling, *one) for one in late),
        (_not_arrived(telling, how, unit, deliveries) for (how, unit), deliveries in not_arrived.items()),
    )
    number = len(missed) + len(undecided) + len(late) + len(not_arrived)
    lines = [Line(), Line(telling.say("exceptions"), Style.BOLD, heading=True)]
    lines += [Line(words) for words in islice(found, MOST_EXCEPTIONS)] or [Line(telling.say("none"))]
    return [*lines, *_rest(telling, number - MOST_EXCEPTIONS), *_answered_by_nobody(telling)]


def _answered_by_nobody(telling: Telling) -> list[Line]:
    """The injects that asked for an acknowledgement and got none from any unit."""
    exercise = telling.exercise
    ids = [
        run.id
        for run in exercise.injects.values()
        if not any(delivery.acknowledged for delivery in run.deliveries.values())
        and any(outcome(run, delivery, exercise) for delivery in run.deliveries.values())
    ]
    if not ids:
        return []
    rest = [telling.more(len(ids) - MOST_EXCEPTIONS)] if len(ids) > MOST_EXCEPTIONS else []
    return [Line(telling.say("nobody"), heading=True), *wrapped("✗", [*ids[:MOST_EXCEPTIONS], *rest])]


def table(telling: Telling, by_unit: Mapping[str, Figures]) -> list[Line]:
    """Each unit's counts and median, in a block of fixed width; of many units, those with most to mend."""
    units = list(by_unit.items())
    left_out = len(units) - MOST_ROWS
    if left_out > 0:
        units.sort(key=lambda pair: (-pair[1].missed, -pair[1].late, -(pair[1].median_seconds or 0)))
        units = units[:MOST_ROWS]
    header = tuple(telling.say(f"column.{column}") for column in ("asked", "in_time", "late", "missed", "median"))
    rows = [header, *(_cells(numbers) for _, numbers in units)]
    widths = [1 + max(columns(row[index]) for row in rows) for index in range(len(header))]
    room = TABLE_COLUMNS - sum(widths)
    labels = unit_labels(telling.exercise.scenario, telling.language, room)
    names = [telling.say("column.unit"), *(labels[unit] for unit, _ in units)]
    lines = [Line(), Line(telling.say("units"), Style.BOLD, heading=True)]
    for name, row in zip(names, rows, strict=True):
        cells = "".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(Line(padded(name, room) + cells, Style.TABLE, heading=row is header))
    lines.append(Line(telling.say("columns"), Style.ITALIC))
    return [*lines, *_rest(telling, left_out)]


def decision_log(asked: list[DecisionStanding], telling: Telling) -> list[Line]:
    """Each decision: when, by which post and person, what was offered, chosen and why, and what it set off."""
    if not asked:
        return []
    lines = [Line(), Line(telling.say("decisions"), Style.BOLD, heading=True)]
    for decision in asked[:MOST_DECISIONS]:
        lines += _decision(decision, telling)
    return [*lines, *_rest(telling, len(asked) - MOST_DECISIONS)]


def _slowest(telling: Telling, unit: str | None) -> list[Line]:
    timed = [
        (taken, run, delivery)
        for run, delivery in (delivered_to(telling.exercise, unit) if unit else delivered(telling.exercise))
        if (taken := latency(delivery, telling.exercise)) is not None
    ]
    if not timed:
        return []
    taken, run, delivery = max(timed, key=lambda found: found[0])
    what = run.id if unit else f"{run.id} {telling.labels[delivery.unit]}"
    return [Line(telling.say("slowest", span=telling.brief(taken), what=what))]


def _when(telling: Telling) -> list[Line]:
    exercise, clock = telling.exercise, telling.exercise.clock
    state = Line(telling.word("state", exercise.state))
    if clock.startex_at is None:
        return [state]
    lines = [Line(telling.date(clock.startex_at))]
    zone = telling.zone(clock.startex_at)
    if clock.endex_at is None:
        lines += [Line(telling.say("since", start=telling.clock(clock.startex_at), zone=zone)), state]
    else:
        start, end = telling.clock(clock.startex_at), telling.clock(clock.endex_at)
        if telling.date(clock.endex_at) != telling.date(clock.startex_at):
            end = f"{end} ({telling.date(clock.endex_at)})"
        lines += [
            Line(telling.say("period", start=start, end=end, zone=zone)),
            Line(telling.say("duration", span=telling.span(clock.elapsed(clock.endex_at)))),
        ]
        lines += [state] if exercise.state is ExerciseState.ABORTED else []
    return [*lines, *_stopped(telling)]


def _stopped(telling: Telling) -> list[Line]:
    """How long the exercise stood still, a line for each kind; none while it does, for that is not over."""
    clock = telling.exercise.clock
    if clock.stopped or not clock.stops:
        return []
    until = max(stop.ended_at or stop.began_at for stop in clock.stops)
    lines = []
    for kind in StopKind:
        number = sum(stop.kind is kind for stop in clock.stops)
        if number:
            span = telling.span(clock.stood_still(until, kind))
            lines.append(Line(telling.say(f"stopped.{kind}", n=number, span=span)))
    return lines


def _exception(telling: Telling, run: InjectRun, delivery: Delivery, how: Standing) -> str:
    return f"{MARKS[how]} {run.id} {telling.labels[delivery.unit]} {telling.answer_time(run, delivery, how)}"


def _late(telling: Telling, over: timedelta, run: InjectRun, delivery: Delivery) -> str:
    words = _exception(telling, run, delivery, Standing.LATE)
    if latency(delivery, telling.exercise) is None:
        return words
    return f"{words} ({telling.say('over', span=telling.brief(over))})"


def _not_arrived(telling: Telling, how: str, unit: str, found: list[Delivery]) -> str:
    ids = ", ".join(delivery.inject for delivery in found[:4])
    if len(found) > 4:
        ids = f"{ids}, {telling.more(len(found) - 4)}"
    why = telling.word("report.why", found[0].why) if found[0].why and how != "unsure" else ""
    words = telling.say(f"not_arrived.{how}", unit=telling.labels[unit], injects=ids)
    return f"{words} ({why})" if why else words


def _cells(numbers: Figures) -> tuple[str, ...]:
    least = "≥" if numbers.median_at_least else ""
    median = "-" if numbers.median_seconds is None else f"{least}{numbers.median_seconds:.0f}"
    in_time = numbers.acknowledged - numbers.late
    return (*(str(number) for number in (numbers.asked, in_time, numbers.late, numbers.missed)), median)


def _decision(decision: DecisionStanding, telling: Telling) -> list[Line]:
    run, delivery = decision.run, decision.delivery
    unit = telling.exercise.scenario.units[delivery.unit]
    post = short(unit.leader.in_language(telling.language), 40) if unit.leader else ""
    choice = delivery.choice
    who = ", ".join(part for part in (post, short(choice.by.name, 32) if choice else "") if part)
    label = telling.labels[delivery.unit]
    lines = [
        Line(f"{run.id} · {telling.moment(decision.at)}", Style.BOLD, heading=True),
        Line(f"{label} ({who})" if who else label, heading=True),
    ]
    if choice and decision.taken_in is not None:
        mark = "⚠" if decision.late else "◆"
        took = telling.within(decision.taken_in, exact=choice.exact)
        lines.append(Line(f"{mark} {telling.option(run, choice.option)} · {took}"))
        if choice.reason:
            lines.append(Line(telling.say("reason", reason=short(choice.reason, 200))))
    else:
        mark, key = ("✗", "silent") if decision.silent else ("○", "awaited")
        lines.append(Line(f"{mark} {telling.say(key, span=telling.brief(decision.within))}"))
    situation = situation_at(telling.exercise, decision.at)
    if situation:
        lines.append(Line(telling.say("situation", situation=telling.word("situation", situation))))
    options = run.inject.decision.options if run.inject.decision else ()
    offered = [telling.option(run, option.id) for option in options]
    lines += [Line(telling.say("offered", options=" / ".join(offered)), Style.ITALIC)]
    fired = [other.id for other in telling.exercise.injects.values() if other.because == run.id]
    return [*lines, *wrapped("↳", fired)]


def _rest(telling: Telling, left_out: int) -> list[Line]:
    return [Line(telling.more(left_out))] if left_out > 0 else []
