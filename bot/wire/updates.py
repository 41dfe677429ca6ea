"""Updates as they come from Telegram, ready for the inbox. Pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.store.inbox import InboxRow
from bot.wire.codec import dump

_LARGEST: Final = 2**63 - 1


def received(updates: Iterable[object], at: datetime, *, backlog: bool) -> list[InboxRow]:
    """The updates as rows of the inbox, received ``at``; what has no number is no update and is left out.

    ``backlog``: they came after an interruption, so ``at`` is only an upper bound.
    """
    rows = []
    for update in updates:
        number = _number(update, "update_id")
        if number is not None:
            rows.append(InboxRow(number, lane_of(update), at, backlog, dump(update)))
    return rows


def lane_of(update: object) -> int:
    """The chat that an update belongs to, else the person, else 0; updates of one lane are handled in order."""
    if not isinstance(update, dict):
        return 0
    for content in update.values():
        if isinstance(content, dict):
            return _id_of(content, "chat") or _id_of(content.get("message"), "chat") or _id_of(content, "from") or 0
    return 0


def _id_of(content: object, key: str) -> int | None:
    return _number(content.get(key), "id") if isinstance(content, dict) else None


def _number(content: object, key: str) -> int | None:
    """The number under ``key``, as long as a database can hold it."""
    number = content.get(key) if isinstance(content, dict) else None
    return number if isinstance(number, int) and abs(number) <= _LARGEST else None
