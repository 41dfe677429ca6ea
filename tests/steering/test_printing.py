"""The files of the record, made by a process of their own while the bot goes on."""

import asyncio
import os
from pathlib import Path

import pytest
import structlog.testing

from bot.exercise.forms import Form
from bot.printing import Printer
from bot.texts.catalogue import say
from tests.press import NearPress
from tests.steering.conftest import Floor


async def end(floor: Floor) -> None:
    asked = await floor.ask("/abort Cukup")
    await floor.push_control(asked, say("id", "confirm.abort_yes"))
    await floor.until(lambda e: e.summarised)


@pytest.mark.parametrize("form", [Form.JSON, Form.PDF, Form.PNG])
async def test_what_is_printed_is_what_the_record_says(floor: Floor, form: Form) -> None:
    await end(floor)
    assert await Printer(floor.url)(1, form, "en") == await NearPress(floor.store)(1, form, "en")


async def test_the_bot_answers_while_files_are_printed(floor: Floor) -> None:
    printer = Printer(floor.url)
    printing = [asyncio.create_task(printer(1, form, "id")) for form in (Form.PDF, Form.XLSX)]
    assert (await floor.push("alfa", await floor.see("alfa", "A-1-teks"), say("id", "ack.button"))).text
    assert not any(task.done() for task in printing)
    assert [file and file[:2] for file in await asyncio.gather(*printing)] == [b"%P", b"PK"]


async def test_what_cannot_be_printed_is_told_in_the_log(floor: Floor) -> None:
    with structlog.testing.capture_logs() as logs:
        assert await Printer(floor.url)(99, Form.PDF, "id") is None
    [failed] = [line for line in logs if line["event"] == "printing_failed"]
    assert failed["exercise"] == 99
    assert "99" in failed["why"]


async def test_what_takes_too_long_is_given_up_and_ends(floor: Floor) -> None:
    with structlog.testing.capture_logs() as logs:
        assert await Printer(floor.url, longest_seconds=0.05)(1, Form.PDF, "id") is None
    assert [line["why"] for line in logs if line["event"] == "printing_failed"] == ["took too long"]
    assert printing_now() == []


async def test_the_process_is_not_told_the_token(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GELADI_TOKEN", "123:secret")
    printing = asyncio.create_task(Printer(floor.url)(1, Form.PDF, "id"))
    while not (environments := printing_now()):  # noqa: ASYNC110 - nothing announces a child
        await asyncio.sleep(0.005)
    await printing
    assert b"GELADI_DATABASE_URL" in environments[0]
    assert b"secret" not in environments[0]


def printing_now() -> list[bytes]:
    """The environment of each process that this one has started to print something."""
    children = [
        pid for each in Path(f"/proc/{os.getpid()}/task").glob("*/children") for pid in each.read_text().split()
    ]
    folders = [Path("/proc") / pid for pid in children]
    return [(each / "environ").read_bytes() for each in folders if b"export" in (each / "cmdline").read_bytes()]
