"""An exercise with people in every role, each with words of their own, and everything that the bot keeps of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import orjson
from sqlalchemy import Connection, insert, update
from sqlalchemy.sql.schema import Table

from bot.exercise import ad_hoc, answers, conduct, enrolment, hot_wash, improving, observing, reporting
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.hot_wash import Question
from bot.exercise.improving import Plan
from bot.exercise.model import Exercise
from bot.exercise.observing import Observed
from bot.exercise.people import SYSTEM, Person, Place, Role
from bot.exercise.reporting import Brought, Filed
from bot.messages import (
    ConfirmEnd,
    Help,
    HotWashPrompt,
    Notice,
    Plain,
    PublicSummary,
    RealWorld,
    ReasonPrompt,
    UnitBound,
    UnitReport,
)
from bot.service.recording import record
from bot.store import directory, exercises, outbox
from bot.store.engine import make_engine
from bot.store.outbox_row import OutboxState
from bot.store.schema import inbox, join_try, menu, metadata
from bot.store.schema import outbox as outbox_table
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import STARTEX, Play, a_scenario

NUMBER = 7
DIRECTOR = Person(711000001, "Melati Wulandari")
CONTROLLER = Person(711000002, "Bambang Kusumo")
OBSERVER = Person(711000003, "Dewi Anggraini")
OF_POSKO = Person(711000004, "Hendra Gunawan")
OF_DALMAS = Person(711000005, "Yusuf Hamdani")
SECOND = Person(711000006, "Ratna Puspita")
OF_MEDIS = Person(711000007, "Agung Nugroho")
"""Whose unit sits in their private chat."""
OF_HUMAS = Person(711000008, "Lestari Widodo")
BYSTANDER = Person(711000009, "Teguh Prasetyo")
"""A member who stops the exercise for a real emergency."""
REFUSED = Person(711000010, "Indra Maulana")
FORMER = Person(711000011, "Fitri Handayani")
"""Who had a role and lost it."""
EVERYBODY = (
    DIRECTOR,
    CONTROLLER,
    OBSERVER,
    OF_POSKO,
    OF_DALMAS,
    SECOND,
    OF_MEDIS,
    OF_HUMAS,
    BYSTANDER,
    REFUSED,
    FORMER,
)
WRITTEN = ("katasatu", "katadua", "katatiga", "kataempat", "katalima", "kataenam", "katatujuh", "katadelapan")
"""A word of each piece of writing, found nowhere else."""
FILE = "AgACAgUAAxkBAAIfoto"
"""Telegram's id of a photo that was sent in."""
_LATE = STARTEX + timedelta(seconds=2400)
_CHATS = {"posko": -100711001, "dalmas": -100711002, "medis": OF_MEDIS.id, "humas": -100711004}
_LEADERS = {"posko": OF_POSKO, "dalmas": OF_DALMAS, "medis": OF_MEDIS, "humas": OF_HUMAS}


@dataclass
class Course:
    """The exercise as it goes on, each step into the database."""

    tx: Transaction
    play: Play

    def take(self, change: Change) -> None:
        """Record a step."""
        self.play.take(change)
        record(self.tx, change)


def username(person: Person) -> str:
    """A person's user name."""
    return person.name.split()[0].lower() + str(person.id)[-2:]


def everything(tx: Transaction, number: int = NUMBER) -> None:
    """Play it, and record it as the bot does."""
    play = Play(_ready(tx, number), _references=count(number * 1000).__next__)
    course = Course(tx, play)
    begun = len(play.facts)
    play.startex()
    play.acknowledge(10, "I-01", "posko", "dalmas", "medis").acknowledge(395.5, "I-02", "medis")
    play.take(
        answers.report(
            play.exercise, "I-01", "dalmas", OF_DALMAS, _at(20), Brought("photo", f"katasatu {OF_POSKO.name}", FILE, 55)
        )
    )
    filed = Filed("I-01", OF_DALMAS, 55, ())
    play.take(reporting.correct(play.exercise, "dalmas", filed, Brought("text", "katadua", "", 55), OF_DALMAS, _at(30)))
    place = Brought("location", "", "-6.2,106.8", 57)
    play.take(answers.report(play.exercise, None, "humas", OF_HUMAS, _at(32), place))
    words = f"katatiga untuk {SECOND.name}"
    play.take(ad_hoc.say(play.exercise, "humas", words, DIRECTOR, _at(400), play._reference))
    play.acknowledge(620, "I-03", "posko").decide(645, "I-03", "posko", "pantau", f"kataempat kata {OF_DALMAS.name}")
    play.take(conduct.pause(play.exercise, DIRECTOR, _at(660), "katalima"))
    play.take(conduct.resume(play.exercise, CONTROLLER, _at(700)))
    play.acknowledge(1400.5, "I-05", "dalmas").progress(1410, "I-05", "dalmas", "underway")
    play.take(conduct.realworld(play.exercise, BYSTANDER, _at(1560), "kataenam", "medis"))
    play.take(conduct.resume(play.exercise, DIRECTOR, _at(1600)))
    seen = Observed(f"katatujuh {OF_HUMAS.name}, @{username(OF_HUMAS)}", "photo", FILE + "2")
    play.take(observing.note(play.exercise, "I-01", "dalmas", seen, CONTROLLER, _at(1650)))
    play.take(observing.rate(play.exercise, "I-01", "dalmas", "S", Observed("katadelapan"), CONTROLLER, _at(1660)))
    play.skip(1790, "C-04", f"{OF_HUMAS.name} sakit").endex(2100)
    refused = Fact(_LATE, FactKind.REFUSED, REFUSED, detail={"why": "reply.over", "text": "/ack tolong"})
    play.take(Change(play.exercise, (refused,)))
    record(tx, Change(play.exercise, tuple(play.facts[begun:])))
    course.take(Change(play.exercise.evolve(summarised=True), (Fact(_LATE, FactKind.SUMMARISED, SYSTEM),)))
    _look_back(course)
    _said(tx, play.exercise)
    tx.write(update(outbox_table).values(state=OutboxState.SENT, out_of_date=False))
    _kept_beside(tx)


def _ready(tx: Transaction, number: int) -> Exercise:
    early = STARTEX - timedelta(hours=1)
    scenario = a_scenario()
    codes = {unit: f"{number}{unit}".ljust(64, "0") for unit in scenario.units}
    change = conduct.create(
        number,
        scenario,
        "Sispamkota",
        control=Place(DIRECTOR.id),
        language="id",
        timezone="Asia/Jakarta",
        by=DIRECTOR,
        at=early,
        code_hashes=codes,
    )
    for unit, leader in _LEADERS.items():
        title = leader.name if unit == "medis" else f"Grup {leader.name}"
        change = change.then(enrolment.join(change.exercise, unit, Place(_CHATS[unit]), title, leader, early))
    for person, role in ((CONTROLLER, Role.CONTROLLER), (OBSERVER, Role.OBSERVER), (FORMER, Role.OBSERVER)):
        change = change.then(enrolment.give_role(change.exercise, person, role, DIRECTOR, early))
    change = change.then(enrolment.take_role(change.exercise, FORMER, DIRECTOR, early))
    change = change.then(enrolment.appoint_leader(change.exercise, "posko", SECOND, OF_POSKO, early))
    change = change.then(enrolment.appoint_leader(change.exercise, "posko", FORMER, OF_POSKO, early))
    return record(tx, change.then(enrolment.remove_leader(change.exercise, "posko", FORMER, OF_POSKO, early)))


def _look_back(course: Course) -> None:
    course.take(hot_wash.open_up(course.play.exercise, timedelta(minutes=5), _LATE))
    wash = hot_wash.hot_wash_in(course.play.facts)
    said = f"terima kasih {OF_DALMAS.name.upper()}"
    exercise, units = course.play.exercise, ("posko", OF_POSKO)
    course.take(hot_wash.answer(exercise, wash, units[0], Question.WELL, said, units[1], _LATE))
    course.take(hot_wash.close(exercise, _LATE))
    plan = Plan(f"latih {OF_POSKO.name}", f"@{username(OF_HUMAS)}")
    course.take(improving.add(exercise, plan, CONTROLLER, _LATE))


def _said(tx: Transaction, exercise: Exercise) -> None:
    """Messages of every kind with people in them, sent or not."""
    number, control = exercise.number, exercise.control
    moment = exercise.created_at
    messages = (
        Notice(exercise=number, key="notice.x", params={"who": OF_POSKO.name}),
        RealWorld(exercise=number, who=BYSTANDER.name, where="Medis", text="kataenam", at=moment),
        Help(name=OF_DALMAS.name, exercise=number),
        UnitBound(exercise=number, unit="posko", chat="Grup", chat_id=_CHATS["posko"], by=OF_POSKO.name),
        ConfirmEnd(exercise=number, turn="endex", answered_by=DIRECTOR.name),
        ReasonPrompt(
            exercise=number, inject="I-03", unit="posko", option="pantau", by_id=OF_POSKO.id, by_name=OF_POSKO.name
        ),
        UnitReport(
            exercise=number, unit="dalmas", inject="I-01", by=OF_DALMAS.name, at=moment, kind="photo", text="katasatu",
            file=FILE,
        ),
    )  # fmt: skip
    for message in messages:
        outbox.add(tx, message, control, moment, exercise=number)
    prompt = HotWashPrompt(exercise=number, unit="posko", question="well", by_id=OF_POSKO.id, by_name=OF_POSKO.name)
    outbox.add(tx, prompt, control, moment, exercise=number, key=f"wash:{number}:{OF_POSKO.id}")
    outbox.add(tx, PublicSummary(exercise=number), Place(OBSERVER.id), moment, exercise=number)
    whoami = Plain(key="reply.whoami", params={"name": OF_HUMAS.name, "id": OF_HUMAS.id})
    for place in (Place(OF_HUMAS.id), Place(_CHATS["humas"])):
        row = outbox.add(tx, whoami, place, moment)
        assert row is not None
        outbox.write(tx, row.evolve(state=OutboxState.SENT, message_id=row.id))


def _kept_beside(tx: Transaction) -> None:
    """The directory, private chats, and an update that was put aside."""
    for index, person in enumerate(EVERYBODY):
        directory.meet(tx, person, username(person))
        if directory.language_of(tx, person.id) is None:
            directory.set_language(tx, person.id, "en")
            tx.write(insert(join_try).values(user_id=person.id, at=STARTEX))
            tx.write(insert(menu).values(chat_id=person.id, commands="en"))
            update_ = {"message": {"chat": {"id": person.id}, "from": {"id": person.id, "first_name": person.name}}}
            tx.write(
                insert(inbox).values(
                    update_id=index, lane=person.id, at=STARTEX, backlog=False, tries=3, why="", state="quarantined",
                    payload=orjson.dumps(update_).decode(),
                )
            )  # fmt: skip
            done = {"payload": "", "state": "done", "backlog": False, "tries": 0, "why": "", "at": STARTEX}
            tx.write(insert(inbox).values(update_id=100 + index, lane=person.id, **done))
    directory.add_scenario(tx, a_scenario(id="kiriman"), CONTROLLER, STARTEX)


def _at(second: float) -> datetime:
    return STARTEX + timedelta(seconds=second)


async def rows_of(url: str) -> dict[str, list[list[object]]]:
    """Every row of every table."""

    def read(connection: Connection) -> dict[str, list[list[object]]]:
        return {name: [list(row) for row in connection.execute(table.select())] for name, table in _tables()}

    engine = make_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(read)
    await engine.dispose()
    return found


def _tables() -> list[tuple[str, Table]]:
    return list(metadata.tables.items())


async def meddle(url: str, deed: Callable[[Connection], object]) -> None:
    """Change the database behind the bot's back."""
    engine = make_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(deed)
    await engine.dispose()


async def recorded(store: Store, number: int = NUMBER) -> Exercise:
    """The exercise as another process reads it."""
    found = await store.read(lambda tx: exercises.get(tx, number))
    assert found is not None
    return found


def traces(
    rows: Mapping[str, Sequence[Sequence[object]]], people: Iterable[Person], words: Iterable[str] = ()
) -> list[str]:
    """Where people are found, by any part of their name, their user name or their id; and where words are."""
    people = list(people)
    ids = {person.id for person in people}
    wanted = [*words, *(str(each) for each in ids), *map(username, people)]
    wanted += [part for person in people for part in person.name.split()]
    folded = [each.casefold() for each in wanted]
    found = []
    for table, lines in rows.items():
        for value in (value for line in lines for value in line):
            text = value.casefold() if isinstance(value, str) else ""
            if (isinstance(value, int) and value in ids) or any(each in text for each in folded):
                found.append(f"{table}: {value}")
    return found
