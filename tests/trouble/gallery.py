"""A chat for each thing that can go wrong: all of them at once, and what goes wrong in one is its own matter.

The whole bot is at work in this process against the stand-in; only the seats are taken without a word, so that the
first thing that any chat hears is what the test is about.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import running
from bot.clock import WallClock
from bot.exercise import answers, conduct, enrolment
from bot.exercise.model import Delivery, Exercise, InjectState
from bot.exercise.people import Person as Somebody
from bot.exercise.people import Place
from bot.messages import InDoubt, Notice
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.faults import (
    BrokenJson,
    Decision,
    ErrorAfter,
    Fault,
    HalfBody,
    Refusal,
    ResetAfter,
    ResetBefore,
    Stall,
)
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.pictures import plain_png
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.service.preparing import hashed
from bot.service.recording import record
from bot.settings import Settings
from bot.store import exercises, outbox, schema
from bot.store.outbox_row import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.request import AiohttpRequest
from scenarios.model import Scenario, load
from tests.press import NearPress

SPEED = 20.0
READ_SECONDS = 3.0
"""Real seconds after which a silent server is given up here; in the field they are twenty and more."""
LONG_FLOOD = 40
"""Seconds of silence that a 429 asks for."""

NO_ANSWER: Mapping[str, Fault] = {
    "reset before": ResetBefore(),
    "reset after": ResetAfter(),
    "stall": Stall(6_000.0),
    "half a body": HalfBody(),
    "broken JSON": BrokenJson(),
    "500": Refusal(500),
    "502": Refusal(502),
    "504 after all": ErrorAfter(504),
}
"""After these nobody knows whether the request took effect."""
NOT_DONE: Mapping[str, Fault] = {
    "429": Refusal(429, retry_after=LONG_FLOOD),
    "401": Refusal(401),
    "404": Refusal(404),
}
"""After these it certainly did not, and may be made again."""
SPOILT: Mapping[str, Fault] = {**NO_ANSWER, **NOT_DONE}
"""Each fault of a single request; that the server is not there at all is brought about by its going down."""
TOOK_EFFECT = {"reset after", "stall", "half a body", "broken JSON", "504 after all"}

SECONDS = 60
"""Real seconds after which nothing more is waited for."""


@dataclass
class Cell:
    """A chat, the unit that sits there, and what goes wrong in it with one method."""

    method: str
    fault: str
    chat: Chat
    leader: Person
    faults: list[Fault] = field(default_factory=list)
    """What the next requests of the method meet, in this chat."""

    @property
    def unit(self) -> str:
        return slug(self.method, self.fault)


def slug(method: str, fault: str) -> str:
    """The id of the unit in the cell."""
    return f"{method}-{fault}".lower().replace(" ", "-")


@dataclass
class Gallery:
    """The cells, by method and fault, and the bot that serves them all."""

    world: World
    standin: StandIn
    store: Store
    clock: WallClock
    director: Person
    cells: Mapping[tuple[str, str], Cell]

    @property
    def control(self) -> Chat:
        return self.director.private()

    async def begin(self) -> None:
        """STARTEX, given by nobody's hand, and every inject put into the outbox."""
        await self.change(lambda run: conduct.startex(run, self.somebody, self.clock.now()))
        await self.until(_all_issued)

    async def change(self, step: Callable[[Exercise], Any]) -> None:
        """Change the exercise as a use case would."""

        def use_case(tx: Transaction) -> None:
            run = exercises.get(tx, 1)
            assert run is not None
            record(tx, step(run))

        await self.store.perform(use_case)

    async def exercise(self) -> Exercise:
        found = await self.store.perform(lambda tx: exercises.get(tx, 1))
        assert found is not None
        return found

    async def acknowledge(self, inject: str, cells: Iterable[Cell]) -> None:
        """The cells' leader acknowledges the inject everywhere, and no press is heard of it."""
        for cell in cells:
            by, at = Somebody(cell.leader.id, cell.leader.user.first_name), self.clock.now()
            await self.change(lambda run, cell=cell, by=by, at=at: answers.acknowledge(run, inject, cell.unit, by, at))  # type: ignore[misc]  # mypy does not infer a lambda's defaults

    async def unseat(self, cell: Cell, code: str) -> None:
        """Take the cell's unit out of its chat, and let it come back by ``code``."""
        by, at, kept = self.somebody, self.clock.now(), hashed(code)
        await self.change(lambda run: enrolment.unbind(run, cell.unit, kept, by, at))

    async def delivery(self, inject: str, cell: Cell) -> Delivery:
        return (await self.exercise()).injects[inject].deliveries[cell.unit]

    async def row(self, key: str) -> OutboxRow:
        found = await self.store.perform(lambda tx: outbox.find_key(tx, key))
        assert found is not None, key
        return found

    async def until(self, holds: Callable[[Transaction], object]) -> None:
        """Wait until something ``holds`` of the record."""
        async with asyncio.timeout(SECONDS):
            while not await self.store.perform(holds):  # noqa: ASYNC110 - nothing announces a commit
                await asyncio.sleep(0.05)

    async def quiet(self) -> None:
        """Wait until nothing is left to be sent or edited."""
        await self.until(lambda tx: not outbox.open_rows(tx))

    async def told(self, cell: Cell) -> tuple[str, ...]:
        """What the control room has been told about the cell's unit: keys of notices, kinds of questions."""
        rows = await self.store.perform(_everything)
        found = []
        for row in rows:
            message = row.message
            if row.place.chat_id != self.control.id or row.message_id is None:
                continue
            if isinstance(message, Notice) and message.params.get("unit") in {cell.unit, self.name(cell)}:
                found.append(message.key)
            elif isinstance(message, InDoubt) and message.unit == cell.unit:
                found.append(message.type)
        return tuple(sorted(found))

    def acknowledged(self, tx: Transaction, inject: str, cell: Cell) -> bool:
        """Whether the inject is acknowledged there."""
        run = exercises.get(tx, 1)
        return run is not None and run.injects[inject].deliveries[cell.unit].acknowledged is not None

    def all_seated(self, tx: Transaction) -> bool:
        """Whether every unit sits in its cell's chat."""
        run = exercises.get(tx, 1)
        return run is not None and all(run.seats[c.unit].place == Place(c.chat.id) for c in self.cells.values())

    def name(self, cell: Cell) -> str:
        """How the unit is called."""
        return f"Satuan {cell.unit}"

    def said(self, cell: Cell) -> list[Message]:
        """What the bot wrote into the cell's chat, wherever that is by now."""
        chat = self.world.chats[cell.chat.migrated_to] if cell.chat.migrated_to else cell.chat
        return [m for m in chat.messages.values() if m.sender and m.sender.is_bot and not m.service]

    def shut_out(self, cell: Cell) -> None:
        """Somebody removes the bot, and Telegram's word of it is lost: only an error tells."""
        cell.leader.remove_bot(cell.chat)
        self.world.only_bot.updates.clear()

    def upgrade(self, cell: Cell) -> None:
        """The group becomes a supergroup, and Telegram's word of it is lost."""
        cell.leader.upgrade_to_supergroup(cell.chat)
        self.world.only_bot.updates.clear()

    @property
    def somebody(self) -> Somebody:
        """The director, as the record knows people."""
        return Somebody(self.director.id, self.director.user.first_name)


def _put_in(tx: Transaction, exercise: Exercise) -> None:
    exercises._insert_exercise(tx, exercise)
    exercises._update_seats(tx, exercise, exercise.seats)


def _all_issued(tx: Transaction) -> bool:
    run = exercises.get(tx, 1)
    return run is not None and all(inject.state is InjectState.ISSUED for inject in run.injects.values())


def _everything(tx: Transaction) -> list[OutboxRow]:
    return [outbox.row_of(row) for row in tx.read(select(schema.outbox).order_by(schema.outbox.c.id))]


def shelf(folder: Path) -> Path:
    """A folder with a file of each kind."""
    made = folder / "scenarios"
    made.mkdir()
    (made / "peta.png").write_bytes(plain_png())
    (made / "rencana.txt").write_text("Rencana")
    (made / "massa.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42")
    (made / "suara.ogg").write_bytes(b"OggS")
    return made


@asynccontextmanager
async def gallery(
    folder: Path,
    injects: Mapping[str, Mapping[str, Any]],
    places: Mapping[str, Iterable[str]],
    decide: Callable[[Mapping[tuple[str, str], Cell]], Decision],
    *,
    speed: float = SPEED,
    **settings: Any,
) -> AsyncIterator[Gallery]:
    """A bot with an exercise that waits for its STARTEX: each method's inject goes to the units in its cells.

    ``injects`` are the parts of the inject of each method, ``places`` the faults of each, one cell for each of them;
    ``decide`` says what a request meets.
    """
    clock = WallClock(speed)
    world = World(clock, limits=NO_LIMITS)
    bot = world.add_bot("geladi_bot")
    director = Person(world, world.add_user("Sari"))
    leader = Person(world, world.add_user("Padal"))
    cells = {(method, fault): _cell(method, fault, leader) for method, faults in places.items() for fault in faults}
    script = load(
        {
            "format": 1,
            "id": "gladi-galeri",
            "title": "Gladi galeri",
            "units": {cell.unit: {"name": f"Satuan {cell.unit}"} for cell in cells.values()},
            "injects": [
                {
                    "id": f"G-{number}",
                    "at": "0s",
                    "text": f"Kata sandi {method}-teks.",
                    "to": [slug(method, fault) for fault in places[method]],
                    # So long that nothing is held back for having become too late.
                    "acknowledge": {"within": "10h"},
                    **parts,
                }
                for number, (method, parts) in enumerate(injects.items(), 1)
            ],
        }
    )
    exercise = _seated(script, cells.values(), director, clock.now())
    async with _opened(folder) as store, StandIn(world) as standin:
        await store.perform(lambda tx: _put_in(tx, exercise))
        bot.updates.clear()
        world.faults.decide = decide(cells)
        chosen = Settings(
            _env_file=None,
            api_url=standin.url,
            owners=(director.id,),
            rate_overall="10000/s",
            rate_chat="100/s",
            rate_group="100/s",
            scenarios=shelf(folder),
            **{"listen": "", **settings},
        )
        async with running(chosen, bot.token, store, clock, press=NearPress(store)):
            yield Gallery(world, standin, store, clock, director, cells)


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[Store]:
    """A store that is closed also where the test fails: what is left open is told of in another."""
    store = Store(f"sqlite+aiosqlite:///{folder / 'geladi.db'}")
    await store.open()
    try:
        yield store
    finally:
        await store.close()


def _cell(method: str, fault: str, leader: Person) -> Cell:
    chat = leader.create_group(f"Grup {method} {fault}")
    leader.add_bot(chat)
    return Cell(method, fault, chat, leader)


def _seated(script: Scenario, cells: Iterable[Cell], director: Person, at: datetime) -> Exercise:
    by = Somebody(director.id, director.user.first_name)
    exercise = conduct.create(
        1,
        script,
        "Galeri",
        control=Place(director.private().id),
        language="id",
        timezone="Asia/Jakarta",
        by=by,
        at=at,
        code_hashes={unit: hashed(unit) for unit in script.units},
    ).exercise
    for cell in cells:
        person = Somebody(cell.leader.id, cell.leader.user.first_name)
        exercise = enrolment.join(exercise, cell.unit, Place(cell.chat.id), cell.chat.title, person, at).exercise
    return exercise


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing is given up soon."""
    monkeypatch.setitem(AiohttpRequest.__init__.__kwdefaults__ or {}, "read", READ_SECONDS)
    monkeypatch.setattr("bot.wire.request._UPLOAD_EXTRA", 0.0)
    monkeypatch.setattr("bot.wire.polling._LONG_POLL", 2)
    monkeypatch.setattr("bot.wire.polling._PATIENCE", READ_SECONDS)
