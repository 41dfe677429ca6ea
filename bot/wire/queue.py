"""Which message goes next. Pure: no clock, no network, no store.

Within a chat only the head may go: urgent messages first, then by age; edits only when nothing else waits there.
A head that waits for its next try keeps its place, so a chat sees its messages in order. Among chats the more
important head goes first, then the older one. A chat with a request in flight or with a flood to sit out is
passed over and delays no other.

A message that has had its turn and could not leave in time is held until it can. Nothing else has its turn before all
those have left, but for what is urgent: that waits only for those that stand before it in its own chat.

Two heaps of chats, both with stale entries that a chat's version gives away: those whose moment is to come, by
moment, and those whose moment has come, by importance.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Final

from bot.store.outbox_row import OutboxRow, OutboxState, Priority
from bot.wire.pacing import LONG_AGO, Pacer

EDIT_EVERY: Final = timedelta(seconds=5)
"""One message is edited no more often than this."""
SPARED_FOR_SENDS: Final = 4
"""Sends that an edit leaves in a group's window."""
KEPT_FOR_URGENT: Final = 16
"""Places in flight that only what is urgent may take: all others may be waiting for one upload."""
_EDIT: Final = int(max(Priority)) + 1

_Importance = tuple[int, datetime, int]
"""What sorts first goes first, among chats."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A message whose turn it is: to be sent, or (``edit``) to be brought up to date where it stands."""

    row: OutboxRow
    edit: bool

    @property
    def chat_id(self) -> int:
        """The chat it belongs to."""
        return self.row.place.chat_id


@dataclass(slots=True)
class _Chat:
    version: int = 0
    in_flight: bool = False
    awaited: set[int] = field(default_factory=set)
    """Messages in flight to the chat that this one was before; nothing overtakes them."""
    sends: dict[int, OutboxRow] = field(default_factory=dict)
    send_order: list[tuple[bool, int]] = field(default_factory=list)
    edits: dict[int, tuple[datetime, OutboxRow]] = field(default_factory=dict)
    edit_order: list[tuple[datetime, int]] = field(default_factory=list)

    def next_send(self) -> OutboxRow | None:
        while self.send_order and self.send_order[0][1] not in self.sends:
            heappop(self.send_order)
        return self.sends[self.send_order[0][1]] if self.send_order else None

    def next_edit(self) -> tuple[datetime, OutboxRow] | None:
        while self.edit_order:
            at, row_id = self.edit_order[0]
            found = self.edits.get(row_id)
            if found is not None and found[0] == at:
                return found
            heappop(self.edit_order)
        return None


class SendQueue:
    """Everything that waits to be sent or edited, and the order in which it goes.

    No more than ``concurrency`` are in flight at a time, and a few more that are urgent.
    """

    def __init__(self, pacer: Pacer, concurrency: int = 64) -> None:
        self._pacer = pacer
        self._concurrency = concurrency
        self._closed = False
        self._chats: dict[int, _Chat] = {}
        self._homes: dict[int, int] = {}
        self._flying: dict[int, Pick] = {}
        self._held: dict[int, Pick] = {}
        self._news: dict[int, OutboxRow] = {}
        self._versions = count(1)
        self._coming: list[tuple[datetime, int, int]] = []
        self._ready: list[tuple[int, datetime, int, int, int]] = []

    def __len__(self) -> int:
        """How many messages wait; those in flight are not counted."""
        return len(self._homes)

    @property
    def in_flight(self) -> int:
        """How many messages were picked and have not been finished."""
        return len(self._flying)

    @property
    def held(self) -> int:
        """How many of those in flight wait to leave."""
        return len(self._held)

    def close(self) -> None:
        """No message has its turn any more."""
        self._closed = True

    def put(self, row: OutboxRow) -> None:
        """Take in a row as the record has it now: new, changed, or with nothing more to do."""
        if row.id in self._flying:
            self._hear(row)
            return
        self._place(row, LONG_AGO)

    def pick(self, now: datetime) -> Pick | None:
        """The message whose turn it is, which counts as in flight until :meth:`finished`.

        Each of its requests is to :meth:`leave`.
        """
        while self._coming and self._coming[0][0] <= now:
            _, chat_id, version = heappop(self._coming)
            self._make_ready(chat_id, version)
        if self._pacer.overall_ready_at() > now or not self._next_may_go():
            return None
        return self._take(heappop(self._ready)[-2], now)

    def leave(self, pick: Pick, now: datetime) -> bool:
        """Whether a request for ``pick`` may leave now. If not, it is held until :meth:`depart` gives it."""
        if self._pacer.leave(pick.chat_id, now):
            return True
        self._held[pick.row.id] = pick
        return False

    def depart(self, now: datetime) -> Pick | None:
        """The most important of those that are held, if it may leave now. To be asked after :meth:`pick`."""
        if not self._held:
            return None
        pick = min(self._held.values(), key=self._importance)
        if not self._pacer.leave(pick.chat_id, now):
            return None
        return self._held.pop(pick.row.id)

    def wake_at(self) -> datetime | None:
        """The moment at which :meth:`pick` or :meth:`depart` has something, unless something changes before.

        ``None``: never.
        """
        moments = []
        if self._held:
            moments.append(self._pacer.overall_free_at())
        while self._coming and not self._is_current(*self._coming[0][-2:]):
            heappop(self._coming)
        if self._next_may_go():
            moments.append(self._pacer.overall_ready_at())
        elif self._coming and self._has_room(urgent=True):
            moments.append(max(self._coming[0][0], self._pacer.overall_ready_at()))
        return min(moments, default=None)

    def finished(self, pick: Pick, now: datetime, row: OutboxRow | None, not_before: datetime = LONG_AGO) -> None:
        """The request for ``pick`` has ended, and the record now says ``row`` (``None``: there was nothing to do).

        An edit that is still to do waits until ``not_before``.
        """
        self._pacer.settle(pick.chat_id, now)
        self._chats[pick.chat_id].in_flight = False
        news = self._news.get(pick.row.id)
        del self._flying[pick.row.id]
        if news is not None and news.place.chat_id != pick.chat_id:
            # It may have gone there, and counts there.
            self._pacer.count(news.place.chat_id, now)
        if row is not None:
            if news is not None:
                newest = news if news.wanted >= row.wanted else row
                row = row.evolve(wanted=newest.wanted, message=newest.message, place=news.place)
            self._place(row, not_before)
        elif news is not None:
            # The attempt has found nothing to do; what was heard meanwhile is what the record says since.
            self._place(news, not_before)
        self._await_no_more(pick.row.id)
        self._news.pop(pick.row.id, None)
        self._refresh(pick.chat_id)

    def flooded(self, chat_id: int, now: datetime, retry_after: float) -> None:
        """Telegram asks for ``retry_after`` seconds of silence in the chat."""
        self._pacer.flooded(chat_id, now, retry_after)
        self._refresh(chat_id)

    def hasten(self) -> None:
        """Telegram is reached again: what waits to be tried again need not wait any longer."""
        for chat_id, chat in self._chats.items():
            head = chat.next_send()
            if head is not None and head.state is OutboxState.RETRY and head.not_before is not None:
                chat.sends[head.id] = head.evolve(not_before=None)
                self._refresh(chat_id)

    def _hear(self, row: OutboxRow) -> None:
        """News of a message in flight; where it now belongs to another chat, that one waits for its end."""
        self._await_no_more(row.id)
        self._news[row.id] = row
        if row.place.chat_id != self._flying[row.id].chat_id:
            self._chats.setdefault(row.place.chat_id, _Chat()).awaited.add(row.id)
            self._refresh(row.place.chat_id)

    def _await_no_more(self, row_id: int) -> None:
        news = self._news.get(row_id)
        chat = self._chats.get(news.place.chat_id) if news else None
        if news and chat and row_id in chat.awaited:
            chat.awaited.remove(row_id)
            self._refresh(news.place.chat_id)

    def _place(self, row: OutboxRow, not_before: datetime) -> None:
        home = self._homes.get(row.id)
        chat_id = row.place.chat_id
        is_send = _is_to_send(row)
        if home is not None and (home != chat_id or not (is_send or row.out_of_date)):
            self._forget(home, row.id)
        if is_send:
            self._place_send(chat_id, row)
        elif row.out_of_date:
            self._place_edit(chat_id, row, not_before)

    def _place_send(self, chat_id: int, row: OutboxRow) -> None:
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.edits.pop(row.id, None)
        if row.id not in chat.sends:
            heappush(chat.send_order, (row.priority is not Priority.URGENT, row.id))
        chat.sends[row.id] = row
        self._homes[row.id] = chat_id
        self._refresh(chat_id)

    def _place_edit(self, chat_id: int, row: OutboxRow, not_before: datetime) -> None:
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.sends.pop(row.id, None)
        due = max(not_before, row.edited_at + EDIT_EVERY if row.edited_at else LONG_AGO)
        known = chat.edits.get(row.id)
        if known is not None:
            due = max(due, known[0])
            row = row if row.wanted >= known[1].wanted else row.evolve(wanted=known[1].wanted)
        chat.edits[row.id] = (due, row)
        if known is None or known[0] != due:
            heappush(chat.edit_order, (due, row.id))
        self._homes[row.id] = chat_id
        self._refresh(chat_id)

    def _forget(self, chat_id: int, row_id: int) -> None:
        del self._homes[row_id]
        chat = self._chats[chat_id]
        chat.sends.pop(row_id, None)
        chat.edits.pop(row_id, None)
        self._refresh(chat_id)

    def _refresh(self, chat_id: int) -> None:
        """Work out anew when the chat's head may go."""
        chat = self._chats.get(chat_id)
        if chat is None:
            return
        chat.version = next(self._versions)
        if chat.in_flight or chat.awaited:
            return
        head = chat.next_send()
        if head is not None:
            ready = max(self._pacer.chat_ready_at(chat_id), head.not_before or LONG_AGO)
        else:
            edit = chat.next_edit()
            if edit is None:
                del self._chats[chat_id]
                return
            ready = max(self._pacer.chat_ready_at(chat_id, SPARED_FOR_SENDS), edit[0])
        heappush(self._coming, (ready, chat_id, chat.version))

    def _make_ready(self, chat_id: int, version: int) -> None:
        if not self._is_current(chat_id, version):
            return
        chat = self._chats[chat_id]
        head = chat.next_send()
        if head is not None:
            heappush(self._ready, (int(head.priority), head.created_at, head.id, chat_id, version))
            return
        edit = chat.next_edit()
        if edit is not None:
            heappush(self._ready, (_EDIT, edit[0], edit[1].id, chat_id, version))

    def _next_may_go(self) -> bool:
        """Whether there is a chat whose moment has come and that nothing but the overall rate keeps back."""
        while self._ready and not self._is_current(*self._ready[0][-2:]):
            heappop(self._ready)
        if not self._ready:
            return False
        urgent = self._ready[0][0] == Priority.URGENT
        if not self._has_room(urgent=urgent):
            return False
        return not self._held or (urgent and self._ready[0][:3] < min(map(self._importance, self._held.values())))

    def _has_room(self, *, urgent: bool) -> bool:
        return not self._closed and len(self._flying) < self._concurrency + (KEPT_FOR_URGENT if urgent else 0)

    def _importance(self, pick: Pick) -> _Importance:
        """Of one that is held: as urgent as what waits behind it in its chat."""
        own = (_EDIT if pick.edit else int(pick.row.priority), pick.row.created_at, pick.row.id)
        behind = self._chats[pick.chat_id].next_send()
        return own if behind is None else min(own, (int(behind.priority), behind.created_at, behind.id))

    def _is_current(self, chat_id: int, version: int) -> bool:
        chat = self._chats.get(chat_id)
        return chat is not None and chat.version == version

    def _take(self, chat_id: int, now: datetime) -> Pick:
        chat = self._chats[chat_id]
        row = chat.next_send()
        if row is not None:
            pick = Pick(row, edit=False)
            del chat.sends[row.id]
        else:
            edit = chat.next_edit()
            if edit is None:
                raise LookupError(f"chat {chat_id} was ready with nothing to do")
            pick = Pick(edit[1], edit=True)
            del chat.edits[pick.row.id]
        del self._homes[pick.row.id]
        chat.in_flight = True
        chat.version = next(self._versions)
        self._flying[pick.row.id] = pick
        self._pacer.spend(chat_id, now)
        return pick


def _is_to_send(row: OutboxRow) -> bool:
    match row.state:
        case OutboxState.PENDING | OutboxState.RETRY:
            return True
        case OutboxState.UNCERTAIN:
            return row.not_before is not None
        case OutboxState.SENDING | OutboxState.HELD | OutboxState.SENT | OutboxState.FAILED | OutboxState.SKIPPED:
            return False
