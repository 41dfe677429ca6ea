"""What a process shows of itself: health, figures, a line in its log for each fact; and that it is the only one."""

import asyncio
import json
from typing import Any

import aiohttp
import orjson

from tests.acceptance.cast import SHORT_SCRIPT, Cast, add_to_library
from tests.acceptance.process import Program
from tests.web.test_intake import free_port


async def test_a_process_shows_its_health_its_figures_and_every_fact_and_lets_no_other_beside_it(
    program: Program, cast: Cast, url: str
) -> None:
    port = free_port()
    program.settings["LISTEN"] = f"127.0.0.1:{port}"
    cast.be_patient(60)
    await add_to_library(url, SHORT_SCRIPT, cast.world.clock.now())
    await program.start()
    await cast.set_up(str(SHORT_SCRIPT["id"]))
    await cast.startex()
    await cast.acknowledge("B-1", "alfa", "bravo")

    program.settings["LISTEN"] = ""
    second = await program.run("run")
    assert second.status != 0
    (line,) = second.err.splitlines()
    assert "another geladi runs on" in line

    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        health, ready, figures = await asyncio.gather(
            *(shown(http, path) for path in ("/healthz", "/readyz", "/metrics"))
        )
    assert json.loads(health)["alive"] is True
    assert json.loads(ready)["ready"] is True
    assert 'geladi_facts_total{kind="acknowledged"} 2.0' in figures
    assert 'geladi_attempts_total{action="send",outcome="done"}' in figures

    assert await program.stop() == 0
    record = orjson.loads((await program.run("export", "1")).out)
    log = [about(line) for line in record["log"]]
    assert facts(program) == log
    assert ("acknowledged", 1, "B-1", "alfa") in log


async def shown(http: aiohttp.ClientSession, path: str) -> str:
    async with http.get(path) as response:
        assert response.status == 200
        return await response.text()


def about(line: dict[str, Any]) -> tuple[str, int, str | None, str | None]:
    return line["kind"], 1, line["inject"], line["unit"]


def facts(program: Program) -> list[tuple[str, int, str | None, str | None]]:
    """The facts in what the process has logged, one line each."""
    lines = [json.loads(line) for line in program.log_file.read_text().splitlines()]
    return [(line["kind"], line["exercise"], line["inject"], line["unit"]) for line in lines if line["event"] == "fact"]
