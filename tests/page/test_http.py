"""The HTTP interface behind the page: who may use it, what people can do through it, and what it tells."""

import orjson
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, FormData

from bot.rehearsal.standin.pictures import plain_png
from tests.page.conftest import Visit

LONG = 30.0


async def news(socket: ClientWebSocketResponse, kind: str) -> dict[str, object]:
    """The next news of that kind."""
    while True:
        told: dict[str, object] = await socket.receive_json(timeout=LONG)
        if told["type"] == kind:
            return told


async def test_without_the_token_there_is_nothing(visit: Visit) -> None:
    for path in ("", "world", "live", "static/page.js"):
        async with visit.session.get(f"{visit.root}/rehearsal/other/{path}") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_another_site_can_neither_look_nor_act(visit: Visit, headers: dict[str, str]) -> None:
    assert (await visit.get("world", **headers))[0] == 403
    said = {"act": "say", "person": visit.sari.id, "chat": str(visit.group.id), "text": "x"}
    assert (await visit.post("acts", said, **headers))[0] == 403
    assert not any(message.text == "x" for message in visit.group.messages.values())


async def test_another_site_cannot_listen(visit: Visit) -> None:
    async with (
        ClientSession() as session,
        session.get(
            visit.page + "live",
            headers={"Origin": "http://evil.example", "Connection": "Upgrade", "Upgrade": "websocket"},
        ) as answer,
    ):
        assert answer.status == 403


async def test_no_script_but_the_pages_own_may_run(visit: Visit) -> None:
    async with visit.session.get(visit.page) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_person_writes_and_the_bot_hears_it(visit: Visit) -> None:
    status, said = await visit.act(act="say", text="/start")
    assert (status, said["ok"]) == (200, True)
    updates = await visit.call("getUpdates")
    assert updates["result"][-1]["message"]["text"] == "/start"


async def test_what_a_phone_would_not_do_is_refused_with_the_reason(visit: Visit) -> None:
    stranger = visit.world.add_user("Orang")
    status, refused = await visit.act(act="say", text="halo", person=stranger.id)
    assert (status, refused["ok"]) == (409, False)
    assert "Orang" in refused["why"]
    status, refused = await visit.act(act="say", text="")
    assert (status, refused["why"].partition(":")[0]) == (400, "say.text")


async def test_a_press_reaches_the_bot_and_its_answer_every_page(visit: Visit) -> None:
    markup = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "a:1"}]]}
    sent = await visit.call("sendMessage", chat_id=visit.group.id, text="Siaga", reply_markup=markup)
    async with (
        visit.session.ws_connect(visit.page + "live") as one,
        visit.session.ws_connect(visit.page + "live") as other,
    ):
        for socket in (one, other):
            assert (await socket.receive_json(timeout=LONG))["type"] == "world"
        _, pressed = await visit.act(act="press", message=sent["result"]["message_id"], button="a:1")
        await visit.call("answerCallbackQuery", callback_query_id=pressed["press"], text="Diterima.")
        for socket in (one, other):
            answer = await news(socket, "answer")
            assert (answer["text"], answer["person"], answer["press"]) == (
                "Diterima.",
                visit.sari.id,
                pressed["press"],
            )


async def test_a_message_is_told_as_it_reads(visit: Visit) -> None:
    async with visit.session.ws_connect(visit.page + "live") as socket:
        await socket.receive_json(timeout=LONG)
        await visit.call("sendMessage", chat_id=visit.group.id, text="<b>Siaga</b> satu", parse_mode="HTML")
        told = await news(socket, "message")
    message = told["message"]
    assert isinstance(message, dict)
    assert message["words"] == "Siaga satu"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 5}]


async def test_a_venue_is_told_with_its_name(visit: Visit) -> None:
    async with visit.session.ws_connect(visit.page + "live") as socket:
        await socket.receive_json(timeout=LONG)
        where = {"latitude": -7.6, "longitude": 112.9}
        await visit.call("sendVenue", chat_id=visit.group.id, **where, title="LATIHAN: Jembatan", address="I-01")
        told = await news(socket, "message")
    message = told["message"]
    assert isinstance(message, dict)
    assert message["location"] == {**where, "title": "LATIHAN: Jembatan", "address": "I-01"}


async def test_a_file_is_handed_out_as_what_it_is_and_nothing_else(visit: Visit) -> None:
    picture, page = plain_png(8, 8), b"<script>alert(1)</script>"
    for kind, body, shown in (("photo", picture, "image/png"), ("document", page, "application/octet-stream")):
        act = {"act": kind, "person": visit.sari.id, "chat": str(visit.group.id), "name": "x.html"}
        form = FormData()
        form.add_field("act", orjson.dumps(act).decode())
        form.add_field("file", body, filename="x.html", content_type="text/html")
        status, sent = await visit.upload(form)
        assert status == 200
        _, told = await visit.get(f"chats/{visit.group.id}/messages?around={sent['message']}&limit=1")
        async with visit.session.get(f"{visit.page}files/{told['messages'][0]['media']['file']}") as answer:
            assert (answer.content_type, await answer.read()) == (shown, body)


async def test_a_long_chat_is_read_in_parts(visit: Visit) -> None:
    for number in range(300):
        visit.sari.say(visit.group, f"pesan {number}")
    first = visit.world.last_message(visit.group).message_id - 299
    _, newest = await visit.get(f"chats/{visit.group.id}/messages?limit=50")
    assert [one["words"] for one in newest["messages"]] == [f"pesan {number}" for number in range(250, 300)]
    assert (newest["older"], newest["newer"]) == (True, False)
    _, around = await visit.get(f"chats/{visit.group.id}/messages?around={first + 100}&limit=20")
    assert "pesan 100" in [one["words"] for one in around["messages"]]
    assert (around["older"], around["newer"]) == (True, True)
    _, after = await visit.get(f"chats/{visit.group.id}/messages?after={first + 289}&limit=50")
    assert [one["words"] for one in after["messages"]] == [f"pesan {number}" for number in range(290, 300)]
    _, found = await visit.get("search?q=PESAN%20123")
    assert [one["message"] for one in found["found"]] == [first + 123]


async def test_trouble_strikes_as_often_as_asked(visit: Visit) -> None:
    await visit.post("controls", {"control": "trouble", "kind": "too_many", "count": 2})
    outcomes = [(await visit.call("sendMessage", chat_id=visit.group.id, text="x"))["ok"] for _ in range(3)]
    assert outcomes == [False, False, True]


async def test_the_world_stands_still_and_goes_on(visit: Visit) -> None:
    await visit.post("controls", {"control": "pause", "on": True})
    stood = visit.stage.clock.now()
    assert visit.stage.clock.now() == stood
    await visit.post("controls", {"control": "speed", "value": 120})
    assert visit.stage.clock.now() == stood
    await visit.post("controls", {"control": "pause", "on": False})
    assert visit.stage.clock.pace.speed == 120
    status, refused = await visit.post("controls", {"control": "speed", "value": 0})
    assert (status, refused["ok"]) == (400, False)
    status, _ = await visit.post("controls", {"control": "kill"})
    assert status == 409


async def test_everybody_sees_the_menu_of_the_narrowest_scope(visit: Visit) -> None:
    async def menu(person: int, chat: str) -> list[str]:
        _, told = await visit.get(f"chats/{chat}/commands?person={person}")
        return [one["command"] for one in told["commands"]]

    async def offer(command: str, **audience: object) -> None:
        commands = [{"command": command, "description": "x"}]
        assert (await visit.call("setMyCommands", commands=commands, **audience))["ok"]

    budi = visit.world.add_user("Budi", language_code="en")
    visit.sari.add(visit.group, budi)
    group = str(visit.group.id)
    assert await menu(budi.id, group) == []
    await offer("semua")
    await offer("everybody", language_code="en")
    assert (await menu(visit.sari.id, group), await menu(budi.id, group)) == (["semua"], ["everybody"])
    await offer("grup", scope={"type": "all_group_chats"})
    assert await menu(budi.id, group) == ["grup"]
    await offer("pengurus", scope={"type": "all_chat_administrators"})
    assert (await menu(visit.sari.id, group), await menu(budi.id, group)) == (["pengurus"], ["grup"])
    await offer("sini", scope={"type": "chat", "chat_id": visit.group.id})
    assert await menu(visit.sari.id, group) == ["sini"]
    visit.sari.start()
    assert await menu(visit.sari.id, f"{visit.sari.id}-{visit.bot.id}") == ["semua"]


async def test_who_comes_without_the_token_is_told_where_the_address_is(visit: Visit) -> None:
    async with visit.session.get(visit.root) as answer:
        words = await answer.text()
        assert answer.status == 200
        assert "terminal" in words
        assert "kunci/" not in words
