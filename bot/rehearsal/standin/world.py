"""The world behind the server: who there is, what they wrote, and what each bot hears of it.

Pure of HTTP. Every time is the given clock's, so a rehearsal may run faster than life.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Unpack

from bot.clock import Clock
from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat, ChatKind, Member, Status, User
from bot.rehearsal.standin.delivery import receives
from bot.rehearsal.standin.errors import bad_request, forbidden, upgraded
from bot.rehearsal.standin.faults import Faults
from bot.rehearsal.standin.files import FileStore
from bot.rehearsal.standin.journal import (
    Change,
    Changes,
    ChatCreated,
    Journal,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    Violation,
)
from bot.rehearsal.standin.limits import FloodControl, Limits
from bot.rehearsal.standin.messages import Body, Message
from bot.rehearsal.standin.presses import Presses
from bot.rehearsal.standin.updates import UpdateQueue

FIRST_USER_ID = 5_100_000_001
FIRST_BOT_ID = 7_200_000_001
FIRST_GROUP_ID = -4_300_000_001
FIRST_SUPERGROUP_ID = -1_002_400_000_001
FIRST_UPDATE_ID = 840_000_001


class World:
    """Users, bots and chats, with everything that was said.

    ``strict``: a parameter that the Bot API does not have is refused with 400, where Telegram would ignore it;
    either way it is recorded in :attr:`violations`.
    """

    def __init__(self, clock: Clock, *, limits: Limits | None = None, strict: bool = True) -> None:
        self.clock = clock
        self.limits = limits if limits is not None else Limits()
        self.strict = strict
        self.faults = Faults()
        self.journal = Journal()
        self.changes = Changes()
        self.files = FileStore()
        self.presses = Presses(self)
        self.violations: list[Violation] = []
        self.users: dict[int, User] = {}
        self.deactivated: set[int] = set()
        """The ids of people who closed their account."""
        self.offline: set[int] = set()
        """The ids of people whose phone is off the air: they can do nothing."""
        self.bots: dict[str, Bot] = {}
        """By token."""
        self.chats: dict[int, Chat] = {}
        """Groups of every kind, by id."""
        self.private_chats: dict[tuple[int, int], Chat] = {}
        """By the bot's id and the person's."""

    def add_user(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "id",
    ) -> User:
        """A new person."""
        user_id = FIRST_USER_ID + len(self.users)
        user = User(user_id, first_name, last_name=last_name, username=username, language_code=language_code)
        self.users[user_id] = user
        return user

    def add_bot(
        self,
        username: str,
        *,
        first_name: str | None = None,
        token: str | None = None,
        sees_all: bool = False,
    ) -> Bot:
        """A new bot; its token is made from its id unless given (``<id>:<secret>``)."""
        bot_id = int(token.partition(":")[0]) if token else FIRST_BOT_ID + len(self.bots)
        token = token or f"{bot_id}:STANDIN-{username}"
        user = User(bot_id, first_name or username, is_bot=True, username=username)
        first_update = FIRST_UPDATE_ID + 1_000_000 * len(self.bots)
        bot = Bot(token, user, UpdateQueue(self.clock, first_update), FloodControl(self.limits), sees_all)
        self.bots[token] = bot
        return bot

    def bot_of(self, user_id: int) -> Bot | None:
        """The bot with that user id."""
        return next((bot for bot in self.bots.values() if bot.id == user_id), None)

    @property
    def only_bot(self) -> Bot:
        """The bot, in a world that has one.

        Raises:
            LookupError: there is none, or more than one.
        """
        if len(self.bots) != 1:
            raise LookupError(f"{len(self.bots)} bots are in this world: name one")
        return next(iter(self.bots.values()))

    def add_group(
        self,
        title: str,
        creator: User,
        *,
        kind: ChatKind = ChatKind.GROUP,
        is_forum: bool = False,
        username: str | None = None,
    ) -> Chat:
        """A new group of the creator's; a forum is a supergroup."""
        if is_forum or username:
            kind = ChatKind.SUPERGROUP
        first = FIRST_SUPERGROUP_ID if kind is ChatKind.SUPERGROUP else FIRST_GROUP_ID
        chat = Chat(first - len(self.chats), kind, title, is_forum, username)
        chat.members[creator.id] = Member(creator, Status.CREATOR)
        self.chats[chat.id] = chat
        self.changes.emit(ChatCreated(self.clock.now(), chat.id, chat))
        return chat

    def private_chat(self, user: User, bot: Bot) -> Chat:
        """The chat of a person with a bot, opened if need be."""
        chat = self.private_chats.get((bot.id, user.id))
        if chat is None:
            chat = Chat(user.id, ChatKind.PRIVATE, user.first_name, person=user)
            for one in (user, bot.user):
                chat.members[one.id] = Member(one, Status.MEMBER)
            self.private_chats[bot.id, user.id] = chat
            self.changes.emit(ChatCreated(self.clock.now(), chat.id, chat))
        return chat

    def chat_for(self, bot: Bot, chat_id: int | str) -> Chat:
        """The chat that a bot means, if it may speak there.

        Raises:
            ApiError: 400 or 403, there is no such chat for it, or it is no part of it.
        """
        if isinstance(chat_id, str):
            named = chat_id.removeprefix("@").lower()
            found = (chat for chat in self.chats.values() if (chat.username or "").lower() == named)
            chat = next(found, None) if named else None
        elif chat_id > 0:
            return self._private_chat_for(bot, chat_id)
        else:
            chat = self.chats.get(chat_id)
        if chat is None or bot.id not in chat.members:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise upgraded(chat.migrated_to)
        if chat.deleted:
            raise forbidden("the group chat was deleted")
        match chat.status_of(bot.id):
            case Status.KICKED:
                raise forbidden(f"bot was kicked from the {chat.kind} chat")
            case Status.LEFT:
                raise forbidden(f"bot is not a member of the {chat.kind} chat")
            case _:
                return chat

    def _private_chat_for(self, bot: Bot, user_id: int) -> Chat:
        chat = self.private_chats.get((bot.id, user_id))
        if chat is None:
            if user_id in self.users and any(
                bot.id in chat.members and user_id in chat.members for chat in self.chats.values()
            ):
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        if user_id in self.deactivated:
            raise forbidden("user is deactivated")
        if not chat.status_of(bot.id).is_present:
            raise forbidden("bot was blocked by the user")
        return chat

    def post(
        self,
        chat: Chat,
        sender: User | None,
        *,
        service: bool = False,
        reply_to: int | None = None,
        thread_id: int | None = None,
        sender_chat: Chat | None = None,
        makes_topic: bool = False,
        **body: Unpack[Body],
    ) -> Message:
        """Put a message into a chat and before every bot that may see it.

        A reply inside a forum goes to the topic of what it answers. In other supergroups replies have a thread
        too, which is no topic. ``makes_topic``: the message opens the topic that bears its id.
        """
        message_id = chat.next_message_id()
        if makes_topic:
            thread_id = message_id
        elif thread_id is None and reply_to is not None and chat.kind is ChatKind.SUPERGROUP:
            answered = chat.messages.get(reply_to)
            inherited = answered.thread_id if answered is not None else None
            thread_id = inherited or (None if chat.is_forum else reply_to)
        message = Message(
            message_id=message_id,
            chat=chat,
            date=self.clock.now(),
            sender=sender,
            sender_chat=sender_chat,
            service=service,
            reply_to=reply_to,
            thread_id=thread_id,
            is_topic_message=chat.is_forum and thread_id is not None,
            **body,
        )
        chat.messages[message_id] = message
        self.changes.emit(MessageSent(message.date, chat.id, message))
        self._deliver("message", message)
        return message

    def edit(self, message: Message, **new: Unpack[Body]) -> Message:
        """Replace a message by a version with the ``new`` fields; bots hear of people's edits."""
        now = self.clock.now()
        edited = replace(message, edit_date=now, **new)
        message.chat.messages[message.message_id] = edited
        self.changes.emit(MessageEdited(now, message.chat.id, edited, message))
        self._deliver("edited_message", edited)
        return edited

    def delete(self, message: Message) -> None:
        """Take a message away."""
        chat = message.chat
        del chat.messages[message.message_id]
        if message.message_id in chat.pinned:
            chat.pinned.remove(message.message_id)
        self.changes.emit(MessageDeleted(self.clock.now(), chat.id, message.message_id))

    def _deliver(self, kind: str, message: Message) -> None:
        chat = message.chat
        payload: dict[str, Any] | None = None
        for bot in self.bots.values():
            if chat.status_of(bot.id).is_present and receives(bot, chat, message):
                if payload is None:
                    payload = message.payload()
                bot.updates.add(kind, payload)

    def last_message(self, chat: Chat, sender: User | None = None) -> Message:
        """The newest message of a chat (of that sender, if one is given).

        Raises:
            LookupError: there is none.
        """
        for message in reversed(chat.messages.values()):
            if sender is None or (message.sender is not None and message.sender.id == sender.id):
                return message
        raise LookupError(f"no such message in {chat.title}")

    async def wait_for(
        self,
        predicate: Callable[[Change], object],
        timeout_seconds: float = 10.0,
        *,
        since: int | None = None,
    ) -> Change:
        """The first change that ``predicate`` accepts; see :meth:`Changes.wait_for`."""
        return await self.changes.wait_for(predicate, timeout_seconds, since)

    async def wait_for_message(
        self,
        chat: Chat,
        predicate: Callable[[Message], object],
        timeout_seconds: float = 10.0,
    ) -> Message:
        """A message of ``chat`` that ``predicate`` accepts, newest first: one that is there, or the first to come.

        ``timeout_seconds`` are real seconds.

        Raises:
            TimeoutError: none came.
        """
        for message in reversed(chat.messages.values()):
            if predicate(message):
                return message

        def brings_it(change: Change) -> bool:
            return (
                isinstance(change, MessageSent | MessageEdited)
                and change.chat_id == chat.id
                and bool(predicate(change.message))
            )

        change = await self.wait_for(brings_it, timeout_seconds)
        assert isinstance(change, MessageSent | MessageEdited)  # noqa: S101 - the predicate takes no other
        return change.message
