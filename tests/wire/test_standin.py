"""The wire against the stand-in for Telegram: under load, with everything going wrong, and killed again and again."""

import asyncio
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from telegram import Bot

from bot.clock import Clock, WallClock
from bot.exercise.people import Place
from bot.messages import Plain
from bot.rehearsal.people import Person
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
from bot.rehearsal.standin.limits import NO_LIMITS, Limits
from bot.rehearsal.standin.limits import Rate as StandInRate
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.store import outbox as record
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.wire.outbox import Outbox
from bot.wire.pacing import Rate, Rates
from bot.wire.request import AiohttpRequest
from tests.wire.echo import FAST, REPEAT, EchoRenderer

UNSURE: list[Fault] = [
    ResetBefore(),
    ResetAfter(),
    HalfBody(),
    BrokenJson(),
    ErrorAfter(502),
    ErrorAfter(504),
    Refusal(502),
    Stall(600),
]
"""After these nobody can know whether the message was sent."""
SURE: list[Fault] = [Refusal(429, 2), Refusal(401), Refusal(404)]
"""These certainly kept the message from being sent."""


@dataclass
class Stage:
    """A world with groups, and a bot in each."""

    world: World
    token: str
    sari: Person
    groups: list[Chat]

    def shown(self) -> Mapping[int, list[str]]:
        """What the bot has written, by chat, in the order of the chat."""
        written: dict[int, list[str]] = defaultdict(list)
        for chat in self.groups:
            for message in chat.messages.values():
                if message.sender and message.sender.is_bot and not message.service:
                    written[chat.id].append(message.words)
        return written


def stage_of(clock: Clock, groups: int, limits: Limits) -> Stage:
    world = World(clock, limits=limits)
    bot = world.add_bot("geladi_bot", sees_all=True)
    sari = Person(world, world.add_user("Sari"))
    chats = [sari.create_group(f"Satuan {number}") for number in range(groups)]
    for chat in chats:
        sari.add_bot(chat)
    return Stage(world, bot.token, sari, chats)


@asynccontextmanager
async def outbox_at(path: Path, clock: Clock, stage: Stage, rates: Rates) -> AsyncIterator[tuple[Store, Outbox]]:
    store = Store(f"sqlite+aiosqlite:///{path / 'geladi.db'}")
    await store.open()
    async with StandIn(stage.world) as standin, AiohttpRequest(read=1.0) as request:
        base = f"{standin.url}/bot"
        bot = Bot(stage.token, base_url=base, request=request, get_updates_request=AiohttpRequest())
        outbox = Outbox(bot, store, clock, EchoRenderer(), rates=rates)
        running = asyncio.create_task(outbox.run())
        yield store, outbox
        outbox.stop()
        await running
    await store.close()


async def drain(outbox: Outbox) -> None:
    async with asyncio.timeout(90):
        while len(outbox):  # noqa: ASYNC110  # the outbox has nobody to tell that it is empty
            await asyncio.sleep(0.02)


def post_all(clock: Clock, groups: list[Chat], words: list[str]) -> Any:
    def use_case(tx: Transaction) -> None:
        for text in words:
            for chat in groups:
                record.add(tx, Plain(key=text), Place(chat.id), clock.now())

    return use_case


async def test_under_load_telegram_never_says_too_many_requests(tmp_path: Path) -> None:
    """480 messages to 40 groups at once, against limits that are counted strictly, five times as fast as life."""
    clock = WallClock(5)
    stage = stage_of(clock, 40, Limits(group=StandInRate(10, 20)))
    words = [f"inject {number:02}" for number in range(12)]
    async with outbox_at(tmp_path, clock, stage, Rates(group=Rate(9, 20))) as (store, outbox):
        await store.perform(post_all(clock, stage.groups, words))
        await drain(outbox)
    assert stage.world.journal.too_many == 0
    assert not stage.world.violations
    assert all(shown == words for shown in stage.shown().values())
    assert len(stage.shown()) == 40


@pytest.mark.parametrize("seed", range(3))
async def test_with_everything_going_wrong_nothing_is_lost_and_repeats_are_marked(tmp_path: Path, seed: int) -> None:
    """Each message meets at most one fault that leaves doubt, and any number of others."""
    clock = WallClock(200)
    stage = stage_of(clock, 10, NO_LIMITS)
    dice = Random(seed)
    doubted: set[tuple[int, str]] = set()

    def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
        if method != "sendMessage" or dice.random() > 0.3:
            return None
        message = (parameters["chat_id"], parameters["text"].removesuffix(REPEAT))
        if message in doubted or dice.random() < 0.5:
            return dice.choice(SURE)
        doubted.add(message)
        return dice.choice(UNSURE)

    stage.world.faults.decide = decide
    words = [f"inject {number:02}" for number in range(15)]
    async with outbox_at(tmp_path, clock, stage, FAST) as (store, outbox):
        await store.perform(post_all(clock, stage.groups, words))
        await drain(outbox)
    assert len(doubted) > 10
    for chat_id, shown in stage.shown().items():
        firsts = list(dict.fromkeys(text.removesuffix(REPEAT) for text in shown))
        assert firsts == words
        repeats = [text.removesuffix(REPEAT) for text in shown if text.endswith(REPEAT)]
        assert len(repeats) == len(set(repeats))
        assert {(chat_id, text) for text in repeats} <= doubted
        plain = [text for text in shown if not text.endswith(REPEAT)]
        assert len(plain) == len(set(plain)), "a repeat that is not marked"


async def test_killed_again_and_again_the_bot_answers_everything_and_marks_every_repeat(tmp_path: Path) -> None:
    """A real process, killed with SIGKILL wherever it happens to be: between poll, record, confirm, claim and send."""
    dice = Random(7)
    stage = stage_of(WallClock(), 5, NO_LIMITS)
    words = [f"laporan {number:03}" for number in range(120)]
    database = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    kills = 0
    async with StandIn(stage.world) as standin:
        for batch in range(5):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.wire.echo", database, standin.url, stage.token
            )
            mark = sum(map(len, stage.shown().values()))
            for text in words[batch * 24 : batch * 24 + 24]:
                for chat in stage.groups:
                    stage.sari.say(chat, text)
            # Somewhere within the work: once a random part of the batch has been answered.
            wanted = mark + dice.randint(0, 100)
            last = batch == 4
            await stage.world.changes.wait_until(partial(_far_enough, stage, wanted, words if last else []), 60)
            process.send_signal(signal.SIGKILL)
            kills += await process.wait() == -signal.SIGKILL
    assert kills == 5
    for shown in stage.shown().values():
        plain = [text for text in shown if not text.endswith(REPEAT)]
        assert len(plain) == len(set(plain)), "answered twice"
        assert {text.removesuffix(REPEAT) for text in shown} == set(words)


def _far_enough(stage: Stage, wanted: int, words: list[str]) -> bool:
    """Whether ``wanted`` messages have been written, and each of ``words`` in every group."""
    shown = stage.shown()
    return sum(map(len, shown.values())) >= wanted and all(
        {text.removesuffix(REPEAT) for text in shown[chat.id]} >= set(words) for chat in stage.groups
    )
