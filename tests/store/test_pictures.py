"""Pictures are awaited once each, up to a number, and what has been erased never comes back."""

from functools import partial

from bot.exercise import conduct
from bot.service.recording import record
from bot.store import pictures
from bot.store.pictures import MOST, MOST_TRIES, Awaited
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import CONTROL, DIRECTOR, STARTEX, a_scenario


def an_exercise(tx: Transaction) -> None:
    scenario = a_scenario()
    codes = {unit: unit * 8 for unit in scenario.units}
    record(
        tx,
        conduct.create(
            1,
            scenario,
            "Uji",
            control=CONTROL,
            language="id",
            timezone="Asia/Jakarta",
            by=DIRECTOR,
            at=STARTEX,
            code_hashes=codes,
        ),
    )


async def test_a_picture_is_awaited_once_and_no_more_of_them_than_are_kept(store: Store) -> None:
    def expect_many(tx: Transaction) -> None:
        for number in range(MOST + 5):
            pictures.expect(tx, 1, f"p{number}", by_id=7)
            pictures.expect(tx, 1, f"p{number}", by_id=7)

    await store.perform(an_exercise)
    await store.perform(expect_many)
    awaited = await store.perform(pictures.awaited)
    assert sorted(one.file for one in awaited) == sorted(f"p{number}" for number in range(MOST))


async def test_what_is_here_is_awaited_no_more_and_reads_as_it_came(store: Store) -> None:
    body = bytes(range(256)) * 10
    await store.perform(an_exercise)
    await store.perform(lambda tx: pictures.expect(tx, 1, "p", by_id=7))
    await store.perform(lambda tx: pictures.keep(tx, Awaited(1, "p"), body))
    assert await store.perform(pictures.awaited) == []
    assert await store.read(lambda tx: pictures.kept(tx, 1)) == {"p": body}


async def test_telegram_is_not_asked_for_ever(store: Store) -> None:
    def miss(tx: Transaction) -> None:
        for _ in range(MOST_TRIES):
            pictures.missed(tx, Awaited(1, "p"))

    await store.perform(an_exercise)
    await store.perform(lambda tx: pictures.expect(tx, 1, "p", by_id=7))
    await store.perform(miss)
    assert await store.perform(pictures.awaited) == []


async def test_what_was_erased_while_it_was_fetched_stays_erased(store: Store) -> None:
    await store.perform(an_exercise)
    for file, by_id in (("mine", 7), ("yours", 8)):
        await store.perform(partial(pictures.expect, exercise=1, file=file, by_id=by_id))
    assert await store.perform(lambda tx: pictures.erase(tx, 1, by_id=7)) == 1
    for file in ("mine", "yours"):
        await store.perform(partial(pictures.keep, one=Awaited(1, file), body=b"body"))
    assert await store.perform(lambda tx: pictures.kept(tx, 1)) == {"yours": b"body"}
    assert await store.perform(lambda tx: pictures.erase(tx, 1)) == 1
    assert await store.perform(lambda tx: pictures.kept(tx, 1)) == {}
