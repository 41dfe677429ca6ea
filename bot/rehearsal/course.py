"""What came of each inject, as far as the chats show it: the timeline of the page, and the counters that matter.

It reads the bot's messages as people read them and knows nothing of the bot.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import Change, ChatUpgraded, MessageEdited, MessageSent
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import LANGUAGES, say, template
from scenarios.model import Scenario

GRACE = timedelta(minutes=2)
"""How late an inject may be, by the exercise clock, before it counts as lost."""
_HEADER = re.compile(r"(?P<id>[A-Za-z0-9-]{1,16}) · [JT]\+(?P<h>\d\d):(?P<m>\d\d):(?P<s>\d\d) · ")
_STEERED = re.compile(r"/(?:skip|lewati|delay|tunda)(?:@\w+)?\s+(\S+)")
_ACKNOWLEDGE = {say(language, "ack.button") for language in LANGUAGES}


class State(StrEnum):
    """Where the exercise stands."""

    PREPARED = "prepared"
    RUNNING = "running"
    STANDING = "standing"
    """Paused, or stopped by a real emergency."""
    OVER = "over"


def _beginnings(*keys: str) -> tuple[str, ...]:
    """The first words of these texts, in every language."""
    firsts = (template(language, key).partition("{")[0].partition("\n")[0] for key in keys for language in LANGUAGES)
    return tuple({first for first in firsts if first})


_TURNS = {
    State.RUNNING: _beginnings("notice.startex_control", "notice.resumex_control", "notice.realworld_over"),
    State.STANDING: _beginnings("notice.pausex_control"),
    State.OVER: _beginnings("notice.endex_control", "notice.abort"),
}
_REALWORLD = _beginnings("realworld.stopped")


@dataclass(slots=True)
class Delivery:
    """One inject in one unit's chat."""

    chat_id: int
    message_ids: list[int] = field(default_factory=list)
    """Every copy."""
    at: datetime | None = None
    asks: bool = False
    acknowledged_at: datetime | None = None


@dataclass(slots=True)
class Course:
    """The exercise as it went so far. ``units`` are the chats the units sit in, by unit."""

    scenario: Scenario
    control: Chat
    units: Mapping[str, Chat]
    state: State = State.PREPARED
    deliveries: dict[str, dict[str, Delivery]] = field(default_factory=dict)
    """By inject and unit."""
    stopped_at: timedelta = timedelta()
    """What the exercise clock showed when it last began to go or stopped."""
    since: datetime | None = None
    """Since when it goes."""
    moved: dict[int, int] = field(default_factory=dict)
    """Groups that became supergroups: the old id leads to the new."""
    steered: set[str] = field(default_factory=set)
    """Injects that were skipped or put off by command."""
    changed: set[str] = field(default_factory=set)
    """Injects to which something happened since this was last emptied."""

    def elapsed(self, now: datetime) -> timedelta:
        """Exercise time."""
        return self.stopped_at + (now - self.since if self.since is not None else timedelta())

    @property
    def is_running(self) -> bool:
        """Whether the exercise clock goes."""
        return self.since is not None

    def notice(self, change: Change) -> None:
        """Take a change of the world in."""
        match change:
            case MessageSent(at=at, message=message) | MessageEdited(at=at, message=message):
                self._read(message, at, is_new=isinstance(change, MessageSent))
            case ChatUpgraded(chat_id=old, new_chat_id=new):
                self.moved[old] = new
            case _:
                pass

    def counters(self) -> dict[str, int]:
        """Sent, repeated and acknowledged injects; ``asked`` of those sent want an acknowledgement."""
        every = [delivery for by_unit in self.deliveries.values() for delivery in by_unit.values()]
        return {
            "sent": len(every),
            "repeated": sum(len(delivery.message_ids) - 1 for delivery in every),
            "asked": sum(delivery.asks for delivery in every),
            "acknowledged": sum(delivery.acknowledged_at is not None for delivery in every),
        }

    def lost(self, now: datetime, grace: timedelta = GRACE) -> list[tuple[str, str]]:
        """Injects that were due more than ``grace`` ago and are in no chat of their unit: (inject, unit).

        What depends on a condition, or was skipped or put off by command, is not counted.
        """
        if self.state is State.PREPARED or "all" in self.steered:
            return []
        due = self.elapsed(now) - grace
        return [
            (inject.id, unit)
            for inject in self.scenario.injects
            if inject.at is not None and inject.at < due and inject.requires is None and inject.id not in self.steered
            for unit in self.scenario.units_of(inject)
            if unit in self.units and unit not in self.deliveries.get(inject.id, {})
        ]

    def next_at(self, now: datetime) -> timedelta | None:
        """The offset of the next planned inject."""
        elapsed = self.elapsed(now)
        offsets = (inject.at for inject in self.scenario.injects if inject.at is not None and inject.at > elapsed)
        return min(offsets, default=None)

    def unit_in(self, chat_id: int) -> str | None:
        """The unit that sits in that chat."""
        home = {self._present(chat.id): unit for unit, chat in self.units.items()}
        return home.get(self._present(chat_id))

    def _present(self, chat_id: int) -> int:
        while chat_id in self.moved:
            chat_id = self.moved[chat_id]
        return chat_id

    def _read(self, message: Message, at: datetime, *, is_new: bool) -> None:
        is_control = self._present(message.chat.id) == self._present(self.control.id)
        if message.sender is None or not message.sender.is_bot:
            if is_control and (steered := _STEERED.match(message.words)):
                self.steered.add(steered[1])
            return
        if is_control:
            if is_new:
                self._turn(message, at)
            return
        header = _header(message)
        unit = self.unit_in(message.chat.id)
        if header is not None and unit is not None:
            self._take(header, unit, message, at, is_new=is_new)

    def _turn(self, message: Message, at: datetime) -> None:
        first_lines = message.words.splitlines()[:2]
        if any(stopped in message.words for stopped in _REALWORLD):
            self._enter(State.STANDING, at)
            return
        for state, beginnings in _TURNS.items():
            if any(line.startswith(beginnings) for line in first_lines):
                self._enter(state, at)
                return

    def _enter(self, state: State, at: datetime) -> None:
        if state is State.RUNNING and self.state in {State.PREPARED, State.OVER}:
            # The first injects may be in their chats before the control room hears of STARTEX.
            if self.state is State.OVER:
                self._forget()
            self.stopped_at, self.since = timedelta(), at
        elif state is State.RUNNING:
            self.since = self.since or at
        else:
            self.stopped_at, self.since = self.elapsed(at), None
        self.state = state

    def _forget(self) -> None:
        """Another exercise begins."""
        self.deliveries.clear()
        self.steered.clear()
        self.changed.update(inject.id for inject in self.scenario.injects)
        self.stopped_at, self.since, self.state = timedelta(), None, State.PREPARED

    def _take(self, header: re.Match[str], unit: str, message: Message, at: datetime, *, is_new: bool) -> None:
        inject = header["id"]
        if is_new and self.state is State.OVER:
            self._forget()
        delivery = self.deliveries.setdefault(inject, {}).setdefault(unit, Delivery(message.chat.id))
        delivery.chat_id = message.chat.id
        if is_new:
            delivery.message_ids.append(message.message_id)
            delivery.at = delivery.at or at
            self._catch_up(header, at)
        waits = any(button.text in _ACKNOWLEDGE for button in message.buttons)
        delivery.asks = delivery.asks or waits
        if delivery.asks and not waits and delivery.acknowledged_at is None and self.state is not State.OVER:
            delivery.acknowledged_at = at
        self.changed.add(inject)

    def _catch_up(self, header: re.Match[str], at: datetime) -> None:
        """An inject names the exercise time at which it was due: it cannot be earlier than that."""
        due = timedelta(hours=int(header["h"]), minutes=int(header["m"]), seconds=int(header["s"]))
        if self.since is not None and self.elapsed(at) < due:
            self.stopped_at, self.since = due, at


def _header(message: Message) -> re.Match[str] | None:
    lines = message.words.splitlines()
    return _HEADER.match(lines[1]) if len(lines) > 1 else None
