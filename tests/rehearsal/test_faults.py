"""Faults on the wire are real, and their effect in the world is the one that is named."""

import asyncio
from typing import Any

import pytest
from aiohttp import ClientConnectorError, ClientError, ClientPayloadError

from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.faults import (
    BrokenJson,
    ErrorAfter,
    Fault,
    HalfBody,
    Refusal,
    ResetAfter,
    ResetBefore,
    Stall,
)
from bot.rehearsal.standin.server import StandIn
from tests.rehearsal.stage import Api, Stage


@pytest.fixture
def room(stage: Stage) -> Chat:
    return stage.sari.start().chat


async def attempt(stage: Stage, room: Chat) -> Any:
    """What a bot sees of one send: the code and description, or the name of the error."""
    try:
        reply = await stage.api("sendMessage", chat_id=room.id, text="Siaga")
    except (ClientError, ValueError) as error:
        return type(error).__name__
    return reply.body.get("description", reply.status)


@pytest.mark.parametrize(
    ("fault", "seen", "is_sent"),
    [
        (ResetBefore(), {"ClientOSError", "ServerDisconnectedError"}, False),
        (ResetAfter(), {"ClientOSError", "ServerDisconnectedError"}, True),
        (HalfBody(), {"ClientPayloadError"}, True),
        (BrokenJson(), {"JSONDecodeError"}, True),
        (ErrorAfter(502), {"Bad Gateway"}, True),
        (Refusal(502), {"Bad Gateway"}, False),
        (Refusal(401), {"Unauthorized"}, False),
        (Refusal(404), {"Not Found"}, False),
        (Refusal(429, retry_after=17), {"Too Many Requests: retry after 17"}, False),
        (
            Refusal(403, description="Forbidden: bot was blocked by the user"),
            {"Forbidden: bot was blocked by the user"},
            False,
        ),
    ],
)
async def test_each_fault_shows_its_face_and_has_its_effect(
    stage: Stage, room: Chat, fault: Fault, seen: set[str], is_sent: bool
) -> None:
    before = room.last_message_id
    stage.world.faults.once(fault, "sendMessage")
    assert (await stage.api("getMe")).status == 200
    assert await attempt(stage, room) in seen
    assert (room.last_message_id > before) is is_sent
    request = stage.world.journal.of("sendMessage")[-1]
    assert request.fault == fault
    assert (request.outcome == "ok") is is_sent
    assert await attempt(stage, room) == 200


async def test_half_a_body_is_really_half(stage: Stage) -> None:
    stage.world.faults.once(HalfBody())
    url = f"{stage.api.root}/bot{stage.api.token}/getMe"
    async with stage.api.session.get(url) as response:
        assert response.status == 200
        with pytest.raises(ClientPayloadError):
            await response.read()


async def test_a_stalled_answer_comes_late_to_a_request_that_took_effect(stage: Stage, room: Chat) -> None:
    before = stage.clock.now()
    stage.world.faults.once(Stall(30))
    assert await attempt(stage, room) == 200
    assert (stage.clock.now() - before).total_seconds() == 30
    assert room.messages[room.last_message_id].date == before


async def test_faults_can_be_scripted_one_by_one(stage: Stage, room: Chat) -> None:
    stage.world.faults.script([None, Refusal(502), None, ResetBefore()], "sendMessage")
    outcomes = [await attempt(stage, room) for _ in range(3)]
    assert outcomes == [200, "Bad Gateway", 200]
    stage.world.faults.clear()
    assert await attempt(stage, room) == 200


async def test_a_server_that_is_down_refuses_connections_and_comes_back(stage: Stage) -> None:
    async with StandIn(stage.world) as standin:
        api = Api(stage.api.session, standin.url, stage.bot.token)
        poll = asyncio.create_task(api("getUpdates", timeout=50))
        await stage.polled()
        await standin.go_down()
        [cut_off] = await asyncio.gather(poll, return_exceptions=True)
        assert isinstance(cut_off, ClientError)
        assert not isinstance(cut_off, ClientConnectorError)
        with pytest.raises(ClientConnectorError):
            await api("getMe")
        await standin.come_back()
        assert (await api("getMe")).status == 200
