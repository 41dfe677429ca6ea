"""After an erasure, whoever meddles with the log is found out as before, or with what stands in place of the erased."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, delete, func, select, update

from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.sealing import commitment
from bot.report.verifying import verify
from bot.report.written import read_record
from bot.service.erasing import By, Wanted, erase
from bot.service.recording import record
from bot.store import exercises
from bot.store.log import _Reading
from bot.store.schema import delivery, log, log_head
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import STARTEX
from tests.erasing.stage import NUMBER, OF_POSKO, everything, meddle, rows_of, traces
from tests.erasing.test_erasing import document, verdict
from tests.old_logs import seal_as_before_salts

_NOW = STARTEX.replace(year=2025)
Deed = Callable[[Connection], object]


def _erased_entries(connection: Connection) -> list[int]:
    return list(
        connection.execute(select(log.c.seq).where(log.c.commitment.is_not(None)).order_by(log.c.seq)).scalars()
    )


def _last(connection: Connection) -> int:
    last: int = connection.execute(select(func.max(log.c.seq))).scalar_one()
    return last


def _in_an_erased_entry(**values: Any) -> Deed:
    def deed(connection: Connection) -> None:
        connection.execute(update(log).where(log.c.seq == _erased_entries(connection)[4]).values(**values))

    return deed


def _exchange_pseudonyms(connection: Connection) -> None:
    rows = connection.execute(select(log).where(log.c.commitment.is_not(None), log.c.actor_id < 0)).all()
    one = rows[0]
    other = next(row for row in rows if row.actor_id != one.actor_id)
    for seq, who in ((one.seq, other), (other.seq, one)):
        connection.execute(update(log).where(log.c.seq == seq).values(actor_id=who.actor_id, actor_name=who.actor_name))


def _cut_off_the_word_of_it(connection: Connection) -> None:
    """As one who knows of the end beside the log."""
    last = _last(connection)
    connection.execute(delete(log).where(log.c.seq == last))
    before = connection.execute(select(log.c.hash).where(log.c.seq == last - 1)).scalar_one()
    connection.execute(update(log_head).values(entries=last - 1, hash=before))


def _have_another_erased(connection: Connection) -> None:
    """Put other words into an entry that holds its people still, as if an erasure had done so."""
    row = connection.execute(select(log).where(log.c.salt.is_not(None)).order_by(log.c.seq)).first()
    assert row is not None
    committed = commitment(_Reading().entry(row).fact, row.salt)
    values = {"salt": None, "commitment": committed, "actor_id": -3, "actor_name": "orang 3"}
    connection.execute(update(log).where(log.c.seq == row.seq).values(**values))


def _take_out_and_move_up(connection: Connection) -> None:
    seqs = _erased_entries(connection)
    connection.execute(delete(log).where(log.c.seq == seqs[3]))
    later = connection.execute(select(log.c.seq).where(log.c.seq > seqs[3]).order_by(log.c.seq)).scalars().all()
    for seq in later:
        connection.execute(update(log).where(log.c.seq == seq).values(seq=seq - 1))


def _the_word_of_it(connection: Connection) -> None:
    row = connection.execute(select(log).where(log.c.kind == "erased")).one()
    detail = {**orjson.loads(row.detail), "removed": {}}
    told = orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode()
    connection.execute(update(log).where(log.c.seq == row.seq).values(detail=told))


MEDDLING: dict[str, tuple[Deed, str]] = {
    "another pseudonym": (_in_an_erased_entry(actor_id=-2, actor_name="orang 99"), "does not read as the erasure"),
    "pseudonyms exchanged": (_exchange_pseudonyms, "does not read as the erasure"),
    "another moment": (_in_an_erased_entry(at=STARTEX), "is not what was written"),
    "another kind": (_in_an_erased_entry(kind="refused"), "is not what was written"),
    "another unit": (_in_an_erased_entry(unit="posko"), "is not what was written"),
    "another commitment": (_in_an_erased_entry(commitment="0" * 64), "is not what was written"),
    "no commitment": (_in_an_erased_entry(commitment=None), "is not what was written"),
    "an entry taken out": (lambda c: c.execute(delete(log).where(log.c.seq == _erased_entries(c)[3])), "missing"),
    "an entry taken out and the rest moved up": (_take_out_and_move_up, "is not what was written"),
    "the word of it cut off": (lambda c: c.execute(delete(log).where(log.c.seq == _last(c))), "missing at the end"),
    "the word of it cut off, the end too": (_cut_off_the_word_of_it, "no entry says so"),
    "the word of it": (_the_word_of_it, "is not what was written"),
    "an answer by somebody else": (
        lambda c: c.execute(update(delivery).where(delivery.c.acknowledged_by_id < 0).values(acknowledged_by_id=-99)),
        "acknowledged_by",
    ),
}


@pytest.fixture(params=["with salts", "from before salts"])
async def erased_url(request: pytest.FixtureRequest, store: Store, url: str) -> str:
    """A database with an exercise from which everybody is erased."""
    await store.perform(everything)
    if request.param == "from before salts":
        await meddle(url, lambda connection: seal_as_before_salts(connection, NUMBER))
    again = Store(url)
    await again.open()
    await again.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND), _NOW))
    await again.close()
    return url


@pytest.mark.parametrize(("deed", "named"), MEDDLING.values(), ids=MEDDLING)
async def test_meddling_after_an_erasure_is_named(store: Store, erased_url: str, deed: Deed, named: str) -> None:
    assert (await verdict(store))[0]
    await meddle(erased_url, deed)
    whole, lines = await verdict(store)
    assert not whole
    assert any(named in line for line in lines if line.startswith("PROBLEM")), lines


async def test_nobody_can_pass_off_other_words_as_an_erasure(store: Store, url: str) -> None:
    await store.perform(everything)
    await meddle(url, _have_another_erased)
    assert any("was erased, and no entry says so" in line for line in (await verdict(store))[1])
    await meddle(url, lambda connection: connection.execute(update(log).values(commitment=None)))
    await store.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND, OF_POSKO.id), _NOW))
    await meddle(url, _have_another_erased)
    assert any("does not read as the erasure" in line for line in (await verdict(store))[1])


async def test_a_record_of_an_erased_exercise_shows_meddling_by_itself(store: Store) -> None:
    await store.perform(everything)
    await store.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND), _NOW))
    before = await document(store)
    erased = [index for index, line in enumerate(before["log"]) if "commitment" in line]

    def problems(meddling: Callable[[dict[str, Any]], object]) -> list[str]:
        changed = orjson.loads(orjson.dumps(before))
        meddling(changed["log"][erased[4]])
        return list(verify(read_record(orjson.dumps(changed))).problems)

    assert problems(dict) == []
    assert problems(lambda line: line.update(actor={"id": -2, "name": "orang 2"})) != []
    assert problems(lambda line: line.update(salt="00")) != []
    assert problems(lambda line: line.pop("commitment")) != []
    assert problems(lambda line: line.update(commitment="")) != []


async def test_what_happens_after_an_erasure_goes_on_in_the_same_chain(store: Store, url: str) -> None:
    """A press on an old button is a refusal by somebody: it names them until the next erasure."""
    await store.perform(everything)
    await store.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND), _NOW))

    def press(tx: Transaction) -> None:
        exercise = exercises.get(tx, NUMBER)
        assert exercise is not None
        refused = Fact(_NOW, FactKind.REFUSED, OF_POSKO, detail={"why": "reply.over", "text": "katalagi"})
        record(tx, Change(exercise, (refused,)))

    await store.perform(press)
    assert traces(await rows_of(url), [OF_POSKO]) != []
    assert (await verdict(store))[0]
    await store.perform(lambda tx: erase(tx, NUMBER, Wanted(By.COMMAND), _NOW))
    assert traces(await rows_of(url), [OF_POSKO], ["katalagi"]) == []
    whole, lines = await verdict(store)
    assert whole, lines
    assert sum("everybody was erased" in line for line in lines) == 2
