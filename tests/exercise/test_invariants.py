"""Whatever happens in whatever order: each inject once, never early, stopped time never counted, facts complete."""

from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.exercise import answers, conduct, delivering, enrolment
from bot.exercise.deadlines import next_offset, outstanding
from bot.exercise.errors import Refusal
from bot.exercise.facts import Change, FactKind
from bot.exercise.figures import figures, latency
from bot.exercise.issuing import due
from bot.exercise.lateness import Release, _patience, held, hold_late, release
from bot.exercise.model import DeliveryState, Exercise, ExerciseState, InjectState
from bot.exercise.people import Person, Place
from bot.exercise.ticking import next_moment, tick
from bot.store.exercises import _OF_A_DELIVERY, _OF_AN_INJECT
from scenarios.model import load

BEGINNING = datetime(2026, 4, 26, 3, 0, tzinfo=UTC)
DIRECTOR = Person(1, "Direktur")
LEADER = Person(2, "Padal")
SCENARIO = load(
    {
        "format": 1,
        "id": "uji",
        "title": "Uji",
        "units": {"a": {"name": "A"}, "b": {"name": "B"}, "c": {"name": "C"}},
        "injects": [
            {"id": "I-1", "at": "0s", "to": ["all"], "text": "satu", "acknowledge": {"within": "60s", "remind": "20s"}},
            {
                "id": "I-2",
                "at": "90s",
                "to": ["a", "b"],
                "text": "dua",
                "acknowledge": {"within": "30s", "escalate": "15s"},
                "if_silent": ["C-1"],
            },
            {
                "id": "I-3",
                "at": "90s",
                "to": ["a"],
                "kind": "decision",
                "text": "tiga",
                "acknowledge": {"within": "45s"},
                "decision": {
                    "by": "a",
                    "within": "60s",
                    "options": [{"id": "x", "text": "X", "then": ["C-2"]}, {"id": "y", "text": "Y"}],
                },
            },
            {
                "id": "I-4",
                "at": "4m",
                "to": ["b"],
                "text": "empat",
                "requires": {"any": [{"inject": "I-3", "option": "x"}], "otherwise": "skip"},
            },
            {"id": "C-1", "to": ["c"], "text": "cadangan", "acknowledge": {"within": "60s"}},
            {"id": "C-2", "to": ["b"], "text": "cabang"},
        ],
    }
)
INJECTS = [inject.id for inject in SCENARIO.injects]
ONCE_PER_UNIT = {FactKind.SILENT, FactKind.UNDECIDED, FactKind.ESCALATED, FactKind.ACKNOWLEDGED, FactKind.DECIDED}
SECONDS = st.floats(min_value=0.001, max_value=200, allow_nan=False)


class AnyOrder(RuleBasedStateMachine):
    """A director, leaders, the clock and the outbox, each doing what they may at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING
        self.ran = timedelta()
        self.issued: list[str] = []
        self.rung: set[tuple[FactKind, str | None, str | None]] = set()
        self.references = count()
        self.exercise = self._created()

    def _created(self) -> Exercise:
        hashes = {unit: unit * 8 for unit in SCENARIO.units}
        change = conduct.create(
            1,
            SCENARIO,
            "Uji",
            control=Place(-1),
            language="id",
            timezone="Asia/Jakarta",
            by=DIRECTOR,
            at=self.now,
            code_hashes=hashes,
        )
        return change.exercise

    @initialize(seated=st.sets(st.sampled_from(["a", "b", "c"])))
    def seat(self, seated: set[str]) -> None:
        for position, unit in enumerate(sorted(seated)):
            self.apply(enrolment.join(self.exercise, unit, Place(-10 - position), unit, LEADER, self.now))

    def apply(self, change: Change) -> None:
        """Take a change over, and hold it to its word: what differs is what its facts name."""
        before, after = self.exercise, change.exercise
        named = {(f.inject, f.unit) for f in change.facts if f.kind in _OF_A_DELIVERY}
        issued = {f.inject for f in change.facts if f.kind is FactKind.ISSUED}
        touched = {f.inject for f in change.facts if f.kind in _OF_AN_INJECT}
        for inject_id, run in after.injects.items():
            old = before.injects[inject_id]
            assert inject_id in touched or _kept(old) == _kept(run)
            for unit, delivery in run.deliveries.items():
                assert inject_id in issued or (inject_id, unit) in named or old.deliveries[unit] == delivery
        rung = [(f.kind, f.inject, f.unit) for f in change.facts if f.kind in ONCE_PER_UNIT]
        assert not self.rung & set(rung)
        assert len(set(rung)) == len(rung)
        self.rung |= set(rung)
        self.issued += [f.inject for f in change.facts if f.kind is FactKind.ISSUED and f.inject]
        self.exercise = after

    def attempt(self, step: object) -> None:
        """Do what may be refused: a refusal changes nothing."""
        try:
            change = step()  # type: ignore[operator]  # each rule passes a closure
        except Refusal:
            return
        self.apply(change)

    @rule(seconds=SECONDS)
    def time_passes(self, seconds: float) -> None:
        if self.exercise.state is ExerciseState.RUNNING:
            self.ran += timedelta(seconds=seconds)
        self.now += timedelta(seconds=seconds)

    @rule()
    def tick(self) -> None:
        self.apply(tick(self.exercise, self.now, self.reference))

    @rule()
    def sleep_to_the_next_moment(self) -> None:
        moment = next_moment(self.exercise)
        if moment is not None and moment > self.now:
            if self.exercise.state is ExerciseState.RUNNING:
                self.ran += moment - self.now
            self.now = moment
        before = self.exercise
        self.tick()
        if moment is not None and self.exercise.clock.running:
            following = next_moment(self.exercise)
            assert following is None or following > self.now or self.exercise != before

    @rule()
    def sleep_until_just_before_the_next_moment(self) -> None:
        moment = next_moment(self.exercise)
        early = timedelta(milliseconds=1)
        if moment is None or moment - early <= self.now:
            return
        if self.exercise.state is ExerciseState.RUNNING:
            self.ran += moment - early - self.now
        self.now = moment - early
        change = tick(self.exercise, self.now, self.reference)
        assert change.facts == ()

    @rule()
    def an_interruption_ends(self) -> None:
        """Afterwards nothing that is due waits unasked: all of it is held, or none of it came too late."""
        self.apply(hold_late(self.exercise, self.now))
        if self.exercise.clock.running:
            elapsed = self.exercise.clock.elapsed(self.now)
            late = [run for run in due(self.exercise, elapsed) if run.at is not None]
            assert all(elapsed - run.at <= _patience(run) for run in late if run.at is not None)

    @rule(choice=st.sampled_from(Release), among=st.sets(st.sampled_from(INJECTS), min_size=1))
    def release(self, choice: Release, among: set[str]) -> None:
        before = {run.id for run in held(self.exercise)}
        self.attempt(lambda: release(self.exercise, among, choice, DIRECTOR, self.now, self.reference))
        if not self.exercise.state.is_over:
            assert {run.id for run in held(self.exercise)} == before - among

    def reference(self) -> str:
        return f"r{next(self.references)}"

    @initialize(begun=st.integers(0, 3))
    def perhaps_startex(self, begun: int) -> None:
        if begun:
            self.startex()
            self.tick()

    @rule()
    def startex(self) -> None:
        self.attempt(lambda: conduct.startex(self.exercise, DIRECTOR, self.now))

    @rule()
    def pausex(self) -> None:
        self.attempt(lambda: conduct.pause(self.exercise, DIRECTOR, self.now))

    @rule()
    def realworld(self) -> None:
        self.attempt(lambda: conduct.realworld(self.exercise, LEADER, self.now))

    @rule()
    def resumex(self) -> None:
        self.attempt(lambda: conduct.resume(self.exercise, DIRECTOR, self.now))

    @precondition(lambda self: len(self.issued) >= 3)
    @rule()
    def endex(self) -> None:
        self.attempt(lambda: conduct.endex(self.exercise, DIRECTOR, self.now))

    @rule(inject=st.sampled_from(INJECTS))
    def fire(self, inject: str) -> None:
        self.attempt(lambda: conduct.fire(self.exercise, inject, DIRECTOR, self.now, self.reference))

    @rule(inject=st.sampled_from(INJECTS))
    def skip(self, inject: str) -> None:
        self.attempt(lambda: conduct.skip(self.exercise, inject, DIRECTOR, self.now))

    @rule(inject=st.sampled_from([None, *INJECTS]), seconds=st.integers(1, 120))
    def delay(self, inject: str | None, seconds: int) -> None:
        by = timedelta(seconds=seconds)
        self.attempt(lambda: conduct.delay(self.exercise, inject, by, DIRECTOR, self.now))

    @rule(data=st.data())
    def the_outbox_sends(self, data: st.DataObject) -> None:
        pending = [
            (d.inject, d.unit)
            for run in self.exercise.injects.values()
            for d in run.deliveries.values()
            if d.state in {DeliveryState.PENDING, DeliveryState.UNCERTAIN}
        ]
        if not pending:
            return
        inject, unit = data.draw(st.sampled_from(pending))
        if data.draw(st.integers(0, 4)):
            change = delivering.sent(
                self.exercise, inject, unit, self.now, message_id=7, message_date=self.now, attempts=1
            )
        else:
            change = delivering.uncertain(self.exercise, inject, unit, self.now, "stalled")
        self.apply(change)

    @rule(inject=st.sampled_from(INJECTS), unit=st.sampled_from(["a", "b", "c"]))
    def acknowledge(self, inject: str, unit: str) -> None:
        self.attempt(lambda: answers.acknowledge(self.exercise, inject, unit, LEADER, self.now))

    @rule(option=st.sampled_from(["x", "y"]))
    def decide(self, option: str) -> None:
        self.attempt(lambda: answers.decide(self.exercise, "I-3", "a", option, LEADER, self.now))

    @invariant()
    def the_next_moment_is_that_of_the_first_of_all_timers(self) -> None:
        waiting = [run.at for run in self.exercise.injects.values() if run.state is InjectState.WAITING]
        timers = [
            offset
            for run in self.exercise.injects.values()
            for delivery in run.deliveries.values()
            for offset, timer in outstanding(run, delivery, self.exercise.clock)
            if timer not in delivery.rung
        ]
        assert next_offset(self.exercise) == min([at for at in waiting if at is not None] + timers, default=None)

    @invariant()
    def each_inject_is_issued_once_at_most(self) -> None:
        assert len(self.issued) == len(set(self.issued))

    @invariant()
    def stopped_time_is_not_counted(self) -> None:
        assert self.exercise.clock.elapsed(self.now) == self.ran

    @invariant()
    def no_inject_is_early(self) -> None:
        clock = self.exercise.clock
        for run in self.exercise.injects.values():
            if run.state is InjectState.ISSUED and run.cause.value == "schedule":
                assert run.at is not None
                assert run.issued_at is not None
                assert run.due_at is not None
                assert clock.elapsed(run.issued_at) >= run.at
                assert run.due_at <= run.issued_at
                assert clock.elapsed(run.due_at) == run.at

    @invariant()
    def figures_add_up(self) -> None:
        total = figures(self.exercise)
        assert total.asked == total.acknowledged + total.missed + total.open
        assert total.late <= total.acknowledged
        by_unit = [figures(self.exercise, unit) for unit in SCENARIO.units]
        assert sum(f.asked for f in by_unit) == total.asked

    @invariant()
    def no_answer_took_longer_than_the_exercise_ran(self) -> None:
        for run in self.exercise.injects.values():
            for delivery in run.deliveries.values():
                taken = latency(delivery, self.exercise)
                assert taken is None or timedelta() <= taken <= self.ran


def _kept(run: object) -> object:
    """What the table of injects keeps of a run."""
    names = ("at", "state", "cause", "because", "due_at", "issued_at", "why", "silence_answered")
    return [getattr(run, name) for name in names]


AnyOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrder = AnyOrder.TestCase
