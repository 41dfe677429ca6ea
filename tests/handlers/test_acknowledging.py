"""`/ack` without an id: the oldest inject that the unit may be looking at."""

from dataclasses import replace

from bot.messages import Notice
from bot.service import receiving
from bot.store import exercises, outbox
from bot.store.inbox import InboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from handlers import unit
from handlers.request import Request
from tests.handlers.scene import AT, CONTROL, LEADER, desk_over, press_of, send_everything, set_up


def command(tx: Transaction, update_id: int) -> Request:
    """`/ack`, sent by the leader of the ops post, whose update is on record."""
    exercise = exercises.get(tx, 1)
    assert exercise is not None
    place = exercise.seats["posko"].place
    assert place is not None
    return replace(press_of(LEADER, place, 1, "", AT), update_id=update_id)


async def test_what_has_certainly_not_gone_out_is_not_what_a_bare_ack_means(store: Store) -> None:
    desk = desk_over(store)
    await store.perform(lambda tx: set_up(tx, CONTROL, 10))

    async def ack(update_id: int) -> str:
        update = InboxRow(update_id, CONTROL.chat_id, AT, backlog=False, payload="{}")
        await store.perform(lambda tx: receiving.receive(tx, [update]))
        await unit.acknowledge(desk, await store.perform(lambda tx: command(tx, update_id)))
        replies = await store.perform(lambda tx: [row.message for row in outbox.open_rows(tx)])
        return [reply.key for reply in replies if isinstance(reply, Notice)][-1]

    assert await ack(1) == "refused.nothing_open"
    await store.perform(send_everything)
    assert await ack(2) == "notice.acknowledged"
