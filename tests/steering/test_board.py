"""The live board: one message, kept current, its questions answered under it; `/status` moves it."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.exercise.model import InjectState
from bot.rehearsal.standin.journal import MessageEdited
from bot.texts.catalogue import say
from tests.acceptance.cast import SCRIPT
from tests.steering.conftest import Floor, opened

BOARD = "PAPAN · "
REST = say("id", "board.at_rest")
ASKING = {
    **SCRIPT,
    "id": "gladi-papan",
    "injects": [
        {"id": "A-1", "at": "0s", "to": ["alfa"], "text": "Kata sandi A-1-teks.", "acknowledge": {"within": "2h"}},
        {
            "id": "A-2",
            "at": "1s",
            "to": ["bravo"],
            "text": "Kata sandi A-2-teks.",
            "requires": {"all": [{"inject": "A-1", "acknowledged": True}]},
        },
        {
            "id": "A-3",
            "at": "1s",
            "to": ["bravo"],
            "text": "Kata sandi A-3-teks.",
            "requires": {"all": [{"inject": "A-1", "acknowledged": True}]},
        },
    ],
}


@pytest.fixture
async def asking(tmp_path: Path) -> AsyncIterator[Floor]:
    """Two injects whose gate the director decides; twenty times real time."""
    async with opened(tmp_path, ASKING, WallClock(20)) as floor:
        await floor.cast.startex()
        yield floor


async def test_the_questions_are_answered_under_the_board(asking: Floor) -> None:
    board = await asking.see_control(lambda m: BOARD in m.words and "A-3: Lewati" in [b.text for b in m.buttons])
    assert [[b.text for b in m] for m in (board.buttons[:2], board.buttons[2:])] == [
        ["A-2: Kirim", "A-2: Lewati"],
        ["A-3: Kirim", "A-3: Lewati"],
    ]
    stranger = asking.cast.leaders["alfa"]
    assert (await asking.press(stranger, board, board.buttons[0].data or "")).show_alert
    await asking.push_control(board, "A-2: Kirim")
    await asking.see("bravo", "A-2-teks")
    await asking.push_control(board, "A-3: Lewati")
    run = await asking.exercise()
    assert [run.injects[inject].state for inject in ("A-2", "A-3")] == [InjectState.ISSUED, InjectState.SKIPPED]
    late = await asking.press(asking.cast.director.person, board, "g:1.A-3:send")
    assert late.show_alert
    await asking.see_control(lambda m: m.message_id == board.message_id and not m.buttons)


async def test_the_clock_on_the_board_goes_on_while_nothing_happens(asking: Floor) -> None:
    board = await asking.see_control(BOARD)
    words = [asking.present(board).words]
    for _ in range(2):
        now = await asking.see_control(
            lambda m: m.message_id == board.message_id and m.words.splitlines()[3] != words[-1].splitlines()[3]
        )
        words.append(now.words)
    moments = [
        change.at
        for change in asking.world.changes.history
        if isinstance(change, MessageEdited) and change.message.message_id == board.message_id
    ]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert all(gap > 4.5 for gap in gaps), gaps


async def test_status_moves_the_board_and_lets_the_old_one_rest(floor: Floor) -> None:
    first = await floor.see_control(BOARD)
    asked = floor.tell("/papan")
    second = await floor.see_control(BOARD, after=asked)
    rested = await floor.see_control(REST)
    assert rested.message_id == first.message_id
    assert (rested.buttons, rested.words.splitlines()[0]) == ((), "LATIHAN LATIHAN LATIHAN")
    await floor.restart()
    floor.tell("/status")
    await floor.see_control(lambda m: m.message_id == second.message_id and REST in m.words)
    [row] = [m for m in floor.cast.control.messages.values() if BOARD in m.words and REST not in m.words]
    assert row.message_id > second.message_id
