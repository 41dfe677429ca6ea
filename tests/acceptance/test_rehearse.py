"""`geladi rehearse` plays a scenario file to its summary by itself, and leaves the files behind."""

from pathlib import Path
from random import Random

import orjson
import pytest

from bot.app import running
from bot.clock import WallClock
from bot.exercise.people import Person
from bot.rehearsal.drill import Drill
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from bot.settings import Settings
from bot.store import directory
from bot.store.store import Store
from scenarios.yaml_reader import read_yaml
from tests.acceptance.process import Program
from tests.press import NearPress

FOREIGN = Path(__file__).parents[1] / "scenarios" / "foreign"
SCENARIO = """\
format: 1
id: gladi-singkat
title: Gladi singkat
units:
  posko: {name: Posko}
  dalmas: {name: Dalmas}
injects:
  - {id: I-01, at: 20s, to: [all], text: Siaga, acknowledge: {within: 60s, remind: 20s}}
  - {id: I-02, at: 2m, to: [dalmas], text: Bergerak, acknowledge: 60s, progress: [underway, done]}
  - id: I-03
    at: 3m
    to: [posko]
    kind: decision
    text: Massa bertambah
    acknowledge: 60s
    decision:
      by: posko
      within: 2m
      options: [{id: tambah, text: Tambah}, {id: tahan, text: Tahan}]
  - {id: I-04, at: 4m, to: [all], text: Kembali, acknowledge: 45s}
"""


async def test_a_rehearsal_plays_itself_and_leaves_chart_and_record(tmp_path: Path) -> None:
    (tmp_path / "gladi.yaml").write_text(SCENARIO)
    arguments = "rehearse gladi.yaml --speed 60 --headless --autoplay --seed 1 --out files"
    ended = await Program(tmp_path, {}).run(*arguments.split())
    assert ended.status == 0, ended.err
    pictures = [picture.read_bytes() for picture in (tmp_path / "files").glob("*.png")]
    assert pictures
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    (file,) = (tmp_path / "files").glob("*.json")
    record = orjson.loads(file.read_bytes())
    assert record["exercise"]["state"] == "ended"
    assert [(d["inject"], d["unit"], d["state"]) for d in record["deliveries"]] == [
        ("I-01", "posko", "sent"),
        ("I-01", "dalmas", "sent"),
        ("I-02", "dalmas", "sent"),
        ("I-03", "posko", "sent"),
        ("I-04", "posko", "sent"),
        ("I-04", "dalmas", "sent"),
    ]


async def test_a_workbook_is_rehearsed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "gladi.yaml").write_text(SCENARIO)
    assert (await Program(tmp_path, {}).run("convert", "gladi.yaml", "gladi.xlsx")).status == 0
    arguments = "rehearse gladi.xlsx --speed 60 --headless --autoplay --seed 1 --out files"
    ended = await Program(tmp_path, {}).run(*arguments.split())
    assert ended.status == 0, ended.err
    (file,) = (tmp_path / "files").glob("*.json")
    assert len(orjson.loads(file.read_bytes())["deliveries"]) == 6


@pytest.mark.timeout(600)
async def test_a_spreadsheet_in_somebody_elses_layout_is_rehearsed_to_its_end(tmp_path: Path) -> None:
    """All injects with a time are sent; those without one wait for the director, who sends none here."""
    script, injects = "river_flood.csv", 27
    (tmp_path / script).write_bytes((FOREIGN / script).read_bytes())
    arguments = f"rehearse {script} --speed 600 --headless --autoplay --seed 1 --out files"
    ended = await Program(tmp_path, {}).run(*arguments.split(), patience=540)
    assert ended.status == 0, ended.err
    assert f"'geladi check {script}' lists them" in ended.err
    (file,) = (tmp_path / "files").glob("*.json")
    record = orjson.loads(file.read_bytes())
    assert record["exercise"]["state"] == "ended"
    assert len({delivery["inject"] for delivery in record["deliveries"]}) == injects
    assert {delivery["state"] for delivery in record["deliveries"]} == {"sent"}


async def test_a_spreadsheet_with_an_error_is_not_rehearsed_and_its_cell_is_told(tmp_path: Path) -> None:
    (tmp_path / "gladi.csv").write_text("[exercise]\nkey,value\nid,Gladi!\n[injects]\nid,to,text\nI-01,all,Siaga\n")
    ended = await Program(tmp_path, {}).run("rehearse", "gladi.csv", "--headless")
    assert (ended.status, ended.out) == (2, b"")
    assert "gladi.csv:exercise!B3: error: 'Gladi!' is not possible here" in ended.err


async def test_a_scenario_that_there_is_not_ends_a_rehearsal_with_one_line(tmp_path: Path) -> None:
    ended = await Program(tmp_path, {}).run("rehearse", "gladi.yaml", "--headless")
    assert (ended.status, ended.out) == (2, b"")
    (line,) = ended.err.splitlines()
    assert line.startswith("gladi.yaml: ")


async def test_a_rehearsal_keeps_to_the_rates_of_telegram(tmp_path: Path) -> None:
    scenario = read_yaml(SCENARIO.encode()).scenario
    assert scenario is not None
    clock = WallClock(60)
    world = World(clock)
    bot = world.add_bot("geladi_bot")
    drill = Drill(world, scenario, "id", Random(1))
    director = Person(drill.director.person.id, "Direktur")
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    await store.perform(lambda tx: directory.add_scenario(tx, scenario, director, clock.now()))
    async with StandIn(world) as standin:
        settings = Settings(_env_file=None, api_url=standin.url, owners=(director.id,), listen="")
        async with running(settings, bot.token, store, clock, press=NearPress(store)):
            await drill.set_up()
            await drill.begin()
            await drill.play(leaders=True)
    await store.close()
    assert world.journal.too_many == 0
    assert world.violations == []
    assert len(world.journal.of("sendMessage")) > 20
