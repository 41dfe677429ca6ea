"""Simulated leaders: they see what a phone shows, and press, decide and report like people.

A leader acts on nothing but the texts and buttons of the messages in its chat. Waiting is done on the world's
clock; chance comes from a seeded generator.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import takewhile
from random import Random
from typing import Any

from bot.rehearsal.after_endex import answer_to, is_hot_wash, presses
from bot.rehearsal.people import Impossible, Person
from bot.rehearsal.profiles import REASONS, REPORTS, Profile, reports_asked
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import Change, ChatUpgraded, MessageEdited, MessageSent
from bot.rehearsal.standin.messages import Button, Message
from bot.rehearsal.standin.pictures import scene_png
from bot.rehearsal.standin.world import World
from bot.texts.catalogue import LANGUAGES, say

_ALARMS = {say(language, "realworld.button") for language in LANGUAGES}
"""Nobody presses these in play: they stop the exercise."""
PRESSES = 3
"""How often somebody presses a button that seems to do nothing."""
PATIENCE_SECONDS = 45.0
"""How long somebody waits for a sign before pressing again."""
log = logging.getLogger(__name__)


class Autoplay:
    """Plays any number of leaders in one world, while :meth:`run` runs."""

    def __init__(self) -> None:
        self._by_chat: dict[int, list[Leader]] = {}
        self._actions: set[asyncio.Task[None]] = set()
        self._world: World | None = None
        self._is_running = False
        self._stop_listening: Callable[[], None] | None = None

    def add(self, leader: "Leader") -> None:
        """Let a leader play, also while others play already."""
        self._by_chat.setdefault(leader.chat.id, []).append(leader)
        self._world = leader.person.world
        self._listen()

    def remove(self, leader: "Leader") -> None:
        """Let a leader play no more; what it has begun it leaves."""
        leader.is_playing = False
        for leaders in self._by_chat.values():
            leaders[:] = [one for one in leaders if one is not leader]

    def look_through(self, chat_id: int) -> None:
        """Let the leaders of a chat take up what stands there unanswered, as on looking at a phone again."""
        for leader in tuple(self._by_chat.get(chat_id, ())):
            for action in leader.second_look():
                self._begin(action)

    async def run(self) -> None:
        """Play until cancelled. Messages that came before are passed over."""
        self._is_running = True
        self._listen()
        try:
            await asyncio.Event().wait()
        finally:
            self._is_running = False
            if self._stop_listening is not None:
                self._stop_listening()
                self._stop_listening = None
            for action in self._actions:
                action.cancel()
            await asyncio.gather(*self._actions, return_exceptions=True)

    def _listen(self) -> None:
        if self._is_running and self._world is not None and self._stop_listening is None:
            self._stop_listening = self._world.changes.listen(self._notice)

    def _notice(self, change: Change) -> None:
        if not isinstance(change, MessageSent | MessageEdited | ChatUpgraded):
            return
        for leader in tuple(self._by_chat.get(change.chat_id, ())):
            if isinstance(change, ChatUpgraded):
                leader.chat = leader.person.world.chats[change.new_chat_id]
                self._by_chat.setdefault(change.new_chat_id, []).append(leader)
            else:
                for action in leader.actions(change.message):
                    self._begin(action)

    def _begin(self, action: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(action)
        self._actions.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, action: asyncio.Task[None]) -> None:
        self._actions.discard(action)
        if not action.cancelled() and (fault := action.exception()) is not None:
            log.error("a simulated leader failed", exc_info=fault)


@dataclass(slots=True)
class Leader:
    """One simulated leader in one chat, or in one topic of it."""

    person: Person
    chat: Chat
    profile: Profile
    random: Random
    thread_id: int | None = None
    is_playing: bool = True
    _pressed: dict[int, int] = field(default_factory=dict)
    """How many sets of buttons of each message have been taken up."""
    _shown: dict[int, tuple[Button, ...]] = field(default_factory=dict)
    """The buttons last seen under each message."""
    _reported: set[int] = field(default_factory=set)
    _prompts: set[int] = field(default_factory=set)

    def actions(self, message: Message) -> "list[Coroutine[Any, Any, None]]":
        """What this leader will do about a message that has appeared or changed."""
        if message.sender is None or not message.sender.is_bot or message.service:
            return []
        if self.thread_id is not None and message.thread_id != self.thread_id:
            return []
        doing: list[Coroutine[Any, Any, None]] = []
        if message.asks_for_reply:
            if message.message_id not in self._prompts and self._is_for_me(message):
                self._prompts.add(message.message_id)
                doing.append(self._answer_prompt(message))
            return doing
        if is_hot_wash(message):
            if message.buttons and message.message_id not in self._pressed:
                self._pressed[message.message_id] = 1
                doing.append(self._look_back(message))
            return doing
        if _options(message) and message.buttons != self._shown.get(message.message_id):
            self._shown[message.message_id] = message.buttons
            doing.append(self._take_up(message))
        if message.message_id not in self._reported:
            asked = reports_asked(message.words, has_buttons=bool(message.buttons))
            if asked:
                self._reported.add(message.message_id)
                doing.extend(self._report(message, kind) for kind in asked)
        return doing

    def second_look(self) -> "list[Coroutine[Any, Any, None]]":
        """What this leader will do about what stands in the chat already."""
        self._shown.clear()
        answered = {message.reply_to for message in self.chat.messages.values() if message.sender == self.person.user}
        self._reported.update(one for one in answered if one is not None)
        standing = tuple(self.chat.messages.values())
        return [action for message in standing if message.buttons for action in self.actions(message)]

    def _is_for_me(self, message: Message) -> bool:
        """Whether the reply field opened on this leader's phone: a selective prompt names its readers."""
        if not (message.markup or {}).get("selective"):
            return True
        replied = message.replied
        if replied is not None and replied.sender == self.person.user:
            return True
        named = [entity["user"]["id"] for entity in message.word_entities if entity["type"] == "text_mention"]
        username = self.person.user.username
        return self.person.id in named or (username is not None and f"@{username}" in message.words)

    async def _take_up(self, message: Message) -> None:
        """Press the button that this message wants pressed, once it has been read and thought about."""
        earlier = self._pressed.get(message.message_id, 0)
        self._pressed[message.message_id] = earlier + 1
        wait = self._wait_before(message, is_first=earlier == 0)
        if wait is None:
            return
        choice = self.profile.option(len(_options(message)), self.random)
        await self.person.world.clock.sleep(wait)
        present = self.chat.messages.get(message.message_id)
        if present is None or present.buttons != message.buttons or not self.is_playing:
            return
        await self._press(present, _options(present)[choice])

    def _wait_before(self, message: Message, *, is_first: bool) -> float | None:
        if is_first and len(message.buttons) == 1:
            return self.profile.acknowledges_after(self.random)
        if len(_options(message)) > 1:
            return self.profile.span(self.profile.thinking_seconds, self.random)
        return self.profile.span(self.profile.working_seconds, self.random)

    async def _press(self, message: Message, button: Button) -> None:
        """Press, and press again if neither a toast nor a change of the message shows that it was noticed."""
        world = self.person.world
        for _ in range(PRESSES):
            try:
                press = self.person.press(self.chat, message, button.data or button.text)
            except Impossible as obstacle:
                log.info("%s could not press: %s", self.person.user.first_name, obstacle)
                return
            try:
                answer = await press.answered(max(1.0, world.clock.real_seconds(PATIENCE_SECONDS)))
            except TimeoutError:
                present = self.chat.messages.get(message.message_id)
                if present is None or present.buttons != message.buttons:
                    return
            else:
                log.debug("%s pressed %s: %s", self.person.user.first_name, button.text, answer.text)
                return

    async def _report(self, message: Message, kind: str) -> None:
        """Send one report in reply, perhaps."""
        if self.random.random() >= self.profile.report_chance:
            return
        words = self.random.choice(REPORTS)
        latitude = -7.645 + self.random.uniform(-0.02, 0.02)
        longitude = 112.907 + self.random.uniform(-0.02, 0.02)
        await self.person.world.clock.sleep(self.profile.span(self.profile.reporting_seconds, self.random))
        if message.message_id not in self.chat.messages or not self.is_playing:
            return
        try:
            self._send_report(kind, words, (latitude, longitude), message)
        except Impossible as obstacle:
            log.info("%s could not report: %s", self.person.user.first_name, obstacle)

    def _send_report(self, kind: str, words: str, place: tuple[float, float], message: Message) -> None:
        person, chat, thread = self.person, self.chat, self.thread_id
        match kind:
            case "photo":
                # Of its own chance, so that the course is the same whatever is seen in it.
                picture = scene_png(Random(message.message_id))  # noqa: S311 - nothing hangs on what is seen in it
                person.send_photo(chat, picture, caption=words, reply_to=message, thread=thread)
            case "location":
                person.send_location(chat, *place, reply_to=message, thread=thread)
            case "document":
                body = words.encode()
                person.send_document(chat, "laporan.txt", body, reply_to=message, thread=thread)
            case "voice":
                person.send_voice(chat, reply_to=message, thread=thread)
            case _:
                person.say(chat, words, reply_to=message, thread=thread)

    async def _look_back(self, message: Message) -> None:
        """Rate the exercise, and have some of its questions asked."""
        for button in presses(message, self.random):
            await self.person.world.clock.sleep(self.profile.span(self.profile.usual_seconds, self.random))
            present = self.chat.messages.get(message.message_id)
            if present is None or not self.is_playing or button.data not in {each.data for each in present.buttons}:
                return
            await self._press(present, button)

    async def _answer_prompt(self, message: Message) -> None:
        """Write what the bot asks for, in reply."""
        words = answer_to(message, self.random) or self.random.choice(REASONS)
        await self.person.world.clock.sleep(self.profile.span(self.profile.usual_seconds, self.random))
        if message.message_id in self.chat.messages and self.is_playing:
            try:
                self.person.say(self.chat, words, reply_to=message, thread=self.thread_id)
            except Impossible as obstacle:
                log.info("%s could not answer: %s", self.person.user.first_name, obstacle)


def _options(message: Message) -> tuple[Button, ...]:
    """What there is to choose from: the first buttons that have rows to themselves, else the very first button.

    A choice is written one to a row; steps share rows and are taken in order.
    """
    pressable = [
        button for button in message.buttons if button.data and not button.disabled and button.text not in _ALARMS
    ]
    rows = Counter(button.row for button in pressable)
    choices = tuple(takewhile(lambda button: rows[button.row] == 1, pressable))
    return choices or tuple(pressable[:1])
