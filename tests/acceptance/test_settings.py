"""A bad setting stops the start at once, with one line that names the variable and never the token."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import aiohttp
import orjson
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.rehearsal.standin.server import StandIn
from bot.store.store import Store
from tests.acceptance.process import Program
from tests.web.test_intake import free_port

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
    "a root with a port that there is not": ("API_URL", "http://127.0.0.1:99999"),
    "a root whose port is no number": ("API_URL", "http://127.0.0.1:port"),
    "a root with port 0": ("API_URL", "http://127.0.0.1:0"),
    "a root with half an address": ("API_URL", "http://[::1"),
    "a root without a host": ("API_URL", "https://:443"),
    "a root with a space": ("API_URL", "https://api.telegram.org /"),
    "a root with a host that there cannot be": ("API_URL", "https://api..telegram.org"),
    "a root with a question": ("API_URL", "https://api.telegram.org?x=1"),
    "a level that there is not": ("LOG", "loud"),
    "a webhook that is no URL": ("WEBHOOK_URL", "example.org/x"),
    "a webhook by plain HTTP": ("WEBHOOK_URL", "http://example.org/x"),
    "a webhook at a port that Telegram does not go to": ("WEBHOOK_URL", "https://example.org:99/x"),
    "a webhook at a port that there is not": ("WEBHOOK_URL", "https://example.org:99999/x"),
    "a webhook without a host": ("WEBHOOK_URL", "https:///x"),
    "a webhook at home": ("WEBHOOK_URL", "https://127.0.0.1/x"),
    "a webhook in the house": ("WEBHOOK_URL", "https://10.0.0.5:8443/x"),
    "a webhook by a name of the house": ("WEBHOOK_URL", "https://localhost/x"),
    "a webhook with a path that is a pattern": ("WEBHOOK_URL", "https://example.org/{x"),
    "a secret with signs that Telegram does not take": ("WEBHOOK_SECRET", "A-SECRET cd!"),
    "a secret in other letters": ("WEBHOOK_SECRET", "A-SECRET-é"),
    "a secret that is too long": ("WEBHOOK_SECRET", "A-SECRET" * 33),
}
BAD_DATABASES = {
    "a database that is none": "geladi.db",
    "no database": "",
    "a database by a name that others know it by": "postgres://sari:A-SECRET@localhost/geladi",
    "a server by another driver": "postgresql+psycopg://sari:A-SECRET@localhost/geladi",
    "a server without a driver": "postgresql://sari:A-SECRET@localhost/geladi",
    "a driver of another make": "postgresql+aiosqlite://sari:A-SECRET@localhost/geladi",
    "a port that is no number": "postgresql+asyncpg://sari:A-SECRET@localhost:port/geladi",
    "a port that is no number, as an option": "postgresql+asyncpg://sari:A-SECRET@/geladi?host=localhost&port=A-SECRET",
    "a port that there is not": "postgresql+asyncpg://sari:A-SECRET@127.0.0.1:99999/geladi",
    "an option of another driver": "postgresql+asyncpg://sari:A-SECRET@127.0.0.1/geladi?sslmode=require",
    "a file by another driver": "sqlite:///geladi.db",
    "a folder": "sqlite+aiosqlite:////tmp",
    "a file by a name that hides it": "sqlite+aiosqlite:///file:geladi.db?uri=true",
    "a database of another make": "mysql+aiomysql://sari:A-SECRET@localhost/geladi",
    "a database in memory": "sqlite+aiosqlite://",
    "a database in no folder": "sqlite+aiosqlite:///nowhere/geladi.db",
}


def geladi(command: str, settings: dict[str, str]) -> tuple[int, str]:
    """A command within this process, for starts that end before they began; gives status and stderr."""
    ended = CliRunner().invoke(app, [command], env={f"GELADI_{name}": value for name, value in settings.items()})
    assert ended.stdout == ""
    return ended.exit_code, ended.stderr


async def asked(port: int, path: str) -> tuple[int, str]:
    """The status and the body of a page of the bot's front."""
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{port}/{path}") as response:
        return response.status, await response.text()


async def answers(port: int) -> None:
    """Wait until the bot's front is there."""
    async with asyncio.timeout(60):
        while True:
            try:
                await asked(port, "healthz")
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
            else:
                return


async def made(url: str) -> None:
    """A database that a bot could run on."""
    store = Store(url)
    await store.open()
    await store.close()


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


@pytest.mark.parametrize("command", ["run", "list", "migrate"])
@pytest.mark.parametrize("database", BAD_DATABASES.values(), ids=BAD_DATABASES)
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    database: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, said = geladi(command, {**GOOD, "DATABASE_URL": database})
    assert status == 2
    (line,) = said.splitlines()
    assert line.startswith("GELADI_DATABASE_URL: ")
    assert "A-SECRET" not in line
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_away_is_told_in_one_line_to_whoever_reads() -> None:
    url = f"postgresql+asyncpg://sari:A-SECRET@127.0.0.1:{free_port()}/geladi"
    status, said = geladi("list", {**GOOD, "DATABASE_URL": url})
    assert status == 2
    (line,) = said.splitlines()
    assert line.startswith("GELADI_DATABASE_URL: the database cannot be read at present: ")
    assert "A-SECRET" not in line


def test_a_file_whose_links_lead_in_a_circle_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.db").symlink_to("other.db")
    Path("other.db").symlink_to("one.db")
    status, said = geladi("run", {**GOOD, "DATABASE_URL": "sqlite+aiosqlite:///one.db"})
    assert status == 2
    (line,) = said.splitlines()
    assert line.startswith("GELADI_DATABASE_URL: cannot write one.db: ")


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


@pytest.mark.parametrize("how", [Program.stop, Program.interrupt], ids=["SIGTERM", "SIGINT"])
async def test_a_start_that_waits_for_its_database_is_seen_from_outside_and_can_be_stopped(
    how: Callable[[Program], Awaitable[int]], tmp_path: Path
) -> None:
    port = free_port()
    away = f"postgresql+asyncpg://sari:A-SECRET@127.0.0.1:{free_port()}/geladi"
    program = Program(tmp_path, {**GOOD, "DATABASE_URL": away, "LISTEN": f"127.0.0.1:{port}"})
    await program.start()
    try:
        await program.says("database_unreachable")
        assert (await asked(port, "healthz"))[0] == 200
        status, body = await asked(port, "readyz")
        assert status == 503
        assert not orjson.loads(body)["checks"]["database"]["ok"]
        assert "Connect call failed" in orjson.loads(body)["checks"]["database"]["detail"]
        status, body = await asked(port, "metrics")
        assert status == 200
        assert "geladi_database_reachable 0.0" in body.splitlines()
        async with asyncio.timeout(10):
            assert await how(program) == 0
        assert "A-SECRET" not in program.log_file.read_text()
    finally:
        await program.clean_up()


async def test_a_start_that_waits_for_a_locked_file_can_be_stopped(tmp_path: Path) -> None:
    file, port = tmp_path / "geladi.db", free_port()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        program = Program(
            tmp_path, {**GOOD, "DATABASE_URL": f"sqlite+aiosqlite:///{file}", "LISTEN": f"127.0.0.1:{port}"}
        )
        await program.start()
        try:
            await answers(port)
            status, body = await asked(port, "readyz")
            assert status == 503
            assert orjson.loads(body)["checks"]["database"] == {"ok": False, "detail": "not open"}
            async with asyncio.timeout(20):
                assert await program.stop() == 0
        finally:
            await program.clean_up()


def test_an_outdated_database_ends_the_start_with_the_command_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}"
    asyncio.run(made(url))
    with closing(sqlite3.connect(tmp_path / "geladi.db")) as connection:
        connection.execute("update alembic_version set version_num = '0000'")
        connection.commit()
    status, said = geladi("run", {**GOOD, "DATABASE_URL": url, "LISTEN": f"127.0.0.1:{free_port()}"})
    assert status == 2
    (line,) = said.splitlines()
    assert "geladi migrate" in line


def test_half_a_webhook_is_refused_by_both_its_names() -> None:
    status, said = geladi("run", {**GOOD, "WEBHOOK_URL": "https://example.org/geladi"})
    assert status == 2
    (line,) = said.splitlines()
    assert "GELADI_WEBHOOK_URL" in line
    assert "GELADI_WEBHOOK_SECRET" in line
