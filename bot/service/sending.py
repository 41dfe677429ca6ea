"""What becomes of messages on their way out, recorded as it happens.

Each use case gives the row as it stands afterwards, or ``None`` where the row is no longer in the state that
the caller believed: somebody else was first, and nothing has changed.
"""

from datetime import datetime

from bot.exercise import delivering, enrolment
from bot.exercise.facts import Change
from bot.exercise.model import DeliveryState, Exercise, ExerciseState
from bot.exercise.people import Place
from bot.messages import (
    Created,
    EvidenceReminder,
    Gap,
    InDoubt,
    InjectPart,
    InjectPost,
    Notice,
    Plain,
    RealWorld,
    Reminder,
)
from bot.service.keys import board_key, doubt_key
from bot.service.recording import post_board, record
from bot.service.urging import is_moot
from bot.store import directory, exercises, outbox
from bot.store.outbox import OutboxRow, OutboxState, Priority
from bot.store.transaction import Transaction

_CLAIMABLE = {OutboxState.PENDING, OutboxState.RETRY, OutboxState.UNCERTAIN}


def open_rows(tx: Transaction, at: datetime) -> list[OutboxRow]:
    """At start: everything still to do. A message that was under way when the bot died may have been sent."""
    rows = []
    for row in outbox.open_rows(tx):
        if row.state is OutboxState.SENDING:
            # An inject is repeated once, and this may have been its repeat.
            again_at = None if row.possible_duplicate and isinstance(row.message, InjectPost | InjectPart) else at
            interrupted = uncertain(tx, row.id, at, again_at, "interrupted")
            rows.append(interrupted or row)
        else:
            rows.append(row)
    return rows


def claim(tx: Transaction, waiting: OutboxRow, at: datetime) -> OutboxRow | None:
    """Take a message for sending; from here on it counts as maybe sent until its end is recorded.

    A reminder of what has been done meanwhile is left out instead, and so is what the script had for an exercise that
    is over or for a unit that has lost its seat; while a real emergency lasts, what belongs to the script is kept
    back. One that was ``waiting`` for a chat that has another id by now is not taken: in that chat its
    turn is still to come.
    """
    row = outbox.find(tx, waiting.id)
    if row is None or row.state not in _CLAIMABLE or row.place.chat_id != waiting.place.chat_id:
        return None
    exercise = exercises.get(tx, row.exercise) if row.exercise is not None else None
    if exercise is not None and is_moot(exercise, row.message):
        outbox.write(tx, row.evolve(state=OutboxState.SKIPPED), "answered")
        return None
    if exercise is not None and (why := _not_wanted(exercise, row)):
        _withdraw(tx, exercise, row, at, why)
        return None
    if exercise is not None and exercise.state is ExerciseState.REALWORLD and row.message.type in outbox.OF_THE_SCRIPT:
        # It was under way when the emergency was reported, and has come back to be tried again.
        return outbox.write(tx, row.evolve(state=OutboxState.HELD))
    # Rendered in a moment, it is in the language of its chat: then that is in memory.
    directory.language_of(tx, row.place.chat_id)
    repeat = row.possible_duplicate or row.state is OutboxState.UNCERTAIN
    # What is rendered from now on shows everything that was wanted until now.
    claimed = row.evolve(
        state=OutboxState.SENDING,
        attempts=row.attempts + 1,
        not_before=None,
        possible_duplicate=repeat,
        shown=row.wanted,
    )
    return outbox.write(tx, claimed)


def sent(
    tx: Transaction, row_id: int, at: datetime, message_id: int, message_date: datetime, there: Place | None = None
) -> OutboxRow | None:
    """Telegram has taken it; ``there``, where that is not its place any more: ids of messages are those of a chat."""
    row = _under_way(tx, row_id)
    if row is None:
        return None
    row = row.evolve(place=there or row.place)
    # The pace of edits begins with the first edit: what an answer opens, such as a decision's options, shows at once.
    done = outbox.write(tx, _without_codes(tx, row.evolve(state=OutboxState.SENT, message_id=message_id)))
    if isinstance(row.message, InjectPost):
        exercise = exercises.get(tx, row.message.exercise)
        if exercise:
            change = delivering.sent(
                exercise,
                row.message.inject,
                row.message.unit,
                at,
                message_id=message_id,
                message_date=message_date,
                attempts=row.attempts,
            )
            exercise = record(tx, change)
            if exercise.seats[row.message.unit].unreachable:
                record(tx, enrolment.unreachable(exercise, row.place.chat_id, "", at, row.place.thread_id))
    return done


def retry(tx: Transaction, row_id: int, at: datetime, not_before: datetime, why: str) -> OutboxRow | None:
    """It was not sent, for certain: it is tried again, not before that moment, unless nobody wants it any more."""
    row = _under_way(tx, row_id)
    if row is None:
        return None
    exercise = exercises.get(tx, row.exercise) if row.exercise is not None else None
    if exercise is not None and (not_wanted := _not_wanted(exercise, row)):
        return _withdraw(tx, exercise, row, at, not_wanted)
    # An earlier attempt that may have arrived stays one that may have arrived.
    state = OutboxState.UNCERTAIN if row.possible_duplicate else OutboxState.RETRY
    return outbox.write(tx, row.evolve(state=state, not_before=not_before), why)


def uncertain(tx: Transaction, row_id: int, at: datetime, not_before: datetime | None, why: str) -> OutboxRow | None:
    """It may have been sent: it is repeated not before that moment, or (``None``) not by itself."""
    row = _under_way(tx, row_id)
    if row is None:
        return None
    exercise = exercises.get(tx, row.exercise) if row.exercise is not None else None
    if exercise and _not_wanted(exercise, row):
        not_before = None
    state = OutboxState.UNCERTAIN if not_before else OutboxState.FAILED
    unsure = outbox.write(tx, row.evolve(state=state, not_before=not_before, possible_duplicate=True), why)
    if isinstance(row.message, InjectPost) and exercise:
        exercise = record(tx, delivering.uncertain(exercise, row.message.inject, row.message.unit, at, why))
        if not_before is None:
            _tell_in_doubt(tx, exercise, row.message, at)
    elif isinstance(row.message, InjectPart) and exercise and not_before is None:
        _tell_of_part(tx, exercise, row.message, "notice.part_in_doubt", why, at)
    elif isinstance(row.message, RealWorld) and exercise and not_before is None:
        _tell_of_alarm(tx, exercise, row.place, why, at)
    return unsure


def failed(
    tx: Transaction, row_id: int, at: datetime, why: str, *, chat_gone: bool = False, topic_gone: bool = False
) -> OutboxRow | None:
    """Telegram has refused it for good; the chat has shut the bot out, or its topic is no more."""
    row = _under_way(tx, row_id)
    if row is None:
        return None
    done = outbox.write(tx, _without_codes(tx, row.evolve(state=OutboxState.FAILED)), why)
    if chat_gone:
        reachability(tx, row.place.chat_id, why, at)
    elif topic_gone:
        reachability(tx, row.place.chat_id, why, at, row.place.thread_id)
    if isinstance(row.message, InjectPost):
        exercise = exercises.get(tx, row.message.exercise)
        delivery = exercise.injects[row.message.inject].deliveries[row.message.unit] if exercise else None
        if exercise and delivery and delivery.state is DeliveryState.PENDING:
            record(tx, delivering.failed(exercise, row.message.inject, row.message.unit, at, why))
        elif exercise and row.message.edition:
            record(tx, delivering.not_resent(exercise, row.message.inject, row.message.unit, at, why))
        elif exercise and delivery and delivery.state is DeliveryState.UNCERTAIN:
            # A repeat that was refused leaves the first attempt as uncertain as it was.
            _tell_in_doubt(tx, exercise, row.message, at)
    elif isinstance(row.message, InjectPart) and row.exercise is not None:
        exercise = exercises.get(tx, row.exercise)
        if exercise:
            _tell_of_part(tx, exercise, row.message, "notice.part_failed", why, at)
    elif isinstance(row.message, RealWorld) and row.exercise is not None:
        exercise = exercises.get(tx, row.exercise)
        if exercise:
            _tell_of_alarm(tx, exercise, row.place, why, at)
    return done


def shown(
    tx: Transaction, row_id: int, version: int, at: datetime, *, gone: bool = False, shut_out: str = ""
) -> OutboxRow | None:
    """An edit has shown ``version``; ``gone``: the message cannot be edited any more.

    ``shut_out`` are Telegram's words where the chat has shut the bot out.
    """
    row = outbox.find(tx, row_id)
    if row is None or row.state is not OutboxState.SENT:
        return None
    if shut_out:
        reachability(tx, row.place.chat_id, shut_out, at)
    return outbox.write(tx, row.evolve(shown=row.wanted if gone else max(version, row.shown), edited_at=at))


def reachability(tx: Transaction, chat_id: int, why: str, at: datetime, thread_id: int | None = None) -> None:
    """A chat (or that topic of it alone) has shut the bot out (``why``), or let it in again (empty)."""
    for exercise in exercises.of_chat(tx, chat_id):
        record(tx, enrolment.unreachable(exercise, chat_id, why, at, thread_id))


def migrated(tx: Transaction, old_chat: int, new_chat: int, at: datetime) -> list[OutboxRow]:
    """A group has become a supergroup: seats and waiting messages move; gives the messages moved.

    What stands in the group already stays there, where nothing can be edited any more: under its id the supergroup
    may have another message. The board is posted anew.
    """
    directory.chat_moved(tx, old_chat, new_chat)
    for exercise in exercises.of_chat(tx, old_chat):
        change: Change = enrolment.move(exercise, old_chat, new_chat, at)
        moved_in = record(tx, change)
        if exercise.control.chat_id == old_chat and outbox.find_key(tx, board_key(exercise.number)):
            post_board(tx, moved_in, at)
    moved = []
    for row in outbox.open_rows(tx):
        if row.place.chat_id == old_chat and row.state is not OutboxState.SENT:
            there = Place(new_chat, row.place.thread_id)
            moved.append(outbox.write(tx, row.evolve(place=there)))
    tx.posted.extend(moved)
    return moved


def _not_wanted(exercise: Exercise, row: OutboxRow) -> str:
    """Why what the script had to say must not be said any more; empty where it may, as all else may."""
    message = row.message
    if message.type not in outbox.OF_THE_SCRIPT:
        return ""
    if exercise.state.is_over:
        return "endex"
    match message:
        case InjectPost() | InjectPart() | Reminder() | EvidenceReminder():
            return "" if exercise.seats[message.unit].place == row.place else "unbound"
        case _:
            return ""


def _withdraw(tx: Transaction, exercise: Exercise, row: OutboxRow, at: datetime, why: str) -> OutboxRow:
    """It does not go out any more; where none of it can have arrived, the record says so."""
    withdrawn = outbox.write(tx, row.evolve(state=OutboxState.SKIPPED, not_before=None), why)
    if isinstance(row.message, InjectPost):
        delivery = exercise.injects[row.message.inject].deliveries[row.message.unit]
        if delivery.state is DeliveryState.PENDING:
            record(tx, delivering.not_sent(exercise, row.message.inject, row.message.unit, at, why))
    return withdrawn


def _tell_in_doubt(tx: Transaction, exercise: Exercise, post: InjectPost, at: datetime) -> None:
    """Nothing more is tried by itself, unless the unit has answered meanwhile: a person has to find out."""
    if exercise.injects[post.inject].deliveries[post.unit].acknowledged is not None:
        return
    key = doubt_key(exercise.number, post.inject, post.unit)
    outbox.retire(tx, key)
    question = InDoubt(exercise=exercise.number, inject=post.inject, unit=post.unit)
    outbox.add(tx, question, exercise.control, at, exercise=exercise.number, key=key)


def _tell_of_part(tx: Transaction, exercise: Exercise, part: InjectPart, key: str, why: str, at: datetime) -> None:
    """The unit has the words of an inject, and may lack what belongs to them: a person has to pass that on."""
    unit = exercise.scenario.units[part.unit].name.in_language(exercise.language)
    params: dict[str, Gap] = {"part": part.number, "inject": part.inject, "unit": unit, "why": why}
    notice = Notice(exercise=exercise.number, key=key, params=params)
    outbox.add(tx, notice, exercise.control, at, exercise=exercise.number)


def _tell_of_alarm(tx: Transaction, exercise: Exercise, place: Place, why: str, at: datetime) -> None:
    """A unit may not know of the real emergency: a person has to tell it, at once. These words are no exercise."""
    deaf = [seat.unit for seat in exercise.seats.values() if seat.place == place]
    if not deaf:
        return
    names = ", ".join(exercise.scenario.units[unit].name.in_language(exercise.language) for unit in deaf)
    word = Plain(key="notice.alarm_failed", params={"unit": names, "why": why})
    outbox.add(tx, word, exercise.control, at, exercise=exercise.number, priority=Priority.URGENT)


def _without_codes(tx: Transaction, row: OutboxRow) -> OutboxRow:
    """A row that is done with, which knows no join codes any more: they are kept as hashes alone."""
    if not isinstance(row.message, Created) or not row.message.codes:
        return row
    return outbox.rephrase(tx, row, row.message.model_copy(update={"codes": {}}))


def _under_way(tx: Transaction, row_id: int) -> OutboxRow | None:
    row = outbox.find(tx, row_id)
    return row if row and row.state is OutboxState.SENDING else None
