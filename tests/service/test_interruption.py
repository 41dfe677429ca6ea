"""An exercise that nobody looked at for a while: the director is asked once, and the press decides."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.exercise.facts import Change
from bot.exercise.lateness import Release, held, release
from bot.exercise.model import InjectState
from bot.messages import HeldQuestion
from bot.service import running
from bot.service.recording import record
from bot.store import exercises, outbox
from bot.store.outbox import OutboxRow, OutboxState
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, an_exercise

INJECTS = [{"id": f"I-{minute:02}", "at": f"{minute}m", "to": ["posko"], "text": "Isi"} for minute in range(1, 9)]

REFERENCES = count(1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A record with one exercise, begun."""
    opened = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await opened.open()
    prepared = an_exercise(a_scenario(injects=INJECTS))
    begun = Play(prepared).startex()
    created = [fact for fact in begun.facts if fact.kind == "startex"]
    await opened.perform(lambda tx: exercises._insert_exercise(tx, prepared))
    await opened.perform(lambda tx: record(tx, Change(begun.exercise, tuple(created))))
    yield opened
    await opened.close()


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
