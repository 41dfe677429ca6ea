"""What a change leaves in memory is what another process reads, step by step."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from bot.exercise import answers, conduct, delivering, enrolment
from bot.exercise.facts import Change, FactKind
from bot.exercise.model import Exercise
from bot.exercise.ticking import tick
from bot.store import exercises
from bot.store.reading import read_exercise
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import DIRECTOR, STARTEX, a_scenario, an_exercise, leader_of

ASKED = {"within": "60s", "remind": "20s", "escalate": "30s"}
INJECTS = [
    {
        "id": "I-01",
        "at": "0s",
        "to": ["posko"],
        "text": "Isi",
        "acknowledge": ASKED,
        "evidence": [{"kind": "photo", "within": "75s"}],
    },
    {
        "id": "I-02",
        "at": "1s",
        "to": ["dalmas"],
        "kind": "decision",
        "text": "Isi",
        "acknowledge": ASKED,
        "decision": {
            "by": "dalmas",
            "within": "2m",
            "options": [{"id": "a", "text": "A", "then": ["C-1"]}, {"id": "b", "text": "B"}],
        },
    },
    {"id": "I-03", "at": "10m", "to": ["posko"], "text": "Isi"},
    {"id": "I-04", "at": "2s", "to": ["medis"], "text": "Isi", "acknowledge": ASKED},
    {"id": "C-1", "to": ["posko"], "text": "Isi"},
]
Step = Callable[[Exercise, datetime], Change]


async def test_what_each_change_leaves_is_what_another_process_reads(store: Store) -> None:
    references = count(1)
    remembered = an_exercise(a_scenario(injects=INJECTS))
    await store.perform(put_in(remembered))
    leader, chat = leader_of(remembered, "dalmas"), remembered.seats["posko"].place
    assert chat is not None
    told: set[FactKind] = set()

    async def step(seconds: float, take: Step) -> None:
        nonlocal remembered
        change = take(remembered, STARTEX + timedelta(seconds=seconds))
        remembered = change.exercise
        told.update(fact.kind for fact in change.facts)
        await store.perform(lambda tx: exercises.save(tx, change))
        kept = await store.read(lambda tx: read_exercise(tx, remembered.number))
        assert kept is not None
        assert kept_part(kept) == kept_part(remembered), (seconds, [fact.kind for fact in change.facts])

    def look(run: Exercise, at: datetime) -> Change:
        return tick(run, at, lambda: f"r{next(references)}")

    def sent(inject: str, unit: str) -> Step:
        return lambda run, at: delivering.sent(run, inject, unit, at, message_id=9, message_date=at, attempts=1)

    await step(0, lambda run, at: conduct.startex(run, DIRECTOR, at))
    await step(2, look)
    await step(2, lambda run, at: delivering.uncertain(run, "I-01", "posko", at, "reset"))
    await step(3, sent("I-01", "posko"))
    await step(3, sent("I-02", "dalmas"))
    await step(3, lambda run, at: delivering.failed(run, "I-04", "medis", at, "Forbidden"))
    await step(4, lambda run, at: enrolment.unreachable(run, chat.chat_id, "kicked", at))
    await step(5, lambda run, at: enrolment.unreachable(run, chat.chat_id, "", at))
    await step(6, lambda run, at: conduct.delay(run, "I-03", timedelta(seconds=30), DIRECTOR, at))
    for seconds in (45, 70, 80, 95, 100):
        await step(seconds, look)
    await step(101, lambda run, at: answers.acknowledge(run, "I-02", "dalmas", leader, at))
    await step(102, lambda run, at: answers.decide(run, "I-02", "dalmas", "a", leader, at))
    await step(103, look)
    await step(110, lambda run, at: conduct.endex(run, DIRECTOR, at))
    assert told >= {
        FactKind.REMINDED,
        FactKind.SILENT,
        FactKind.ESCALATED,
        FactKind.EVIDENCE_MISSING,
        FactKind.TRIGGERED,
        FactKind.DELAYED,
        FactKind.UNCERTAIN,
        FactKind.FAILED,
        FactKind.DECIDED,
        FactKind.UNREACHABLE,
        FactKind.REACHABLE,
    }


def put_in(exercise: Exercise) -> Callable[[Transaction], None]:
    def use_case(tx: Transaction) -> None:
        exercises._insert_exercise(tx, exercise)
        exercises._update_seats(tx, exercise, exercise.seats)

    return use_case


def kept_part(exercise: Exercise) -> Exercise:
    """Without what is worked out anew by whoever reads it."""
    return exercise.evolve(injects={run.id: run.evolve(settled=False) for run in exercise.injects.values()})
