"""Somebody sets the machine's clock in the middle of an exercise: nothing comes early, and the director is told."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import WallClock
from tests.steering.conftest import QUIET, opened

HOUR = timedelta(hours=1)


@dataclass
class Machine:
    """A machine whose clock can be set."""

    set_by: timedelta = timedelta()

    def wall(self) -> datetime:
        return datetime.now(UTC) + self.set_by

    def clock(self, speed: float = 1.0) -> WallClock:
        return WallClock(speed, wall=self.wall)


def script(*injects: tuple[str, str]) -> dict[str, Any]:
    every = [
        {"id": i, "at": at, "to": ["alfa"], "text": f"Kata sandi {i}-teks.", "acknowledge": "10m"} for i, at in injects
    ]
    return {**QUIET, "injects": every}


@pytest.mark.parametrize(("by", "words"), [(HOUR, "dimajukan"), (-HOUR, "dimundurkan")], ids=["forward", "back"])
async def test_an_hour_either_way_moves_no_inject_and_no_latency(tmp_path: Path, by: timedelta, words: str) -> None:
    machine = Machine()
    scenario = script(("A-1", "0s"), ("A-2", "8s"), ("A-3", "40m"))
    async with opened(tmp_path, scenario, machine.clock()) as floor:
        await floor.cast.startex()
        first = await floor.cast.inject("A-1", "alfa")
        machine.set_by = by
        await floor.see_control(words)
        await floor.push("alfa", first, first.buttons[0].text)
        await floor.see("alfa", "A-2-teks")
        await floor.until(lambda run: run.injects["A-2"].deliveries["alfa"].sent_at)
        record = await floor.record()
        sent = {delivery["inject"]: delivery for delivery in record["deliveries"]}
        assert set(sent) == {"A-1", "A-2"}
        assert 0 <= sent["A-1"]["latency_seconds"] < 60
        startex = datetime.fromisoformat(record["exercise"]["startex_at"])
        late = datetime.fromisoformat(sent["A-2"]["sent_at"]) - startex
        assert timedelta(seconds=8) <= late < timedelta(seconds=60)
        moments = [line["at"] for line in record["log"]]
        assert moments == sorted(moments)
        machine.set_by = timedelta()
        await floor.see_control("sudah benar kembali")


async def test_between_exercises_the_bot_follows_the_machine(tmp_path: Path) -> None:
    machine = Machine()
    clock = machine.clock()
    async with opened(tmp_path, script(("A-1", "0s")), clock):
        machine.set_by = HOUR
        async with asyncio.timeout(30):
            while clock.now() < datetime.now(UTC) + HOUR / 2:  # noqa: ASYNC110 - nothing announces it
                await asyncio.sleep(0.05)


async def test_a_bot_that_starts_behind_its_own_log_says_so(tmp_path: Path) -> None:
    machine = Machine()
    async with opened(tmp_path, script(("A-1", "0s"), ("A-2", "40m")), machine.clock()) as floor:
        await floor.cast.startex()
        await floor.cast.inject("A-1", "alfa")
        await floor.stop()
        machine.set_by = -HOUR
        floor.clock = machine.clock()
        await floor.start()
        await floor.see_control("tertinggal")
        assert not [d for d in (await floor.record())["deliveries"] if d["inject"] == "A-2"]


async def test_a_bot_that_starts_an_hour_ahead_asks_before_it_sends_what_came_due(tmp_path: Path) -> None:
    machine = Machine()
    async with opened(tmp_path, script(("A-1", "0s"), ("A-2", "40m")), machine.clock()) as floor:
        await floor.cast.startex()
        await floor.cast.inject("A-1", "alfa")
        await floor.stop()
        machine.set_by = HOUR
        floor.clock = machine.clock()
        await floor.start()
        question = await floor.see_control(lambda message: "A-2" in message.words and message.buttons)
        assert len(question.buttons) == 3
        assert not [d for d in (await floor.record())["deliveries"] if d["inject"] == "A-2"]


@pytest.mark.parametrize("speed", [1.0, 30.0])
def test_a_clock_tells_by_how_much_the_machine_was_set_at_any_speed(speed: float) -> None:
    noon, set_by = datetime(2026, 3, 2, 12, tzinfo=UTC), [timedelta()]
    clock = WallClock(speed, wall=lambda: noon + set_by[0], steady=lambda: 100.0)
    set_by[0] = -HOUR
    assert (clock.set_by, clock.now()) == (-HOUR, noon)
    clock.follow()
    assert (clock.set_by, clock.now()) == (timedelta(), noon - HOUR)
