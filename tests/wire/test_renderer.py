"""What an inject is rendered from: the same, whether it is in memory or read from the record."""

from functools import partial
from itertools import count
from pathlib import Path

from bot.clock import WallClock
from bot.exercise import conduct
from bot.exercise.forms import Form
from bot.exercise.people import Person, Place
from bot.messages import InjectPost
from bot.service import preparing, running, sending
from bot.service.recording import record
from bot.store import directory, exercises, outbox
from bot.store.outbox import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.texts.catalogue import LANGUAGES
from bot.wire.renderer import Renderer
from tests.builders import STARTEX, a_scenario

DIRECTOR, LEADER = Person(1, "Direktur"), Person(2, "Padal")


def begun(tx: Transaction) -> list[OutboxRow]:
    """An exercise whose first injects wait in the outbox; gives them as they wait there."""
    scenario = a_scenario()
    directory.add_scenario(tx, scenario, DIRECTOR, STARTEX)
    codes, references = count(), count()
    exercise, made = preparing.create(
        tx,
        scenario.id,
        "",
        control=Place(-1),
        language="id",
        timezone="Asia/Jakarta",
        by=DIRECTOR,
        at=STARTEX,
        new_code=lambda: f"kode-{next(codes)}",
    )
    for number, code in enumerate(made.values(), 2):
        preparing.join(tx, code, Place(-number), "Satuan", LEADER, STARTEX)
        directory.set_language(tx, -number, LANGUAGES[number % 2])
    seated = exercises.get(tx, exercise.number)
    assert seated is not None
    record(tx, conduct.startex(seated, DIRECTOR, STARTEX))
    running.advance(tx, exercise.number, STARTEX, lambda: f"r{next(references)}")
    return [row for row in outbox.open_rows(tx) if isinstance(row.message, InjectPost)]


async def no_press(exercise: int, form: Form, language: str) -> bytes | None:  # noqa: ARG001 - the signature is Press's
    return None


async def test_an_inject_reads_the_same_from_memory_as_from_the_record(tmp_path: Path) -> None:
    store, fresh = (Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}") for _ in range(2))
    await store.open()
    claimed: list[OutboxRow] = []
    for waiting in await store.perform(begun):
        row = await store.perform(partial(sending.claim, waiting=waiting, at=STARTEX))
        assert row is not None
        claimed.append(row)
    await fresh.open()
    from_memory, from_record = (Renderer(each, WallClock(), "geladi_bot", "id", no_press) for each in (store, fresh))
    assert claimed
    for row in claimed:
        fresh.memory.forget()
        assert from_memory._remembered(row) is not None
        assert from_record._remembered(row) is None
        assert await from_memory.render(row, repeat=False) == await from_record.render(row, repeat=False)
    for each in (store, fresh):
        await each.close()
