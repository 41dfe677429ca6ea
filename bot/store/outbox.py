"""Statements over the outbox: every message that goes out, before it goes and after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import bindparam, func, insert, or_, select, update

from bot.exercise.people import Place
from bot.messages import InjectPart, InjectPost, Message, pack, unpack
from bot.store.outbox_row import OutboxRow, OutboxState, Priority
from bot.store.prepared import Prepared
from bot.store.schema import outbox
from bot.store.transaction import Transaction

log = structlog.get_logger(__name__)

# The values are read together with the statements over them.
__all__ = ["OutboxRow", "OutboxState", "Priority"]

_CERTAINLY_UNSENT = outbox.c.state.in_((OutboxState.PENDING, OutboxState.RETRY)) & ~outbox.c.possible_duplicate
_NEW: dict[str, Any] = {
    "state": OutboxState.PENDING,
    "attempts": 0,
    "wanted": 0,
    "shown": 0,
    "out_of_date": False,
    "possible_duplicate": False,
    "why": "",
}


OF_THE_SCRIPT = frozenset({"inject", "inject_part", "reminder", "evidence_reminder", "escalation"})
"""Messages that the course of the exercise sends by itself: kept back while a real emergency lasts."""

# A message that has not been claimed is rendered from the state of that moment, so it needs no edit; one under way
# may have been rendered already, and does.
_MARK_OUT_OF_DATE = Prepared(
    update(outbox)
    .where(
        outbox.c.key == bindparam("this"),
        # A list of values would be written into the statement anew each time.
        or_(*(outbox.c.state == state for state in (OutboxState.SENDING, OutboxState.UNCERTAIN, OutboxState.SENT))),
    )
    .values(wanted=outbox.c.wanted + 1, out_of_date=outbox.c.state == OutboxState.SENT)
    .returning(outbox)
)


_PRIORITIES = {int(priority): priority for priority in Priority}
_STATES = {state.value: state for state in OutboxState}

# Built once: every press asks for the message under which it was, and every sending writes twice.
_FIND = Prepared(select(outbox).where(outbox.c.id == bindparam("this")))
_WRITE = Prepared(update(outbox).where(outbox.c.id == bindparam("this")))
_INSERT = Prepared(insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True))
_SAID = Prepared(
    select(outbox.c.thread_id, outbox.c.message).where(
        outbox.c.chat_id == bindparam("chat"), outbox.c.message_id == bindparam("message")
    )
)


def add(
    tx: Transaction,
    message: Message,
    place: Place,
    at: datetime,
    *,
    exercise: int | None = None,
    priority: Priority = Priority.REPLY,
    reply_to: int | None = None,
    key: str | None = None,
) -> OutboxRow | None:
    """Put a message into the outbox; ``None`` where one with the same ``key`` has been put there before."""
    if key is not None and tx.read(select(outbox.c.id).where(outbox.c.key == key)).first():
        return None
    inserted = tx.write(
        insert(outbox)
        .values(
            key=key,
            exercise=exercise,
            chat_id=place.chat_id,
            thread_id=place.thread_id,
            reply_to=reply_to,
            priority=priority,
            message=pack(message),
            created_at=at,
            **_NEW,
        )
        .returning(outbox)
    )
    row = row_of(inserted.one())
    tx.posted.append(row)
    return row


def find(tx: Transaction, row_id: int) -> OutboxRow | None:
    """The row of that id."""
    found = tx.find(_FIND, {"this": row_id})
    return row_of(found[0]) if found else None


def find_key(tx: Transaction, key: str) -> OutboxRow | None:
    """The row of that key."""
    found = tx.read(select(outbox).where(outbox.c.key == key)).first()
    return row_of(found) if found else None


def said(tx: Transaction, chat_id: int, message_id: int) -> tuple[Place, Message] | None:
    """Where in that chat the message with that id stands, and what it says."""
    for found in tx.find(_SAID, {"chat": chat_id, "message": message_id}):
        return Place(chat_id, found.thread_id), unpack(found.message)
    return None


def open_rows(tx: Transaction) -> list[OutboxRow]:
    """Every row with something still to do, oldest first.

    One that this version cannot read is given up: it must not keep all the others from going out.
    """
    todo = (
        OutboxState.PENDING,
        OutboxState.SENDING,
        OutboxState.RETRY,
        OutboxState.UNCERTAIN,
        OutboxState.HELD,
    )
    wanted = select(outbox).where(or_(outbox.c.state.in_(todo), outbox.c.out_of_date)).order_by(outbox.c.id)
    return [row for found in tx.read(wanted) if (row := _read_or_given_up(tx, found)) is not None]


def write(tx: Transaction, row: OutboxRow, why: str = "") -> OutboxRow:
    """Store what can change in a row."""
    tx.change(
        _WRITE,
        {
            "this": row.id,
            "chat_id": row.place.chat_id,
            "thread_id": row.place.thread_id,
            "state": row.state,
            "attempts": row.attempts,
            "not_before": row.not_before,
            "wanted": row.wanted,
            "shown": row.shown,
            "out_of_date": row.out_of_date,
            "message_id": row.message_id,
            "edited_at": row.edited_at,
            "possible_duplicate": row.possible_duplicate,
            "why": why,
        },
    )
    return row


def add_injects(
    tx: Transaction, exercise: int, posts: Sequence[tuple[InjectPost | InjectPart, Place]], at: datetime
) -> None:
    """Put an inject's messages to its units into the outbox, in one statement however many they are."""
    keys = [
        part_key(post) if isinstance(post, InjectPart) else inject_key(exercise, post.inject, post.unit)
        for post, _ in posts
    ]
    add_to_each(tx, exercise, posts, at, priority=Priority.INJECT, keys=keys)


def add_to_each(
    tx: Transaction,
    exercise: int,
    posts: Sequence[tuple[Message, Place]],
    at: datetime,
    *,
    priority: Priority = Priority.NOTICE,
    keys: Sequence[str] | None = None,
) -> None:
    """Put a message for each of many chats into the outbox, in one statement however many they are.

    ``keys``, where given, are new: nothing is there under any of them.
    """
    rows = [
        {
            "key": key,
            "exercise": exercise,
            "chat_id": place.chat_id,
            "thread_id": place.thread_id,
            "priority": priority,
            "message": pack(message),
            "created_at": at,
            **_NEW,
        }
        for (message, place), key in zip(posts, keys or repeat(None, len(posts)), strict=True)
    ]
    if not rows:
        return
    inserted = tx.changed_each(_INSERT, rows)
    tx.posted.extend(
        OutboxRow(
            id=new.id,
            exercise=exercise,
            place=place,
            reply_to=None,
            priority=priority,
            message=message,
            state=OutboxState.PENDING,
            attempts=0,
            not_before=None,
            created_at=at,
            wanted=0,
            shown=0,
            message_id=None,
            edited_at=None,
            possible_duplicate=False,
        )
        for new, (message, place) in zip(inserted, posts, strict=True)
    )


def inject_key(exercise: int, inject: str, unit: str, edition: int | None = None) -> str:
    """The key of an inject's message to a unit: the newest, or an ``edition`` that a newer one has replaced."""
    key = f"inject:{exercise}:{inject}:{unit}"
    return key if edition is None else f"{key}:{edition}"


def part_key(part: InjectPart) -> str:
    """The key of what comes with an inject beside its words."""
    return f"{inject_key(part.exercise, part.inject, part.unit)}:part:{part.edition}.{part.number}"


def supersede(tx: Transaction, key: str, former: str) -> None:
    """Let the message of a key make room for a new one: it goes by the key ``former``, and shows that it is old.

    One that waits to be sent, or sent again, is given up: the new one says the same.
    """
    changed = tx.write(update(outbox).where(outbox.c.key == key).values(key=former).returning(outbox)).first()
    if changed is None:
        return
    row = row_of(changed)
    if row.state in {OutboxState.PENDING, OutboxState.RETRY, OutboxState.UNCERTAIN}:
        tx.posted.append(write(tx, row.evolve(state=OutboxState.FAILED), "sent again"))
    mark_out_of_date(tx, former)


def mark_out_of_date(tx: Transaction, key: str) -> None:
    """Have the message of that key, if there is one, shown anew once it stands in its chat."""
    changed = tx.changed(_MARK_OUT_OF_DATE, {"this": key})
    tx.posted.extend(row for row in map(row_of, changed) if row.out_of_date)


def reword(tx: Transaction, row: OutboxRow, message: Message) -> None:
    """Put another message in the place of a row's own; where that stands in its chat, it is shown anew."""
    tx.write(update(outbox).where(outbox.c.id == row.id).values(message=pack(message)))
    reworded = row.evolve(message=message, wanted=row.wanted + 1)
    tx.posted.append(write(tx, reworded))


def retire(tx: Transaction, key: str) -> OutboxRow | None:
    """Let the message of that key be, so that a new one can take its place; one that has not gone out never will.

    Gives the message, unless it never will. What it was to show by now it still shows; after this only rewording
    changes it.
    """
    take_back(tx, [key])
    retired = tx.write(update(outbox).where(outbox.c.key == key).values(key=None).returning(outbox)).first()
    return row_of(retired) if retired else None


def all_unsent(tx: Transaction, keys: Collection[str]) -> bool:
    """Whether the messages of those keys all wait, and none of them can have arrived."""
    waiting = tx.read(select(func.count()).select_from(outbox).where(outbox.c.key.in_(keys), _CERTAINLY_UNSENT))
    return bool(waiting.scalar_one() == len(keys))


def take_back(tx: Transaction, keys: Collection[str]) -> None:
    """Have those of the messages of these keys that have not gone out never do so, and free their keys."""
    taken = tx.write(
        update(outbox)
        .where(outbox.c.key.in_(keys), _CERTAINLY_UNSENT)
        .values(key=None, state=OutboxState.SKIPPED, out_of_date=False, why="taken back")
        .returning(outbox)
    )
    tx.posted.extend(row_of(row) for row in taken)


def hold(tx: Transaction, exercise: int) -> None:
    """Keep back what the script has waiting, so that nothing of it follows a real emergency."""
    for row in open_rows(tx):
        waits = row.state not in {OutboxState.SENDING, OutboxState.HELD} and not row.out_of_date
        if row.exercise == exercise and waits and row.message.type in OF_THE_SCRIPT:
            tx.posted.append(write(tx, row.evolve(state=OutboxState.HELD)))


def let_go(tx: Transaction, exercise: int, at: datetime) -> None:
    """What was kept back may go out from ``at``; what may be in its chat already is still sent as a repeat."""
    for row in open_rows(tx):
        if row.exercise == exercise and row.state is OutboxState.HELD:
            state = OutboxState.UNCERTAIN if row.possible_duplicate else OutboxState.RETRY
            tx.posted.append(write(tx, row.evolve(state=state, not_before=at)))


def withdraw(tx: Transaction, exercise: int, why: str, unit: str | None = None) -> list[OutboxRow]:
    """Take back the injects and reminders of an exercise (or of one unit) that have not gone out; gives them.

    What may have gone out is not repeated any more, and is given, too.
    """
    waiting = (OutboxState.PENDING, OutboxState.RETRY, OutboxState.UNCERTAIN, OutboxState.HELD)
    found = tx.read(select(outbox).where(outbox.c.exercise == exercise, outbox.c.state.in_(waiting)))
    rows = [row for row in map(row_of, found) if row.message.type in OF_THE_SCRIPT]
    mine = [row for row in rows if unit is None or getattr(row.message, "unit", None) == unit]
    return [write(tx, row.evolve(state=OutboxState.SKIPPED), why) for row in mine]


def rephrase(tx: Transaction, row: OutboxRow, message: Message) -> OutboxRow:
    """Have a row say something else the next time that it is shown."""
    tx.write(update(outbox).where(outbox.c.id == row.id), {"message": pack(message)})
    return row.evolve(message=message)


def turn(tx: Transaction, chat_id: int, message_id: int, message: Message) -> None:
    """Have the message that stands in that chat under that id say something else, at once."""
    here = (outbox.c.chat_id == chat_id, outbox.c.message_id == message_id, outbox.c.state == OutboxState.SENT)
    found = tx.read(select(outbox).where(*here)).first()
    if found is None:
        return
    row = row_of(found)
    turned = rephrase(tx, row, message).evolve(wanted=row.wanted + 1, edited_at=None)
    tx.posted.append(write(tx, turned))


def sending_of(tx: Transaction, exercise: int) -> Mapping[tuple[str, str], tuple[int, bool]]:
    """Attempts, and whether one is under way, for each (inject, unit) of an exercise."""
    found = tx.read(
        select(outbox.c.message, outbox.c.attempts, outbox.c.state).where(
            outbox.c.exercise == exercise, outbox.c.priority == Priority.INJECT
        )
    )
    sending: dict[tuple[str, str], tuple[int, bool]] = {}
    for row in found:
        message = unpack(row.message)
        if message.type == "inject":
            attempts, under_way = sending.get((message.inject, message.unit), (0, False))
            under_way = under_way or row.state == OutboxState.SENDING
            sending[message.inject, message.unit] = (attempts + row.attempts, under_way)
    return sending


def oldest_open(tx: Transaction) -> datetime | None:
    """When the oldest message that still waits was put into the outbox."""
    waiting = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.RETRY)
    return tx.read(select(func.min(outbox.c.created_at)).where(outbox.c.state.in_(waiting))).scalar()


def _read_or_given_up(tx: Transaction, found: Any) -> OutboxRow | None:  # noqa: ANN401 - as of row_of
    try:
        return row_of(found)
    except ValidationError as error:
        why = error.errors(include_input=False, include_url=False, include_context=False)
        log.error("message_unreadable", message=found.id, why=why)  # noqa: TRY400 - it would tell what people wrote
        given_up = {"state": OutboxState.FAILED, "out_of_date": False, "why": "cannot be read"}
        tx.write(update(outbox).where(outbox.c.id == found.id), given_up)
        return None


def row_of(row: Any) -> OutboxRow:  # noqa: ANN401 - its attributes are the table's columns
    """The value of a row of the table."""
    return OutboxRow(
        id=row.id,
        exercise=row.exercise,
        place=Place(row.chat_id, row.thread_id),
        reply_to=row.reply_to,
        priority=_PRIORITIES[row.priority],
        message=unpack(row.message),
        state=_STATES[row.state],
        attempts=row.attempts,
        not_before=row.not_before,
        created_at=row.created_at,
        wanted=row.wanted,
        shown=row.shown,
        message_id=row.message_id,
        edited_at=row.edited_at,
        possible_duplicate=row.possible_duplicate,
    )
