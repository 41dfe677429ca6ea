"""The tables of the report: one model for every form of it, so that no two disagree. Pure.

Words are in the report's language already; numbers, moments and durations keep their types, so that a spreadsheet can
reckon with them and a page can set them.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from bot.exercise.evidence import missing_evidence
from bot.exercise.figures import Figures
from bot.exercise.model import InjectState
from bot.exercise.people import Person
from bot.exercise.timing import StopKind
from bot.report.account import Account, Answer, Report
from bot.report.after_endex_tables import action_rows, after_endex_items, hot_wash_rows
from bot.report.observed_tables import note_rows, rating_rows
from bot.report.seals import printed
from bot.report.spans import since_sent
from bot.report.standing import DecisionStanding, Standing, situation_at
from bot.report.story import cause_of, phase_title
from bot.report.telling import Telling


@dataclass(frozen=True, slots=True)
class Seconds:
    """A time in seconds, with ``≥`` or ``≤`` as its bound where it is not exactly known."""

    seconds: float
    bound: str = ""


Cell = str | int | datetime | timedelta | Seconds | None
"""``timedelta``: a time on the exercise clock. ``datetime``: aware."""
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: ``key`` names it, ``columns`` are its columns' keys, the rest is in words."""

    key: str
    title: str
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int = 0
    """How many rows it has besides, which are not at hand."""

    def column(self, key: str) -> list[Cell]:
        """The cells of one column, from top to bottom."""
        place = self.columns.index(key)
        return [row[place] for row in self.rows]


def tables(told: Account, language: str, but: Collection[str] = ()) -> tuple[Table, ...]:
    """Every table of the report ``but`` some, in the order of the report; those without a row are there too.

    The tables of all answers and of the log are as long as the exercise: whoever does not show them leaves them out.
    """
    telling = Telling.of(told.exercise, language)
    made: tuple[tuple[str, str, Callable[[Account, Telling], Iterable[Row]]], ...] = (
        ("overview", "item value", _overview),
        ("exceptions", "standing inject unit took", _exceptions),
        ("units", "unit asked in_time late missed open reminded median p90 worst", _units),
        ("timeline", "at clock phase event words cause in_time late missed open", _timeline),
        ("answers", "inject unit due sent acknowledged by took standing remark", _answers),
        ("decisions", "at clock inject unit by offered chosen reason took standing situation led_to", _decisions),
        ("branches", "at inject words cause", _branches),
        ("spans", "item asked received median p90 worst", _spans),
        ("hand_overs", "inject unit effect at took", _hand_overs),
        ("evidence", "inject unit asked received missing took", _evidence),
        ("reports", "at unit inject took by kind words", _reports),
        ("notes", "at inject unit by words", note_rows),
        ("ratings", "at objective inject unit rating by words", rating_rows),
        ("hot_wash", "unit question words by at", hot_wash_rows),
        ("actions", "number words owner until by at", action_rows),
        ("unmeasured", "words count", _unmeasured),
        ("log", "number at kind by inject unit detail hash", _log),
    )
    return tuple(
        Table(
            key,
            telling.say(f"table.{key}"),
            (columns := tuple(names.split())),
            tuple(telling.say(f"head.{name}") for name in columns),
            tuple(rows(told, telling)),
            _log_left(told) if key == "log" else 0,
        )
        for key, names, rows in made
        if key not in but
    )


def _overview(told: Account, telling: Telling) -> Iterable[Row]:
    exercise, clock, numbers, say = told.exercise, told.exercise.clock, told.overall, telling.say
    yield say("item.exercise"), exercise.name
    yield say("item.scenario"), exercise.scenario.title.in_language(telling.language)
    yield say("item.state"), telling.word("state", exercise.state)
    yield say("item.startex"), clock.startex_at
    yield say("item.endex"), clock.endex_at
    until = clock.endex_at or (told.entries[-1].fact.at if told.entries else exercise.created_at)
    yield say("item.exercise_time"), clock.elapsed(until)
    for kind in StopKind:
        yield say(f"item.{kind}"), clock.stood_still(until, kind)
    yield say("item.units"), len(exercise.seats)
    yield say("item.people"), told.people
    yield say("item.asked"), numbers.asked
    yield say("item.in_time"), numbers.acknowledged - numbers.late
    yield say("item.late"), numbers.late
    yield say("item.missed"), numbers.missed
    yield say("item.open"), numbers.open
    yield say("item.reminded"), numbers.reminded
    for name, time in zip(("median", "p90", "worst"), _times(numbers), strict=True):
        yield say(f"item.{name}"), time
    yield say("item.decided"), sum(decision.delivery.choice is not None for decision in told.decisions)
    yield say("item.silent"), sum(decision.silent for decision in told.decisions)
    yield from after_endex_items(told, telling)
    if told.entries:
        seal = printed(told.entries)
        yield say("item.seal"), seal.head
        yield say("item.entries"), seal.entries


def _exceptions(told: Account, telling: Telling) -> Iterable[Row]:
    """What did not go as asked: nothing in time, and nothing still open, is one."""
    told_of = (Standing.MISSED, Standing.LATE, Standing.FAILED, Standing.NOT_SENT)
    for how in told_of:
        for answer in told.answers:
            if answer.standing is how:
                yield _standing(telling, how), answer.run.id, _unit(telling, answer.delivery.unit), _took(answer)
    for answer in told.answers:
        if answer.unsure:
            yield telling.say("remark.unsure"), answer.run.id, _unit(telling, answer.delivery.unit), None
    for decision in told.decisions:
        if decision.silent:
            within = Seconds(decision.within.total_seconds(), "≥")
            yield telling.say("decision.silent"), decision.run.id, _unit(telling, decision.delivery.unit), within


def _units(told: Account, telling: Telling) -> Iterable[Row]:
    for unit, numbers in told.by_unit.items():
        in_time = numbers.acknowledged - numbers.late
        counts = (numbers.asked, in_time, numbers.late, numbers.missed, numbers.open, numbers.reminded)
        yield (_unit(telling, unit), *counts, *_times(numbers))


def _timeline(told: Account, telling: Telling) -> Iterable[Row]:
    """STARTEX, every inject that was reached, stops, the end, and what the end came before, in the order of time."""
    exercise, clock = told.exercise, told.exercise.clock
    rows: list[tuple[datetime, Row]] = []

    def add(at: datetime | None, *cells: Cell) -> None:
        if at is not None:
            rows.append((at, (at, clock.elapsed(at), *cells)))

    nobody = (None,) * 4
    add(clock.startex_at, "", "STARTEX", "", "", *nobody)
    for run in exercise.injects.values():
        phase = phase_title(telling, run.inject.phase) if run.inject.phase else ""
        words, cause, numbers = _words(telling, run.id), cause_of(telling, run), told.by_inject.get(run.id)
        counts = (
            (numbers.acknowledged - numbers.late, numbers.late, numbers.missed, numbers.open) if numbers else nobody
        )
        if run.state is InjectState.ISSUED:
            add(run.issued_at or run.due_at, phase, run.id, words, cause, *counts)
        elif run.state is InjectState.SKIPPED and run.at is not None and run.why != "endex":
            why = telling.word("report.why", run.why) if run.why else ""
            skipped = telling.say("skipped_why", why=why) if why else telling.say("skipped")
            add(clock.moment(run.at), phase, run.id, words, skipped, *nobody)
    for stop in clock.stops:
        lasted = telling.span(stop.ended_at - stop.began_at) if stop.ended_at else telling.say("lasts")
        add(stop.began_at, "", telling.say(f"stop.{stop.kind}", span=lasted), stop.why, "", *nobody)
    add(clock.endex_at, "", telling.word("state", exercise.state), "", "", *nobody)
    for run in exercise.injects.values():
        if run.state is InjectState.SKIPPED and run.why == "endex":
            add(clock.endex_at, "", run.id, _words(telling, run.id), telling.say("not_reached"), *nobody)
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _answers(told: Account, telling: Telling) -> Iterable[Row]:
    for answer in told.answers:
        delivery, acknowledged = answer.delivery, answer.delivery.acknowledged
        yield (
            answer.run.id,
            _unit(telling, delivery.unit),
            delivery.due_at,
            delivery.sent_at,
            acknowledged.at if acknowledged else None,
            _name(acknowledged.by if acknowledged else None),
            _took(answer),
            _standing(telling, answer.standing),
            ", ".join(telling.say(f"remark.{remark}") for remark in _remarks(answer)),
        )


def _remarks(answer: Answer) -> list[str]:
    delivery, acknowledged = answer.delivery, answer.delivery.acknowledged
    possible = {
        "unsure": answer.unsure,
        "repeat": delivery.possible_duplicate,
        "upper_bound": acknowledged is not None and not acknowledged.exact,
        "radio": acknowledged is not None and acknowledged.by_radio,
    }
    return [name for name, holds in possible.items() if holds]


def _decisions(told: Account, telling: Telling) -> Iterable[Row]:
    exercise = told.exercise
    for decision in told.decisions:
        run, choice = decision.run, decision.delivery.choice
        options = run.inject.decision.options if run.inject.decision else ()
        situation = situation_at(exercise, decision.at)
        led_to = [branch.run.id for branch in told.branches if branch.because == run.id]
        yield (
            decision.at,
            exercise.clock.elapsed(decision.at),
            run.id,
            _post(telling, decision),
            _name(choice.by if choice else None),
            " / ".join(option.text.in_language(telling.language) for option in options),
            telling.option(run, choice.option) if choice else "",
            choice.reason if choice else "",
            _decided_in(decision),
            telling.say(f"decision.{_how(decision)}"),
            telling.word("situation", situation) if situation else "",
            ", ".join(led_to),
        )


def _how(decision: DecisionStanding) -> str:
    if decision.delivery.choice:
        return "late" if decision.late else "taken"
    return "silent" if decision.silent else "awaited"


def _decided_in(decision: DecisionStanding) -> Seconds | None:
    if decision.taken_in is not None:
        return Seconds(decision.taken_in.total_seconds(), "" if decision.exact else "≤")
    return Seconds(decision.within.total_seconds(), "≥") if decision.silent else None


def _branches(told: Account, telling: Telling) -> Iterable[Row]:
    for branch in told.branches:
        yield branch.at, branch.run.id, _words(telling, branch.run.id), cause_of(telling, branch.run)


def _spans(told: Account, telling: Telling) -> Iterable[Row]:
    for span in told.spans:
        times = (Seconds(time.seconds, "≥" if time.at_least else "") for time in (span.median, span.p90, span.worst))
        yield (telling.say(f"span.{span.kind}"), span.asked, span.came, *times)


def _hand_overs(told: Account, telling: Telling) -> Iterable[Row]:
    for gap in told.hand_overs:
        effect = telling.word("progress", gap.step) if gap.step else telling.say("effect.report")
        yield gap.run.id, _unit(telling, gap.delivery.unit), effect, gap.at, Seconds(gap.taken.total_seconds())


def _evidence(told: Account, telling: Telling) -> Iterable[Row]:
    def words(kinds: Iterable[str]) -> str:
        return ", ".join(telling.say(f"evidence.{kind}") for kind in kinds)

    for answer in told.answers:
        asked = [evidence.kind.value for evidence in answer.run.inject.evidence]
        if asked and answer.delivery.sent_at is not None:
            missing = [kind.value for kind in missing_evidence(answer.run, answer.delivery)]
            received = [kind for kind in asked if kind not in missing]
            unit = _unit(telling, answer.delivery.unit)
            yield answer.run.id, unit, words(asked), words(received), words(missing), _received_in(told, answer)


def _received_in(told: Account, answer: Answer) -> Seconds | None:
    """How long the last piece of evidence that came took; of none, nothing is known."""
    sent_at, came = answer.delivery.sent_at, [mark.at for mark in answer.delivery.evidence]
    return Seconds(since_sent(told.exercise, sent_at, max(came))) if sent_at and came else None


def _reports(told: Account, telling: Telling) -> Iterable[Row]:
    for report in told.reports:
        corrected = [correction.text for correction in report.corrections]
        words = " → ".join(text for text in (report.text, *corrected) if text)
        kind = telling.say(f"evidence.{report.kind}") if report.kind in _KINDS else report.kind
        unit, inject = _unit(telling, report.unit), report.inject or ""
        yield report.at, unit, inject, _reported_in(told, report), report.by.name, kind, words


def _reported_in(told: Account, report: Report) -> Seconds | None:
    """How long after the inject it came; of one filed under none, and of one that was not sent, nothing is known."""
    run = told.exercise.injects.get(report.inject or "")
    delivery = run.deliveries.get(report.unit) if run else None
    if delivery is None or delivery.sent_at is None:
        return None
    return Seconds(since_sent(told.exercise, delivery.sent_at, report.at))


def _unmeasured(told: Account, telling: Telling) -> Iterable[Row]:
    for each in told.unmeasured:
        yield telling.say(f"unmeasured.{each.key}"), each.number or None


def _log(told: Account, telling: Telling) -> Iterable[Row]:
    del telling  # the log is told in its own terms
    for entry in told.entries:
        if told.log_lines is not None and entry.seq > told.log_lines:
            return
        fact = entry.fact
        detail = orjson.dumps(dict(fact.detail)).decode() if fact.detail else ""
        names = (_name(fact.actor), fact.inject or "", fact.unit or "")
        yield (entry.seq, fact.at, fact.kind.value, *names, detail, entry.hash)


def _log_left(told: Account) -> int:
    return 0 if told.log_lines is None or not told.entries else max(told.entries[-1].seq - told.log_lines, 0)


_KINDS = frozenset({"text", "photo", "location", "document", "voice", "video"})


def _unit(telling: Telling, unit: str) -> str:
    return telling.exercise.scenario.units[unit].name.in_language(telling.language)


def _post(telling: Telling, decision: DecisionStanding) -> str:
    """The post that decides: the unit and the title of its leader."""
    unit = telling.exercise.scenario.units[decision.delivery.unit]
    post = unit.leader.in_language(telling.language) if unit.leader else ""
    name = unit.name.in_language(telling.language)
    return f"{name} ({post})" if post else name


def _words(telling: Telling, inject: str) -> str:
    return telling.exercise.injects[inject].inject.text.in_language(telling.language)


def _name(person: Person | None) -> str:
    return person.name if person else ""


def _standing(telling: Telling, how: Standing) -> str:
    return telling.say(f"standing.{how}")


def _took(answer: Answer) -> Seconds | None:
    """How long the answer took; of a missed one, the least that it can have taken."""
    if answer.standing is Standing.MISSED and answer.run.inject.acknowledge:
        return Seconds(answer.run.inject.acknowledge.within.total_seconds(), "≥")
    acknowledged = answer.delivery.acknowledged
    if answer.taken is None or acknowledged is None:
        return None
    return Seconds(answer.taken.total_seconds(), "" if acknowledged.exact else "≤")


def _times(numbers: Figures) -> Sequence[Seconds | None]:
    known = (
        (numbers.median_seconds, numbers.median_at_least),
        (numbers.p90_seconds, numbers.p90_at_least),
        (numbers.worst_seconds, numbers.worst_at_least),
    )
    return [None if seconds is None else Seconds(seconds, "≥" if at_least else "") for seconds, at_least in known]
