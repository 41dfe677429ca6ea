"""A running drill whose bot is killed over and over, and what the record says afterwards: `make kills`.

The bot is a process of its own, the stand-in has faults, and SIGKILL comes at the worst moments: while a message is
on its way, between a press's commit and its answer, during the start. People go on pressing whatever happens.
"""

import argparse
import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson

from bot.clock import WallClock
from bot.exercise.facts import FactKind
from bot.rehearsal.drill import Drill
from bot.rehearsal.people import find_button
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
from bot.rehearsal.standin.journal import MessageSent
from bot.rehearsal.standin.limits import NO_LIMITS
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.store import inbox, log, outbox
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.texts.catalogue import say
from scenarios.model import Scenario, dump, load
from tests.acceptance.cast import add_to_library, header
from tests.acceptance.kill_outcome import Outcome, judge
from tests.acceptance.process import PATIENCE, Program

UNITS = 8
EVERY_SECONDS = 0.4
"""Between injects, each of which goes to half of the units."""
SECONDS_FOR_EACH = 3.0
"""About what a kill and the start after it take; the script is as long as all of them."""
BACK_WITHIN = 3.0
"""Seconds from the start of the process to its first request for updates."""
_SPOILT = 0.03
_FAULTS: tuple[Fault, ...] = (
    ResetBefore(),
    ResetAfter(),
    HalfBody(),
    BrokenJson(),
    ErrorAfter(502),
    Refusal(502),
    Refusal(429, retry_after=1),
    Stall(1.0),
)
_POLLING_FAULTS: tuple[Fault, ...] = (ResetBefore(), ResetAfter(), BrokenJson(), Refusal(502), Refusal(409))
_ON_THE_WAY = (FactKind.ISSUED, FactKind.SENT, FactKind.ACKNOWLEDGED)
_DEADLY = {"sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates"}


@dataclass
class Reaper:
    """Decides about each request: whether it is spoilt, and whether it is the bot's last."""

    program: Program
    dice: Random
    spoils: bool = True
    began: float = 0.0
    working: asyncio.Event = field(default_factory=asyncio.Event)
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    starts: list[float] = field(default_factory=list)
    """Seconds of each start, to the first request for updates."""
    last_requests: Counter[str] = field(default_factory=Counter)
    """What the bot was at when it was killed."""
    _victim: str = ""

    async def start(self) -> None:
        """Start the bot and wait until it is at work."""
        self.working.clear()
        self.began = time.perf_counter()
        await self.program.start()
        async with asyncio.timeout(PATIENCE):
            await self.working.wait()

    async def kill(self) -> None:
        """Kill the bot: at a request of some method, and if none comes soon, at any moment."""
        self.struck.clear()
        await asyncio.sleep(self.dice.uniform(0.0, 1.0))
        self._victim = self.dice.choice(sorted(_DEADLY))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.dice.uniform(0.5, 2.0)):
                await self.struck.wait()
        if not self.struck.is_set():
            self._strike("nothing")
        await self.program.ended()

    async def kill_at_the_start(self) -> None:
        """Start the bot and kill it before it is at work, or hardly."""
        await self.program.start()
        await asyncio.sleep(self.dice.uniform(0.2, 1.5))
        self._strike("the start")
        await self.program.ended()

    def decide(self, method: str, _: Mapping[str, Any]) -> Fault | None:
        """What becomes of a request."""
        if method == "getUpdates" and not self.working.is_set():
            self.starts.append(time.perf_counter() - self.began)
            self.working.set()
            return None
        if method == self._victim:
            self._strike(method)
            # Whether the request still has its effect is as much a matter of luck as it is with a power cut.
            return self.dice.choice((None, ResetBefore()))
        if not self.spoils or self.dice.random() > _SPOILT or method not in _DEADLY:
            return None
        return self.dice.choice(_POLLING_FAULTS if method == "getUpdates" else _FAULTS)

    def _strike(self, victim: str) -> None:
        self._victim = ""
        self.last_requests[victim] += 1
        self.program.strike()
        self.struck.set()


@dataclass
class Leaders:
    """Whoever leads a unit presses the button of each message that has one, some time after it came."""

    drill: Drill
    dice: Random
    presses: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    """When an inject was acknowledged in a unit's chat, by (inject, unit)."""
    answers: int = 0

    async def play(self) -> None:
        """Press, until cancelled."""
        chats = {chat.id: unit for unit, chat in self.drill.units.items()}
        async with asyncio.TaskGroup() as pressing:
            with self.drill.world.changes.follow() as changes:
                while True:
                    change = await changes.get()
                    if isinstance(change, MessageSent) and header(change.message) and change.chat_id in chats:
                        pressing.create_task(self._press(chats[change.chat_id], change.message))

    async def _press(self, unit: str, message: Message) -> None:
        await asyncio.sleep(self.dice.uniform(0.0, 1.5))
        chat = self.drill.units[unit]
        present = chat.messages[message.message_id]
        if find_button(present, say("id", "ack.button")) is None:
            # The other copy of it has been pressed.
            return
        press = self.drill.leaders[unit].press(chat, present, say("id", "ack.button"))
        self.presses.setdefault((header(message), unit), []).append(press.at)
        with contextlib.suppress(TimeoutError):
            await press.answered(PATIENCE)
            self.answers += 1


@dataclass(frozen=True)
class Killed:
    """A drill that has been played, with kills."""

    outcome: Outcome
    reaper: Reaper
    leaders: Leaders

    @property
    def kills(self) -> int:
        """How often the bot was killed."""
        return sum(self.reaper.last_requests.values())

    @property
    def presses(self) -> int:
        """How many presses there were; people press a repeated inject again."""
        return sum(map(len, self.leaders.presses.values()))

    @property
    def starts(self) -> list[float]:
        """Seconds of each start after a kill, the shortest first."""
        return sorted(self.reaper.starts[1:])


def script(kills: int) -> Scenario:
    """Injects for as long as the kills take, each to one half of the units and then to the other."""
    units = [f"u{number}" for number in range(UNITS)]
    count = int(kills * SECONDS_FOR_EACH / EVERY_SECONDS) + 1
    return load(
        {
            "format": 1,
            "id": "gladi-mati-hidup",
            "title": "Gladi mati hidup",
            "units": {unit: {"name": f"Satuan {unit}"} for unit in units},
            "injects": [
                {
                    "id": f"K-{number}",
                    "to": units[number % 2 :: 2],
                    "at": f"{1 + number * EVERY_SECONDS:.1f}s",
                    "text": f"Perintah {number}",
                    # So long that nothing is held back for having become too late.
                    "acknowledge": {"within": "1h"},
                }
                for number in range(count)
            ],
        }
    )


async def drill_with_kills(folder: Path, kills: int, seed: int) -> Killed:
    """Play a drill, kill its bot so many times on the way, and compare the record with the chats.

    Raises:
        TimeoutError: the bot did not come back, or did not finish.
    """
    dice = Random(seed)
    url = f"sqlite+aiosqlite:///{folder / 'geladi.db'}"
    scenario = script(kills)
    async with StandIn(World(WallClock(), limits=NO_LIMITS)) as server:
        world = server.world
        bot = world.add_bot("geladi_bot")
        drill = Drill(world, scenario, "id", dice)
        settings = {
            "TOKEN": bot.token,
            "OWNERS": str(drill.director.person.id),
            "API_URL": server.url,
            "DATABASE_URL": url,
            "LISTEN": "",
            "RATE_OVERALL": "500/s",
            "RATE_GROUP": "100/s",
            "RATE_CHAT": "100/s",
        }
        program = Program(folder, settings)
        await add_to_library(url, dump(scenario), world.clock.now())
        reaper = Reaper(program, dice, spoils=False)
        world.faults.decide = reaper.decide
        absences: list[tuple[datetime, datetime]] = []
        try:
            await reaper.start()
            await drill.set_up()
            async with _playing(Leaders(drill, dice)) as leaders:
                await drill.director.carry_out(drill.control, "/startex", say("id", "confirm.yes"), done="STARTEX")
                await _kill(reaper, kills, dice, absences)
                await _until_all_is_done(url, scenario, leaders)
            await drill.director.carry_out(drill.control, "/endex", say("id", "confirm.endex_yes"), done="menyusul")
            await drill.record_posted()
            await program.stop()
        finally:
            await program.clean_up()
        exported = await program.run("export", "1")
    record = orjson.loads(exported.out)
    store = Store(url)
    chain = await store.read(lambda tx: log.entries(tx, 1))
    await store.close()
    return Killed(judge(record, chain, drill, leaders.presses, absences), reaper, leaders)


async def _kill(reaper: Reaper, kills: int, dice: Random, absences: list[tuple[datetime, datetime]]) -> None:
    clock = WallClock()
    reaper.spoils = True
    done = 0
    while done < kills:
        await reaper.kill()
        done += 1
        gone_at = clock.now()
        while done < kills and dice.random() < 0.15:
            await reaper.kill_at_the_start()
            done += 1
        await reaper.start()
        absences.append((gone_at, clock.now()))
    reaper.spoils = False


@contextlib.asynccontextmanager
async def _playing(leaders: Leaders) -> AsyncIterator[Leaders]:
    task = asyncio.create_task(leaders.play())
    try:
        yield leaders
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _until_all_is_done(url: str, scenario: Scenario, leaders: Leaders) -> None:
    """The script is over, everything is sent and every press recorded; what never will be, the judgement finds."""
    whole = max(inject.at or timedelta() for inject in scenario.injects).total_seconds()
    store = Store(url)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(whole + 120):
                # The bot is another process, and its record tells nobody.
                while not await store.read(lambda tx: _is_done(tx, scenario, leaders)):  # noqa: ASYNC110 - see above
                    await asyncio.sleep(0.25)
    finally:
        await store.close()


def _is_done(tx: Transaction, scenario: Scenario, leaders: Leaders) -> bool:
    if outbox.open_rows(tx) or inbox.waiting(tx):
        return False
    pairs: dict[FactKind, set[tuple[str, str]]] = {}
    for entry in log.entries(tx, 1, _ON_THE_WAY):
        pairs.setdefault(entry.fact.kind, set()).add((entry.fact.inject or "", entry.fact.unit or ""))
    owed = pairs.get(FactKind.SENT, set()).union(leaders.presses)
    issued = pairs.get(FactKind.ISSUED, set())
    return len(issued) == len(scenario.injects) and owed <= pairs.get(FactKind.ACKNOWLEDGED, set())


def main() -> int:
    """Play, print what came of it; the exit status is 1 where a promise was broken or a start took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    plan = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="geladi-kills-") as folder:
        played = asyncio.run(drill_with_kills(Path(folder), plan.kills, plan.seed))
    outcome, starts = played.outcome, played.starts
    at = ", ".join(f"{method} {count}" for method, count in sorted(played.reaper.last_requests.items()))
    slow = [f"a start took longer than {BACK_WITHIN:.0f} s"] if starts[-1] > BACK_WITHIN else []
    lines = [
        f"{played.kills} kills with seed {plan.seed}, at: {at}",
        f"{outcome.deliveries} injects to units, {outcome.repeats} repeated and marked as such",
        f"{outcome.unsure} perhaps not there, and recorded as such",
        f"{played.presses} presses, {played.leaders.answers} of them answered",
        f"back at work after {statistics.median(starts):.2f} s (median), {starts[-1]:.2f} s (worst)",
        *outcome.wrong,
        *slow,
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if outcome.wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
