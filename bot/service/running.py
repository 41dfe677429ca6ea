"""While the exercise runs: the tick, the board, the end of the script, the summary."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.exercise import conduct
from bot.exercise.delivering import in_flight
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.forms import Form
from bot.exercise.lateness import hold_late, issued_to_nobody
from bot.exercise.model import DeliveryState, Exercise, InjectState
from bot.exercise.people import SYSTEM, Place, Role
from bot.exercise.ticking import next_moment, tick
from bot.messages import Notice, PublicSummary, RecordFile, Span, Summary, SummaryChart, UnitSummary
from bot.service import posting, washing
from bot.service.keys import board_key, script_done_key, summary_key
from bot.service.recording import record
from bot.store import exercises, hot_washes, log, outbox
from bot.store.transaction import Transaction

PATIENCE = timedelta(seconds=15)
"""How long after ENDEX the summary waits for sendings that are still under way."""
ENDEX_REMINDERS = (timedelta(minutes=10), timedelta(minutes=30))
"""How long after the end of the script the director is reminded of ENDEX."""


def advance(
    tx: Transaction, number: int, at: datetime, reference: Callable[[], str], *, interrupted: bool = False
) -> datetime | None:
    """Let an exercise notice the time; gives the moment at which to look again.

    ``interrupted``: nobody has looked for a while, or nothing reaches Telegram, so what comes too late is not sent
    blindly.
    """
    exercise = exercises.get(tx, number)
    if exercise is None:
        return None
    if exercise.state.is_over:
        return washing.advance(tx, number, at)
    if exercise.scheduled_at and exercise.scheduled_at <= at:
        exercise = record(tx, conduct.startex(exercise, SYSTEM, at))
    if interrupted:
        exercise = _hold_late(tx, exercise, at)
    exercise = record(tx, tick(exercise, at, reference))
    moment = next_moment(exercise)
    asked = any(run.state in {InjectState.ASKED, InjectState.HELD} for run in exercise.injects.values())
    # What is still on its way has its deadline before it.
    if moment is None and exercise.clock.running and not asked and not in_flight(exercise):
        _say_that_endex_is_due(tx, exercise, at)
    return moment


def _say_that_endex_is_due(tx: Transaction, exercise: Exercise, at: datetime) -> None:
    """Tell the director that the script is done; remind of it while nothing happens."""
    key = script_done_key(exercise.number)
    first = outbox.find_key(tx, key)
    if first is None:
        done = Notice(exercise=exercise.number, key="notice.script_done")
        outbox.add(tx, done, exercise.control, at, exercise=exercise.number, key=key)
        return
    since = at - first.created_at
    passed = [wait for wait in ENDEX_REMINDERS if since >= wait]
    if passed:
        still = Notice(exercise=exercise.number, key="notice.endex_due", params={"span": Span(elapsed=passed[-1])})
        key = script_done_key(exercise.number, len(passed))
        outbox.add(tx, still, exercise.control, at, exercise=exercise.number, key=key)


def _hold_late(tx: Transaction, exercise: Exercise, at: datetime) -> Exercise:
    """Ask the director about what comes too late, also where it waits in the outbox and has reached nobody."""
    unsent: dict[str, list[str]] = {}
    with_it: dict[str, list[str]] = {}
    for run in issued_to_nobody(exercise):
        pending = [unit for unit, delivery in run.deliveries.items() if delivery.state is DeliveryState.PENDING]
        keys = [outbox.inject_key(exercise.number, run.id, unit) for unit in pending]
        if outbox.all_unsent(tx, keys):
            unsent[run.id] = keys
            beside = [part for unit in pending for part in posting.parts(exercise, run, run.deliveries[unit])]
            with_it[run.id] = [outbox.part_key(part) for part in beside]
    change = hold_late(exercise, at, unsent)
    for fact in change.facts:
        inject = fact.inject or ""
        outbox.take_back(tx, [*unsent.get(inject, ()), *with_it.get(inject, ())])
    return record(tx, change)


def live(tx: Transaction) -> list[int]:
    """Every exercise that is to be watched."""
    running = [exercise.number for exercise in exercises.not_over(tx)]
    return running + [number for number in hot_washes.everything(tx) if number not in running]


def under_way(tx: Transaction) -> list[int]:
    """Every exercise whose clock runs."""
    return [exercise.number for exercise in exercises.not_over(tx) if exercise.clock.running]


def refresh_board(tx: Transaction, number: int) -> None:
    """Have the board show the present."""
    outbox.mark_out_of_date(tx, board_key(number))


def ready_for_summary(exercise: Exercise, at: datetime) -> bool:
    """Whether the summary is owed and everything it reports has been settled, or been waited for long enough."""
    if not exercise.state.is_over or exercise.summarised:
        return False
    ended = exercise.clock.endex_at or exercise.created_at
    return not in_flight(exercise) or at >= ended + PATIENCE


def seal(tx: Transaction, number: int, at: datetime) -> None:
    """Close the record with the entry whose hash is the summary's seal: once in an exercise's life.

    Three steps make the summary, each of them once whatever is cut off in between: this, :func:`summarise` and
    :func:`summarise_units`. Of a large exercise it takes seconds to know what to tell, longer still to know what to
    tell a thousand units, and the director is not to wait for that.
    """
    exercise = exercises.get(tx, number)
    if exercise is not None and not exercise.summarised and not log.entries(tx, number, {FactKind.SUMMARISED}):
        record(tx, Change(exercise, (Fact(at, FactKind.SUMMARISED, SYSTEM),)))


def summarise(tx: Transaction, number: int, at: datetime, pages: int, files: Sequence[Form] = ()) -> None:
    """Post the summary in the control room, in so many ``pages``, and to observers.

    ``files`` are the forms of the record that come with it. An exercise that never began has no summary to post.
    """
    exercise = exercises.get(tx, number)
    if exercise is None or exercise.summarised or outbox.find_key(tx, summary_key(number)):
        return
    if exercise.clock.startex_at is None:
        return
    for page in range(pages):
        key = None if page else summary_key(number)
        outbox.add(tx, Summary(exercise=number, page=page), exercise.control, at, exercise=number, key=key)
    for spread in (False, True):
        outbox.add(tx, SummaryChart(exercise=number, spread=spread), exercise.control, at, exercise=number)
    for form in files:
        outbox.add(tx, RecordFile(exercise=number, form=form), exercise.control, at, exercise=number)
    for user_id, participant in exercise.participants.items():
        if participant.role is Role.OBSERVER:
            # A private chat has the id of its person; whoever never opened one gets nothing, and nobody has to know.
            outbox.add(tx, PublicSummary(exercise=number), Place(user_id), at, exercise=number)


def summarise_units(
    tx: Transaction, number: int, at: datetime, pages: Mapping[str, int], hot_wash: timedelta = timedelta()
) -> None:
    """Post each unit's summary, of so many ``pages``, and be done with the exercise.

    The hot wash follows, open for as long as ``hot_wash`` says; none where that is nothing.
    """
    exercise = exercises.get(tx, number)
    if exercise is None or exercise.summarised:
        return
    exercise = exercises.mark_summarised(tx, exercise)
    if exercise.clock.startex_at is None:
        return
    posts = [
        (UnitSummary(exercise=number, unit=unit, page=page), place)
        for unit, count in pages.items()
        if (place := exercise.seats[unit].place) is not None
        for page in range(count)
    ]
    outbox.add_to_each(tx, number, posts, at)
    washing.begin(tx, exercise, hot_wash, at)
