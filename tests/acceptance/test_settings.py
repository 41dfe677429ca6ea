"""A bad setting stops the start at once, with one line that names the variable and never the token."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.rehearsal.standin.server import StandIn
from tests.acceptance.process import Program

GOOD = {"TOKEN": "7200000001:A-SECRET", "OWNERS": "5100000001", "LISTEN": ""}
BAD = {
    "a missing token": ("TOKEN", ""),
    "a token without its number": ("TOKEN", "A-SECRET"),
    "a token without its secret": ("TOKEN", "7200000001:"),
    "a time zone that there is not": ("TIMEZONE", "Asia/Atlantis"),
    "a rate in no unit": ("RATE_GROUP", "18/h"),
    "a rate of nothing": ("RATE_OVERALL", "0/s"),
    "owners by name": ("OWNERS", "5100000001,@sari"),
    "a language that there is not": ("LANGUAGE", "fr"),
    "a folder that is not there": ("SCENARIOS", "/nowhere/at/all"),
    "an address without a port": ("LISTEN", "localhost"),
    "a root that is no URL": ("API_URL", "api.telegram.org"),
    "a level that there is not": ("LOG", "loud"),
}
BAD_DATABASES = {
    "a database that is none": "geladi.db",
    "a database of another make": "mysql+aiomysql://sari:A-SECRET@localhost/geladi",
    "a database in memory": "sqlite+aiosqlite://",
    "a database in no folder": "sqlite+aiosqlite:///nowhere/geladi.db",
}


def geladi(command: str, settings: dict[str, str]) -> tuple[int, str]:
    """A command within this process, for starts that end before they began; gives status and stderr."""
    ended = CliRunner().invoke(app, [command], env={f"GELADI_{name}": value for name, value in settings.items()})
    assert ended.stdout == ""
    return ended.exit_code, ended.stderr


@pytest.mark.parametrize(("name", "value"), BAD.values(), ids=BAD)
def test_a_bad_setting_ends_the_start_with_one_line_that_names_it(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, said = geladi("run", {**GOOD, name: value})
    assert status == 2
    (line,) = said.splitlines()
    assert line.startswith(f"GELADI_{name}: ")
    assert "A-SECRET" not in line


@pytest.mark.parametrize("database", BAD_DATABASES.values(), ids=BAD_DATABASES)
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, said = geladi("list", {"DATABASE_URL": database})
    assert status == 2
    (line,) = said.splitlines()
    assert line.startswith("GELADI_DATABASE_URL: ")
    assert "A-SECRET" not in line


async def test_a_process_without_a_token_ends_at_once(tmp_path: Path) -> None:
    ended = await Program(tmp_path, {"OWNERS": "5100000001"}).run("run")
    assert (ended.status, ended.out) == (2, b"")
    (line,) = ended.err.splitlines()
    assert line.startswith("GELADI_TOKEN: ")


async def test_a_token_that_telegram_does_not_know_ends_the_start(standin: StandIn, tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        ended = await Program(tmp_path, {**GOOD, "TOKEN": "7299999999:A-SECRET", "API_URL": standin.url}).run("run")
    assert ended.status == 2
    (line,) = ended.err.splitlines()
    assert line.startswith("GELADI_TOKEN: ")
    assert "A-SECRET" not in line


async def test_a_start_that_waits_for_telegram_can_be_stopped(standin: StandIn, tmp_path: Path) -> None:
    await standin.go_down()
    program = Program(tmp_path, {**GOOD, "API_URL": standin.url})
    await program.start()
    try:
        await program.says("telegram_unreachable")
        async with asyncio.timeout(5):
            assert await program.stop() == 0
    finally:
        await program.clean_up()


def test_half_a_webhook_is_refused_by_both_its_names() -> None:
    status, said = geladi("run", {**GOOD, "WEBHOOK_URL": "https://example.org/geladi"})
    assert status == 2
    (line,) = said.splitlines()
    assert "GELADI_WEBHOOK_URL" in line
    assert "GELADI_WEBHOOK_SECRET" in line
