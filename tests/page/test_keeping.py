"""A rehearsal that is kept in a file goes on where it was, with the same bot and at the same address."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.texts.catalogue import say

PATIENCE = 90.0
SCENARIO = """\
format: 1
id: gladi-simpan
title: Gladi simpan
units:
  posko: {name: Posko}
  dalmas: {name: Dalmas}
injects:
  - {id: I-01, at: 5s, to: [all], text: Siaga satu, acknowledge: 20m}
  - {id: I-02, at: 60m, to: [all], text: Kembali}
"""
pytestmark = pytest.mark.timeout(400)


@asynccontextmanager
async def rehearsing(folder: Path, *more: str) -> AsyncIterator[str]:
    """The address of the page."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GELADI_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "rehearse", "gladi.yaml", "--port", "0", "--speed", "10", "--world", "dunia.json", *more),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 143


async def post(session: ClientSession, address: str, **body: Any) -> None:
    async with session.post(address, json=body) as answer:
        assert (await answer.json())["ok"]


async def the_world(session: ClientSession, page: str, condition: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The world, once its exercise is as wanted."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with session.get(page + "world") as answer:
                told: dict[str, Any] = await answer.json()
            if condition(told["pulse"]["exercise"]):
                return told
            await asyncio.sleep(0.1)


async def acknowledge(session: ClientSession, page: str, told: dict[str, Any], unit: str) -> None:
    came = next(inject for inject in told["injects"] if inject["id"] == "I-01")["came"][unit]
    leader = next(one for one in told["units"] if one["id"] == unit)["leader"]
    act = {"act": "press", "person": leader, "chat": came["chat"], "message": came["message"]}
    await post(session, page + "acts", **act, button=say("id", "ack.button"))


async def test_a_kept_rehearsal_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "gladi.yaml").write_text(SCENARIO)
    async with ClientSession() as session:
        async with rehearsing(tmp_path) as page:
            await the_world(session, page, lambda exercise: bool(exercise["ready"]))
            await post(session, page + "controls", control="begin")
            told = await the_world(session, page, lambda exercise: bool(exercise["sent"] == 2))
            await acknowledge(session, page, told, "posko")
            told = await the_world(session, page, lambda exercise: bool(exercise["acknowledged"] == 1))
        assert (tmp_path / "dunia.json").stat().st_mode & 0o077 == 0
        async with rehearsing(tmp_path) as again:
            assert again.rpartition("/rehearsal/")[2] == page.rpartition("/rehearsal/")[2]
            same = await the_world(session, again, lambda _: True)
            assert same["pulse"]["exercise"]["sent"] == 2
            assert same["pulse"]["exercise"]["acknowledged"] == 1
            assert same["pulse"]["exercise"]["elapsed"] >= told["pulse"]["exercise"]["elapsed"]
            assert same["people"] == told["people"]
            await acknowledge(session, again, same, "dalmas")
            done = await the_world(session, again, lambda exercise: bool(exercise["acknowledged"] == 2))
            assert done["pulse"]["exercise"]["repeated"] == 0


async def test_another_rehearsals_file_is_refused_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "dunia.json").write_text('{"format": 1, "scenario": "lain"}')
    (tmp_path / "gladi.yaml").write_text(SCENARIO)
    for content, words in (('{"format": 1, "scenario": "lain"}', "lain"), ("{", "no rehearsal")):
        (tmp_path / "dunia.json").write_text(content)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "rehearse", "gladi.yaml", "--world", "dunia.json"),
            cwd=tmp_path,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 2
        assert words in said.decode()
