"""What a request may look like, and what happens to mistakes."""

import asyncio
import gc
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from bot.rehearsal.standin.checks import api
from bot.rehearsal.standin.methods import HANDLERS
from bot.rehearsal.standin.pictures import plain_png
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from tests.rehearsal.stage import Stage


async def test_all_ways_to_carry_parameters_are_the_same(stage: Stage) -> None:
    room = stage.sari.start().chat
    url = f"{stage.api.root}/bot{stage.api.token}/sendMessage"
    keyboard = '{"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}'
    fields = {"chat_id": str(room.id), "text": "Siaga", "reply_markup": keyboard, "protect_content": "true"}
    multipart = FormData(default_to_multipart=True)
    for name, value in fields.items():
        multipart.add_field(name, value)
    session = stage.api.session
    async with (
        session.get(url, params=fields) as by_query,
        session.post(url, data=fields) as by_form,
        session.post(url, json=fields) as by_json,
        session.post(url, data=multipart) as by_multipart,
        session.post(url.replace("sendMessage", "SENDMESSAGE"), data=fields) as in_capitals,
    ):
        answers = [await one.json() for one in (by_query, by_form, by_json, by_multipart, in_capitals)]
    assert all(answer["ok"] for answer in answers), answers
    for answer in answers:
        answer["result"].pop("message_id")
    assert all(answer == answers[0] for answer in answers)
    parameters = stage.world.journal.of("sendMessage")[-1].parameters
    assert parameters["chat_id"] == room.id
    assert parameters["reply_markup"]["inline_keyboard"][0][0]["text"] == "TERIMA"
    assert parameters["protect_content"] is True


async def test_attached_files_are_found_by_their_names(stage: Stage) -> None:
    room = stage.sari.start().chat
    form = FormData()
    form.add_field("chat_id", str(room.id))
    form.add_field("photo", "attach://peta")
    form.add_field("peta", plain_png(), filename="peta.png")
    assert (await stage.api.form("sendPhoto", form)).result["photo"][0]["width"] == 64
    lost = await stage.api("sendPhoto", chat_id=room.id, photo="attach://peta")
    assert lost.refusal == "400 Bad Request: there is no photo in the request"


@pytest.mark.parametrize(
    ("body", "name", "kind", "refusal"),
    [
        (b"", "a.csv", "document", "400 Bad Request: file must be non-empty"),
        (b"not a picture", "a.png", "photo", "400 Bad Request: IMAGE_PROCESS_FAILED"),
        (plain_png(2000, 50), "a.png", "photo", "400 Bad Request: PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_a_file_that_telegram_does_not_take_is_refused(
    stage: Stage, body: bytes, name: str, kind: str, refusal: str
) -> None:
    room = stage.sari.start().chat
    form = FormData()
    form.add_field("chat_id", str(room.id))
    form.add_field(kind, body, filename=name)
    assert (await stage.api.form(f"send{kind.title()}", form)).refusal == refusal


@pytest.mark.parametrize(
    ("kind", "size", "refusal"),
    [
        (
            "photo",
            10 * 1024 * 1024 + 1,
            "400 Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
        ("document", 50 * 1024 * 1024 + 1, "413 Request Entity Too Large"),
    ],
)
async def test_a_file_that_is_too_big_is_refused(stage: Stage, kind: str, size: int, refusal: str) -> None:
    room = stage.sari.start().chat
    form = FormData()
    form.add_field("chat_id", str(room.id))
    form.add_field(kind, BytesIO(bytes(size)), filename="besar.bin")
    assert (await stage.api.form(f"send{kind.title()}", form)).refusal == refusal


async def test_a_file_over_20_mb_goes_up_and_does_not_come_down(stage: Stage) -> None:
    room = stage.sari.private()
    sent = stage.sari.send_document(room, "besar.bin", b"x" * (20 * 1024 * 1024 + 1)).payload()["document"]
    refused = await stage.api("getFile", file_id=sent["file_id"])
    assert refused.refusal == "400 Bad Request: file is too big"
    status, _ = await stage.api.download("documents/file_0.bin")
    assert status == 404


async def test_what_the_bot_api_does_not_have_is_a_violation(stage: Stage) -> None:
    room = stage.sari.start().chat
    said: dict[str, Any] = {"chat_id": room.id, "text": "x", "disable_web_page_preview": True}
    refused = await stage.api("sendMessage", **said)
    assert refused.refusal == '400 Bad Request: unknown parameter "disable_web_page_preview" of sendMessage'
    unmodelled = await stage.api("sendMessage", chat_id=room.id, text="x", message_effect_id="1")
    assert "is not modelled by this stand-in" in unmodelled.refusal
    stage.world.strict = False
    assert (await stage.api("sendMessage", **said)).status == 200
    assert [violation.method for violation in stage.world.violations] == ["sendMessage"] * 3


@pytest.mark.parametrize(
    ("method", "parameters", "refusal"),
    [
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": 5}, 'parameter "text" must be of type String'),
        ("sendMessage", {"chat_id": 1.5, "text": "x"}, 'parameter "chat_id" must be of type Integer or String'),
        ("getUpdates", {"limit": "many"}, 'parameter "limit" must be of type Integer'),
        ("getUpdates", {"allowed_updates": "message"}, "can't parse allowed updates JSON object"),
        ("getUpdates", {"allowed_updates": {}}, 'field "allowed_updates" must be of type Array'),
        ("sendLocation", {"chat_id": 1, "latitude": "x", "longitude": 1}, 'parameter "latitude" must be of type Float'),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "[]"}, "can't parse reply markup JSON object"),
        ("deleteMessage", {"chat_id": 1}, "message identifier is not specified"),
        ("getChatMember", {"chat_id": 1}, 'parameter "user_id" is required'),
        ("setMyCommands", {"commands": [{"command": "Baru", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setWebhook", {"url": "http://example.org/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ],
)
async def test_a_missing_or_mistyped_parameter_is_refused(
    stage: Stage, method: str, parameters: dict[str, Any], refusal: str
) -> None:
    assert (await stage.api(method, **parameters)).refusal == f"400 Bad Request: {refusal}"


async def test_unknown_methods_bots_and_addresses_are_not_found(stage: Stage) -> None:
    assert (await stage.api("sendSmoke")).refusal == "404 Not Found: method not found"
    session, root = stage.api.session, stage.api.root
    for path, code in (
        ("/bot1:wrong/getMe", 401),
        ("/botnonsense/getMe", 404),
        ("/", 404),
        ("/file/bot1:wrong/photos/file_0.jpg", 401),
    ):
        async with session.get(root + path) as response:
            assert (response.status, (await response.json())["error_code"]) == (code, code)


async def test_a_body_that_cannot_be_read_is_refused(stage: Stage) -> None:
    url = f"{stage.api.root}/bot{stage.api.token}/sendMessage"
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b'"x"'):
        async with stage.api.session.post(url, data=body, headers=headers) as response:
            assert response.status == 400
            assert "can't parse JSON object" in (await response.json())["description"]


def test_every_method_in_the_data_is_served_and_no_other() -> None:
    assert {name.lower() for name in api()["methods"]} == set(HANDLERS)


async def test_a_stand_in_that_finds_its_port_taken_leaves_nothing_open(stage: Stage) -> None:
    complaints: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told["message"]))
    port = int(stage.api.root.rpartition(":")[2])
    with pytest.raises(OSError, match=str(port)):
        await StandIn(World(stage.clock), port=port).__aenter__()
    # What was left open is told of when it is thrown away.
    gc.collect()
    assert complaints == []
