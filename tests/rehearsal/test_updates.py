"""How updates reach a bot: the queue, the long poll, and the life of a press."""

import asyncio
import time

import pytest

from bot.clock import WallClock
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from tests.rehearsal.stage import Api, Stage


@pytest.fixture
def room(stage: Stage) -> Chat:
    return stage.sari.private()


async def test_updates_stay_until_they_are_confirmed(stage: Stage, room: Chat) -> None:
    for number in range(3):
        stage.sari.say(room, str(number))
    first = await stage.updates(limit=2)
    assert [update["message"]["text"] for update in first] == ["0", "1"]
    assert await stage.updates(limit=2) == first
    rest = await stage.updates(offset=first[0]["update_id"] + 1)
    assert [update["message"]["text"] for update in rest] == ["1", "2"]
    assert [update["update_id"] - first[0]["update_id"] for update in rest] == [1, 2]
    assert await stage.updates(offset=rest[-1]["update_id"] + 1) == []


async def test_a_negative_offset_keeps_only_the_newest(stage: Stage, room: Chat) -> None:
    for number in range(5):
        stage.sari.say(room, str(number))
    newest = await stage.updates(offset=-2)
    assert [update["message"]["text"] for update in newest] == ["3", "4"]
    assert await stage.updates() == newest


async def test_a_long_poll_ends_as_soon_as_something_comes(stage: Stage, room: Chat) -> None:
    poll = asyncio.create_task(stage.updates(timeout=50))
    await stage.polled()
    stage.sari.say(room, "Halo")
    async with asyncio.timeout(5):
        assert [update["message"]["text"] for update in await poll] == ["Halo"]


async def test_a_newer_long_poll_ends_the_older_one(stage: Stage, room: Chat) -> None:
    older = asyncio.create_task(stage.api("getUpdates", timeout=50))
    await stage.polled()
    newer = asyncio.create_task(stage.updates(timeout=50))
    refused = await older
    assert refused.refusal == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    stage.sari.say(room, "Halo")
    assert len(await newer) == 1


async def test_an_empty_long_poll_of_a_fast_clock_takes_a_second(stage: Stage) -> None:
    world = World(WallClock(speed=60))
    bot = world.add_bot("cepat_bot")
    async with StandIn(world) as standin:
        api = Api(stage.api.session, standin.url, bot.token)
        began = time.monotonic()
        assert (await api("getUpdates", timeout=50)).result == []
        assert 1.0 <= time.monotonic() - began < 3.0


async def test_an_undelivered_press_is_lost_after_150_seconds_and_a_message_after_a_day(
    stage: Stage, room: Chat
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    stage.sari.say(room, "Halo")
    sent = (await stage.api("sendMessage", chat_id=room.id, text="x", reply_markup=keyboard)).result
    stage.sari.press(room, sent["message_id"], "TERIMA")
    stage.clock.move(149)
    assert [set(update) - {"update_id"} for update in await stage.updates()] == [{"message"}, {"callback_query"}]
    stage.clock.move(1)
    assert [set(update) - {"update_id"} for update in await stage.updates()] == [{"message"}]
    stage.clock.move(24 * 3600)
    assert await stage.updates() == []


async def test_a_press_can_be_answered_for_150_seconds_and_twice(stage: Stage, room: Chat) -> None:
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    stage.sari.say(room, "Halo")
    sent = (await stage.api("sendMessage", chat_id=room.id, text="x", reply_markup=keyboard)).result
    press = stage.sari.press(room, sent["message_id"], "TERIMA")
    stage.clock.move(150)
    query = {"callback_query_id": press.query_id}
    too_long = await stage.api("answerCallbackQuery", **query, text="x" * 201)
    assert too_long.refusal == "400 Bad Request: MESSAGE_TOO_LONG"
    assert (await stage.api("answerCallbackQuery", **query, text="Tercatat")).result is True
    assert (await stage.api("answerCallbackQuery", **query, text="Lagi")).result is True
    assert (await press.answered()).text == "Tercatat"
    stage.clock.move(1)
    refused = await stage.api("answerCallbackQuery", **query)
    assert refused.refusal == ("400 Bad Request: query is too old and response timeout expired or query ID is invalid")


async def test_the_kinds_asked_for_stay_asked_for(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group, administrator=True)
    budi = Person(stage.world, stage.world.add_user("Budi"))
    await stage.confirm_all()
    budi.join(group)
    assert [set(update) - {"update_id"} for update in await stage.updates()] == [{"message"}]
    await stage.updates(allowed_updates=["chat_member"])
    await stage.confirm_all()
    budi.leave(group)
    budi.say(stage.world.private_chat(budi.user, stage.bot), "Halo")
    kinds = [set(update) - {"update_id"} for update in await stage.updates()]
    assert kinds == [{"chat_member"}]
    await stage.updates(allowed_updates=[])
    await stage.confirm_all()
    budi.join(group)
    assert [set(update) - {"update_id"} for update in await stage.updates()] == [{"message"}]


async def test_reactions_arrive_when_asked_for_by_an_administrator(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group, administrator=True)
    await stage.updates(allowed_updates=["message_reaction"])
    await stage.confirm_all()
    message = stage.sari.say(group, "Siap")
    stage.sari.react(message, "👍")
    update = (await stage.updates())[-1]["message_reaction"]
    assert (update["old_reaction"], update["new_reaction"]) == ([], [{"type": "emoji", "emoji": "👍"}])
