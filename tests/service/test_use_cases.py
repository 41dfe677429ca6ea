"""Use cases over a real store, every moment chosen by the test."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from bot.exercise import conduct, delivering
from bot.exercise.enrolment import PlaceTaken, SeatTaken
from bot.exercise.errors import ExerciseOver
from bot.exercise.facts import Change, FactKind
from bot.exercise.forms import Form
from bot.exercise.lateness import Release, hold_late, release
from bot.exercise.model import DeliveryState, Exercise, ExerciseState
from bot.exercise.people import Person, Place
from bot.messages import ConfirmEnd
from bot.service import asking, finding, preparing, running, sending
from bot.service.keys import board_key, confirmation_key
from bot.service.recording import record
from bot.store import directory, exercises, log, outbox
from bot.store.outbox import OutboxRow, OutboxState
from bot.store.reading import read_exercise
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import CONTROL, DIRECTOR, STARTEX, a_scenario

LEADER = Person(1001, "Padal")
GROUP = Place(-2001)
OTHER = Place(-2002)


async def prepared(store: Store, first_code: int = 1) -> dict[str, str]:
    """An exercise in preparation; gives its join codes by unit."""
    codes = count(first_code)

    def use_case(tx: Transaction) -> dict[str, str]:
        scenario = a_scenario()
        directory.add_scenario(tx, scenario, DIRECTOR, STARTEX)
        _, made = preparing.create(
            tx,
            scenario.id,
            "",
            control=CONTROL,
            language="id",
            timezone="Asia/Jakarta",
            by=DIRECTOR,
            at=STARTEX,
            new_code=lambda: f"kode-{next(codes)}",
        )
        return made

    return await store.perform(use_case)


async def join(store: Store, code: str, place: Place) -> None:
    await store.perform(lambda tx: preparing.join(tx, code, place, "Grup", LEADER, STARTEX))


async def begun(store: Store) -> None:
    """An exercise under way, its first inject in the outbox of one unit."""
    codes = await prepared(store)
    await join(store, codes["dalmas"], GROUP)
    references = count(1)

    def use_case(tx: Transaction) -> None:
        record(tx, conduct.startex(the_exercise(tx), DIRECTOR, STARTEX))
        running.advance(tx, 1, STARTEX, lambda: f"r{next(references)}")

    await store.perform(use_case)


def the_exercise(tx: Transaction) -> Exercise:
    found = exercises.get(tx, 1)
    assert found is not None
    return found


async def rows(store: Store) -> list[OutboxRow]:
    return await store.perform(outbox.open_rows)


async def inject_row(store: Store) -> OutboxRow:
    return next(row for row in await rows(store) if row.message.type == "inject")


async def test_a_code_that_there_is_not_seats_nobody(store: Store) -> None:
    await prepared(store)
    with pytest.raises(preparing.UnknownCode):
        await join(store, "kode-99", GROUP)


async def test_a_unit_sits_in_one_chat_and_a_chat_has_one_unit(store: Store) -> None:
    codes = await prepared(store)
    await join(store, codes["dalmas"], GROUP)
    with pytest.raises(SeatTaken):
        await join(store, codes["dalmas"], OTHER)
    with pytest.raises(PlaceTaken):
        await join(store, codes["medis"], GROUP)
    await join(store, codes["dalmas"], GROUP)
    assert len([row for row in await rows(store) if row.place == GROUP]) == 1


async def test_nobody_joins_an_exercise_that_is_over(store: Store) -> None:
    codes = await prepared(store)
    await store.perform(lambda tx: record(tx, conduct.abort(the_exercise(tx), DIRECTOR, STARTEX, "batal")))
    with pytest.raises(ExerciseOver):
        await join(store, codes["dalmas"], GROUP)


async def test_two_exercises_in_one_control_room_are_told_apart_by_number(store: Store) -> None:
    await prepared(store)
    await store.perform(lambda tx: record(tx, conduct.abort(the_exercise(tx), DIRECTOR, STARTEX, "ulang")))
    await prepared(store, 100)
    latest = await store.perform(lambda tx: finding.control_exercise(tx, CONTROL))
    assert latest.number == 2
    first = await store.perform(lambda tx: finding.control_exercise(tx, CONTROL, 1))
    assert first.state is ExerciseState.ABORTED
    with pytest.raises(finding.NoExercise):
        await store.perform(lambda tx: finding.control_exercise(tx, OTHER, 1))


async def test_endex_withdraws_what_has_not_gone_out(store: Store) -> None:
    await begun(store)
    row = await inject_row(store)
    at = STARTEX + timedelta(seconds=5)
    await store.perform(lambda tx: record(tx, conduct.endex(the_exercise(tx), DIRECTOR, at)))
    assert all(open_row.id != row.id for open_row in await rows(store))
    delivery = await store.perform(lambda tx: the_exercise(tx).injects["I-01"].deliveries["dalmas"])
    assert (delivery.state, delivery.why) == (DeliveryState.SKIPPED, "endex")


FILES = (Form.PDF, Form.JSON)


SUMMARIES = ("summary", "summary_chart", "record_file", "unit_summary")


async def test_a_summary_is_posted_once(store: Store) -> None:
    await begun(store)
    at = STARTEX + timedelta(seconds=5)
    await store.perform(lambda tx: record(tx, conduct.endex(the_exercise(tx), DIRECTOR, at)))
    for _ in range(2):
        await store.perform(lambda tx: running.seal(tx, 1, at))
        await store.perform(lambda tx: running.summarise(tx, 1, at, 2, FILES))
        await store.perform(lambda tx: running.summarise_units(tx, 1, at, {"dalmas": 1}))
    kinds = [row.message.type for row in await rows(store)]
    assert [sum(kind == one for kind in kinds) for one in SUMMARIES] == [2, 2, 2, 1]


async def test_a_summary_waits_for_what_is_under_way_and_not_for_ever(store: Store) -> None:
    await begun(store)
    row = await inject_row(store)
    await store.perform(lambda tx: sending.claim(tx, row, STARTEX))
    await store.perform(lambda tx: record(tx, conduct.endex(the_exercise(tx), DIRECTOR, STARTEX)))
    over = await store.perform(the_exercise)
    assert not running.ready_for_summary(over, STARTEX + running.PATIENCE - timedelta(seconds=1))
    assert running.ready_for_summary(over, STARTEX + running.PATIENCE)


@pytest.mark.parametrize("steps", [1, 2])
async def test_a_summary_that_was_cut_off_in_the_middle_is_ended_and_not_repeated(store: Store, steps: int) -> None:
    await begun(store)
    at = STARTEX + timedelta(seconds=5)
    await store.perform(lambda tx: record(tx, conduct.endex(the_exercise(tx), DIRECTOR, at)))
    whole: list[Callable[[Transaction], None]] = [
        lambda tx: running.seal(tx, 1, at),
        lambda tx: running.summarise(tx, 1, at, 2, FILES),
        lambda tx: running.summarise_units(tx, 1, at, {"dalmas": 1}),
    ]
    for step in whole[:steps]:
        await store.perform(step)
    assert 1 in await store.perform(running.live)
    assert running.ready_for_summary(await store.perform(the_exercise), at)
    for step in whole:
        await store.perform(step)
    kinds = [row.message.type for row in await rows(store)]
    assert [sum(kind == one for kind in kinds) for one in SUMMARIES] == [2, 2, 2, 1]
    assert len(await store.perform(lambda tx: log.entries(tx, 1, {FactKind.SUMMARISED}))) == 1
    assert 1 not in await store.perform(running.live)


async def test_a_tick_after_a_restart_issues_what_came_due_meanwhile_once(store: Store, tmp_path: object) -> None:
    await begun(store)
    await store.close()
    again = Store(f"sqlite+aiosqlite:///{tmp_path}/geladi.db")
    await again.open()
    late = STARTEX + timedelta(minutes=12)
    references = (f"s{n}" for n in count(1))
    for _ in range(2):
        await again.perform(lambda tx: running.advance(tx, 1, late, lambda: next(references)))
    posted = [row.message.inject for row in await rows(again) if row.message.type == "inject"]
    run = await again.perform(the_exercise)
    await again.close()
    assert posted == ["I-01", "I-02", "I-03"]
    assert run.injects["I-02"].due_at == STARTEX + timedelta(minutes=5)


async def test_an_attempt_without_an_end_is_uncertain_after_a_restart(store: Store) -> None:
    await begun(store)
    row = await inject_row(store)
    await store.perform(lambda tx: sending.claim(tx, row, STARTEX))
    found = await store.perform(lambda tx: sending.open_rows(tx, STARTEX))
    (interrupted,) = [open_row for open_row in found if open_row.id == row.id]
    assert (interrupted.state, interrupted.possible_duplicate) == (OutboxState.UNCERTAIN, True)
    delivery = await store.perform(lambda tx: the_exercise(tx).injects["I-01"].deliveries["dalmas"])
    assert delivery.state is DeliveryState.UNCERTAIN


async def test_an_inject_recalled_and_issued_anew_in_one_commit_begins_anew(store: Store) -> None:
    """What came of its first sending is written later, and must not be written over what came after."""
    await begun(store)
    at = STARTEX + timedelta(hours=1)
    names = (f"anew{n}" for n in count(1))

    def withdraw(exercise: Exercise) -> Change:
        return delivering.not_sent(exercise, "I-01", "dalmas", STARTEX, "unbound")

    def recall(exercise: Exercise) -> Change:
        return hold_late(exercise, at, ["I-01"])

    def send(exercise: Exercise) -> Change:
        return release(exercise, ["I-01"], Release.SEND, DIRECTOR, at, lambda: next(names))

    def take(step: Callable[[Exercise], Change]) -> Callable[[Transaction], None]:
        return lambda tx: exercises.save(tx, step(the_exercise(tx)))

    await asyncio.gather(*(store.perform(take(step)) for step in (withdraw, recall, send)))
    stored = await store.perform(lambda tx: read_exercise(tx, 1))
    assert stored is not None
    assert stored.injects["I-01"].deliveries["dalmas"].state is DeliveryState.PENDING
    assert stored == await store.perform(the_exercise)


async def test_the_control_room_learns_of_an_inject_that_may_have_arrived_neither_time(store: Store) -> None:
    await begun(store)
    row = await inject_row(store)
    doubts: list[tuple[str, str]] = []
    for not_before in (STARTEX, None):
        await store.perform(lambda tx: sending.claim(tx, row, STARTEX))
        await store.perform(partial(sending.uncertain, row_id=row.id, at=STARTEX, not_before=not_before, why="reset"))
        asked = [found.message for found in await rows(store) if found.message.type == "in_doubt"]
        doubts = [(question.inject, question.unit) for question in asked]
        assert bool(doubts) is (not_before is None)
    assert doubts == [("I-01", "dalmas")]


async def test_a_group_that_becomes_a_supergroup_keeps_its_seat_and_its_messages(store: Store) -> None:
    await begun(store)
    await store.perform(lambda tx: sending.migrated(tx, GROUP.chat_id, -100_2001, STARTEX))
    assert (await inject_row(store)).place == Place(-100_2001)
    stored = await store.perform(lambda tx: read_exercise(tx, 1))
    assert stored is not None
    assert stored.seats["dalmas"].place == Place(-100_2001)


async def test_what_comes_late_from_a_group_that_is_a_supergroup_by_now_is_still_its_units(store: Store) -> None:
    await begun(store)

    def moved(tx: Transaction) -> None:
        directory.set_language(tx, GROUP.chat_id, "en")
        sending.migrated(tx, GROUP.chat_id, -100_2001, STARTEX)

    await store.perform(moved)
    for place in (GROUP, Place(-100_2001)):
        _, unit = await store.perform(partial(finding.unit_here, place=place))
        assert unit == "dalmas"
        assert (await store.perform(partial(finding.standing, place=place))).unit == "dalmas"
    assert await store.perform(lambda tx: directory.language_of(tx, -100_2001)) == "en"


async def test_a_control_room_that_becomes_a_supergroup_stays_the_control_room(store: Store) -> None:
    await prepared(store)
    await store.perform(lambda tx: sending.migrated(tx, CONTROL.chat_id, -100_1000, STARTEX))
    stored = await store.perform(lambda tx: read_exercise(tx, 1))
    assert stored is not None
    assert stored.control == Place(-100_1000)
    found = await store.perform(lambda tx: finding.control_exercise(tx, Place(-100_1000)))
    assert found.number == 1


async def test_a_control_room_that_becomes_a_supergroup_has_its_board_there(store: Store) -> None:
    await begun(store)
    new = Place(-100_1000)

    def use_case(tx: Transaction) -> tuple[OutboxRow | None, OutboxRow | None]:
        former = outbox.find_key(tx, board_key(1))
        assert former is not None
        sending.claim(tx, former, STARTEX)
        sending.sent(tx, former.id, STARTEX, 77, STARTEX)
        sending.migrated(tx, CONTROL.chat_id, new.chat_id, STARTEX)
        return outbox.find(tx, former.id), outbox.find_key(tx, board_key(1))

    former, board = await store.perform(use_case)
    assert former is not None
    assert board is not None
    assert (former.place, board.place, board.state) == (CONTROL, new, OutboxState.PENDING)


async def test_a_question_answered_just_before_a_restart_is_still_shown_as_answered_after_it(store: Store) -> None:
    await begun(store)
    question = ConfirmEnd(exercise=1, turn="endex")

    def asked(tx: Transaction) -> OutboxRow:
        asking.ask(tx, question, CONTROL, STARTEX, None)
        row = outbox.find_key(tx, confirmation_key(1))
        assert row is not None
        sending.claim(tx, row, STARTEX)
        assert sending.sent(tx, row.id, STARTEX, 77, STARTEX)
        return row

    row = await store.perform(asked)
    await store.perform(lambda tx: asking.answer(tx, question, "yes", DIRECTOR))
    # What a bot that starts now takes up.
    taken_up = {left.id: left for left in await store.perform(lambda tx: sending.open_rows(tx, STARTEX))}
    assert taken_up[row.id].message == question.model_copy(update={"answer": "yes", "answered_by": DIRECTOR.name})


async def test_a_question_that_is_withdrawn_before_it_went_out_never_does(store: Store) -> None:
    await begun(store)

    def withdrawn(tx: Transaction) -> list[OutboxRow]:
        asking.ask(tx, ConfirmEnd(exercise=1, turn="endex"), CONTROL, STARTEX, None)
        asking.withdraw(tx, 1)
        return [row for row in sending.open_rows(tx, STARTEX) if isinstance(row.message, ConfirmEnd)]

    assert await store.perform(withdrawn) == []
