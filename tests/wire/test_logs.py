"""Logs of a real process: every road by which the token could get out, at every level."""

import json
import os
import pty
import subprocess
import sys

import pytest

from bot.wire.redaction import HIDDEN, redact
from tests.wire.faulty import TOKEN

SECRET = "a-webhook-secret-of-some-length"

PROGRAM = """
import asyncio, logging, sys, threading, warnings
import structlog
from bot.wire.logs import set_up_logging

level, token, secret = sys.argv[1:]
set_up_logging(level, token, secret)
log = structlog.get_logger("bot.test")
url = f"https://api.telegram.org/bot{token}/sendMessage"
for speak in (log.debug, log.info, log.warning, log.error):
    speak(f"ours {url}", url=url, nested={"token": token}, secret=secret)
try:
    raise RuntimeError(url) from ValueError(token)
except RuntimeError:
    log.exception("ours raised")
    logging.getLogger("some.library").exception("theirs raised %s", url)
for name in ("some.library", "httpx", "telegram.Bot"):
    for number in (10, 20, 30, 40):
        logging.getLogger(name).log(number, "HTTP Request: POST %s", url)
logging.getLogger("some.library").error("does not fit %d", token)
class Unspeakable:
    def __repr__(self):
        raise ValueError(url)

log.error("ours does not fit", what=Unspeakable())
warnings.warn(url)

class Lasting:
    def __del__(self):
        raise OSError(f"unraisable {url}")

del (lasting := [Lasting()])[0]

def run():
    raise OSError(f"thread {url}")

thread = threading.Thread(target=run)
thread.start()
thread.join()

async def main():
    async def fail():
        raise OSError(f"forgotten {url}")
    task = asyncio.create_task(fail())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task

asyncio.run(main())
from telegram import Bot
Bot(token)
raise SystemError(f"uncaught {url}")
"""


def run(level: str, *, terminal: bool) -> str:
    """What the program leaves on stderr."""
    command = [sys.executable, "-W", "always", "-c", PROGRAM, level, TOKEN, SECRET]
    if not terminal:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.stdout == ""
        return done.stderr
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        # A pseudo-terminal whose other side has been closed reads as an error on Linux, as an end elsewhere.
        try:
            while piece := os.read(ours, 65_536):
                shown += piece
        except OSError:
            pass
        os.close(ours)
        process.wait(timeout=60)
    return shown.decode()


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_no_secret_gets_into_the_logs_by_any_road(level: str, terminal: bool) -> None:
    shown = run(level, terminal=terminal)
    for secret in (TOKEN, TOKEN.split(":")[1], SECRET):
        assert secret not in shown
    for road in (
        "ours raised",
        "theirs raised",
        "unraisable",
        "thread",
        "forgotten",
        "uncaught",
        "a line of bot.test could",
        HIDDEN,
    ):
        assert road in shown


def test_a_level_holds_back_what_is_below_it_and_libraries_talk_less() -> None:
    lines = [json.loads(line) for line in run("info", terminal=False).splitlines() if line.startswith("{")]
    ours = [line["level"] for line in lines if line["logger"] == "bot.test" and "ours http" in line["event"]]
    theirs = {line["level"] for line in lines if line["logger"] == "httpx"}
    assert ours == ["info", "warning", "error"]
    assert theirs == {"warning", "error"}


def test_every_line_outside_a_terminal_is_json_with_its_moment() -> None:
    lines = run("debug", terminal=False).splitlines()
    records = [json.loads(line) for line in lines if not line.startswith("a line of")]
    assert len(records) >= len(lines) - 2
    assert all(record["timestamp"].endswith("Z") and record["level"] for record in records)


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.telegram.org/bot{TOKEN}/getMe",
        f"http://127.0.0.1:8081/file/bot{TOKEN}/photos/1.jpg",
        f"/bot{TOKEN.replace(':', '%3A')}/x",
        TOKEN,
        f"token={TOKEN}, and more",
        "/bot42:short/getMe",
    ],
)
def test_whatever_looks_like_a_token_is_hidden(text: str) -> None:
    shown = redact(text)
    assert HIDDEN in shown
    assert TOKEN.split(":")[1] not in shown
    assert "short" not in shown


@pytest.mark.parametrize("text", ["J+00:12:30", "2026-03-02T09:00:00+00:00", "Robot: halo", "127.0.0.1:8080", "a/b/c"])
def test_what_is_no_token_stays(text: str) -> None:
    assert redact(text) == text
