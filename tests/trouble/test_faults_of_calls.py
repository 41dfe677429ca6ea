"""What the bot asks of Telegram beside sending: each call fails in every way, and the bot goes on."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr

from bot.app import running
from bot.clock import WallClock
from bot.exercise import conduct
from bot.rehearsal.people import Person
from bot.rehearsal.standin.bots import Webhook
from bot.rehearsal.standin.faults import Decision, Fault, Stall
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import BadSettingError, Settings
from bot.store import outbox
from bot.store.store import Store
from bot.texts.catalogue import say
from tests.trouble.gallery import SECONDS, SPEED, SPOILT, Cell, gallery, impatient
from tests.web.conftest import SECRET
from tests.web.test_intake import answered, free_port

__all__ = ["impatient"]
pytestmark = pytest.mark.usefixtures("impatient")

GOOD = """format: 1
id: banjir
title: Latihan banjir
units:
  posko: {name: Posko}
injects:
  - {id: I-01, at: 0s, to: [posko], text: "Air naik", acknowledge: 60s}
"""
WRONG_TOKEN = {"401", "404"}
MENUS = ("setMyCommands", "deleteMyCommands")


@dataclass
class Room:
    """A bot at work, and some people who may begin exercises."""

    world: World
    standin: StandIn
    owners: Sequence[Person]


@asynccontextmanager
async def a_room(folder: Path, owners: int = 1, decide: Decision | None = None, **settings: Any) -> AsyncIterator[Room]:
    """The bot in this process; ``decide`` says what its very first requests meet."""
    clock = WallClock(SPEED)
    world = World(clock, limits=NO_LIMITS)
    bot = world.add_bot("geladi_bot")
    people = [Person(world, world.add_user(f"Sari {number}")) for number in range(owners)]
    if decide is not None:
        world.faults.decide = decide
    store = Store(f"sqlite+aiosqlite:///{folder / 'geladi.db'}")
    await store.open()
    try:
        async with StandIn(world) as standin:
            chosen = {"api_url": standin.url, "owners": tuple(one.id for one in people), "listen": "", **settings}
            async with running(Settings(_env_file=None, **chosen), bot.token, store, clock):
                yield Room(world, standin, people)
    finally:
        await store.close()


def once_each(faults: dict[str, list[Fault]]) -> Decision:
    """The requests of each method meet its faults one after the other."""

    def decide(method: str, _: Mapping[str, Any]) -> Fault | None:
        left = faults.get(method)
        return left.pop(0) if left else None

    return decide


async def until(condition: Any) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - the world's inside announces nothing
            await asyncio.sleep(0.02)


async def test_a_start_waits_out_every_fault_of_get_me_but_a_refused_token(tmp_path: Path) -> None:
    async def start(name: str, fault: Fault) -> str:
        folder = tmp_path / name
        folder.mkdir()
        try:
            async with a_room(folder, decide=once_each({"getMe": [fault]})) as room:
                await answered(room.owners[0], "/help")
        except BadSettingError as error:
            return str(error)
        return "at work"

    seen = {name: await start(name, fault) for name, fault in SPOILT.items()}
    refused = "GELADI_TOKEN: Telegram does not know this token"
    assert seen == {name: refused if name in WRONG_TOKEN else "at work" for name in SPOILT}


async def test_what_is_under_way_when_the_bot_stops_ends_before_it_does(tmp_path: Path) -> None:
    """Cut off, it would be repeated at the next start."""
    under_way = asyncio.Event()

    def decide(method: str, _: Mapping[str, Any]) -> Fault | None:
        if method != "sendMessage":
            return None
        under_way.set()
        return Stall(10.0)

    async with a_room(tmp_path, decide=decide) as room:
        owner = room.owners[0]
        owner.say(owner.private(), "/help")
        async with asyncio.timeout(SECONDS):
            await under_way.wait()
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    left = await store.read(outbox.open_rows)
    await store.close()
    assert left == []


async def test_a_file_out_of_reach_is_said_in_words_and_read_at_the_next_try(tmp_path: Path) -> None:
    spoilt: dict[str, Fault] = {}

    def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
        return spoilt.pop(parameters["file_id"], None) if method == "getFile" else None

    async with a_room(tmp_path, len(SPOILT), decide) as room:
        for owner, fault in zip(room.owners, SPOILT.values(), strict=True):
            sent = owner.send_document(owner.private(), "banjir.yaml", GOOD.encode())
            spoilt[(sent.content or {})["document"]["file_id"]] = fault
        out_of_reach = say("id", "reply.file_out_of_reach")
        for owner in room.owners:
            await room.world.wait_for_message(owner.private(), lambda message: out_of_reach in message.words, SECONDS)
        assert not spoilt
        again = room.owners[-1]
        again.send_document(again.private(), "banjir.yaml", GOOD.encode())
        await room.world.wait_for_message(again.private(), lambda message: "Latihan banjir" in message.words, SECONDS)


async def test_each_menu_is_set_and_taken_away_in_the_end(tmp_path: Path) -> None:
    def deciding(cells: Mapping[tuple[str, str], Cell]) -> Decision:
        left = {(cell.method, cell.chat.id): SPOILT[cell.fault] for cell in cells.values()}
        everybody = list(SPOILT.values())

        def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
            if method not in MENUS:
                return None
            scope = parameters.get("scope")
            if scope is None:
                return everybody.pop(0) if everybody else None
            return left.pop((method, scope["chat_id"]), None)

        return decide

    places = dict.fromkeys(MENUS, tuple(SPOILT))
    async with gallery(tmp_path, {method: {} for method in MENUS}, places, deciding, speed=400.0) as on:
        menus = on.world.only_bot.commands
        chats = {cell.chat.id for cell in on.cells.values()}

        def shown() -> set[int]:
            return {orjson.loads(scope)["chat_id"] for scope, _ in menus if "chat_id" in scope} & chats

        default = {('{"type":"default"}', language) for language in ("", "id", "en")}
        await until(lambda: shown() == chats and default <= menus.keys())
        await on.change(lambda run: conduct.abort(run, on.somebody, on.clock.now(), "selesai"))
        await until(lambda: not shown())


async def test_a_webhook_left_from_another_time_is_removed_in_the_end(tmp_path: Path) -> None:
    faults: dict[str, list[Fault]] = {"deleteWebhook": []}
    async with a_room(tmp_path, decide=once_each(faults)) as room:
        bot = room.world.only_bot

        def removed() -> bool:
            return bot.webhook is None and not faults["deleteWebhook"]

        for fault in SPOILT.values():
            faults["deleteWebhook"].append(fault)
            bot.webhook = Webhook("https://example.org/somebody")
            bot.updates.end_polls()
            await until(removed)
            await answered(room.owners[0], "/help")


async def test_a_webhook_is_set_and_looked_after_in_the_end(tmp_path: Path) -> None:
    port = free_port()
    faults = {"setWebhook": list(SPOILT.values()), "getWebhookInfo": list(SPOILT.values())}
    settings: dict[str, Any] = {
        "listen": f"127.0.0.1:{port}",
        "webhook_url": f"http://127.0.0.1:{port}/from/telegram",
        "webhook_secret": SecretStr(SECRET),
    }
    async with a_room(tmp_path, decide=once_each(faults), **settings) as room:
        await until(lambda: not any(faults.values()))
        await answered(room.owners[0], "/help")


async def test_a_press_counts_though_telegram_takes_no_calls_at_all(tmp_path: Path) -> None:
    """A webhook goes on bringing updates while the other way is down."""
    port = free_port()
    settings: dict[str, Any] = {
        "listen": f"127.0.0.1:{port}",
        "webhook_url": f"http://127.0.0.1:{port}/from/telegram",
        "webhook_secret": SecretStr(SECRET),
    }
    injects: dict[str, dict[str, Any]] = {"answerCallbackQuery": {}}
    places = {"answerCallbackQuery": ("away",)}
    async with gallery(tmp_path, injects, places, lambda _: lambda _m, _p: None, **settings) as on:
        await on.begin()
        await on.quiet()
        await until(lambda: on.world.only_bot.webhook is not None)
        (cell,) = on.cells.values()
        message = next(message for message in on.said(cell) if "-teks" in message.words)
        await on.standin.go_down()
        press = cell.leader.press(cell.chat, message, say("id", "ack.button"))
        await on.until(lambda tx: on.acknowledged(tx, "G-1", cell))
        assert press.answer is None
        await on.standin.come_back()
        await on.world.wait_for_message(cell.chat, lambda m: "-teks" in m.words and "Padal" in m.words, SECONDS)
