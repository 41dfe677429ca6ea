"""People in the stand-in's world: what a person with a phone can do, and nothing more."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Unpack

from bot.rehearsal.standin import groups
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import ANONYMOUS_ADMIN, Chat, Status, Topic, User, unix
from bot.rehearsal.standin.entities import Entity, find_entities
from bot.rehearsal.standin.files import media_content
from bot.rehearsal.standin.journal import ReactionChanged
from bot.rehearsal.standin.messages import Body, Button, Message
from bot.rehearsal.standin.pictures import plain_png
from bot.rehearsal.standin.presses import Press
from bot.rehearsal.standin.world import World

START_LINK = re.compile(r"(?:https?://)?t\.me/(?P<bot>\w+)\?start(?P<group>group)?=(?P<payload>[A-Za-z0-9_-]{0,64})")


class Impossible(Exception):  # noqa: N818 - it is no error of the program
    """A phone would not let its owner do this."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person and what they do. Everything takes effect at once; only answers are waited for.

    Where several bots share the world, ``bot`` says which one is meant.
    """

    world: World
    user: User

    @property
    def id(self) -> int:
        """The user id."""
        return self.user.id

    def private(self, bot: Bot | None = None) -> Chat:
        """The private chat with the bot."""
        return self.world.private_chat(self.user, bot or self.world.only_bot)

    def say(
        self,
        chat: Chat,
        text: str,
        *,
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
        as_anonymous: bool = False,
    ) -> Message:
        """Write a message; commands, mentions and links are marked as apps mark them.

        ``as_anonymous``: as an administrator who speaks in the group's name.
        """
        return self._send(
            chat,
            reply_to,
            thread,
            as_anonymous=as_anonymous,
            text=text,
            entities=tuple(find_entities(text)),
        )

    def send_photo(
        self,
        chat: Chat,
        body: bytes | None = None,
        *,
        caption: str = "",
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
    ) -> Message:
        """Send a picture; a plain one unless given."""
        return self._send_file(chat, "photo", "photo.png", body or plain_png(), caption, reply_to, thread)

    def send_album(
        self,
        chat: Chat,
        bodies: Sequence[bytes],
        *,
        caption: str = "",
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
    ) -> list[Message]:
        """Send pictures together; the caption stands under the first, and each replies where one does."""
        group = {"media_group_id": f"{abs(chat.id)}{chat.last_message_id + 1:08d}"}
        return [
            self._send_file(chat, "photo", "photo.png", body, "" if number else caption, reply_to, thread, group)
            for number, body in enumerate(bodies)
        ]

    def send_document(
        self,
        chat: Chat,
        name: str,
        body: bytes,
        *,
        caption: str = "",
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
    ) -> Message:
        """Send a file."""
        return self._send_file(chat, "document", name, body, caption, reply_to, thread)

    def send_video(
        self,
        chat: Chat,
        body: bytes = b"\x00\x00\x00\x18ftypmp42",
        *,
        caption: str = "",
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
    ) -> Message:
        """Send a video."""
        return self._send_file(chat, "video", "video.mp4", body, caption, reply_to, thread)

    def send_voice(
        self,
        chat: Chat,
        body: bytes = b"OggS",
        *,
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
    ) -> Message:
        """Send a voice message."""
        return self._send_file(chat, "voice", "voice.ogg", body, "", reply_to, thread)

    def send_location(
        self,
        chat: Chat,
        latitude: float,
        longitude: float,
        *,
        reply_to: Message | int | None = None,
        thread: Topic | int | None = None,
    ) -> Message:
        """Send a place, in degrees."""
        content = {"location": {"latitude": latitude, "longitude": longitude}}
        return self._send(chat, reply_to, thread, content=content)

    def _send_file(
        self,
        chat: Chat,
        kind: str,
        name: str,
        body: bytes,
        caption: str,
        reply_to: Message | int | None,
        thread: Topic | int | None,
        beside: Mapping[str, object] | None = None,
    ) -> Message:
        stored = self.world.files.add(kind, name, body)
        return self._send(
            chat,
            reply_to,
            thread,
            content={**media_content(stored), **(beside or {})},
            caption=caption or None,
            caption_entities=tuple(find_entities(caption)),
        )

    def _send(
        self,
        chat: Chat,
        reply_to: Message | int | None,
        thread: Topic | int | None,
        *,
        as_anonymous: bool = False,
        **said: Unpack[Body],
    ) -> Message:
        self._needs_phone()
        status = chat.status_of(self.id)
        if not status.is_present or chat.migrated_to is not None:
            raise Impossible(f"{self.user.first_name} is not in {chat.title}, or it moved")
        if as_anonymous and not status.is_administrator:
            raise Impossible("only administrators speak in the group's name")
        thread_id = thread.thread_id if isinstance(thread, Topic) else thread
        if thread_id is not None and thread_id not in chat.topics:
            raise Impossible("no such topic")
        if thread_id is not None and chat.topics[thread_id].closed and not status.is_administrator:
            raise Impossible("the topic is closed")
        if chat.is_private:
            self.unblock_bot(self._partner(chat))
        return self.world.post(
            chat,
            ANONYMOUS_ADMIN if as_anonymous else self.user,
            sender_chat=chat if as_anonymous else None,
            reply_to=reply_to.message_id if isinstance(reply_to, Message) else reply_to,
            thread_id=thread_id,
            **said,
        )

    def _needs_phone(self) -> None:
        if self.id in self.world.offline:
            raise Impossible(f"{self.user.first_name}'s phone is offline")

    def _partner(self, chat: Chat) -> Bot:
        bots = (self.world.bot_of(member.user.id) for member in chat.members.values())
        return next(bot for bot in bots if bot is not None)

    def edit(self, message: Message, text: str) -> Message:
        """Change one's own message: its words, or those under its file."""
        self._needs_phone()
        if message.sender != self.user or message.message_id not in message.chat.messages:
            raise Impossible("people edit their own messages only")
        entities: tuple[Entity, ...] = tuple(find_entities(text))
        if message.text is None:
            return self.world.edit(message, caption=text, caption_entities=entities)
        return self.world.edit(message, text=text, entities=entities)

    def press(self, chat: Chat, message: Message | int, wanted: str) -> Press:
        """Press the inline button with that text or data (or, failing these, whose text contains it).

        Raises:
            Impossible: there is no such message or button, it cannot be pressed, or the chat is closed to them.
        """
        self._needs_phone()
        message_id = message.message_id if isinstance(message, Message) else message
        present = chat.messages.get(message_id)
        if present is None:
            raise Impossible(f"message {message_id} is not there")
        if not chat.status_of(self.id).is_present and chat.username is None:
            raise Impossible(f"{self.user.first_name} cannot see {chat.title}")
        button = find_button(present, wanted)
        bot = self.world.bot_of(present.sender.id) if present.sender else None
        if button is None or button.data is None or button.disabled or bot is None:
            shown = [one.text for one in present.buttons]
            raise Impossible(f"no button {wanted!r} to press on message {message_id}, only {shown}")
        return self.world.presses.press(self.user, bot, present, button.data)

    def react(self, message: Message, *emoji: str) -> None:
        """Put these reactions on a message, in place of earlier ones."""
        chat, world = message.chat, self.world
        old = chat.reactions.get((message.message_id, self.id), ())
        new = tuple({"type": "emoji", "emoji": one} for one in emoji)
        chat.reactions[message.message_id, self.id] = new
        now = world.clock.now()
        world.changes.emit(ReactionChanged(now, chat.id, message.message_id, self.id, emoji))
        update = {
            "chat": chat.payload(),
            "message_id": message.message_id,
            "user": self.user.payload(),
            "date": unix(now),
            "old_reaction": list(old),
            "new_reaction": list(new),
        }
        for bot in world.bots.values():
            if chat.is_private or chat.status_of(bot.id).is_administrator:
                bot.updates.add("message_reaction", update)

    def create_group(self, title: str, *members: "Person", forum: bool = False, username: str | None = None) -> Chat:
        """Open a group with these people in it; a forum, or one with a public name, is a supergroup."""
        chat = self.world.add_group(title, self.user, is_forum=forum, username=username)
        for person in members:
            groups.set_status(self.world, chat, person.user, Status.MEMBER, self.user)
        return chat

    def create_topic(self, chat: Chat, name: str) -> Topic:
        """Open a topic in a forum."""
        return groups.create_topic(self.world, chat, name, self.user)

    def upgrade_to_supergroup(self, chat: Chat) -> Chat:
        """Make a supergroup of a group; gives the new chat, the old one is dead."""
        return groups.upgrade(self.world, chat, self.user)

    def add(self, chat: Chat, user: User, status: Status = Status.MEMBER) -> None:
        """Bring somebody in, or give them another standing."""
        groups.set_status(self.world, chat, user, status, self.user)

    def remove(self, chat: Chat, user: User) -> None:
        """Throw somebody out."""
        groups.set_status(self.world, chat, user, Status.KICKED, self.user)

    def add_bot(self, chat: Chat, bot: Bot | None = None, *, administrator: bool = False) -> None:
        """Bring the bot in."""
        status = Status.ADMINISTRATOR if administrator else Status.MEMBER
        self.add(chat, (bot or self.world.only_bot).user, status)

    def remove_bot(self, chat: Chat, bot: Bot | None = None) -> None:
        """Throw the bot out."""
        self.remove(chat, (bot or self.world.only_bot).user)

    def join(self, chat: Chat) -> None:
        """Come into a group by oneself."""
        groups.set_status(self.world, chat, self.user, Status.MEMBER, self.user)

    def leave(self, chat: Chat) -> None:
        """Go out of a group."""
        groups.set_status(self.world, chat, self.user, Status.LEFT, self.user)

    def start(self, payload: str = "", bot: Bot | None = None) -> Message:
        """Press Start in the private chat, with the payload of a ``?start=`` link."""
        return self.say(self.private(bot), f"/start {payload}".strip())

    def open_startgroup_link(
        self, link: str, chat: Chat, bot: Bot | None = None, *, thread: Topic | int | None = None
    ) -> Message:
        """Follow a ``t.me/BOT?startgroup=PAYLOAD`` link (or the payload alone) into a group.

        The bot comes in unless it is there, and hears ``/start@BOT PAYLOAD`` from this person.
        """
        found = START_LINK.fullmatch(link)
        payload = found.group("payload") if found else link
        if found:
            named = found.group("bot").lower()
            bot = next((one for one in self.world.bots.values() if one.username.lower() == named), None)
            if bot is None or not found.group("group"):
                raise Impossible(f"{link} leads into no group")
        bot = bot or self.world.only_bot
        if not chat.status_of(bot.id).is_present:
            self.add_bot(chat, bot)
        return self.say(chat, f"/start@{bot.username} {payload}".strip(), thread=thread)

    def block_bot(self, bot: Bot | None = None) -> None:
        """Block the bot: it cannot write in private any more."""
        bot = bot or self.world.only_bot
        groups.set_status(self.world, self.private(bot), bot.user, Status.KICKED, self.user)

    def unblock_bot(self, bot: Bot | None = None) -> None:
        """Let the bot write again."""
        bot = bot or self.world.only_bot
        groups.set_status(self.world, self.private(bot), bot.user, Status.MEMBER, self.user)


def find_button(message: Message, wanted: str) -> Button | None:
    """The button with that text or data, else the first whose text contains it, in whatever case."""
    buttons = message.buttons
    exact = (button for button in buttons if wanted in {button.text, button.data})
    close = (button for button in buttons if wanted.casefold() in button.text.casefold())
    return next(exact, None) or next(close, None)
