"""What cannot be taken in is put aside, and the control room that it concerns is told."""

from functools import partial

from bot.messages import Notice
from bot.service import receiving
from bot.store import outbox
from bot.store.inbox import InboxRow
from bot.store.store import Store
from tests.builders import CONTROL, STARTEX
from tests.service.test_use_cases import GROUP, begun


async def notices(store: Store) -> list[tuple[int, Notice]]:
    rows = await store.perform(outbox.open_rows)
    found = [(row.place.chat_id, row.message) for row in rows if isinstance(row.message, Notice)]
    return [(chat, notice) for chat, notice in found if notice.key == "notice.quarantined"]


async def test_the_control_room_learns_whose_update_was_put_aside_and_of_each_once(store: Store) -> None:
    await begun(store)
    poison = InboxRow(7, GROUP.chat_id, STARTEX, backlog=False, payload="{}")
    for _ in range(2):
        await store.perform(partial(receiving.quarantine, row=poison, why="KeyError", at=STARTEX))
    told = await notices(store)
    assert [(chat, notice.params) for chat, notice in told] == [
        (CONTROL.chat_id, {"where": "Dalmas Lanjut", "update": 7})
    ]


async def test_an_update_of_no_exercise_is_put_aside_without_a_word(store: Store) -> None:
    await begun(store)
    stray = InboxRow(8, 4711, STARTEX, backlog=False, payload="{}")
    await store.perform(partial(receiving.quarantine, row=stray, why="KeyError", at=STARTEX))
    assert await notices(store) == []
