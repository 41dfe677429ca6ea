"""`geladi doctor`: looks at everything that the bot needs, before it is needed. No finding carries the token."""

import os
import socket
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bot.clock import Clock
from bot.settings import WEBHOOK_PORTS, BadSettingError, Settings
from bot.store.engine import BadDatabaseError, file_of, sqlite_version
from bot.store.probing import probe
from bot.texts.times import clock_time
from bot.wire.redaction import redact

_PATIENCE: Final = aiohttp.ClientTimeout(total=10)
_CLOCK_TOLERANCE: Final = 2.0
"""Seconds by which the clock may differ from Telegram's."""
_SOUND_SQLITE: Final = (3, 51, 3)
_NETWORK: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs"}
)


class Verdict(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    verdict: Verdict
    what: str
    detail: str

    def __str__(self) -> str:
        return f"{self.verdict:4}  {self.what}: {self.detail}"


async def examine(settings: Settings, clock: Clock, mounts: Path = Path("/proc/mounts")) -> AsyncIterator[Finding]:
    """Every finding, as it is made; ``mounts`` lists the file systems of the machine."""
    async for finding in _telegram(settings, clock):
        yield finding
    now = clock_time(clock.now(), settings.timezone, "en")
    yield Finding(Verdict.OK, "time zone", f"{settings.timezone}, where it is {now}")
    async for finding in _database(settings.database_url, mounts):
        yield finding
    if settings.owners:
        yield Finding(Verdict.OK, "owners", str(len(settings.owners)))
    else:
        yield Finding(Verdict.WARN, "owners", "GELADI_OWNERS is empty: nobody can begin an exercise")
    yield _webhook(settings)
    yield await _port(settings.listen)


async def _telegram(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    try:
        token = settings.read_token()
    except BadSettingError as error:
        yield Finding(Verdict.FAIL, "token", str(error))
        token = ""
    # Without a token the server can be reached all the same.
    url = f"{settings.api_url}/bot{token}/getMe" if token else settings.api_url
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as http:
            before = clock.now()
            async with http.get(url, allow_redirects=False) as response:
                after = clock.now()
                body: Any = await response.json(content_type=None) if token else {}
                status, date = response.status, response.headers.get("Date")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # The words of an error may hold the address, which holds the token.
        why = redact(str(error), token) if token else str(error)
        yield Finding(Verdict.FAIL, "Bot API", f"{settings.api_url} cannot be reached: {why or type(error).__name__}")
        return
    yield Finding(Verdict.OK, "Bot API", f"{settings.api_url} answers")
    if token:
        yield _token(status, body)
    yield _clock(before, after, date)


def _token(status: int, body: object) -> Finding:
    result = body.get("result") if isinstance(body, dict) else None
    if status == HTTPStatus.OK and isinstance(result, dict):
        return Finding(Verdict.OK, "token", f"of @{result.get('username')}")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        return Finding(Verdict.FAIL, "token", "Telegram does not know it")
    return Finding(Verdict.FAIL, "token", f"getMe was answered with {status}")


def _clock(before: datetime, after: datetime, date: str | None) -> Finding:
    try:
        theirs = parsedate_to_datetime(date or "")
    except ValueError:
        return Finding(Verdict.WARN, "clock", "the server does not say what time it is")
    # Their time is cut to the second, and the answer was under way for a while.
    fast = (before - theirs).total_seconds() - 1
    slow = (theirs - after).total_seconds()
    off = max(fast, slow)
    if off <= _CLOCK_TOLERANCE:
        return Finding(Verdict.OK, "clock", "as the server's")
    return Finding(Verdict.WARN, "clock", f"{off:.0f} s {'ahead of' if fast > slow else 'behind'} the server's")


def _file(path: Path, mounts: Path) -> list[Finding]:
    numbers = tuple(int(part) for part in sqlite_version().split("."))
    sound = numbers >= _SOUND_SQLITE
    findings = [
        Finding(Verdict.OK, "SQLite", sqlite_version())
        if sound
        else Finding(Verdict.WARN, "SQLite", f"{sqlite_version()}; 3.51.3 mends a rare corruption of the log")
    ]
    kind = _file_system(Path(os.path.realpath(path)), mounts)
    if kind in _NETWORK:
        findings.append(Finding(Verdict.FAIL, "file system", f"{kind}: a network file system can corrupt SQLite"))
    else:
        findings.append(Finding(Verdict.OK, "file system", kind or "unknown"))
    if path.exists():
        mode = stat.S_IMODE(path.stat().st_mode)
        private = not mode & 0o077
        words = f"{mode:04o}" if private else f"{mode:04o}: others can read it; chmod 600 {path}"
        findings.append(Finding(Verdict.OK if private else Verdict.WARN, "file mode", words))
    return findings


def _file_system(path: Path, mounts: Path) -> str:
    """The type of the file system that a path lies on; empty where that is not to be known."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = [fields for line in lines if len(fields := line.split()) >= 3]
    holding = [(len(point), kind) for _, point, kind, *_ in found if path.is_relative_to(point)]
    return max(holding, key=lambda pair: pair[0])[1] if holding else ""


async def _database(url: str, mounts: Path) -> AsyncIterator[Finding]:
    try:
        path = file_of(url)
    except BadDatabaseError as error:
        yield Finding(Verdict.FAIL, "database", str(error))
        return
    if path is not None:
        for finding in _file(path, mounts):
            yield finding
    if path is not None and not path.exists():
        if path.parent.is_dir():
            yield Finding(Verdict.OK, "database", f"{path} is made at the first start")
        else:
            yield Finding(Verdict.FAIL, "database", f"there is no folder {path.parent}")
        return
    try:
        seen = await probe(url)
    except BadDatabaseError as error:
        yield Finding(Verdict.FAIL, "database", str(error))
        return
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the finding
        yield Finding(Verdict.FAIL, "database", f"cannot be opened and written: {type(error).__name__}")
        return
    yield Finding(Verdict.OK, "database", "can be written")
    if seen.found == seen.newest:
        yield Finding(Verdict.OK, "schema", f"revision {seen.found}")
    elif seen.found is None:
        yield Finding(Verdict.OK, "schema", "made at the first start")
    else:
        yield Finding(Verdict.FAIL, "schema", f"revision {seen.found}, not {seen.newest}: run `geladi migrate`")


def _webhook(settings: Settings) -> Finding:
    if not settings.webhook_url:
        return Finding(Verdict.OK, "webhook", "none: the bot polls")
    parts = urlsplit(settings.webhook_url)
    # Whoever knows the path can knock there.
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if not settings.listen:
        return Finding(Verdict.WARN, "webhook", f"{where}, but GELADI_LISTEN is empty: this process takes nothing in")
    if parts.scheme != "https" or parts.port not in WEBHOOK_PORTS:
        return Finding(Verdict.WARN, "webhook", f"{where}: only a Bot API server in local mode brings updates there")
    return Finding(Verdict.OK, "webhook", where)


async def _port(listen: str) -> Finding:
    if not listen:
        return Finding(Verdict.OK, "port", "nothing is served")
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind((host, int(port)))
    except OSError as error:
        if await _is_ours(listen):
            return Finding(Verdict.OK, "port", f"{listen}: Geladi is running there")
        return Finding(Verdict.FAIL, "port", f"{listen} cannot be had: {(error.strerror or str(error)).lower()}")
    return Finding(Verdict.OK, "port", f"{listen} is free")


async def _is_ours(listen: str) -> bool:
    try:
        async with aiohttp.ClientSession(timeout=_PATIENCE) as http, http.get(f"http://{listen}/healthz") as response:
            body: Any = await response.json(content_type=None)
    except (aiohttp.ClientError, OSError, ValueError):
        return False
    return isinstance(body, dict) and body.get("name") == "geladi"
