"""An exercise that nobody looked at for a while: the director is asked once, and the press decides."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.conductor import Conductor
from bot.exercise.answers import told_by_radio
from bot.exercise.conduct import fire
from bot.exercise.facts import Change
from bot.exercise.lateness import Release, held, release
from bot.exercise.model import InjectRun, InjectState
from bot.messages import HeldQuestion, InjectPart, InjectPost
from bot.report.agreement import disagreements
from bot.report.record import record as make_record
from bot.service import running, sending
from bot.service.recording import record
from bot.store import exercises, log, outbox
from bot.store.outbox import OutboxRow, OutboxState
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, an_exercise
from tests.wire.clocks import ManualClock

PLACE = {"location": {"lat": -7.6, "lon": 112.9, "name": "Simpang KPU"}}
INJECTS = [
    {"id": "I-01", "at": "1m", "to": ["posko"], "text": "Isi", **PLACE},
    *({"id": f"I-{minute:02}", "at": f"{minute}m", "to": ["posko"], "text": "Isi"} for minute in range(2, 9)),
    {"id": "I-10", "at": "10m", "to": ["posko", "dalmas"], "text": "Isi", "acknowledge": {"within": "60s"}},
    {"id": "C-01", "to": ["posko"], "text": "Cadangan"},
]

REFERENCES = count(1)


@pytest.fixture
async def store(store: Store) -> Store:
    """A record with one exercise, begun."""
    prepared = an_exercise(a_scenario(injects=INJECTS))
    begun = Play(prepared).startex()
    created = [fact for fact in begun.facts if fact.kind == "startex"]
    await store.perform(lambda tx: exercises._insert_exercise(tx, prepared))
    await store.perform(lambda tx: record(tx, Change(begun.exercise, tuple(created))))
    return store


async def look(store: Store, minute: float, *, interrupted: bool) -> None:
    at = STARTEX + timedelta(minutes=minute)
    await store.perform(lambda tx: running.advance(tx, 7, at, lambda: f"r{next(REFERENCES)}", interrupted=interrupted))


async def questions(store: Store) -> list[OutboxRow]:
    rows = await store.perform(outbox.open_rows)
    return [row for row in rows if isinstance(row.message, HeldQuestion)]


async def test_the_director_is_asked_once_however_often_one_looks(store: Store) -> None:
    await look(store, 3.5, interrupted=True)
    await look(store, 3.6, interrupted=True)
    await look(store, 3.7, interrupted=False)
    [row] = await questions(store)
    assert row.message == HeldQuestion(exercise=7, injects=("I-01", "I-02", "I-03"))


async def test_a_look_that_is_merely_late_sends(store: Store) -> None:
    await look(store, 3.5, interrupted=False)
    assert await questions(store) == []
    exercise = await store.perform(lambda tx: exercises.get(tx, 7))
    assert exercise is not None
    assert exercise.injects["I-01"].state is InjectState.ISSUED


async def test_what_is_held_outlives_a_restart_and_a_second_interruption_asks_anew(
    store: Store, tmp_path: Path
) -> None:
    await look(store, 3.5, interrupted=True)
    other = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await other.open()
    exercise = await other.perform(lambda tx: exercises.get(tx, 7))
    assert exercise is not None
    assert [run.id for run in held(exercise)] == ["I-01", "I-02", "I-03"]
    await look(other, 6.5, interrupted=True)
    newest = (await questions(other))[-1]
    assert isinstance(newest.message, HeldQuestion)
    assert newest.message.injects == ("I-01", "I-02", "I-03", "I-04", "I-05", "I-06")
    await other.close()


async def test_the_question_is_shown_anew_once_it_is_answered(store: Store) -> None:
    await look(store, 3.5, interrupted=True)
    [row] = await questions(store)
    at = STARTEX + timedelta(minutes=4)
    await store.perform(lambda tx: outbox.write(tx, row.evolve(state=OutboxState.SENT, message_id=9)))

    def answer(tx: Transaction) -> None:
        exercise = exercises.get(tx, 7)
        assert exercise is not None
        record(tx, release(exercise, ["I-01", "I-02", "I-03"], Release.SKIP, DIRECTOR, at, lambda: "r"))

    await store.perform(answer)
    assert [row.out_of_date for row in await questions(store)] == [True]


async def injects(store: Store) -> list[OutboxRow]:
    rows = await store.perform(outbox.open_rows)
    return [row for row in rows if isinstance(row.message, InjectPost)]


async def runs(store: Store) -> Mapping[str, InjectRun]:
    """The injects as the database has them, not as they are remembered."""
    exercise = await store.read(lambda tx: exercises.get(tx, 7))
    assert exercise is not None
    return exercise.injects


async def answer(store: Store, choice: Release, minute: float) -> None:
    def use_case(tx: Transaction) -> None:
        exercise = exercises.get(tx, 7)
        assert exercise is not None
        batch = [run.id for run in held(exercise)]
        at = STARTEX + timedelta(minutes=minute)
        record(tx, release(exercise, batch, choice, DIRECTOR, at, lambda: f"r{next(REFERENCES)}"))

    await store.perform(use_case)


async def test_what_waits_in_the_outbox_and_reached_nobody_is_held_too(store: Store) -> None:
    await look(store, 1, interrupted=False)
    [left_over] = await injects(store)
    await look(store, 3.5, interrupted=True)
    assert await injects(store) == []
    assert await store.perform(lambda tx: sending.claim(tx, left_over, STARTEX)) is None
    [row] = await questions(store)
    assert row.message == HeldQuestion(exercise=7, injects=("I-01", "I-02", "I-03"))
    now = await runs(store)
    assert now["I-01"].state is InjectState.HELD
    assert not now["I-01"].deliveries
    assert now["I-01"].due_at == STARTEX + timedelta(minutes=1)


async def test_what_comes_with_an_inject_is_held_with_it(store: Store) -> None:
    async def places_waiting() -> int:
        return sum(isinstance(row.message, InjectPart) for row in await store.perform(outbox.open_rows))

    await look(store, 1, interrupted=False)
    assert await places_waiting() == 1
    await look(store, 3.5, interrupted=True)
    assert await injects(store) == []
    assert await places_waiting() == 0


async def test_held_after_it_was_issued_it_goes_out_once_when_the_director_says_so(store: Store) -> None:
    await look(store, 1, interrupted=False)
    await look(store, 3.5, interrupted=True)
    await answer(store, Release.SEND, 4)
    posts = [row.message for row in await injects(store)]
    assert [post.inject for post in posts if isinstance(post, InjectPost)] == ["I-01", "I-02", "I-03", "I-04"]
    assert (await runs(store))["I-01"].deliveries["posko"].due_at == STARTEX + timedelta(minutes=1)


async def test_held_after_it_was_issued_it_can_be_left_out(store: Store) -> None:
    await look(store, 1, interrupted=False)
    await look(store, 3.5, interrupted=True)
    await answer(store, Release.SKIP, 3.6)
    assert await injects(store) == []
    assert (await runs(store))["I-01"].state is InjectState.SKIPPED


async def test_what_is_late_by_seconds_stays_in_the_outbox(store: Store) -> None:
    await look(store, 1, interrupted=False)
    await look(store, 1.9, interrupted=True)
    assert len(await injects(store)) == 1
    assert await questions(store) == []


@pytest.mark.parametrize("state", [OutboxState.SENDING, OutboxState.UNCERTAIN, OutboxState.SENT])
async def test_what_may_have_reached_somebody_is_never_held(store: Store, state: OutboxState) -> None:
    await look(store, 1, interrupted=False)
    [left_over] = await injects(store)
    await store.perform(lambda tx: outbox.write(tx, left_over.evolve(state=state, wanted=1)))
    await look(store, 3.5, interrupted=True)
    [row] = await questions(store)
    assert row.message == HeldQuestion(exercise=7, injects=("I-02", "I-03"))
    assert (await runs(store))["I-01"].state is InjectState.ISSUED


async def test_a_question_that_has_not_gone_out_gives_way_to_the_one_that_asks_for_more(store: Store) -> None:
    await look(store, 3.5, interrupted=True)
    await look(store, 5.5, interrupted=True)
    [row] = await questions(store)
    assert row.message == HeldQuestion(exercise=7, injects=("I-01", "I-02", "I-03", "I-04", "I-05"))


async def test_a_question_that_stands_in_the_chat_points_to_the_one_that_asks_for_more(store: Store) -> None:
    await look(store, 3.5, interrupted=True)
    [first] = await questions(store)
    await store.perform(lambda tx: outbox.write(tx, first.evolve(state=OutboxState.SENT, message_id=9)))
    await look(store, 5.5, interrupted=True)
    former, newest = await questions(store)
    assert former.id == first.id
    assert former.out_of_date
    assert former.message == HeldQuestion(exercise=7, injects=("I-01", "I-02", "I-03"), asked_again=True)
    assert newest.message == HeldQuestion(exercise=7, injects=("I-01", "I-02", "I-03", "I-04", "I-05"))


async def test_an_answer_is_shown_although_a_new_question_takes_the_place_before_it_is(store: Store) -> None:
    await look(store, 3.5, interrupted=True)
    [first] = await questions(store)
    await store.perform(lambda tx: outbox.write(tx, first.evolve(state=OutboxState.SENT, message_id=9)))
    await answer(store, Release.SKIP, 3.6)
    await look(store, 6.5, interrupted=True)
    assert [row.id == first.id and row.out_of_date for row in await questions(store)] == [True, False]


async def test_the_conductors_first_look_holds_what_an_earlier_process_left_over(store: Store) -> None:
    await look(store, 1, interrupted=False)
    await Conductor(store, ManualClock(STARTEX + timedelta(minutes=3.5))).look()
    assert await injects(store) == []
    assert len(await questions(store)) == 1


async def test_what_becomes_too_late_while_nothing_reaches_telegram_is_held(store: Store) -> None:
    clock = ManualClock(STARTEX + timedelta(minutes=1))
    reached = True
    conductor = Conductor(store, clock, cut_off=lambda: not reached)
    await conductor.look()
    assert len(await injects(store)) == 1
    for seconds in range(5, 90, 5):
        clock.set(STARTEX + timedelta(minutes=1, seconds=seconds))
        await conductor.look()
        assert await questions(store) == []
    reached = False
    await conductor.look()
    assert await injects(store) == []
    [row] = await questions(store)
    assert row.message == HeldQuestion(exercise=7, injects=("I-01", "I-02"))


async def fire_c_01(store: Store, minute: float) -> None:
    def use_case(tx: Transaction) -> None:
        exercise = exercises.get(tx, 7)
        assert exercise is not None
        at = STARTEX + timedelta(minutes=minute)
        record(tx, fire(exercise, "C-01", DIRECTOR, at, lambda: f"r{next(REFERENCES)}"))

    await store.perform(use_case)


async def test_what_was_fired_seconds_before_the_line_went_down_is_not_asked_about(store: Store) -> None:
    clock = ManualClock(STARTEX + timedelta(seconds=90))
    reached = True
    conductor = Conductor(store, clock, cut_off=lambda: not reached)
    await conductor.look()
    await fire_c_01(store, 1.5)
    reached = False
    clock.set(STARTEX + timedelta(seconds=95))
    await conductor.look()
    assert await questions(store) == []
    assert len(await injects(store)) == 2


async def test_what_was_fired_and_held_is_on_record_as_due_when_it_was_fired(store: Store) -> None:
    await look(store, 0.5, interrupted=False)
    await fire_c_01(store, 0.75)
    await look(store, 2.75, interrupted=True)
    held_run = (await runs(store))["C-01"]
    assert (held_run.state, held_run.at) == (InjectState.HELD, timedelta(seconds=45))
    [row] = await questions(store)
    assert row.message == HeldQuestion(exercise=7, injects=("C-01", "I-01", "I-02"))
    await answer(store, Release.SHIFT, 2.75)
    now = await runs(store)
    assert now["C-01"].deliveries["posko"].due_at == STARTEX + timedelta(minutes=2.75)
    assert now["I-08"].at == timedelta(minutes=10)


async def test_what_the_director_has_sent_stays_sent_over_a_restart_of_seconds(store: Store) -> None:
    await look(store, 3.5, interrupted=True)
    await answer(store, Release.SEND, 3.6)
    await look(store, 3.65, interrupted=True)
    assert {(await runs(store))[inject].state for inject in ("I-01", "I-02", "I-03")} == {InjectState.ISSUED}
    assert len(await injects(store)) == 3


async def answered_by_radio_and_held(store: Store) -> None:
    await look(store, 10, interrupted=False)

    def use_case(tx: Transaction) -> None:
        exercise = exercises.get(tx, 7)
        assert exercise is not None
        record(tx, told_by_radio(exercise, "I-10", "posko", DIRECTOR, STARTEX + timedelta(minutes=12)))

    await store.perform(use_case)
    await look(store, 40, interrupted=True)


async def agrees(store: Store) -> list[str]:
    """Where the record, as it would be handed out now, says something else than its log."""

    def problems(tx: Transaction) -> list[str]:
        exercise = exercises.get(tx, 7)
        assert exercise is not None
        entries = log.entries(tx, 7)
        return list(disagreements(make_record(exercise, entries, {}), entries))

    return await store.read(problems)


async def test_what_was_answered_by_radio_is_held_for_the_others_and_keeps_the_answer(store: Store) -> None:
    await answered_by_radio_and_held(store)
    assert await injects(store) == []
    now = (await runs(store))["I-10"]
    assert now.state is InjectState.HELD
    assert [unit for unit, delivery in now.deliveries.items() if delivery.acknowledged] == ["posko"]
    assert await agrees(store) == []


@pytest.mark.parametrize("choice", [Release.SEND, Release.SHIFT])
async def test_let_go_it_goes_to_each_unit_once_and_the_answer_stands(store: Store, choice: Release) -> None:
    await answered_by_radio_and_held(store)
    await answer(store, choice, 40)
    await look(store, 60, interrupted=False)
    posts = [row.message for row in await injects(store)]
    assert [post.unit for post in posts if isinstance(post, InjectPost) and post.inject == "I-10"] == [
        "posko",
        "dalmas",
    ]
    now = (await runs(store))["I-10"]
    assert [bool(delivery.acknowledged) for delivery in now.deliveries.values()] == [True, False]
    assert await agrees(store) == []


async def test_left_out_it_keeps_the_answer_on_record(store: Store) -> None:
    await answered_by_radio_and_held(store)
    await answer(store, Release.SKIP, 40)
    now = (await runs(store))["I-10"]
    assert now.state is InjectState.SKIPPED
    assert [unit for unit, delivery in now.deliveries.items() if delivery.acknowledged] == ["posko"]
    assert await agrees(store) == []
