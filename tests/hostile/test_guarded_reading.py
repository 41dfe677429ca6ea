"""What is promised of a stranger's file: an answer within 3 s and 256 MiB, and no harm."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.exercise.errors import Refusal
from bot.guarded_reading import COMMAND, ENVIRONMENT, Bounds, FileTooCostly, GuardedReader, request, require_size
from scenarios.guarded import READY, TOO_MUCH_MEMORY, answer_of
from scenarios.library import bundled, bundled_bytes, read_bundled
from scenarios.problems import Severity
from scenarios.reading import Check, read_scenario
from scenarios.writing import write_scenario
from tests.hostile.files import HARMLESS, HOSTILE, UNREAD

MEASURE = Path(__file__).with_name("measure.py")
SECONDS = 3.0
"""Of the processor: a busy machine makes it take longer, and then it is given up."""
STARTING = 1.0
"""Seconds of the processor that the reading process takes until it is ready."""
MEMORY = 256 * 1024
"""KiB, as the system counts them."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_little_cost(name: str) -> None:
    file, make = HOSTILE[name]
    made = make()
    data = made.encode() if isinstance(made, str) else made
    require_size(file, len(data))
    run = subprocess.run(
        [sys.executable, "-I", str(MEASURE), *COMMAND],
        env=ENVIRONMENT,
        cwd="/",
        input=request(data, file),
        capture_output=True,
        check=True,
    )
    line, _, answer = run.stdout.partition(b"\n")
    used = json.loads(line)
    assert used["ready"] == READY.decode()
    assert used["kib"] < MEMORY
    assert used["seconds"] < SECONDS + STARTING
    assert used["status"] in {0, TOO_MUCH_MEMORY}
    if used["status"] == 0:
        scenario, problems = answer_of(answer)
        assert scenario is None
        assert any(problem.severity is Severity.ERROR for problem in problems)


@pytest.mark.parametrize("name", UNREAD)
def test_some_files_are_refused_before_anything_is_fetched(name: str) -> None:
    file, make = UNREAD[name]
    with pytest.raises(Refusal):
        require_size(file, len(make()))


@pytest.mark.parametrize("name", HARMLESS)
async def test_what_is_merely_odd_is_read(name: str) -> None:
    file, make = HARMLESS[name]
    checked = await GuardedReader().read(make(), file)
    assert checked.scenario == read_bundled("evakuasi_banjir")


@pytest.mark.parametrize("suffix", [".yaml", ".xlsx", ".csv"])
@pytest.mark.parametrize("scenario_id", bundled())
async def test_a_sound_file_is_read_as_without_the_guard(scenario_id: str, suffix: str) -> None:
    scenario = read_bundled(scenario_id)
    data = bundled_bytes(scenario_id) if suffix == ".yaml" else write_scenario(scenario, suffix, "id")
    checked = await GuardedReader().read(data, f"naskah{suffix}")
    assert checked == read_scenario(data, f"naskah{suffix}", Check())
    assert checked.scenario == scenario


async def test_the_problems_of_a_file_come_back_with_their_places() -> None:
    data = b"format: 1\nid: x\ntitel: x\n"
    assert (await GuardedReader().read(data, "x.yaml")).problems == read_scenario(data, "x.yaml").problems


async def test_a_reading_that_takes_too_long_is_given_up_and_leaves_no_process() -> None:
    data = bundled_bytes("sispamkota_pemilu")
    with pytest.raises(FileTooCostly):
        await GuardedReader(Bounds(seconds=0.01)).read(data, "x.yaml")
    assert (await GuardedReader().read(data, "x.yaml")).scenario is not None


@pytest.mark.parametrize(
    ("attempt", "refused"),
    [
        ("open('/etc/passwd')", "OSError"),
        ("socket.socket()", "OSError"),
        pytest.param(
            "os.fork()",
            "BlockingIOError",
            marks=pytest.mark.skipif(os.geteuid() == 0, reason="the system sets root no limit of processes"),
        ),
        ("bytearray(300 * 1024 * 1024)", "MemoryError"),
        ("os.environ['GELADI_TOKEN']", "KeyError"),
    ],
)
def test_whoever_took_over_the_reading_process_could_do_nothing_with_it(attempt: str, refused: str) -> None:
    # The modules are there before the door is shut, as they would be for whoever broke in.
    code = f"""
import os, socket, sys
from scenarios import guarded
guarded._warm_up()
guarded._give_up()
try:
    {attempt}
except Exception as error:
    print(type(error).__name__)
"""
    told = subprocess.run(
        [sys.executable, "-sPB", "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False, cwd="/"
    )
    assert told.stdout.strip() == refused, told.stderr
