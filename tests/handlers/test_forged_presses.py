"""Forged presses by the thousand change nothing: what a button carries has no authority of its own."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from random import Random

from bot.buttons import LONGEST_DATA, ButtonData, Verb
from bot.exercise.errors import Refusal
from bot.exercise.people import Person, Place
from bot.messages import InjectPost, Message, UnitCard
from bot.service import running, sending
from bot.store import exercises
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.rendering.render import render
from bot.wire.rendering.view import View
from handlers.desk import Desk
from handlers.presses import take
from handlers.request import Request
from tests.builders import DIRECTOR, STARTEX
from tests.handlers.scene import (
    AT,
    CONTROL,
    FORUM,
    LEADER,
    OBSERVER,
    desk_over,
    present,
    press_of,
    send_everything,
    set_up,
)

PRESSES = 20_000
OTHER_CONTROL = Place(FORUM, 6)
"""Where the control room of a second exercise in the same forum is."""
MEMBER = Person(1002, "Anggota")
ALPHABET = "adghsuxlpnecrkow:.0123456789yesnobindcarkt-_|é\N{SUPERSCRIPT TWO}"


def genuine(tx: Transaction, message: Message) -> set[str]:
    """What the buttons of a message carry at this moment."""
    exercise = exercises.get(tx, getattr(message, "exercise", 0))
    shown = render(message, View(exercise, "id", AT, "GeladiBot"))
    return {button.data for row in shown.buttons for button in row}


def forgeries(dice: Random, known: list[str]) -> Iterator[str]:
    """Buttons of others, buttons with something changed, and nonsense."""
    while True:
        data = list(dice.choice(known))
        for _ in range(dice.randrange(4)):
            place = dice.randrange(len(data) + 1)
            data[place : place + dice.randrange(2)] = dice.choice(ALPHABET)
        yield "".join(data)[:LONGEST_DATA]


def may_take_effect(data: str, carried: set[str]) -> bool:
    """Whether a press carries what its own message carries, or the alarm, which anybody may raise anywhere."""
    unpacked = ButtonData.unpack(data)
    return data in carried or (unpacked is not None and unpacked.verb is Verb.REALWORLD)


def took_effect(tx: Transaction, desk: Desk, press: Request) -> bool:
    """Whether a press was not refused, or left a trace although it was."""
    tx.wrote = False
    try:
        take(tx, desk, press)
    except Refusal:
        return tx.wrote
    return True


async def test_what_does_not_belong_under_its_message_changes_nothing(store: Store) -> None:
    desk = desk_over(store)

    def scene(tx: Transaction) -> dict[int, tuple[Place, Message]]:
        set_up(tx, CONTROL, 10)
        set_up(tx, OTHER_CONTROL, 20)
        return send_everything(tx)

    messages = await store.perform(scene)

    def forge(tx: Transaction) -> tuple[int, list[object]]:
        dice = Random(7)
        carried = {message_id: genuine(tx, message) for message_id, (_, message) in messages.items()}
        known = sorted(set().union(*carried.values()))
        tried = 0
        taken: list[object] = []
        for data in forgeries(dice, known):
            message_id = dice.choice([*messages, 9_999])
            place = messages[message_id][0] if message_id in messages else Place(FORUM, 5)
            if may_take_effect(data, carried.get(message_id, set())):
                continue
            # Old messages come without their topic.
            here = dice.choice([place, place, Place(FORUM)])
            person = dice.choice([DIRECTOR, LEADER, MEMBER, OBSERVER])
            if took_effect(tx, desk, press_of(person, here, message_id, data, AT)):
                taken.append((data, messages.get(message_id), person.name))
            tried += 1
            if tried == PRESSES:
                break
        return tried, taken

    assert await store.perform(forge) == (PRESSES, [])


async def test_the_control_rooms_of_one_forum_are_told_apart_by_their_topics(store: Store) -> None:
    desk = desk_over(store)

    def use_case(tx: Transaction) -> tuple[list[bool], list[bool]]:
        first = set_up(tx, CONTROL, 10)
        second = set_up(tx, OTHER_CONTROL, 20)
        messages = send_everything(tx)
        cards = {m.exercise: i for i, (_, m) in messages.items() if isinstance(m, UnitCard)}
        presses = (
            press_of(DIRECTOR, CONTROL, cards[first.number], f"u:{second.number}.medis:unbind", AT),
            press_of(DIRECTOR, OTHER_CONTROL, cards[first.number], f"u:{first.number}.medis:unbind", AT),
            press_of(DIRECTOR, Place(FORUM), cards[first.number], f"u:{first.number}.medis:unbind", AT),
        )
        effects = [took_effect(tx, desk, press) for press in presses]
        return effects, [present(tx, each).seats["medis"].place is None for each in (first, second)]

    assert await store.perform(use_case) == ([False, False, True], [True, False])


async def test_what_is_pressed_in_a_backlog_is_on_record_as_an_upper_bound(store: Store) -> None:
    desk, later = desk_over(store), STARTEX + timedelta(minutes=20)

    def scene(tx: Transaction) -> None:
        exercise = set_up(tx, CONTROL, 10)
        references = count()
        running.advance(tx, exercise.number, later, lambda: f"x{next(references)}")
        posts = {
            (message.inject, message.unit): (place, message_id)
            for message_id, (place, message) in send_everything(tx).items()
            if isinstance(message, InjectPost)
        }
        for inject, unit, verb in (
            ("I-03", "posko", Verb.ACKNOWLEDGE),
            ("I-03", "posko", Verb.DECIDE),
            ("I-05", "dalmas", Verb.PROGRESS),
        ):
            place, message_id = posts[inject, unit]
            delivery = present(tx, exercise).injects[inject].deliveries[unit]
            data = ButtonData(verb, delivery.reference, "" if verb is Verb.ACKNOWLEDGE else "0").pack()
            take(tx, desk, press_of(LEADER, place, message_id, data, later, exact=False))

    await store.perform(scene)
    exercise = await store.read(lambda tx: exercises.get(tx, 1))
    assert exercise is not None
    decided, moved = exercise.injects["I-03"].deliveries["posko"], exercise.injects["I-05"].deliveries["dalmas"]
    assert decided.acknowledged is not None
    assert decided.choice is not None
    assert (decided.acknowledged.exact, decided.choice.exact) == (False, False)
    assert [mark.exact for mark in moved.progress] == [False]


async def test_a_press_from_the_group_that_a_units_supergroup_was_counts(store: Store) -> None:
    desk = desk_over(store)

    def use_case(tx: Transaction) -> bool:
        exercise = set_up(tx, CONTROL, 10)
        posts = {
            message.unit: (place, message_id)
            for message_id, (place, message) in send_everything(tx).items()
            if isinstance(message, InjectPost)
        }
        sending.migrated(tx, FORUM, FORUM - 1, AT)
        place, message_id = posts["posko"]
        data = f"a:{present(tx, exercise).injects['I-01'].deliveries['posko'].reference}:"
        return took_effect(tx, desk, press_of(LEADER, place, message_id, data, AT))

    assert await store.perform(use_case)
