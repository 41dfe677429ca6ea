"""Telegram: the rehearsal's stand-in without its HTTP, and a ledger of all that reached it.

The ledger is what the record is held against at the end. It knows each request that took effect, by which process
it was sent and for which message of the outbox, each press and its answer, and each update that was confirmed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import Change, ChatUpgraded
from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.presses import Press
from bot.rehearsal.standin.reading import NO_UPLOADS, Carried
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import World
from tests.simulation.clock import VirtualClock
from tests.simulation.universe import EPOCH, Universe

TOKEN: Final = "7200000001:simulated-token-of-a-simulated-bot"
Respond = Callable[[int, bytes], None]


class Sender(NamedTuple):
    """Who has sent a request: the how-manieth process, in which term as leader; in term 0 where there are no terms."""

    process: int
    term: int

    def __str__(self) -> str:
        return f"process {self.process}" + (f" in term {self.term}" if self.term else "")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that Telegram saw; ``row`` is the message of the outbox that it is about."""

    second: float
    sender: "Sender"
    method: str
    chat_id: int | None
    row: int | None
    status: int
    message_id: int | None = None
    words: str = ""
    """What stood in the chat then."""
    retry_after: int = 0
    """Seconds of silence that the answer asked for, where it came back whole."""

    @property
    def at(self) -> datetime:
        """The moment."""
        return EPOCH + timedelta(seconds=self.second)

    @property
    def posted(self) -> bool:
        """Whether it has put a message into a chat."""
        return self.status == 200 and self.method.startswith("send")

    @property
    def paced(self) -> bool:
        """Whether Telegram counts it against its limits."""
        return self.method.startswith(("send", "edit"))


@dataclass(slots=True)
class _Poll:
    sender: Sender
    respond: Respond
    limit: int
    open: bool = True


class Telegram:
    """One bot's Telegram, with its chats and people in :attr:`world`."""

    def __init__(self, universe: Universe, clock: VirtualClock) -> None:
        self._universe = universe
        self.world = World(clock)
        self.bot = self.world.add_bot("geladi_bot", token=TOKEN)
        self._server = StandIn(self.world)
        self._poll: _Poll | None = None
        self.arrivals: list[Arrival] = []
        self.presses: list[Press] = []
        """Every press that people made, once each, however often Telegram told of it."""
        self.confirmed: set[int] = set()
        """Updates that Telegram has forgotten because it was asked to."""
        self.pressed_by: dict[int, Press] = {}
        """The presses by the updates that told of them."""
        self.moved: dict[int, int] = {}
        """Groups that became supergroups, by their old ids."""
        self.on_message: Callable[[Chat, Message], None] = lambda _chat, _message: None
        """Hears of what the bot posts or edits."""
        self.bot.updates.on_arrival = self._news
        self.world.changes.listen(self._hear)

    def chat_now(self, chat_id: int) -> int:
        """The chat's id at the end of its moves."""
        while chat_id in self.moved:
            chat_id = self.moved[chat_id]
        return chat_id

    def press(self, press: Press) -> None:
        """Keep in mind a press that has just been made."""
        self.presses.append(press)
        self._know(press)

    def press_again(self, press: Press) -> None:
        """Tell of a press once more, under another update's id, as Telegram does at times."""
        self.bot.updates.add("callback_query", press.payload())
        self._know(press)

    def outlive(self, press: Press) -> None:
        """Let a press be too old to be answered; it is told of all the same."""
        del self.world.presses._open[press.query_id]

    def _know(self, press: Press) -> None:
        newest = list(self.bot.updates)[-1:]
        if newest and newest[0].kind == "callback_query":
            self.pressed_by[newest[0].update_id] = press

    def serve(
        self, sender: Sender, method: str, values: dict[str, Any], row: int | None, *, heard: bool
    ) -> tuple[int, bytes]:
        """Do what a request asks for; gives the status and the body of the answer, which may not be ``heard``."""
        carried = Carried(values, NO_UPLOADS)
        status, body = _at_once(self._server._perform(self.bot, method, carried, None))
        result = body.get("result")
        message = self._message_of(result)
        self._note(sender, method, values, row, status, message, body if heard else {})
        if message is not None:
            self.on_message(message.chat, message)
        return status, orjson.dumps(body)

    def refuse(
        self, sender: Sender, method: str, values: Mapping[str, Any], row: int | None, status: int, retry_after: int = 0
    ) -> bytes:
        """Refuse a request; gives the body of the answer."""
        words = {401: "Unauthorized", 404: "Not Found", 409: "Conflict: terminated by other getUpdates request"}
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": words.get(status, "Bad Gateway")}
        if status == 429:
            body["description"] = f"Too Many Requests: retry after {retry_after}"
            body["parameters"] = {"retry_after": retry_after}
        self._note(sender, method, values, row, status, None, body)
        return orjson.dumps(body)

    def poll(self, sender: Sender, values: Mapping[str, Any], respond: Respond) -> None:
        """Answer a request for updates, when there are some or its time is over."""
        updates = self.bot.updates
        updates.allow(values.get("allowed_updates"))
        offset = int(values.get("offset") or 0)
        self.confirmed.update(waiting.update_id for waiting in updates if waiting.update_id < offset)
        updates.confirm(offset)
        if self._poll is not None and self._poll.open and self._poll.sender != sender:
            self._end_poll(self._poll, 409)
        poll = self._poll = _Poll(sender, respond, int(values.get("limit") or 100))
        timeout = int(values.get("timeout") or 0)
        if len(updates) or not timeout:
            self._give(poll)
        else:
            self._universe.after(timeout, lambda: self._give(poll))

    def _news(self) -> None:
        poll = self._poll
        if poll is not None and poll.open:
            self._universe.after(0.0, lambda: self._give(poll))

    def _give(self, poll: _Poll) -> None:
        if poll.open:
            poll.open = False
            updates = [waiting.payload for waiting in self.bot.updates][: poll.limit]
            poll.respond(200, orjson.dumps({"ok": True, "result": updates}))

    def _end_poll(self, poll: _Poll, status: int) -> None:
        poll.open = False
        poll.respond(status, self.refuse(poll.sender, "getUpdates", {}, None, status))

    def _hear(self, change: Change) -> None:
        if isinstance(change, ChatUpgraded):
            self.moved[change.chat_id] = change.new_chat_id

    def _message_of(self, result: object) -> Message | None:
        if not isinstance(result, dict) or "message_id" not in result:
            return None
        chat = self.world.chats.get(result["chat"]["id"])
        return chat.messages.get(result["message_id"]) if chat else None

    def _note(
        self,
        sender: Sender,
        method: str,
        values: Mapping[str, Any],
        row: int | None,
        status: int,
        message: Message | None,
        body: Mapping[str, Any],
    ) -> None:
        chat_id = values.get("chat_id")
        self.arrivals.append(
            Arrival(
                second=self._universe.seconds,
                sender=sender,
                method=method,
                chat_id=int(chat_id) if chat_id is not None else None,
                row=row,
                status=status,
                message_id=message.message_id if message else None,
                words=message.words if message else "",
                retry_after=int((body.get("parameters") or {}).get("retry_after") or 0),
            )
        )


def _at_once(served: Any) -> tuple[int, dict[str, Any]]:
    """What a coroutine gives that waits for nothing."""
    try:
        served.send(None)
    except StopIteration as end:
        answer: tuple[int, dict[str, Any]] = end.value
        return answer
    raise AssertionError("the stand-in waited for something")
