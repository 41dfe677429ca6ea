"""Prepared statements say what any other statement says, on each database, whichever way they go."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.store.inbox import InboxState
from bot.store.prepared import Prepared
from bot.store.schema import inbox, menu
from bot.store.store import Store
from bot.store.transaction import Transaction

AT = datetime(2026, 4, 26, 3, 0, 0, 123_456, tzinfo=UTC)
ADD = Prepared(insert(inbox))
ADD_AND_TELL = Prepared(insert(inbox).returning(inbox.c.update_id, inbox.c.at, sort_by_parameter_order=True))
ALL = select(inbox).where(inbox.c.lane == bindparam("of")).order_by(inbox.c.update_id)
FOUND = Prepared(ALL)
PUT_ASIDE = Prepared(
    update(inbox)
    .where(inbox.c.update_id == bindparam("this"), inbox.c.state == InboxState.WAITING)
    .values(state=InboxState.QUARANTINED, tries=inbox.c.tries + 1)
    .returning(inbox)
)
FINISH = Prepared(update(inbox).where(inbox.c.update_id == bindparam("this")).values(state=InboxState.DONE))


def update_row(number: int, lane: int = -1) -> dict[str, Any]:
    return {
        "update_id": number,
        "lane": lane,
        "at": AT,
        "backlog": number % 2 == 0,
        "payload": '{"ё": "🚒"}',
        "state": InboxState.WAITING,
        "tries": 0,
        "why": "",
    }


def three(tx: Transaction) -> None:
    tx.write_later(ADD, [update_row(1), update_row(2), update_row(3, lane=-2)])
    tx.catch_up()


async def test_rows_are_what_any_other_statement_finds(store: Store) -> None:
    def both(tx: Transaction) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        three(tx)
        columns = [column.key for column in inbox.columns]
        usual = [dict(row) for row in tx.read(ALL, {"of": -1}).mappings()]
        return usual, [{name: getattr(row, name) for name in columns} for row in tx.find(FOUND, {"of": -1})]

    usual, prepared = await store.perform(both)
    assert prepared == usual == [update_row(1), update_row(2)]
    assert [type(row["backlog"]) for row in prepared] == [bool, bool]


async def test_rows_that_are_read_one_after_another_are_the_same(store: Store) -> None:
    await store.perform(three)
    assert await store.perform(lambda tx: [row.update_id for row in tx.stream(FOUND, {"of": -1})]) == [1, 2]
    assert await store.read(lambda tx: [row.update_id for row in tx.stream(FOUND, {"of": -2})]) == [3]


async def test_what_is_changed_comes_back_as_it_is_then(store: Store) -> None:
    await store.perform(three)
    [row] = await store.perform(lambda tx: tx.changed(PUT_ASIDE, {"this": 2}))
    assert (row.update_id, row.at, row.state, row.tries) == (2, AT, InboxState.QUARANTINED, 1)
    assert await store.perform(lambda tx: list(tx.changed(PUT_ASIDE, {"this": 2}))) == []


async def test_a_row_for_each_that_was_put_in_comes_back_in_their_order(store: Store) -> None:
    numbers = [5, 1, *range(200, 100, -1), 3]
    rows = [update_row(number) for number in numbers]
    added = await store.perform(lambda tx: tx.changed_each(ADD_AND_TELL, rows))
    assert [(row.update_id, row.at) for row in added] == [(number, AT) for number in numbers]
    assert len(await store.perform(lambda tx: tx.find(FOUND, {"of": -1}))) == len(numbers)
    with pytest.raises(IntegrityError):
        await store.perform(lambda tx: tx.changed_each(ADD_AND_TELL, [update_row(4), update_row(1)]))


async def test_how_many_rows_were_changed_is_known(store: Store) -> None:
    await store.perform(three)
    assert await store.perform(lambda tx: [tx.change(FINISH, {"this": number}) for number in (1, 99)]) == [1, 0]


async def test_a_statement_is_refused_as_any_other_is(store: Store) -> None:
    await store.perform(three)
    with pytest.raises(IntegrityError):
        await store.perform(lambda tx: tx.change(ADD, update_row(1)))
    with pytest.raises(IntegrityError):
        await store.perform(lambda tx: tx.write_later(ADD, [update_row(4), update_row(1)]))
    assert await store.perform(lambda tx: len(tx.find(FOUND, {"of": -1}))) == 2


async def test_one_statement_serves_every_connection(store: Store) -> None:
    """Compiled on one line, it runs on another of the same kind, and on one that only reads."""
    known = Prepared(select(menu).where(menu.c.chat_id == bindparam("this")))
    await store.perform(lambda tx: tx.write(insert(menu).values(chat_id=1, commands="id")))
    for use in (store.perform, store.read, store.aside):
        assert [row.commands for row in await use(lambda tx: tx.find(known, {"this": 1}))] == ["id"]
