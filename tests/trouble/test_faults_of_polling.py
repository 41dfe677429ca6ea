"""Nothing that comes of a poll ends the polling; the director, and whoever runs the bot, see what it was."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.rehearsal.standin.faults import Decision, Fault, Refusal
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from tests.trouble.gallery import SECONDS, SPOILT, Cell, Gallery, gallery, impatient
from tests.web.test_intake import answered, free_port

__all__ = ["impatient"]

POLL = "getUpdates"
WORDS: Mapping[str, tuple[Fault, str]] = {
    "401": (SPOILT["401"], "Unauthorized"),
    "404": (SPOILT["404"], "Not Found"),
    "409": (Refusal(409), "Conflict: terminated by other getUpdates request"),
    "429": (SPOILT["429"], "Flood control exceeded"),
    "500": (SPOILT["500"], "Internal Server Error"),
    "502": (SPOILT["502"], "Bad Gateway"),
    "504 after all": (SPOILT["504 after all"], "Gateway Timeout"),
    "broken JSON": (SPOILT["broken JSON"], "Invalid server response"),
    "half a body": (SPOILT["half a body"], "ClientPayloadError"),
    "reset before": (SPOILT["reset before"], "ClientOSError"),
    "reset after": (SPOILT["reset after"], "ClientOSError"),
    "stall": (SPOILT["stall"], "No answer in time"),
}
"""What each fault is called by Telegram or by the network."""
DEAF = say("id", "board.deaf", time="|", why="").partition("|")[0]


@pytest.mark.usefixtures("impatient")
async def test_each_fault_of_polling_is_survived_and_shown_by_the_board_and_by_health(tmp_path: Path) -> None:
    present: list[Fault] = []

    def deciding(_: Mapping[tuple[str, str], Cell]) -> Decision:
        def decide(method: str, _: Mapping[str, Any]) -> Fault | None:
            return present[0] if present and method == POLL else None

        return decide

    listen = f"127.0.0.1:{free_port()}"
    async with gallery(tmp_path, {POLL: {}}, {POLL: ("any",)}, deciding, listen=listen) as on:
        await on.begin()
        for fault, words in WORDS.values():
            present.append(fault)
            await board(on, words)
            assert words in (await updates_check(listen))["detail"]
            present.clear()
            await board(on, "")
            check = await updates_check(listen)
            assert check["ok"]
            assert words not in check["detail"]
        await answered(on.director, "/help")


async def board(on: Gallery, words: str) -> None:
    """Wait until the board says that nothing comes in, for this reason; or, without one, says so no more."""

    def fits(message: Message) -> bool:
        if say("id", "board.units") not in message.words:
            return False
        return DEAF in message.words and words in message.words if words else DEAF not in message.words

    await on.world.wait_for_message(on.control, fits, SECONDS)


async def updates_check(listen: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http, http.get(f"http://{listen}/readyz") as response:
        check: dict[str, Any] = (await response.json())["checks"]["updates"]
        return check


def test_no_fault_of_a_request_is_left_out() -> None:
    assert set(WORDS) == {*SPOILT, "409"}
