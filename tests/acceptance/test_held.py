"""What came due while nobody was there waits for the director, also over a second death, and each choice is kept.

The bot is a process of its own, killed as by a power cut; its clock goes fast while it is dead.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Pace, PacedClock
from bot.exercise.model import InjectRun, InjectState
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.rehearsal.understudy import Understudy
from bot.store import exercises
from bot.store.store import Store
from bot.texts.catalogue import say
from tests.acceptance.cast import SCRIPT, Cast, add_to_library, an_inject

INJECTS = [
    an_inject("H-1", "alfa", "20s", at="1m"),
    an_inject("H-2", "alfa", "20s", at="90s"),
    an_inject("H-3", "alfa", "20s", at="2h"),
]
LATE: Mapping[str, Any] = {**SCRIPT, "id": "gladi-telat", "injects": INJECTS}
"""The bot dies before H-1, and is back minutes after H-2."""
PATIENCE = 60.0


@dataclass
class Rehearsal:
    """A bot that can be killed, on a clock that the test leads."""

    cast: Cast
    clock: PacedClock
    bot: Understudy
    url: str

    async def start(self) -> None:
        await self.bot.start(self.clock.pace)

    async def dead_for(self, minutes: float) -> None:
        """Kill the bot, let so many minutes of the exercise go by, and start it again."""
        await self.bot.kill()
        ends = self.clock.now() + timedelta(minutes=minutes)
        self.clock.set_speed(600.0)
        await self.clock.sleep((ends - self.clock.now()).total_seconds())
        self.clock.set_speed(1.0)
        await self.start()

    async def question(self) -> Message:
        """The open question to the director."""
        asked = say("id", "held.ask")
        control = self.cast.control
        return await self.cast.director.see(
            control, lambda m: asked in m.words and len(m.buttons) == 3, timeout_seconds=PATIENCE
        )

    async def runs(self) -> Mapping[str, InjectRun]:
        """The injects as the record has them."""
        store = Store(self.url)
        found = await store.read(lambda tx: exercises.get(tx, 1))
        await store.close()
        assert found is not None
        return found.injects

    async def until(self, **states: InjectState) -> Mapping[str, InjectRun]:
        """The injects, once H_1 and H_2 are in these states."""
        async with asyncio.timeout(PATIENCE):
            while True:
                runs = await self.runs()
                if all(runs[name.replace("_", "-")].state is state for name, state in states.items()):
                    return runs
                await asyncio.sleep(0.1)

    def sent(self) -> list[str]:
        """The injects in the unit's chat, as they came."""
        return [inject["id"] for inject in INJECTS if self.cast.postings(inject["id"], "alfa")]


@pytest.fixture
async def rehearsal(tmp_path: Path, url: str) -> AsyncIterator[Rehearsal]:
    clock = PacedClock(Pace.from_now(1.0))
    world = World(clock, limits=NO_LIMITS)
    token = world.add_bot("geladi_bot").token
    cast = Cast(world)
    cast.be_patient(PATIENCE)
    async with StandIn(world) as standin:
        settings = {
            "TOKEN": token,
            "OWNERS": str(cast.director.person.id),
            "API_URL": standin.url,
            "DATABASE_URL": url,
            "LISTEN": "",
            "RATE_CHAT": "100/s",
            "RATE_GROUP": "100/s",
        }
        environment = {"PATH": os.environ["PATH"], **{f"GELADI_{name}": value for name, value in settings.items()}}
        bot = Understudy([sys.executable, "-m", "bot.rehearsed"], environment, tmp_path / "bot.log")
        await add_to_library(url, LATE, clock.now())
        made = Rehearsal(cast, clock, bot, url)
        await made.start()
        try:
            await cast.set_up(str(LATE["id"]))
            await cast.startex()
            yield made
        finally:
            await bot.kill()
            await bot.stop()


@pytest.mark.parametrize("choice", ["send", "shift", "skip"])
async def test_what_is_held_stays_held_over_a_second_death_and_the_directors_choice_is_kept(
    rehearsal: Rehearsal, choice: str
) -> None:
    on = rehearsal
    await on.dead_for(minutes=5)
    await on.question()
    await on.until(H_1=InjectState.HELD, H_2=InjectState.HELD)
    await on.dead_for(minutes=1)
    question = await on.question()
    assert on.sent() == []
    press = on.cast.director.person.press(on.cast.control, question, say("id", f"held.{choice}"))
    await press.answered(PATIENCE)
    match choice:
        case "send":
            runs = await on.until(H_1=InjectState.ISSUED, H_2=InjectState.ISSUED)
            assert runs["H-3"].at == timedelta(hours=2)
            await on.cast.director.see(on.cast.chats["alfa"], "H-2-teks", timeout_seconds=PATIENCE)
            assert on.sent() == ["H-1", "H-2"]
        case "shift":
            runs = await on.until(H_1=InjectState.ISSUED, H_2=InjectState.WAITING)
            first, second, third = (runs[inject].at or timedelta() for inject in ("H-1", "H-2", "H-3"))
            assert second - first == timedelta(seconds=30)
            assert third - first == timedelta(hours=2) - timedelta(minutes=1)
            assert first >= timedelta(minutes=6)
        case _:
            runs = await on.until(H_1=InjectState.SKIPPED, H_2=InjectState.SKIPPED)
            assert runs["H-3"].at == timedelta(hours=2)
            assert on.sent() == []
    done = await on.cast.director.see(
        on.cast.control, lambda m: m.message_id == question.message_id and not m.buttons, timeout_seconds=PATIENCE
    )
    assert "H-1" in done.words
