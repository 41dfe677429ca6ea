"""Statements that write people out of the tables."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, bindparam, delete, exists, func, or_, select, update

from bot.exercise.facts import LogEntry
from bot.exercise.model import ExerciseState
from bot.exercise.sealing import PERSONAL, canonical
from bot.messages import unpack
from bot.store.inbox import InboxState
from bot.store.outbox_row import OutboxState
from bot.store.schema import (
    chat,
    exercise,
    hot_wash,
    inbox,
    join_try,
    leader,
    log,
    menu,
    outbox,
    participant,
    person,
    scenario,
)
from bot.store.transaction import Transaction

WITH_PEOPLE: Final = frozenset(
    {
        "plain",
        "notice",
        "realworld",
        "help",
        "unit_bound",
        "confirm_startex",
        "confirm_end",
        "hot_wash_prompt",
        "reason_prompt",
        "unit_report",
    }
)
"""The messages that hold names or words of people; what the others show they read from the exercise."""
_STILL_TO_DO: Final = (
    OutboxState.PENDING,
    OutboxState.SENDING,
    OutboxState.RETRY,
    OutboxState.UNCERTAIN,
    OutboxState.HELD,
)
_OVER: Final = [state for state in ExerciseState if state.is_over]


def rewrite_log(tx: Transaction, number: int, entries: Sequence[LogEntry]) -> None:
    """Write these entries in the place of those of their numbers."""
    if not entries:
        return
    tx.catch_up()
    statement = (
        update(log)
        .where(log.c.exercise == bindparam("x"), log.c.seq == bindparam("n"))
        .values({name: bindparam(f"new_{name}") for name in _ERASABLE})
    )
    tx.write(statement, [{"x": number, "n": entry.seq, **_log_row(entry)} for entry in entries])


def blank(tx: Transaction, number: int, seqs: Collection[int]) -> None:
    """Empty entries of a log that hold something strange, as far as that can hold people or words."""
    gone = {"actor_id": None, "actor_name": None, "detail": "{}", "salt": None}
    for seq in seqs:
        tx.write(update(log).where(log.c.exercise == number, log.c.seq == seq).values(gone))


def elsewhere(tx: Transaction, number: int, people: Iterable[int]) -> dict[int, list[int]]:
    """The other exercises that name these people, by person; who is named in none is left out."""
    wanted = sorted(people)
    named: dict[int, set[int]] = {}
    for table, column in ((log, log.c.actor_id), (participant, participant.c.user_id), (leader, leader.c.user_id)):
        theirs = select(column, table.c.exercise).where(column.in_(wanted), table.c.exercise != number).distinct()
        rows: Sequence[Any] = tx.read(theirs).all()
        for user_id, other in rows:
            named.setdefault(user_id, set()).add(other)
    given = select(log.c.exercise, log.c.detail).where(log.c.kind.in_(_ABOUT_SOMEBODY), log.c.exercise != number)
    for row in tx.read(given):
        detail = _parsed(row.detail)
        user_id = detail.get("id") if isinstance(detail, dict) else None
        if isinstance(user_id, int) and user_id in wanted:
            named.setdefault(user_id, set()).add(row.exercise)
    return {user_id: sorted(others) for user_id, others in named.items()}


def move_chat(tx: Transaction, number: int, chats: Mapping[int, int]) -> None:
    """Have an exercise's messages stand in other chats than they do."""
    for was, now in chats.items():
        tx.write(
            update(outbox).where(outbox.c.exercise == number, outbox.c.chat_id == was).values(chat_id=now),
        )


def forget_messages(
    tx: Transaction, number: int, chats: Collection[int], since: datetime, among: Collection[str | int] | None
) -> int:
    """Take out an exercise's messages with people in them, and what was said beside it in its chats ``since`` then.

    ``among``: only those that hold one of these ids or spellings. What still waits, beside it, to be sent stays.
    """
    aside = outbox.c.exercise.is_(None) & outbox.c.chat_id.in_(chats) & (outbox.c.created_at >= since)
    rows = tx.read(select(outbox.c.id, outbox.c.message).where(or_(outbox.c.exercise == number, aside & _done()))).all()
    going = [
        row.id
        for row in rows
        if (said := unpack(row.message)).type in WITH_PEOPLE
        and (among is None or mentions(said.model_dump(mode="json"), among))
    ]
    if going:
        tx.write(delete(outbox).where(outbox.c.id == bindparam("this")), [{"this": row} for row in going])
    return len(going)


def forget_updates(
    tx: Transaction, chats: Collection[int], since: datetime, among: Collection[str | int] | None
) -> int:
    """Empty updates that were put aside: those from these chats ``since`` then, or that hold one of ``among``."""
    aside = select(inbox).where(inbox.c.state == InboxState.QUARANTINED, inbox.c.payload != "")
    if among is None:
        aside = aside.where(inbox.c.lane.in_(chats), inbox.c.at >= since)
    going = [row.update_id for row in tx.read(aside).all() if among is None or mentions(_parsed(row.payload), among)]
    for update_id in going:
        tx.write(update(inbox).where(inbox.c.update_id == update_id).values(payload="", why="erased"))
    return len(going)


def forget_people(tx: Transaction, people: Collection[int]) -> Counter[str]:
    """Take people out of all that is kept beside exercises: the directory, their private chats, failed tries."""
    gone: Counter[str] = Counter()
    private = outbox.c.exercise.is_(None) & outbox.c.chat_id.in_(people) & _done()
    gone["messages"] += tx.write(delete(outbox).where(private)).rowcount
    for table, column in ((person, person.c.user_id), (join_try, join_try.c.user_id)):
        gone["directory"] += tx.write(delete(table).where(column.in_(people))).rowcount
    for table, column in ((chat, chat.c.chat_id), (menu, menu.c.chat_id)):
        gone["directory"] += tx.write(delete(table).where(column.in_(people))).rowcount
    tx.write(update(scenario).where(scenario.c.added_by.in_(people)).values(added_by=0))
    # A private chat's lane has the id of its person.
    tx.write(update(inbox).where(inbox.c.lane.in_(people), inbox.c.state != InboxState.WAITING).values(lane=0))
    aside = (inbox.c.lane == 0) & (inbox.c.state == InboxState.QUARANTINED) & (inbox.c.payload != "")
    gone["updates"] += tx.write(update(inbox).where(aside).values(payload="", why="erased")).rowcount
    for user_id in people:
        tx.fresh.languages[user_id] = None
    return gone


def naming_people(tx: Transaction, before: datetime) -> list[int]:
    """The exercises that ended ``before`` then, with nothing of them open, and whose logs name people still."""
    somebody = exists().where(log.c.exercise == exercise.c.number, log.c.actor_id > 0)
    waiting = exists().where(outbox.c.exercise == exercise.c.number, outbox.c.state.in_(_STILL_TO_DO))
    washing = exists().where(hot_wash.c.exercise == exercise.c.number)
    found = tx.read(
        select(exercise.c.number)
        .where(
            exercise.c.state.in_(_OVER),
            exercise.c.summarised,
            func.coalesce(exercise.c.endex_at, exercise.c.created_at) < before,
            somebody,
            ~waiting,
            ~washing,
        )
        .order_by(exercise.c.number)
    )
    return list(found.scalars())


def forget_asides(tx: Transaction, before: datetime) -> Counter[str]:
    """Take out what was said beside every exercise ``before`` then, and empty the updates that were put aside."""
    said = outbox.c.exercise.is_(None) & _done() & (outbox.c.created_at < before)
    aside = (inbox.c.state == InboxState.QUARANTINED) & (inbox.c.at < before) & (inbox.c.payload != "")
    return Counter(
        messages=tx.write(delete(outbox).where(said)).rowcount,
        updates=tx.write(update(inbox).where(aside).values(payload="", why="erased")).rowcount,
    )


def mentions(value: object, among: Collection[str | int]) -> bool:
    """Whether JSON values hold one of these ids or, in any case, one of these spellings."""
    match value:
        case dict():
            return any(mentions(each, among) for each in value.values())
        case list():
            return any(mentions(each, among) for each in value)
        case str():
            folded = value.casefold()
            return any(isinstance(each, str) and each.casefold() in folded for each in among)
        case int():
            return value in among
        case _:
            return False


_ABOUT_SOMEBODY = sorted(kind for kind, keys in PERSONAL.items() if "id" in keys)
"""The kinds of fact that name somebody beside who did it."""
_ERASABLE = ("actor_id", "actor_name", "detail", "hash", "salt", "commitment")


def _log_row(entry: LogEntry) -> dict[str, Any]:
    actor = entry.fact.actor
    return {
        "new_actor_id": actor.id if actor else None,
        "new_actor_name": actor.name if actor else None,
        "new_detail": canonical(entry.fact.detail),
        "new_hash": entry.hash,
        "new_salt": entry.salt or None,
        "new_commitment": entry.commitment or None,
    }


def _done() -> ColumnElement[bool]:
    return outbox.c.state.not_in(_STILL_TO_DO) & ~outbox.c.out_of_date


def _parsed(payload: str) -> object:
    try:
        return orjson.loads(payload)
    except ValueError:
        return payload
