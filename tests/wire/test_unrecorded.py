"""What is said past the outbox."""

import pytest
from telegram import Bot

from bot.messages import Moment, Notice
from bot.wire.unrecorded import Unrecorded
from tests.builders import STARTEX, an_exercise
from tests.wire.clocks import ManualClock
from tests.wire.faulty import FaultyApi, refuse


@pytest.mark.parametrize("code", [400, 403, 429, 502])
async def test_a_control_room_that_cannot_be_told_ends_nothing(api: FaultyApi, bot: Bot, code: int) -> None:
    """The database is away and Telegram refuses: were that raised, the whole bot would stop."""
    api.faults.append(refuse(code, "no"))
    notice = Notice(exercise=7, key="notice.database_away", params={"time": Moment(at=STARTEX), "why": "locked"})
    await Unrecorded(bot, ManualClock()).say(an_exercise(), notice)
    assert len(api.named("sendMessage")) == 1
