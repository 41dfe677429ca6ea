"""What comes of messages on their way out, where nobody can know, nobody may hear it any more, or a chat is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select, update

from bot.exercise import answers, conduct, enrolment, resending
from bot.exercise.facts import Change
from bot.exercise.model import Delivery, DeliveryState, Exercise
from bot.exercise.people import Place
from bot.messages import InDoubt, InjectPost, Message, Notice, Plain, RealWorld, Reminder
from bot.service import running, sending
from bot.service.recording import record
from bot.store import exercises, outbox, schema
from bot.store.outbox import OutboxRow, OutboxState
from bot.store.store import Store
from bot.wire.rendering.render import render
from bot.wire.rendering.view import View
from tests.builders import CONTROL, DIRECTOR, STARTEX, Play, a_scenario, an_exercise, leader_of

INJECTS = [{"id": "I-01", "at": "1m", "to": ["posko", "dalmas"], "text": "Isi", "acknowledge": {"within": "5m"}}]
NO_RIGHTS = "Bad Request: not enough rights to send text messages to the chat"
KICKED = "Forbidden: bot was kicked from the group chat"


def after(seconds: float) -> datetime:
    """A moment so long after the inject is issued."""
    return STARTEX + timedelta(minutes=1, seconds=seconds)


@pytest.fixture
async def store(store: Store) -> Store:
    """A record with one exercise, whose inject for two units has just been issued."""
    prepared = an_exercise(a_scenario(injects=INJECTS))
    begun = Play(prepared).startex()
    references = count(1)
    await store.perform(lambda tx: exercises._insert_exercise(tx, prepared))
    await store.perform(lambda tx: exercises._update_seats(tx, prepared, prepared.seats))
    created = tuple(fact for fact in begun.facts if fact.kind == "startex")
    await store.perform(lambda tx: record(tx, Change(begun.exercise, created)))
    await store.perform(lambda tx: running.advance(tx, 7, after(0), lambda: f"r{next(references)}"))
    return store


async def rows(store: Store) -> list[OutboxRow]:
    every = select(schema.outbox).order_by(schema.outbox.c.id)
    return await store.read(lambda tx: [outbox.row_of(row) for row in tx.read(every)])


async def inject_row(store: Store, unit: str = "posko") -> OutboxRow:
    (row,) = [row for row in await rows(store) if isinstance(row.message, InjectPost) and row.message.unit == unit]
    return row


async def ids_of(store: Store, state: OutboxState) -> list[int]:
    found = select(schema.outbox.c.id).where(schema.outbox.c.state == state)
    return await store.read(lambda tx: list(tx.read(found).scalars()))


async def said_to_control(store: Store) -> list[Message]:
    return [row.message for row in await rows(store) if row.place == CONTROL]


async def exercise_of(store: Store) -> Exercise:
    found = await store.read(lambda tx: exercises.get(tx, 7))
    assert found is not None
    return found


async def delivery_of(store: Store) -> Delivery:
    return (await exercise_of(store)).injects["I-01"].deliveries["posko"]


async def take(store: Store, step: Callable[[Exercise], Change]) -> None:
    exercise = await exercise_of(store)
    await store.perform(lambda tx: record(tx, step(exercise)))


async def claim(store: Store, seconds: float) -> OutboxRow | None:
    row = await inject_row(store)
    return await store.perform(lambda tx: sending.claim(tx, row, after(seconds)))


async def cut_off(store: Store, *, again_at: float | None) -> None:
    """An attempt that nobody has answered."""
    assert await claim(store, 0)
    row = await inject_row(store)
    not_before = None if again_at is None else after(again_at)
    await store.perform(lambda tx: sending.uncertain(tx, row.id, after(1), not_before, "reset"))


async def in_doubt(store: Store) -> bool:
    return any(isinstance(message, InDoubt) for message in await said_to_control(store))


async def test_the_director_is_asked_where_the_repeat_of_an_inject_is_refused(store: Store) -> None:
    await cut_off(store, again_at=30)
    row = await claim(store, 30)
    assert row
    await store.perform(lambda tx: sending.failed(tx, row.id, after(31), NO_RIGHTS))
    assert (await delivery_of(store)).state is DeliveryState.UNCERTAIN
    assert await in_doubt(store)


async def test_a_repeat_that_arrives_moves_no_time_of_the_first(store: Store) -> None:
    await cut_off(store, again_at=30)
    first = (await delivery_of(store)).sent_at
    row = await claim(store, 30)
    assert row
    await store.perform(lambda tx: sending.sent(tx, row.id, after(31), 9, after(31)))
    delivery = await delivery_of(store)
    assert (delivery.state, delivery.sent_at) == (DeliveryState.SENT, first)


async def test_a_repeat_that_waits_gives_way_to_the_message_that_is_sent_again(store: Store) -> None:
    """The unit is not to have the inject three times."""
    await cut_off(store, again_at=30)
    former = await inject_row(store)
    await take(store, lambda exercise: resending.resend(exercise, "I-01", "posko", DIRECTOR, after(10)))
    assert [row.state for row in await rows(store) if row.id == former.id] == [OutboxState.FAILED]
    assert await store.perform(lambda tx: sending.claim(tx, former, after(30))) is None


async def test_a_death_in_the_repeat_of_an_inject_makes_no_third_copy(store: Store) -> None:
    await cut_off(store, again_at=30)
    assert await claim(store, 30)
    left = await store.perform(lambda tx: sending.open_rows(tx, after(35)))
    (row,) = [row for row in left if isinstance(row.message, InjectPost) and row.message.unit == "posko"]
    assert (row.state, row.not_before) == (OutboxState.FAILED, None)
    assert await in_doubt(store)


async def test_what_may_have_arrived_is_not_repeated_after_endex(store: Store) -> None:
    await cut_off(store, again_at=30)
    await take(store, lambda exercise: conduct.endex(exercise, DIRECTOR, after(10)))
    assert await claim(store, 30) is None
    assert (await inject_row(store)).state is OutboxState.SKIPPED
    assert (await delivery_of(store)).state is DeliveryState.UNCERTAIN


async def test_what_was_put_off_in_its_flight_at_endex_does_not_go_out_after_it(store: Store) -> None:
    row = await claim(store, 0)
    assert row
    await take(store, lambda exercise: conduct.endex(exercise, DIRECTOR, after(1)))
    put_off = await store.perform(lambda tx: sending.retry(tx, row.id, after(2), after(30), "Too Many Requests"))
    assert put_off
    assert put_off.state is OutboxState.SKIPPED
    assert (await delivery_of(store)).state is DeliveryState.SKIPPED


async def test_nothing_is_repeated_in_a_chat_that_is_the_units_no_more(store: Store) -> None:
    await cut_off(store, again_at=30)
    await take(store, lambda exercise: enrolment.unbind(exercise, "posko", "0" * 64, DIRECTOR, after(10)))
    assert await claim(store, 30) is None


async def test_what_was_put_off_in_its_flight_goes_to_no_chat_that_is_the_units_no_more(store: Store) -> None:
    row = await claim(store, 0)
    assert row
    await take(store, lambda exercise: enrolment.unbind(exercise, "posko", "0" * 64, DIRECTOR, after(1)))
    await store.perform(lambda tx: sending.retry(tx, row.id, after(2), after(2), "Too Many Requests"))
    assert await claim(store, 3) is None
    assert (await delivery_of(store)).state is DeliveryState.SKIPPED


async def test_no_inject_follows_a_real_emergency_by_which_the_exercise_was_broken_off(store: Store) -> None:
    row = await claim(store, 0)
    assert row
    await take(store, lambda exercise: conduct.realworld(exercise, DIRECTOR, after(1), "kebakaran", "posko"))
    await take(store, lambda exercise: conduct.abort(exercise, DIRECTOR, after(2), "kebakaran"))
    await store.perform(lambda tx: sending.retry(tx, row.id, after(3), after(3), "Cannot connect"))
    assert await claim(store, 4) is None


async def test_what_was_put_off_in_its_flight_when_an_emergency_came_is_kept_back(store: Store) -> None:
    row = await claim(store, 0)
    assert row
    await take(store, lambda exercise: conduct.realworld(exercise, DIRECTOR, after(1), "kebakaran"))
    await store.perform(lambda tx: sending.retry(tx, row.id, after(2), after(30), "Too Many Requests"))
    kept = await claim(store, 30)
    assert kept
    assert kept.state is OutboxState.HELD


async def test_what_an_emergency_kept_back_is_withdrawn_when_the_exercise_is_broken_off(store: Store) -> None:
    await take(store, lambda exercise: conduct.realworld(exercise, DIRECTOR, after(1), "kebakaran"))
    assert (await inject_row(store)).state is OutboxState.HELD
    await take(store, lambda exercise: conduct.abort(exercise, DIRECTOR, after(2), "kebakaran"))
    assert (await inject_row(store)).state is OutboxState.SKIPPED
    assert (await delivery_of(store)).state is DeliveryState.SKIPPED


async def test_a_reminder_that_waits_is_left_out_once_the_unit_has_answered(store: Store) -> None:
    row = await claim(store, 0)
    assert row
    await store.perform(lambda tx: sending.sent(tx, row.id, after(1), 9, after(1)))
    message = Reminder(exercise=7, inject="I-01", unit="posko", decision=False, overdue=False)
    reminder = await store.perform(lambda tx: outbox.add(tx, message, row.place, after(200), exercise=7))
    assert reminder
    leader = leader_of(await exercise_of(store), "posko")
    await take(store, lambda exercise: answers.acknowledge(exercise, "I-01", "posko", leader, after(201)))
    assert await store.perform(lambda tx: sending.claim(tx, reminder, after(202))) is None
    (left,) = [row for row in await rows(store) if row.id == reminder.id]
    assert left.state is OutboxState.SKIPPED


async def test_one_lost_topic_leaves_the_other_units_of_its_forum_reachable(store: Store) -> None:
    def into_topics(exercise: Exercise) -> Change:
        change = Change(exercise)
        for topic, unit in enumerate(exercise.seats, 10):
            there = Place(-5000, topic)
            change = change.then(enrolment.unbind(change.exercise, unit, f"{topic:064}", DIRECTOR, after(0)))
            change = change.then(enrolment.join(change.exercise, unit, there, "Forum", DIRECTOR, after(0)))
        return change

    await take(store, into_topics)
    (lost,) = [unit for unit, seat in (await exercise_of(store)).seats.items() if seat.place == Place(-5000, 11)]
    lost_words = "Bad Request: message thread not found"
    await store.perform(lambda tx: sending.reachability(tx, -5000, lost_words, after(1), 11))
    assert [unit for unit, seat in (await exercise_of(store)).seats.items() if seat.unreachable] == [lost]
    await store.perform(lambda tx: sending.reachability(tx, -5000, KICKED, after(2)))
    assert all(seat.unreachable for seat in (await exercise_of(store)).seats.values())


async def test_a_lost_chat_is_told_of_once_and_is_back_once_an_inject_arrives(
    store: Store,
) -> None:
    row = await inject_row(store)
    await store.perform(lambda tx: sending.reachability(tx, row.place.chat_id, "bot was removed", after(0)))
    await store.perform(lambda tx: sending.reachability(tx, row.place.chat_id, KICKED, after(1)))
    assert await claim(store, 2)
    await store.perform(lambda tx: sending.sent(tx, row.id, after(3), 50, after(3)))
    told = [message.key for message in await said_to_control(store) if isinstance(message, Notice)]
    assert told.count("notice.unreachable") == 1
    assert told[-1] == "notice.reachable"
    assert not (await exercise_of(store)).seats["posko"].unreachable


@pytest.mark.parametrize("refused", [False, True])
async def test_the_control_room_hears_of_a_unit_that_no_word_of_the_emergency_reached(
    store: Store, *, refused: bool
) -> None:
    await take(store, lambda exercise: conduct.realworld(exercise, DIRECTOR, after(1), "kebakaran", "posko"))
    place = (await exercise_of(store)).seats["dalmas"].place
    (alarm,) = [row for row in await rows(store) if isinstance(row.message, RealWorld) and row.place == place]
    assert await store.perform(lambda tx: sending.claim(tx, alarm, after(2)))
    if refused:
        await store.perform(lambda tx: sending.failed(tx, alarm.id, after(3), NO_RIGHTS))
    else:
        await store.perform(lambda tx: sending.uncertain(tx, alarm.id, after(3), None, "Bad Gateway"))
    (told,) = [message for message in await said_to_control(store) if isinstance(message, Plain)]
    assert told.key == "notice.alarm_failed"
    words = render(told, View(None, "id", after(4), "geladi_bot")).text
    assert "BUKAN LATIHAN" in words
    assert "Dalmas Lanjut" in words


async def test_a_message_that_cannot_be_read_keeps_no_other_from_going_out(store: Store) -> None:
    broken = await inject_row(store, "dalmas")
    spoil = update(schema.outbox).where(schema.outbox.c.id == broken.id).values(message='{"type":"of another age"}')
    await store.perform(lambda tx: tx.write(spoil))
    left = await store.perform(lambda tx: sending.open_rows(tx, after(1)))
    assert (await ids_of(store, OutboxState.FAILED)) == [broken.id]
    assert broken.id not in {row.id for row in left}
    assert any(isinstance(row.message, InjectPost) for row in left)
