"""What goes over the wire, and what its failures mean, over real HTTP."""

import asyncio
import socket
import traceback

import aiohttp.web
import pytest
from telegram import Bot, ReplyParameters
from telegram.error import TelegramError, TimedOut

from bot.wire.failures import FailureKind, OutOfTermError, classify
from bot.wire.request import AiohttpRequest
from tests.wire.faulty import TOKEN, Behaviour, FaultyApi, half_body, refuse, reset, say


async def stall(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_plain_call_goes_as_json_with_nested_values_nested(api: FaultyApi, bot: Bot) -> None:
    sent = await bot.send_message(-7, "Halo", reply_parameters=ReplyParameters(3, allow_sending_without_reply=True))
    call = api.named("sendMessage")[0]
    assert sent.chat.id == -7
    assert call.content_type == "application/json"
    assert call.parameters["chat_id"] == -7
    assert call.parameters["text"] == "Halo"
    assert call.parameters["reply_parameters"] == {"message_id": 3, "allow_sending_without_reply": True}


async def test_a_file_goes_as_multipart_with_its_bytes(api: FaultyApi, bot: Bot) -> None:
    content = bytes(range(256)) * 40
    await bot.send_document(5, document=content, filename="catatan.json", caption="LATIHAN")
    call = api.named("sendDocument")[0]
    assert call.files == {"document": content}
    assert call.parameters["chat_id"] == "5"
    assert call.parameters["caption"] == "LATIHAN"


async def test_a_downloaded_file_comes_whole(api: FaultyApi, bot: Bot) -> None:
    api.faults.append(say(200, b"\x00\x01file"))
    assert await bot.request.retrieve(f"{api.url}/bot{TOKEN}/file") == b"\x00\x01file"


FAULTS: list[tuple[str, Behaviour, FailureKind]] = [
    ("stall", stall, FailureKind.MAYBE_SENT),
    ("reset", reset, FailureKind.MAYBE_SENT),
    ("half a body", half_body, FailureKind.MAYBE_SENT),
    ("broken JSON", say(200, b'{"ok":true,"result":{'), FailureKind.MAYBE_SENT),
    ("JSON that is no object", say(200, b"[]"), FailureKind.MAYBE_SENT),
    ("ok false with 200", say(200, b'{"ok":false,"description":"odd"}'), FailureKind.MAYBE_SENT),
    ("500", refuse(500, "Internal Server Error"), FailureKind.MAYBE_SENT),
    ("502 of a proxy", say(502, b"<html>Bad Gateway</html>"), FailureKind.MAYBE_SENT),
    ("403 of a proxy", say(403, b"<html>Forbidden</html>"), FailureKind.MAYBE_SENT),
    ("redirect", say(302, b""), FailureKind.MAYBE_SENT),
    ("flood", refuse(429, "Too Many Requests: retry after 7", retry_after=7), FailureKind.FLOOD),
    ("flood without a number", refuse(429, "Too Many Requests"), FailureKind.FLOOD),
    ("kicked", refuse(403, "Forbidden: bot was kicked from the supergroup chat"), FailureKind.REFUSED),
    ("bad request", refuse(400, "Bad Request: can't parse entities"), FailureKind.REFUSED),
    ("too large", refuse(413, "Request Entity Too Large"), FailureKind.REFUSED),
    (
        "migrated",
        refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001),
        FailureKind.MIGRATED,
    ),
    ("token refused", refuse(401, "Unauthorized"), FailureKind.UNAUTHORISED),
    ("token malformed", refuse(404, "Not Found"), FailureKind.UNAUTHORISED),
]


@pytest.mark.parametrize(("fault", "kind"), [pytest.param(f, k, id=name) for name, f, k in FAULTS])
async def test_each_failure_is_told_apart_and_never_shows_the_token(
    api: FaultyApi, bot: Bot, fault: Behaviour, kind: FailureKind
) -> None:
    api.faults.append(fault)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # of any class: the class is what is being judged
        await bot.send_message(-7, "Halo")
    assert isinstance(caught.value, TelegramError)
    assert classify(caught.value).kind is kind
    assert len(api.named("sendMessage")) == 1
    _assert_no_token(caught.value)


async def test_a_server_that_is_not_there_means_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    await _assert_not_sent(f"http://127.0.0.1:{port}")


async def test_a_name_that_does_not_resolve_means_not_sent() -> None:
    await _assert_not_sent("http://nowhere.invalid")


async def test_a_pool_without_a_free_connection_means_not_sent(api: FaultyApi) -> None:
    request = AiohttpRequest(connections=1, connect=0.05, pool=0.05, read=1.0)
    url = f"{api.url}/bot{TOKEN}/sendMessage"
    api.faults.append(stall)
    async with request:
        holding = asyncio.create_task(request.post(url))
        await api.called.wait()
        with pytest.raises(TimedOut) as caught:
            await request.post(url)
        holding.cancel()
    assert classify(caught.value).kind is FailureKind.NOT_SENT
    assert len(api.calls) == 1
    _assert_no_token(caught.value)


async def test_a_call_whose_permit_ends_while_it_waits_for_a_connection_is_not_sent(api: FaultyApi) -> None:
    permits = iter([True, False, True])
    request = AiohttpRequest(connections=1, permit=lambda: next(permits))
    url = f"{api.url}/bot{TOKEN}/sendMessage"
    finish = asyncio.Event()

    async def hold(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        await finish.wait()
        return aiohttp.web.json_response({"ok": True, "result": True})

    api.faults.extend([hold, say(200, b'{"ok":true,"result":true}')])
    async with request:
        holding = asyncio.create_task(request.post(url))
        await api.called.wait()
        waiting = asyncio.create_task(request.post(url))
        finish.set()
        await holding
        with pytest.raises(OutOfTermError):
            await waiting
        assert len(api.calls) == 1
        # The connection that it did not use is free for the next call.
        await asyncio.wait_for(request.post(url), 30)
    assert len(api.calls) == 2


async def test_a_call_before_the_pool_is_open_is_an_error_of_ours() -> None:
    with pytest.raises(TelegramError, match="not initialized"):
        await AiohttpRequest().post("http://127.0.0.1:1/")


async def test_connections_are_kept_for_the_next_call(api: FaultyApi, bot: Bot) -> None:
    peers: set[object] = set()

    async def note(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        assert request.transport
        peers.add(request.transport.get_extra_info("peername"))
        return aiohttp.web.json_response({"ok": True, "result": True})

    api.faults.extend([note, note, note])
    for _ in range(3):
        await bot.answer_callback_query("1")
    assert len(peers) == 1


async def _assert_not_sent(url: str) -> None:
    request = AiohttpRequest(connect=2.0)
    async with request:
        with pytest.raises(TelegramError) as caught:
            await request.post(f"{url}/bot{TOKEN}/sendMessage")
    assert classify(caught.value).kind is FailureKind.NOT_SENT
    _assert_no_token(caught.value)


def _assert_no_token(error: BaseException) -> None:
    shown = "".join(traceback.format_exception(error))
    link: BaseException | None = error
    while link is not None:
        shown += repr(link) + str(link)
        link = link.__cause__ or link.__context__
    assert TOKEN not in shown
    assert TOKEN.split(":")[1] not in shown
