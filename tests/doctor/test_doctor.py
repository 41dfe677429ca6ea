"""What the doctor sees: one finding per thing, and never the token."""

import asyncio
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.clock import WallClock
from bot.doctor import Finding, Verdict, examine
from bot.settings import Settings
from bot.store.store import Store
from tests.wire.clocks import ManualClock
from tests.wire.faulty import TOKEN, FaultyApi, refuse


@pytest.fixture
async def api() -> AsyncIterator[FaultyApi]:
    served = FaultyApi()
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    store = Store(f"sqlite+aiosqlite:///{tmp_path / 'geladi.db'}")
    await store.open()
    await store.close()
    return tmp_path / "geladi.db"


async def findings(api_url: str, database: Path, *, clock: Any = None, **parts: Any) -> dict[str, Finding]:
    known = {
        "token": SecretStr(TOKEN),
        "owners": (5,),
        "listen": "",
        "database_url": f"sqlite+aiosqlite:///{database}",
        **parts,
    }
    mounts = known.pop("mounts", Path("/proc/mounts"))
    settings = Settings(_env_file=None, api_url=api_url, **known)
    seen = [finding async for finding in examine(settings, clock or WallClock(), mounts)]
    assert not [finding for finding in seen if TOKEN in str(finding) or TOKEN.partition(":")[2] in str(finding)]
    return {finding.what: finding for finding in seen}


async def test_a_bot_in_order_fails_in_nothing(api: FaultyApi, database: Path) -> None:
    seen = await findings(api.url, database)
    assert not [finding for finding in seen.values() if finding.verdict is Verdict.FAIL]
    assert seen["token"].detail == "of @geladi_bot"
    assert seen["clock"].verdict is Verdict.OK
    assert seen["schema"].verdict is Verdict.OK


async def test_a_token_that_telegram_does_not_know_fails(database: Path) -> None:
    class Stranger(FaultyApi):
        async def _handle(self, request: Any) -> Any:
            return await refuse(401, "Unauthorized")(request)

    served = Stranger()
    await served.start()
    seen = await findings(served.url, database)
    await served.stop()
    assert seen["token"].verdict is Verdict.FAIL
    assert seen["Bot API"].verdict is Verdict.OK


async def test_a_server_out_of_reach_fails_without_showing_the_token(api: FaultyApi, database: Path) -> None:
    await api.stop()
    seen = await findings(api.url, database)
    assert seen["Bot API"].verdict is Verdict.FAIL


async def test_a_clock_that_is_off_is_told(api: FaultyApi, database: Path) -> None:
    wrong = ManualClock(WallClock().now() - timedelta(minutes=3))
    seen = await findings(api.url, database, clock=wrong)
    assert seen["clock"].verdict is Verdict.WARN
    assert "behind" in seen["clock"].detail


async def test_an_outdated_schema_fails_with_the_command_that_helps(api: FaultyApi, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("update alembic_version set version_num = '0000'")
        connection.commit()
    seen = await findings(api.url, database)
    assert seen["schema"].verdict is Verdict.FAIL
    assert "geladi migrate" in seen["schema"].detail


async def test_a_file_that_is_no_database_fails(api: FaultyApi, tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database at all" * 100)
    seen = await findings(api.url, tmp_path / "x.db")
    assert seen["database"].verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///x.db", "use sqlite+aiosqlite:///FILE"),
        ("postgres://sari:A-SECRET@127.0.0.1/geladi", "use sqlite+aiosqlite:///FILE or postgresql+asyncpg://"),
        ("postgresql+asyncpg://sari:A-SECRET@127.0.0.1:port/geladi", "write a URL"),
        ("postgresql+asyncpg://sari:A-SECRET@127.0.0.1/geladi?sslmode=require", "write ssl=require"),
        ("nonsense", "write a URL"),
        ("", "write a URL"),
        ("sqlite+aiosqlite://", "a database in memory keeps nothing"),
        ("sqlite+aiosqlite:////tmp", "is a folder"),
    ],
)
async def test_a_database_that_no_bot_would_run_on_fails_in_the_words_of_the_start(
    api: FaultyApi, database: Path, url: str, words: str
) -> None:
    seen = await findings(api.url, database, database_url=url)
    assert seen["database"].verdict is Verdict.FAIL
    assert words in seen["database"].detail
    assert "A-SECRET" not in seen["database"].detail
    assert "owners" in seen


async def test_looking_makes_no_database(api: FaultyApi, tmp_path: Path) -> None:
    seen = await findings(api.url, tmp_path / "new.db")
    assert seen["database"].verdict is Verdict.OK
    assert not (tmp_path / "new.db").exists()


async def test_a_network_file_system_fails(api: FaultyApi, database: Path, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"root / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    seen = await findings(api.url, database, mounts=mounts)
    assert seen["file system"].verdict is Verdict.FAIL


async def test_a_database_that_others_can_read_is_told(api: FaultyApi, database: Path) -> None:
    await asyncio.to_thread(database.chmod, 0o644)
    seen = await findings(api.url, database)
    assert seen["file mode"].verdict is Verdict.WARN


async def test_a_port_that_is_taken_by_another_program_fails(api: FaultyApi, database: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        seen = await findings(api.url, database, listen=f"127.0.0.1:{other.getsockname()[1]}")
    assert seen["port"].verdict is Verdict.FAIL


async def test_nobody_to_begin_an_exercise_is_told(api: FaultyApi, database: Path) -> None:
    assert (await findings(api.url, database, owners=()))["owners"].verdict is Verdict.WARN


async def test_a_bot_without_a_webhook_polls(api: FaultyApi, database: Path) -> None:
    assert (await findings(api.url, database))["webhook"] == Finding(Verdict.OK, "webhook", "none: the bot polls")


@pytest.mark.parametrize(
    ("webhook", "listen", "verdict", "words"),
    [
        ("https://example.org/hidden", "127.0.0.1:0", Verdict.OK, "https://example.org"),
        ("https://example.org:8443/hidden", "", Verdict.WARN, "GELADI_LISTEN is empty"),
        ("http://geladi:8080/hidden", "127.0.0.1:0", Verdict.WARN, "only a Bot API server in local mode"),
        ("https://example.org:99/hidden", "127.0.0.1:0", Verdict.WARN, "only a Bot API server in local mode"),
    ],
)
async def test_a_webhook_is_looked_at_and_its_path_is_not_shown(
    api: FaultyApi, database: Path, webhook: str, listen: str, verdict: Verdict, words: str
) -> None:
    secret = SecretStr("the-secret")
    seen = await findings(api.url, database, webhook_url=webhook, webhook_secret=secret, listen=listen)
    assert seen["webhook"].verdict is verdict
    assert words in seen["webhook"].detail
    assert not [finding for finding in seen.values() if "hidden" in str(finding) or "the-secret" in str(finding)]


def test_the_command_says_a_line_each_and_exits_with_1_when_something_fails(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GELADI_")},
        "GELADI_API_URL": "http://127.0.0.1:9",
        "GELADI_LISTEN": "",
    }
    command = [sys.executable, "-m", "bot", "doctor"]
    root = str(Path(__file__).parents[2])
    ended = subprocess.run(
        command,
        env={**environment, "PYTHONPATH": root},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    verdicts = {line[:4].strip() for line in ended.stdout.splitlines()}
    assert {"FAIL", "ok", "warn"} >= verdicts
    assert "FAIL  token: GELADI_TOKEN: not set" in ended.stdout
