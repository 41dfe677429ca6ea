"""The account of an exercise: what every form of the report is made from, so that no two disagree. Pure.

Values only, in the exercise's own terms; words, languages and layouts belong to the forms.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.exercise import hot_wash, improving, reporting
from bot.exercise.deadlines import acknowledgement_deadline
from bot.exercise.facts import FactKind, LogEntry
from bot.exercise.figures import Figures, figures_by_inject, figures_of_all, latency
from bot.exercise.hot_wash import HotWash, hot_wash_in
from bot.exercise.improving import Action, actions_in
from bot.exercise.model import Cause, Delivery, Exercise, InjectRun, InjectState
from bot.exercise.people import Person
from bot.report.photos import Photo, photos_in
from bot.report.spans import Span, spans
from bot.report.standing import DecisionStanding, Standing, decisions, delivered, standing, unsure

KINDS = frozenset(
    {
        *reporting.KINDS,
        FactKind.NOTED,
        FactKind.RATED,
        FactKind.SUMMARISED,
        *hot_wash.KINDS,
        *improving.KINDS,
    }
)
"""The facts that an account tells of; the others are read in the log alone."""
LOG_LINES = 20_000
"""Lines of a long log that a workbook has: nobody scrolls further, and each takes time and room."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What the outbox alone knows of a delivery: attempts made, and whether one is under way."""

    attempts: int
    in_flight: bool = False


UNTRIED = Sending(0)


@dataclass(frozen=True, slots=True)
class Answer:
    """One inject at one unit, and what became of it."""

    run: InjectRun
    delivery: Delivery
    standing: Standing
    taken: timedelta | None
    """Exercise time from sending to acknowledgement."""
    deadline: timedelta | None
    """The exercise time until which it was to be acknowledged."""
    unsure: bool
    """Whether it is not known that the message arrived."""
    sending: Sending = UNTRIED


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody changed a report to."""

    at: datetime
    by: Person
    kind: str
    text: str
    file: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a unit reported, filed under ``inject`` or under none. ``file`` is Telegram's id of what came with it."""

    at: datetime
    by: Person
    unit: str
    inject: str | None
    kind: str
    text: str
    file: str
    message: int = 0
    """The id of the message in the unit's chat; 0 where it is not known."""
    files: tuple[str, ...] = ()
    """What else came in the same album."""
    corrections: tuple[Correction, ...] = ()
    """What it was changed to, in order; the last of them holds."""


@dataclass(frozen=True, slots=True)
class Branch:
    """An inject that the script alone did not bring: what brought it, and when it came due."""

    run: InjectRun
    cause: Cause
    because: str
    """The inject whose choice or silence fired it; empty where a person did."""
    option: str
    """The option chosen there; empty where none was."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """From an order to its effect: the last progress step that a unit marked, else its first report."""

    run: InjectRun
    delivery: Delivery
    step: str
    """The progress step; empty where a report shows the effect."""
    at: datetime
    taken: timedelta
    """Exercise time from sending to effect."""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Something that the figures do not tell, as the text ``report.unmeasured.KEY``; ``number`` of what it names."""

    key: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """One exercise, accounted for."""

    exercise: Exercise
    entries: Sequence[LogEntry]
    """Its log, first to last: the whole, or the first ``log_lines`` of it and what the account tells of."""
    answers: Sequence[Answer]
    """Every delivery, injects as they were issued, units in the scenario's order."""
    overall: Figures
    by_unit: Mapping[str, Figures]
    by_inject: Mapping[str, Figures]
    """Of the injects that asked for an acknowledgement and went out."""
    decisions: Sequence[DecisionStanding]
    branches: Sequence[Branch]
    hand_overs: Sequence[HandOver]
    spans: Sequence[Span]
    reports: Sequence[Report]
    people: int
    """How many persons acknowledged, marked, decided or reported in the units."""
    unmeasured: Sequence[Unmeasured]
    hot_wash: HotWash | None = None
    """What the units said after ENDEX; ``None`` where they were not asked."""
    actions: Sequence[Action] = ()
    """The improvement plan."""
    answers_by_unit: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    photos: Sequence[Photo] = ()
    """The pictures that were sent in."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Those that are at hand, by Telegram's id: files as they came, which nobody has looked at yet."""
    log_lines: int | None = None
    """How much of the log is here as it stands; ``None``: all of it."""

    def slowest(self, unit: str | None = None) -> Answer | None:
        """The answer that took longest, of one unit or of all."""
        of = self.answers if unit is None else self.answers_by_unit.get(unit, ())
        timed = [answer for answer in of if answer.taken is not None]
        return max(timed, key=lambda answer: answer.taken or timedelta(), default=None)

    def unanswered(self) -> list[InjectRun]:
        """The injects that asked for an acknowledgement and that no unit acknowledged."""
        return [
            self.exercise.injects[inject]
            for inject, numbers in self.by_inject.items()
            if numbers.asked and not numbers.acknowledged
        ]


def account(
    exercise: Exercise,
    entries: Sequence[LogEntry],
    sending: Mapping[tuple[str, str], Sending] | None = None,
    pictures: Mapping[str, bytes] | None = None,
    log_lines: int | None = None,
) -> Account:
    """The account of an exercise as it stands.

    Args:
        exercise: at any stage.
        entries: its log, first to last.
        sending: by inject and unit; a delivery without one has not been tried.
        pictures: the files of pictures that were sent in, by Telegram's id.
        log_lines: where given, ``entries`` are only so many of the first, those of :data:`KINDS`, and the last.
    """
    answers = list(_answers(exercise, sending or {}))
    by_unit: dict[str, list[Answer]] = {unit: [] for unit in exercise.seats}
    for answer in answers:
        by_unit[answer.delivery.unit].append(answer)
    reports = list(reports_in(entries))
    facts = [entry.fact for entry in entries]
    overall, of_units = figures_of_all(exercise)
    return Account(
        exercise=exercise,
        entries=entries,
        answers=answers,
        answers_by_unit=by_unit,
        photos=photos_in(entries),
        pictures=pictures or {},
        log_lines=log_lines,
        overall=overall,
        by_unit=of_units,
        by_inject=figures_by_inject(exercise),
        decisions=decisions(exercise),
        branches=_branches(exercise),
        hand_overs=list(_hand_overs(exercise, reports)),
        spans=spans(exercise, exercise.clock.endex_at or (facts[-1].at if facts else exercise.created_at)),
        reports=reports,
        people=len({person.id for person in _acted(answers, reports)}),
        unmeasured=_unmeasured(exercise, answers, overall),
        hot_wash=hot_wash_in(facts),
        actions=actions_in(facts),
    )


def reports_in(entries: Iterable[LogEntry]) -> Iterator[Report]:
    """The units' reports in a log: an album is one, and a correction belongs to what it corrects."""
    reports: list[Report] = []
    for fact in (entry.fact for entry in entries):
        if fact.kind not in reporting.KINDS or fact.unit is None or fact.actor is None:
            continue
        kind, text, file = (str(fact.detail.get(key, "")) for key in ("kind", "text", "file"))
        if fact.kind is FactKind.REPORTED:
            message = fact.detail.get("message")
            known = message if isinstance(message, int) else 0
            reports.append(Report(fact.at, fact.actor, fact.unit, fact.inject, kind, text, file, known))
            continue
        for index, report in enumerate(reports):
            if (report.unit, report.message) == (fact.unit, fact.detail.get("of")):
                if fact.kind is FactKind.REPORT_GREW:
                    reports[index] = replace(report, files=(*report.files, file))
                else:
                    changed = Correction(fact.at, fact.actor, kind, text, file)
                    reports[index] = replace(report, corrections=(*report.corrections, changed))
    return iter(reports)


def _acted(answers: Iterable[Answer], reports: Iterable[Report]) -> Iterator[Person]:
    """Whoever answered, once for each answer."""
    for delivery in (answer.delivery for answer in answers):
        if delivery.acknowledged:
            yield delivery.acknowledged.by
        yield from (mark.by for mark in delivery.progress)
        if delivery.choice:
            yield delivery.choice.by
    yield from (report.by for report in reports)


def _answers(exercise: Exercise, sending: Mapping[tuple[str, str], Sending]) -> Iterator[Answer]:
    for run, delivery in delivered(exercise):
        yield Answer(
            run=run,
            delivery=delivery,
            standing=standing(run, delivery, exercise),
            taken=latency(delivery, exercise),
            deadline=acknowledgement_deadline(run, delivery, exercise.clock),
            unsure=unsure(delivery),
            sending=sending.get((delivery.inject, delivery.unit), UNTRIED),
        )


def _branches(exercise: Exercise) -> list[Branch]:
    found = [
        Branch(run, run.cause, run.because, _chosen(exercise, run), run.due_at)
        for run in exercise.injects.values()
        if run.cause is not Cause.SCHEDULE and run.state is not InjectState.WAITING
    ]
    return sorted(found, key=lambda branch: branch.at or exercise.created_at)


def _chosen(exercise: Exercise, run: InjectRun) -> str:
    if run.cause is not Cause.CHOICE:
        return ""
    deliveries = exercise.injects[run.because].deliveries.values()
    return next((delivery.choice.option for delivery in deliveries if delivery.choice), "")


def _hand_overs(exercise: Exercise, reports: Iterable[Report]) -> Iterator[HandOver]:
    reported: dict[tuple[str | None, str], datetime] = {}
    for report in reports:
        reported.setdefault((report.inject, report.unit), report.at)
    for run, delivery in delivered(exercise):
        if delivery.sent_at is None:
            continue
        last = delivery.progress[-1] if delivery.progress else None
        at = last.at if last else reported.get((run.id, delivery.unit))
        if at is not None:
            taken = max(exercise.clock.between(delivery.sent_at, at), timedelta())
            yield HandOver(run, delivery, last.step if last else "", at, taken)


def _unmeasured(exercise: Exercise, answers: Sequence[Answer], overall: Figures) -> list[Unmeasured]:
    """What no figure tells: first what is never measured, then what was not in this exercise."""
    how = Counter(answer.standing for answer in answers)
    counted = (
        ("informed", how[Standing.INFORMED]),
        ("unbound", sum(seat.place is None for seat in exercise.seats.values())),
        ("not_arrived", how[Standing.FAILED] + how[Standing.NOT_SENT] + how[Standing.PENDING]),
        ("unsure", sum(answer.unsure for answer in answers)),
        ("open", overall.open),
        ("upper_bounds", overall.upper_bounds),
    )
    always = [Unmeasured("carried_out"), Unmeasured("on_the_phone"), Unmeasured("elsewhere")]
    return always + [Unmeasured(key, number) for key, number in counted if number]
