"""The pace of sending."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire.pacing import Pacer, Rate, Rates
from tests.wire.rows import START, after

GROUP = -100


def start(pacer: Pacer, chat_id: int, now: datetime) -> None:
    pacer.spend(chat_id, now)
    assert pacer.leave(chat_id, now)


def sent_at_once(pacer: Pacer, chat_id: int, now: datetime) -> None:
    start(pacer, chat_id, now)
    pacer.settle(chat_id, now)


@pytest.mark.parametrize(("text", "rate"), [("28/s", Rate(28, 1)), ("18/min", Rate(18, 60)), (" 1 / s ", Rate(1, 1))])
def test_a_rate_is_read_from_its_text(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("text", ["", "28", "28/h", "0/s", "-1/s", "1.5/s", "s/28", "9999999/s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        Rate.parse(text)


def test_an_idle_chat_may_be_written_to_at_once() -> None:
    assert Pacer().ready_at(GROUP, START) == START


def test_a_private_chat_gets_one_message_a_second() -> None:
    pacer = Pacer()
    sent_at_once(pacer, 7, START)
    assert pacer.ready_at(7, START) == after(1)
    assert pacer.ready_at(8, START) == START


def test_a_group_gets_eighteen_in_a_minute_and_then_waits() -> None:
    pacer = Pacer()
    for second in range(18):
        assert pacer.ready_at(GROUP, after(second)) == after(second)
        sent_at_once(pacer, GROUP, after(second))
    assert pacer.ready_at(GROUP, after(18)) == after(60)
    sent_at_once(pacer, GROUP, after(60))
    assert pacer.ready_at(GROUP, after(60)) == after(61)


def test_a_private_chat_has_no_limit_by_the_minute() -> None:
    pacer = Pacer()
    for second in range(100):
        assert pacer.ready_at(7, after(second)) == after(second)
        sent_at_once(pacer, 7, after(second))


def test_all_chats_together_keep_the_overall_rate() -> None:
    pacer = Pacer(Rates(overall=Rate(3, 1)))
    for chat in range(1, 4):
        sent_at_once(pacer, chat, after(0.1 * chat))
    assert pacer.ready_at(9, after(0.4)) == after(1.1)


def test_a_request_counts_until_a_window_after_its_end() -> None:
    pacer = Pacer()
    start(pacer, 7, START)
    pacer.settle(7, after(0.4))
    assert pacer.ready_at(7, after(0.4)) == after(1.4)


def test_overall_too_a_request_counts_until_a_window_after_its_end() -> None:
    pacer = Pacer(Rates(overall=Rate(1, 1)))
    start(pacer, 7, START)
    pacer.settle(7, after(0.4))
    assert pacer.ready_at(8, after(0.4)) == after(1.4)


def test_a_slow_request_holds_up_other_chats_for_a_second_when_a_later_one_is_quicker() -> None:
    pacer = Pacer(Rates(overall=Rate(2, 1)))
    start(pacer, 7, START)
    start(pacer, 8, after(0.5))
    pacer.settle(8, after(3))
    assert pacer.ready_at(9, after(3)) == after(3)
    pacer.settle(7, after(20))
    assert pacer.ready_at(9, after(20)) == after(20)
    assert pacer.ready_at(7, after(20)) == after(21)


def test_while_no_request_ends_the_line_as_a_whole_may_be_slow_and_they_all_count() -> None:
    pacer = Pacer(Rates(overall=Rate(2, 1)))
    start(pacer, 7, START)
    start(pacer, 8, START)
    assert pacer.ready_at(9, after(3)) == after(6)
    pacer.settle(7, after(3))
    assert pacer.ready_at(9, after(3)) == after(4)


def test_a_request_counts_from_when_it_leaves_and_not_from_its_turn() -> None:
    pacer = Pacer(Rates(overall=Rate(1, 1)))
    pacer.spend(7, START)
    assert pacer.ready_at(8, after(0.9)) == after(1)
    assert pacer.leave(7, after(0.9))
    pacer.settle(7, after(0.95))
    assert pacer.ready_at(8, after(0.95)) == after(1.95)
    assert pacer.ready_at(7, after(0.95)) == after(1.95)


def test_a_turn_that_leads_to_no_request_for_a_second_holds_up_no_other_chat_and_finds_a_new_place_to_leave() -> None:
    pacer = Pacer(Rates(overall=Rate(1, 1)))
    pacer.spend(7, START)
    assert pacer.ready_at(8, after(1)) == after(1)
    sent_at_once(pacer, 8, after(1.5))
    assert not pacer.leave(7, after(2))
    assert pacer.overall_free_at() == after(2.5)
    assert pacer.leave(7, after(2.5))
    pacer.settle(7, after(2.6))
    assert pacer.ready_at(8, after(2.6)) == after(3.6)


def test_each_request_of_a_turn_counts_in_its_chat_and_overall() -> None:
    pacer = Pacer(Rates(overall=Rate(2, 1), group=Rate(4, 60)))
    for second in (0, 10):
        start(pacer, GROUP, after(second))
        assert pacer.leave(GROUP, after(second + 0.1))
        assert pacer.ready_at(7, after(second + 0.2)) == after(second + 1.1)
        pacer.settle(GROUP, after(second + 0.3))
    assert pacer.ready_at(GROUP, after(20)) == after(60.1)


def test_a_parked_chat_waits_alone() -> None:
    pacer = Pacer()
    pacer.park(GROUP, after(30))
    pacer.park(GROUP, after(10))
    assert pacer.ready_at(GROUP, START) == after(30)
    assert pacer.ready_at(-200, START) == START


def test_parking_all_holds_every_chat() -> None:
    pacer = Pacer()
    pacer.park_all(after(5))
    assert pacer.ready_at(7, START) == after(5)


def test_two_floods_stop_only_their_chats() -> None:
    pacer = Pacer()
    pacer.flooded(-1, START, 9)
    pacer.flooded(-2, after(1), 3)
    assert pacer.ready_at(-1, after(1)) == after(9)
    assert pacer.ready_at(-2, after(1)) == after(4)
    assert pacer.ready_at(-3, after(1)) == after(1)


def test_three_chats_flooded_within_five_seconds_stop_all_for_as_long_as_the_three_share() -> None:
    """One that is told to be silent for a quarter of an hour takes no alarm from all the others with it."""
    pacer = Pacer()
    for number, wait in ((-1, 9.0), (-2, 900.0), (-3, 3.0)):
        pacer.flooded(number, START, wait)
    assert pacer.ready_at(-9, START) == after(3)
    assert pacer.ready_at(-1, START) == after(9)
    assert pacer.ready_at(-2, START) == after(900)


def test_where_many_chats_are_flooded_at_once_all_are_silent_for_what_any_three_share() -> None:
    pacer = Pacer()
    for number, wait in ((-1, 9.0), (-2, 30.0), (-3, 3.0), (-4, 20.0)):
        pacer.flooded(number, START, wait)
    assert pacer.ready_at(-9, START) == after(9)


def test_one_chat_flooded_three_times_stops_only_itself() -> None:
    pacer = Pacer()
    for second in range(3):
        pacer.flooded(-1, after(second), 3)
    assert pacer.ready_at(-9, after(3)) == after(3)


def test_floods_far_apart_stop_only_their_chats() -> None:
    pacer = Pacer()
    for number in range(3):
        pacer.flooded(-1 - number, after(10 * number), 3)
    assert pacer.ready_at(-9, after(21)) == after(21)


def test_spare_sends_are_kept_free_in_a_groups_window() -> None:
    pacer = Pacer(Rates(group=Rate(5, 60)))
    for second in range(3):
        sent_at_once(pacer, GROUP, after(second))
    assert pacer.chat_ready_at(GROUP, spare=1) == after(3)
    assert pacer.chat_ready_at(GROUP, spare=2) == after(60)
    assert pacer.chat_ready_at(GROUP, spare=3) == after(61)


@given(
    trips=st.lists(
        st.tuples(st.sampled_from([-1, -2, 3]), st.floats(0, 3), st.floats(0, 1), st.floats(0, 1)), max_size=60
    ),
)
def test_no_window_of_telegrams_ever_holds_more_than_the_rate(trips: list[tuple[int, float, float, float]]) -> None:
    """Requests leave some time after their turn, and arrive anywhere between then and their end."""
    rates = Rates(overall=Rate(2, 1), group=Rate(6, 10), chat=Rate(1, 1))
    pacer = Pacer(rates)
    arrivals: list[tuple[datetime, int]] = []
    agenda: list[tuple[datetime, int, str]] = []
    took: dict[int, tuple[float, float]] = {}
    waiting = list(reversed(trips))
    now = START
    while waiting or agenda:
        for moment in sorted(entry for entry in agenda if entry[0] <= now):
            agenda.remove(moment)
            _, chat_id, what = moment
            if what == "end":
                pacer.settle(chat_id, now)
                del took[chat_id]
            elif pacer.leave(chat_id, now):
                seconds, share = took[chat_id]
                arrivals.append((now + timedelta(seconds=seconds * share), chat_id))
                agenda.append((now + timedelta(seconds=seconds), chat_id, "end"))
            else:
                agenda.append((pacer.overall_free_at(), chat_id, "leave"))
        if waiting and waiting[-1][0] not in took and pacer.ready_at(waiting[-1][0], now) == now:
            chat_id, dawdles, seconds, share = waiting.pop()
            pacer.spend(chat_id, now)
            took[chat_id] = (seconds, share)
            agenda.append((now + timedelta(seconds=dawdles), chat_id, "leave"))
            continue
        moments = [moment for moment, _, _ in agenda]
        if waiting and waiting[-1][0] not in took:
            moments.append(pacer.ready_at(waiting[-1][0], now))
        now = min(moments, default=now)
    assert_within([at for at, _ in arrivals], rates.overall)
    for chat_id in (-1, -2, 3):
        own = [at for at, chat in arrivals if chat == chat_id]
        assert_within(own, rates.chat)
        if chat_id < 0:
            assert_within(own, rates.group)


def assert_within(moments: list[datetime], rate: Rate) -> None:
    moments = sorted(moments)
    for earlier, later in zip(moments, moments[rate.count :], strict=False):
        assert (later - earlier).total_seconds() >= rate.seconds
