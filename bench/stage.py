"""A database in the middle of an exercise, made by the product's own functions, and the updates that go with it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update

from bot.buttons import ButtonData, Verb
from bot.clock import WallClock
from bot.exercise import conduct, delivering, enrolment
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Place
from bot.exercise.ticking import tick
from bot.messages import InjectPost
from bot.store import exercises, outbox
from bot.store.outbox import OutboxState
from bot.store.schema import log
from bot.store.schema import outbox as outbox_table
from bot.store.store import Store
from bot.store.transaction import Transaction
from scenarios.model import Scenario, load

DIRECTOR = Person(1, "Director")
CONTROL = Place(-1)
_FIRST_CHAT, _FIRST_USER = -1000, 1000
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is prepared. ``offsets``: when each scripted inject is due, in seconds; ``contingency``: one for `/fire`.

    ``sent``: the scripted injects are with their units already, so that they can be acknowledged. ``log_rows``: the
    log is at least so long. ``starts_in``: STARTEX lies so many seconds ahead; ``began_ago``: so many back.
    """

    units: int
    offsets: Sequence[float] = ()
    contingency: bool = False
    sent: bool = True
    log_rows: int = 0
    starts_in: float = 0.0
    began_ago: float = 0.0


def scenario(plan: Plan) -> Scenario:
    """Every inject goes to every unit."""
    injects: list[dict[str, Any]] = [
        {"id": f"I-{i}", "at": f"{at}s", "to": ["all"], "text": "Press.", "acknowledge": {"within": "10h"}}
        for i, at in enumerate(plan.offsets)
    ]
    if plan.contingency or not injects:
        injects.append({"id": "C-1", "to": ["all"], "text": "Press.", "acknowledge": {"within": "10h"}})
    units = {f"u{i}": {"name": f"Unit {i}"} for i in range(plan.units)}
    return load({"format": 1, "id": "bench", "title": "Bench", "units": units, "injects": injects})


async def prepare(path: Path, plan: Plan) -> list[dict[str, Any]]:
    """Make the database; gives a press for each inject that a unit has."""
    store = Store(url_of(path))
    await store.open()
    now = datetime.now(UTC) - timedelta(seconds=plan.began_ago)
    exercise = await store.perform(lambda tx: _begin(tx, plan, now))
    if plan.sent:
        for inject in [run.id for run in exercise.injects.values() if run.at is not None]:
            await store.perform(lambda tx, inject=inject: _send(tx, inject, now))
    exercise = await store.perform(lambda tx: _required(exercises.get(tx, 1)))
    await _fill_log(store, plan.log_rows, now)
    await store.close()
    return presses(exercise) if plan.sent else []


def url_of(path: Path) -> str:
    """The database URL of a file."""
    return f"sqlite+aiosqlite:///{path}"


def presses(exercise: Exercise) -> list[dict[str, Any]]:
    """A press on the first button of each inject, by each unit's leader."""
    units = {unit: number for number, unit in enumerate(exercise.seats)}
    deliveries = [delivery for run in exercise.injects.values() for delivery in run.deliveries.values()]
    return [
        _press(number, delivery.message_id or 0, units[delivery.unit], delivery.reference)
        for number, delivery in enumerate(deliveries, 1)
    ]


def command(text: str) -> dict[str, Any]:
    """The director gives a command in the control room."""
    return {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "date": int(datetime.now(UTC).timestamp()),
            "from": {"id": DIRECTOR.id, "is_bot": False, "first_name": DIRECTOR.name},
            "chat": {"id": CONTROL.chat_id, "type": "group", "title": "Control"},
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}],
        },
    }


def _begin(tx: Transaction, plan: Plan, now: datetime) -> Exercise:
    script = scenario(plan)
    hashes = {unit: hashlib.sha256(unit.encode()).hexdigest() for unit in script.units}
    created = conduct.create(
        1, script, "Bench", control=CONTROL, language="en", timezone="UTC", by=DIRECTOR, at=now, code_hashes=hashes
    )
    exercises.save(tx, created)
    exercise = created.exercise
    for i, unit in enumerate(script.units):
        place, leader = Place(_FIRST_CHAT - i), Person(_FIRST_USER + i, f"Leader {i}")
        joined = enrolment.join(exercise, unit, place, unit, leader, now)
        exercises.save(tx, joined)
        exercise = joined.exercise
    if plan.starts_in:
        change = conduct.schedule(exercise, now + timedelta(seconds=plan.starts_in), DIRECTOR, now)
    else:
        change = conduct.startex(exercise, DIRECTOR, now)
        if plan.sent:
            change = change.then(tick(change.exercise, now, WallClock().reference))
    exercises.save(tx, change)
    return change.exercise


def _send(tx: Transaction, inject: str, now: datetime) -> None:
    exercise = _required(exercises.get(tx, 1))
    deliveries = exercise.injects[inject].deliveries
    posts = [
        (InjectPost(exercise=1, inject=inject, unit=unit), exercise.seats[unit].place or CONTROL) for unit in deliveries
    ]
    outbox.add_injects(tx, 1, posts, now)
    posted = [(row.id, row.message.unit) for row in tx.posted if isinstance(row.message, InjectPost)]
    now_sent = {"state": OutboxState.SENT, "message_id": outbox_table.c.id, "edited_at": now, "attempts": 1}
    ids = outbox_table.c.id.in_([number for number, _ in posted])
    tx.write(update(outbox_table).where(ids).values(now_sent))
    facts: list[Fact] = []
    for number, unit in posted:
        step = delivering.sent(exercise, inject, unit, now, message_id=number, message_date=now, attempts=1)
        exercise, facts = step.exercise, [*facts, *step.facts]
    exercises.save(tx, Change(exercise, tuple(facts)))


async def _fill_log(store: Store, rows: int, now: datetime) -> None:
    """Make the log so long, with a chain that holds."""
    while True:
        missing = rows - await store.perform(lambda tx: tx.read(select(func.max(log.c.seq))).scalar_one())
        if missing <= 0:
            return
        facts = [Fact(now, FactKind.NOTED, DIRECTOR, detail={"text": "Filler"})] * min(missing, _AT_ONCE)
        await store.perform(partial(_note, facts=tuple(facts)))


def _note(tx: Transaction, facts: tuple[Fact, ...]) -> None:
    exercises.save(tx, Change(_required(exercises.get(tx, 1)), facts))


def _required(exercise: Exercise | None) -> Exercise:
    assert exercise is not None
    return exercise


def _press(number: int, message_id: int, unit: int, reference: str) -> dict[str, Any]:
    leader = _FIRST_USER + unit
    return {
        "update_id": number,
        "callback_query": {
            "id": str(number),
            "from": {"id": leader, "is_bot": False, "first_name": f"Leader {unit}"},
            "chat_instance": "1",
            "data": ButtonData(Verb.ACKNOWLEDGE, reference).pack(),
            "message": {
                "message_id": message_id,
                "date": 1_700_000_000,
                "chat": {"id": _FIRST_CHAT - unit, "type": "group", "title": "Unit"},
                "text": "x",
            },
        },
    }
