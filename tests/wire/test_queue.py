"""Which message goes next."""

from bot.exercise.people import Place
from bot.store.outbox_row import OutboxState, Priority
from bot.wire.pacing import Pacer, Rate, Rates
from bot.wire.queue import Pick, SendQueue
from tests.wire.rows import START, after, out_of_date, waiting


def queue_of(rates: Rates | None = None, concurrency: int = 64) -> SendQueue:
    return SendQueue(Pacer(rates or Rates()), concurrency)


def sent(queue: SendQueue, pick: Pick, at: float) -> None:
    queue.finished(pick, after(at), pick.row.evolve(state=OutboxState.SENT, message_id=1))


def turned(queue: SendQueue, at: float) -> Pick:
    """One whose turn it is, and that has not left yet."""
    pick = queue.pick(after(at))
    assert pick is not None
    return pick


def picked(queue: SendQueue, at: float) -> Pick:
    """One whose turn it is, and that has left at once."""
    pick = turned(queue, at)
    assert queue.leave(pick, after(at))
    return pick


def test_an_empty_queue_has_nothing_to_do_and_no_moment_to_wake() -> None:
    queue = queue_of()
    assert queue.pick(START) is None
    assert queue.wake_at() is None


def test_a_chat_gets_its_messages_by_age() -> None:
    queue = queue_of()
    for row_id in (3, 1, 2):
        queue.put(waiting(row_id, -1))
    order = []
    for second in range(3):
        pick = picked(queue, second)
        order.append(pick.row.id)
        sent(queue, pick, second)
    assert order == [1, 2, 3]


def test_within_a_chat_an_older_notice_goes_before_a_younger_inject() -> None:
    queue = queue_of()
    queue.put(waiting(2, -1, priority=Priority.INJECT))
    queue.put(waiting(1, -1, priority=Priority.NOTICE))
    assert picked(queue, 0).row.id == 1


def test_an_emergency_goes_before_everything_else_in_its_chat() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(2, -1, priority=Priority.URGENT))
    assert picked(queue, 0).row.id == 2


def test_among_chats_the_more_important_goes_first_then_the_older() -> None:
    queue = queue_of()
    queue.put(out_of_date(1, -1))
    queue.put(waiting(2, -2, priority=Priority.NOTICE))
    queue.put(waiting(4, -4, at=1))
    queue.put(waiting(3, -3, at=2))
    queue.put(waiting(5, -5, priority=Priority.URGENT, at=3))
    assert [picked(queue, 5).row.id for _ in range(5)] == [5, 4, 3, 2, 1]


def test_what_one_chat_is_told_waits_for_no_notice_to_all_of_them() -> None:
    queue = queue_of()
    for unit in range(1, 101):
        queue.put(waiting(unit, -unit, priority=Priority.NOTICE))
    queue.put(waiting(101, -101, priority=Priority.REPLY, at=1))
    assert picked(queue, 1).row.id == 101


def test_a_chat_with_a_request_in_flight_is_passed_over() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(2, -1))
    first = picked(queue, 0)
    assert queue.pick(after(60)) is None
    assert queue.wake_at() is None
    sent(queue, first, 60)
    assert queue.wake_at() == after(61)
    assert picked(queue, 61).row.id == 2


def test_a_message_that_waits_for_its_next_try_keeps_its_place() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(2, -1))
    first = picked(queue, 0)
    queue.finished(first, after(0), waiting(1, -1, state=OutboxState.RETRY, not_before=8))
    assert queue.pick(after(5)) is None
    assert queue.wake_at() == after(8)
    assert picked(queue, 8).row.id == 1


def test_an_uncertain_message_is_tried_again_when_its_moment_is_set() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1, state=OutboxState.UNCERTAIN, not_before=30))
    assert queue.wake_at() == after(30)
    assert picked(queue, 30).row.id == 1


def test_an_uncertain_message_without_a_moment_holds_nothing_up() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1, state=OutboxState.UNCERTAIN))
    queue.put(waiting(2, -1))
    assert picked(queue, 0).row.id == 2


def test_a_flooded_chat_waits_and_delays_no_other() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(2, -2))
    flooded = picked(queue, 0)
    queue.flooded(-1, START, 17)
    queue.finished(flooded, START, waiting(1, -1, state=OutboxState.RETRY, not_before=17))
    assert picked(queue, 0).row.id == 2
    assert queue.wake_at() == after(17)
    assert picked(queue, 17).row.id == 1


def test_when_telegram_is_reached_again_waiting_tries_go_at_once_but_not_into_a_flood() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1, state=OutboxState.RETRY, not_before=30))
    queue.put(waiting(2, -2, state=OutboxState.RETRY, not_before=30))
    queue.put(waiting(3, -3, state=OutboxState.UNCERTAIN, not_before=30))
    queue.flooded(-2, START, 30)
    queue.hasten()
    assert picked(queue, 1).row.id == 1
    assert queue.pick(after(1)) is None
    assert queue.wake_at() == after(30)


def test_the_overall_rate_holds_back_and_says_when_to_wake() -> None:
    queue = queue_of(Rates(overall=Rate(2, 1)))
    for row_id in (1, 2, 3):
        queue.put(waiting(row_id, -row_id))
    for _ in range(2):
        sent(queue, picked(queue, 0), 0)
    assert queue.pick(after(0.5)) is None
    assert queue.wake_at() == after(1)
    assert picked(queue, 1).row.id == 3


def test_edits_wait_until_nothing_else_waits_in_their_chat() -> None:
    queue = queue_of()
    queue.put(out_of_date(1, -1))
    queue.put(waiting(2, -1, priority=Priority.NOTICE))
    first = picked(queue, 0)
    assert not first.edit
    sent(queue, first, 0)
    second = picked(queue, 1)
    assert second.edit
    assert second.row.id == 1


def test_one_message_is_edited_every_five_seconds_at_most() -> None:
    queue = queue_of()
    queue.put(out_of_date(1, -1, edited_at=0))
    assert queue.pick(after(4.9)) is None
    assert queue.wake_at() == after(5)
    edit = picked(queue, 5)
    queue.finished(edit, after(5), edit.row.evolve(wanted=2, shown=1, edited_at=after(5)))
    assert queue.wake_at() == after(10)


def test_a_change_during_an_edit_is_shown_by_the_next_one() -> None:
    queue = queue_of()
    queue.put(out_of_date(1, -1, wanted=1))
    edit = picked(queue, 0)
    queue.put(out_of_date(1, -1, wanted=2))
    queue.finished(edit, START, edit.row.evolve(shown=1, edited_at=START))
    again = picked(queue, 5)
    assert again.row.wanted == 2


def test_many_changes_of_one_message_are_one_edit() -> None:
    queue = queue_of()
    for wanted in range(1, 50):
        queue.put(out_of_date(1, -1, wanted=wanted))
    edit = picked(queue, 0)
    assert edit.row.wanted == 49
    queue.finished(edit, START, edit.row.evolve(shown=49, edited_at=START))
    assert queue.wake_at() is None


def test_edits_leave_room_for_sends_in_a_groups_window() -> None:
    queue = queue_of(Rates(group=Rate(6, 60)))
    for row_id in range(1, 5):
        queue.put(out_of_date(row_id, -1))
    for second in range(2):
        edit = picked(queue, second)
        queue.finished(edit, after(second), edit.row.evolve(shown=1))
    assert queue.pick(after(30)) is None
    queue.put(waiting(9, -1))
    assert picked(queue, 30).row.id == 9


def test_a_failed_edit_waits_for_its_next_try() -> None:
    queue = queue_of()
    queue.put(out_of_date(1, -1))
    edit = picked(queue, 0)
    queue.finished(edit, START, edit.row, not_before=after(3))
    assert queue.wake_at() == after(3)


def test_a_message_with_nothing_more_to_do_leaves_the_queue() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(1, -1, state=OutboxState.SKIPPED))
    assert len(queue) == 0
    assert queue.pick(START) is None
    assert queue.wake_at() is None


def test_what_comes_over_from_another_chat_counts_beside_what_is_in_flight_there() -> None:
    queue = queue_of(Rates(group=Rate(999, 1)))
    queue.put(out_of_date(1, -1))
    queue.put(waiting(2, -100))
    there, edit = picked(queue, 0), picked(queue, 0)
    queue.put(edit.row.evolve(place=Place(-100)))
    queue.put(waiting(3, -100, at=0.5))
    queue.finished(edit, after(0.5), edit.row, after(0.5))
    # The request to the new chat is still under way: Telegram may count it as late as it ends.
    sent(queue, there, 0.9)
    assert queue.pick(after(1.8)) is None
    assert picked(queue, 1.9).row.id == 3


def test_a_message_whose_chat_moved_while_it_was_in_flight_goes_on_in_the_new_chat() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    flying = picked(queue, 0)
    queue.put(waiting(1, -1001))
    queue.finished(flying, START, waiting(1, -1, state=OutboxState.RETRY))
    assert picked(queue, 1).chat_id == -1001


def test_a_row_whose_chat_changed_on_record_is_found_in_its_new_chat_only() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(1, -1001))
    assert picked(queue, 0).chat_id == -1001
    assert queue.pick(after(60)) is None


def test_a_thousand_chats_are_served_in_the_order_of_their_age() -> None:
    queue = queue_of(Rates(overall=Rate(100_000, 1)), concurrency=1000)
    for row_id in range(1000, 0, -1):
        queue.put(waiting(row_id, -row_id, at=row_id / 1000))
    assert [picked(queue, 2).row.id for _ in range(1000)] == list(range(1, 1001))
    assert queue.in_flight == 1000


def test_what_is_let_go_while_its_claim_is_refused_still_goes_out() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    refused = picked(queue, 0)
    # The claim found it kept back; before that is known here, it may go again.
    queue.put(waiting(1, -1, state=OutboxState.UNCERTAIN, not_before=0.0))
    queue.finished(refused, after(1), None)
    assert picked(queue, 2).row.id == 1


def test_what_moves_along_to_a_new_chat_does_not_overtake_the_message_in_flight() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    queue.put(waiting(2, -1))
    first = picked(queue, 0)
    # Telegram refuses the first: the group is a supergroup now. All that waits moves there.
    refused = waiting(1, -100, state=OutboxState.SENDING)
    for moved in (refused, waiting(2, -100)):
        queue.put(moved)
    assert queue.pick(after(5)) is None
    queue.finished(first, after(5), refused.evolve(state=OutboxState.RETRY))
    # The refused one may have gone to the new chat, so it counts against that one's pace.
    assert queue.pick(after(5.9)) is None
    assert picked(queue, 6).row.id == 1


def test_a_message_in_flight_that_moves_twice_holds_up_the_last_chat_alone() -> None:
    queue = queue_of()
    queue.put(waiting(1, -1))
    first = picked(queue, 0)
    for chat in (-100, -200):
        queue.put(waiting(1, chat, state=OutboxState.SENDING))
        queue.put(waiting(2 - chat, chat))
    assert picked(queue, 5).row.id == 102
    assert queue.pick(after(5)) is None
    queue.finished(first, after(5), None)
    assert picked(queue, 6).row.id == 202


def test_turns_that_lead_to_requests_all_at_once_leave_at_the_overall_rate_and_the_most_important_first() -> None:
    """A commit may have taken seconds, and let all of them go at the same moment."""
    queue = queue_of(Rates(overall=Rate(2, 1)))
    queue.put(out_of_date(1, -1))
    queue.put(waiting(2, -2, priority=Priority.NOTICE))
    edit, notice = turned(queue, 0), turned(queue, 0)
    if not edit.edit:
        edit, notice = notice, edit
    queue.put(waiting(3, -3, priority=Priority.INJECT))
    queue.put(waiting(4, -4, priority=Priority.INJECT))
    injects = turned(queue, 1), turned(queue, 1)
    for pick in injects:
        assert queue.leave(pick, after(1.5))
    assert not queue.leave(edit, after(1.5))
    assert not queue.leave(notice, after(1.5))
    assert queue.depart(after(1.5)) is None
    for pick in injects:
        sent(queue, pick, 1.5)
    assert queue.held == 2
    assert queue.wake_at() == after(2.5)
    assert queue.depart(after(2.5)) == notice
    assert queue.depart(after(2.5)) == edit
    assert queue.held == 0


def one_is_held() -> tuple[SendQueue, Pick]:
    """One request a second, and a notice for the first chat whose turn came at 0, held at 1.5 behind an inject."""
    queue = queue_of(Rates(overall=Rate(1, 1)))
    queue.put(waiting(1, -1, priority=Priority.NOTICE))
    late = turned(queue, 0)
    queue.put(waiting(2, -2, priority=Priority.INJECT))
    sent(queue, picked(queue, 1), 1)
    assert not queue.leave(late, after(1.5))
    return queue, late


def test_nothing_has_its_turn_before_what_is_held_but_an_emergency() -> None:
    queue, late = one_is_held()
    queue.put(waiting(3, -3, priority=Priority.INJECT))
    assert queue.pick(after(2)) is None
    queue.put(waiting(4, -4, priority=Priority.URGENT))
    alarm = picked(queue, 2)
    assert alarm.row.id == 4
    assert queue.depart(after(2)) is None
    sent(queue, alarm, 2)
    assert queue.pick(after(3)) is None
    assert queue.depart(after(3)) == late


def test_what_is_held_and_keeps_an_emergency_from_its_chat_leaves_before_younger_emergencies() -> None:
    queue, late = one_is_held()
    queue.put(waiting(3, -1, priority=Priority.URGENT, at=1.5))
    queue.put(waiting(4, -4, priority=Priority.URGENT, at=1.5))
    assert queue.pick(after(2)) is None
    assert queue.depart(after(2)) == late


def test_an_emergency_finds_a_place_though_all_others_are_taken_and_stalled() -> None:
    queue = queue_of(concurrency=2)
    for row_id in (1, 2, 3):
        queue.put(waiting(row_id, -row_id))
    stalled = [turned(queue, 0), turned(queue, 0)]
    assert queue.pick(after(0)) is None
    assert queue.wake_at() is None
    queue.put(waiting(4, -4, priority=Priority.URGENT))
    assert queue.pick(after(0)) is not None
    assert queue.pick(after(0)) is None
    sent(queue, stalled[0], 1)
    assert queue.pick(after(1)) is None
    sent(queue, stalled[1], 1)
    assert picked(queue, 1).row.id == 3


def test_an_emergency_whose_moment_is_to_come_is_woken_for_though_all_places_are_taken() -> None:
    queue = queue_of(concurrency=1)
    queue.put(waiting(1, -1))
    queue.put(waiting(2, -2))
    turned(queue, 0)
    queue.put(waiting(3, -3, priority=Priority.URGENT, state=OutboxState.RETRY, not_before=5))
    assert queue.pick(after(1)) is None
    assert queue.wake_at() == after(5)
    assert turned(queue, 5).row.id == 3


def test_once_closed_nothing_has_its_turn_and_what_is_held_still_leaves() -> None:
    queue = queue_of(Rates(overall=Rate(1, 1)))
    queue.put(waiting(1, -1))
    late = turned(queue, 0)
    queue.put(waiting(2, -2))
    sent(queue, picked(queue, 1), 1)
    assert not queue.leave(late, after(1.5))
    queue.put(waiting(3, -3, priority=Priority.URGENT))
    queue.close()
    assert queue.pick(after(2)) is None
    assert queue.wake_at() == after(2)
    assert queue.depart(after(2)) == late
    assert queue.wake_at() is None
