"""A real browser on a real page: on a world of the test's own, or on a whole rehearsal in a process of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from bot.clock import Pace, PacedClock
from bot.rehearsal.drill import Drill
from bot.rehearsal.page.server import Page as RehearsalPage
from bot.rehearsal.stage import Stage
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from scenarios.model import Scenario
from scenarios.yaml_reader import read_yaml
from tests.browser.chromium import IS_REQUIRED, MISSING, chromium

PATIENCE = 60_000.0
"""Milliseconds."""
SCENARIO = """\
format: 1
id: gladi-layar
title: Gladi layar
units:
  posko: {name: Posko}
  dalmas: {name: Dalmas}
injects:
  - {id: I-01, at: 5s, to: [all], text: Siaga satu, acknowledge: {within: 60s}, progress: [underway]}
  - {id: I-02, at: 20m, to: [dalmas], text: Bergerak ke balai kota, acknowledge: 60s}
"""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        executable = chromium(playwright.chromium.executable_path)
        if executable is None:
            if IS_REQUIRED:
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        launched = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield launched
        await launched.close()


@dataclass
class Seat:
    """Somebody before a screen; whatever goes wrong in the page is kept."""

    context: BrowserContext
    page: Page
    faults: list[str]

    async def open(self, url: str) -> None:
        await self.page.goto(url)
        await self.page.locator("body.ready").wait_for()


@dataclass
class Room:
    """Where people sit down before screens."""

    browser: Browser

    async def sit(self, width: int = 1440, height: int = 900, *, touch: bool = False, scheme: str = "light") -> Seat:
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=touch,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        faults: list[str] = []

        def heard(said: ConsoleMessage) -> None:
            if said.type in {"error", "warning"}:
                faults.append(said.text)

        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return Seat(context, page, faults)


@pytest.fixture
async def room(browser: Browser) -> Room:
    return Room(browser)


@dataclass(frozen=True)
class Theatre:
    """A page on a world whose bot is played by the test."""

    stage: Stage
    drill: Drill
    session: ClientSession
    standin: StandIn
    root: str
    url: str

    @property
    def world(self) -> World:
        return self.stage.world

    async def bot_sends(self, chat: Chat, text: str, **more: object) -> int:
        bot = self.world.only_bot
        body = {"chat_id": chat.id, "text": text, **more}
        async with self.session.post(f"{self.root}/bot{bot.token}/sendMessage", json=body) as answer:
            return int((await answer.json())["result"]["message_id"])

    async def bot_answers(self, text: str) -> None:
        """The next press that comes."""
        bot = self.world.only_bot
        async with asyncio.timeout(PATIENCE / 1000):
            while True:
                body = {"timeout": 5, "allowed_updates": ["callback_query"]}
                async with self.session.post(f"{self.root}/bot{bot.token}/getUpdates", json=body) as answer:
                    updates = (await answer.json())["result"]
                presses = [update["callback_query"]["id"] for update in updates if "callback_query" in update]
                if presses:
                    break
                if updates:
                    bot.updates.confirm(updates[-1]["update_id"] + 1)
        reply = {"callback_query_id": presses[0], "text": text}
        async with self.session.post(f"{self.root}/bot{bot.token}/answerCallbackQuery", json=reply) as answer:
            assert (await answer.json())["ok"]


def scenario() -> Scenario:
    read = read_yaml(SCENARIO.encode()).scenario
    assert read is not None
    return read


@pytest.fixture
async def theatre() -> AsyncIterator[Theatre]:
    clock = PacedClock(Pace.from_now(1.0))
    world = World(clock)
    world.add_bot("geladi_bot")
    drill = Drill(world, scenario(), "id", Random(1))
    for unit, chat in drill.units.items():
        drill.leaders[unit].add_bot(chat)
    stage = Stage(world, clock, drill, zone="Asia/Jakarta")
    page = RehearsalPage(stage, "kunci")
    async with StandIn(world, beside=page.add_to) as standin, ClientSession() as session:
        yield Theatre(stage, drill, session, standin, standin.url, standin.url + page.path)


@pytest.fixture
async def rehearsal(tmp_path: Path) -> AsyncIterator[str]:
    """`geladi rehearse` with a scenario of its own; gives the address of its page."""
    (tmp_path / "gladi.yaml").write_text(SCENARIO)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GELADI_")}
    arguments = ["-m", "bot", "rehearse", "gladi.yaml", "--port", "0", "--speed", "10"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=tmp_path, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            address = (await process.stdout.readline()).decode().strip()
        assert address.startswith("http://127.0.0.1:")
        yield address
    finally:
        process.terminate()
        async with asyncio.timeout(60):
            await process.wait()
