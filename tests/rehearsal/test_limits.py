"""Flood control: when it speaks, what it counts, and how long it asks one to wait."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.standin.errors import ApiError
from bot.rehearsal.standin.limits import NO_LIMITS, FloodControl, Limits, Rate
from tests.rehearsal.stage import MORNING, Stage

GROUP = -1


@pytest.fixture
def limits() -> Limits:
    return Limits()


async def test_edits_and_sends_share_the_twenty_a_minute_of_a_group(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    sent = (await stage.api("sendMessage", chat_id=group.id, text="0")).result["message_id"]
    for number in range(1, 20):
        stage.clock.move(2)
        edited = await stage.api("editMessageText", chat_id=group.id, message_id=sent, text=str(number))
        assert edited.status == 200
    refused = await stage.api("sendMessage", chat_id=group.id, text="x")
    assert refused.refusal == "429 Too Many Requests: retry after 22"
    assert refused.body["parameters"] == {"retry_after": 22}
    assert stage.world.journal.too_many == 1
    stage.clock.move(22)
    assert (await stage.api("sendMessage", chat_id=group.id, text="x")).status == 200


async def test_answers_and_questions_are_not_counted(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    keyboard = {"inline_keyboard": [[{"text": "TERIMA", "callback_data": "1"}]]}
    sent = (await stage.api("sendMessage", chat_id=group.id, text="x", reply_markup=keyboard)).result
    for _ in range(40):
        press = stage.sari.press(group, sent["message_id"], "TERIMA")
        assert (await stage.api("answerCallbackQuery", callback_query_id=press.query_id)).status == 200
        assert (await stage.api("getChat", chat_id=group.id)).status == 200


async def test_refused_requests_cost_nothing(stage: Stage) -> None:
    group = stage.sari.create_group("Dalmas")
    stage.sari.add_bot(group)
    for _ in range(40):
        assert (await stage.api("sendMessage", chat_id=group.id, text="")).status == 400
    assert (await stage.api("sendMessage", chat_id=group.id, text="x")).status == 200


async def test_a_private_chat_takes_a_burst_then_one_a_second(stage: Stage) -> None:
    room = stage.sari.start().chat
    codes = [(await stage.api("sendMessage", chat_id=room.id, text="x")).status for _ in range(8)]
    assert codes == [200] * 6 + [429] * 2


async def test_all_chats_together_take_thirty_a_second(stage: Stage) -> None:
    groups = [stage.sari.create_group(f"Satuan {number}") for number in range(31)]
    for group in groups:
        stage.sari.add_bot(group)
    codes = [(await stage.api("sendMessage", chat_id=group.id, text="x")).status for group in groups]
    assert codes == [200] * 30 + [429]
    stage.clock.move(1)
    assert (await stage.api("sendMessage", chat_id=groups[30].id, text="x")).status == 200


def test_without_limits_everything_passes() -> None:
    flood = FloodControl(NO_LIMITS)
    for _ in range(500):
        flood.charge(MORNING, GROUP, private=False)


def wait_asked(flood: FloodControl, now: datetime) -> int:
    """Send at ``now``: the seconds that are asked for instead, or 0 once it is through."""
    try:
        flood.charge(now, GROUP, private=False)
    except ApiError as refusal:
        return int((refusal.parameters or {})["retry_after"])
    return 0


@given(
    st.lists(st.floats(0, 10), max_size=80),
    st.integers(1, 8),
    st.integers(1, 20),
)
def test_no_window_ever_holds_more_than_its_rate_and_the_wait_suffices(
    gaps: list[float], count: int, seconds: int
) -> None:
    flood = FloodControl(Limits(overall=None, group=Rate(count, seconds), private=None))
    now, passed = MORNING, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        wait = wait_asked(flood, now)
        if wait:
            now += timedelta(seconds=wait)
            assert wait_asked(flood, now) == 0
        passed.append(now)
    for earlier, later in zip(passed, passed[count:], strict=False):
        assert later - earlier >= timedelta(seconds=seconds)
