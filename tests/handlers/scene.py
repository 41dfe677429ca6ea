"""An exercise under way, its control room and its units in the topics of one forum, and what is pressed there."""

from datetime import datetime, timedelta
from itertools import count

from telegram import Bot

from bot.clock import WallClock
from bot.exercise import conduct, enrolment
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Place, Role
from bot.guarded_reading import GuardedReader
from bot.messages import Board, ConfirmStartex, GateQuestion, Message, UnitBound, UnitCard, UnitList
from bot.service import offering, preparing, running, sending
from bot.service.recording import record
from bot.store import directory, exercises, outbox
from bot.store.store import Store
from bot.store.transaction import Transaction
from handlers.desk import Desk
from handlers.files import Files
from handlers.membership import Membership
from handlers.request import Request
from tests.builders import DIRECTOR, STARTEX, a_scenario

FORUM = -1_000_500
CONTROL = Place(FORUM, 5)
LEADER = Person(1001, "Padal")
OBSERVER = Person(1003, "Peninjau")
AT = STARTEX + timedelta(minutes=1)


def desk_over(store: Store) -> Desk:
    clock, bot = WallClock(), Bot("1:x")
    files = Files(bot, GuardedReader())
    return Desk(store, clock, frozenset(), "Asia/Jakarta", "id", Membership(bot, clock), files)


def set_up(tx: Transaction, control: Place, first_topic: int) -> Exercise:
    """An exercise under way, each of its units in a topic of its own, every message of its sent."""
    codes, references = count(first_topic), count(first_topic * 1_000)
    scenario = a_scenario()
    directory.add_scenario(tx, scenario, DIRECTOR, STARTEX)
    exercise, made = preparing.create(
        tx,
        scenario.id,
        "",
        control=control,
        language="id",
        timezone="Asia/Jakarta",
        by=DIRECTOR,
        at=STARTEX,
        new_code=lambda: f"kode-{next(codes)}",
    )
    for topic, code in enumerate(made.values(), first_topic):
        preparing.join(tx, code, Place(FORUM, topic), "Forum", LEADER, STARTEX)
    record(tx, enrolment.give_role(present(tx, exercise), OBSERVER, Role.OBSERVER, DIRECTOR, STARTEX))
    record(tx, conduct.startex(present(tx, exercise), DIRECTOR, STARTEX))
    running.advance(tx, exercise.number, STARTEX, lambda: f"r{next(references)}")
    number = exercise.number
    said: tuple[Message, ...] = (
        Board(exercise=number),
        GateQuestion(exercise=number, inject="I-04"),
        ConfirmStartex(exercise=number, unbound=()),
        UnitList(exercise=number),
        UnitCard(exercise=number, unit="medis"),
        UnitBound(exercise=number, unit="medis", chat="Forum", chat_id=FORUM, thread_id=1, by="Padal"),
    )
    for message in said:
        outbox.add(tx, message, control, AT, exercise=number)
    offering.offer(tx, scenario, (), 0, control, AT, None)
    return present(tx, exercise)


def present(tx: Transaction, exercise: Exercise) -> Exercise:
    found = exercises.get(tx, exercise.number)
    assert found is not None
    return found


def send_everything(tx: Transaction) -> dict[int, tuple[Place, Message]]:
    """Every message of the outbox, in its chat, by the id that it has there."""
    sent = {}
    for row in outbox.open_rows(tx):
        sending.claim(tx, row, AT)
        sending.sent(tx, row.id, AT, 100 + row.id, AT)
        sent[100 + row.id] = (row.place, row.message)
    return sent


def press_of(person: Person, place: Place, message_id: int, data: str, at: datetime, *, exact: bool = True) -> Request:
    return Request(
        update_id=1,
        person=person,
        username=None,
        anonymous=False,
        place=place,
        chat_title="",
        private=False,
        message_id=message_id,
        reply_to=None,
        reply_author=None,
        mentioned=None,
        text=data,
        at=at,
        exact=exact,
    )
