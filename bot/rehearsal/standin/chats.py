"""Users, chats and who is what in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.rehearsal.standin.messages import Message

ANONYMOUS_ADMIN_ID = 1087968824
"""The user id under which Telegram shows an administrator who speaks as the group."""


@dataclass(frozen=True, slots=True)
class User:
    """A person, or a bot as a user."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    def payload(self) -> dict[str, Any]:
        """The Bot API's ``User``."""
        payload: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            value = getattr(self, name)
            if value is not None:
                payload[name] = value
        return payload

    @property
    def mention(self) -> str:
        """How people write to this user: ``@username``, or the first name without one."""
        return f"@{self.username}" if self.username else self.first_name


ANONYMOUS_ADMIN = User(ANONYMOUS_ADMIN_ID, "Group", is_bot=True, username="GroupAnonymousBot")


class ChatKind(StrEnum):
    """The types of chat that are modelled."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Status(StrEnum):
    """What somebody is in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def is_present(self) -> bool:
        """Whether such a member is in the chat now."""
        return self not in {Status.LEFT, Status.KICKED}

    @property
    def is_administrator(self) -> bool:
        """Whether such a member runs the chat."""
        return self in {Status.CREATOR, Status.ADMINISTRATOR}


ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
)


@dataclass(frozen=True, slots=True)
class Member:
    """One user's standing in one chat."""

    user: User
    status: Status

    def payload(self) -> dict[str, Any]:
        """The Bot API's ``ChatMember``."""
        payload: dict[str, Any] = {"status": self.status.value, "user": self.user.payload()}
        match self.status:
            case Status.CREATOR:
                payload["is_anonymous"] = False
            case Status.ADMINISTRATOR:
                payload |= {"can_be_edited": False, "is_anonymous": False}
                payload |= dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
            case Status.KICKED:
                payload["until_date"] = 0
            case Status.MEMBER | Status.LEFT:
                pass
        return payload


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its thread id is the id of the message that made it."""

    thread_id: int
    name: str
    closed: bool = False
    icon_color: int = 7322096

    def created_payload(self) -> dict[str, Any]:
        """The Bot API's ``ForumTopicCreated``."""
        return {"name": self.name, "icon_color": self.icon_color}


@dataclass(slots=True, eq=False)
class Chat:
    """A chat as it is now: its members, topics and messages by id, oldest first."""

    id: int
    kind: ChatKind
    title: str
    is_forum: bool = False
    username: str | None = None
    person: User | None = None
    """Whose private chat this is."""
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: "dict[int, Message]" = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    """The id of the supergroup that this group became."""
    deleted: bool = False
    last_message_id: int = 0
    reactions: dict[tuple[int, int], tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    """By message id and user id."""

    @property
    def is_private(self) -> bool:
        """Whether one person talks with one bot here."""
        return self.kind is ChatKind.PRIVATE

    def status_of(self, user_id: int) -> Status:
        """What the user is here; somebody who was never here counts as having left."""
        member = self.members.get(user_id)
        return member.status if member else Status.LEFT

    def present(self) -> Iterator[Member]:
        """Everybody who is in the chat now."""
        return (member for member in self.members.values() if member.status.is_present)

    def next_message_id(self) -> int:
        """Take the next message id."""
        self.last_message_id += 1
        return self.last_message_id

    def last_message(self) -> "Message | None":
        """The newest message that still exists."""
        return next(reversed(self.messages.values()), None)

    def payload(self) -> dict[str, Any]:
        """The Bot API's ``Chat``."""
        if self.person is not None:
            user = self.person.payload()
            names = ("id", "first_name", "last_name", "username")
            return {name: user[name] for name in names if name in user} | {"type": "private"}
        payload: dict[str, Any] = {"id": self.id, "type": self.kind.value, "title": self.title}
        if self.username:
            payload["username"] = self.username
        if self.is_forum:
            payload["is_forum"] = True
        return payload


def unix(moment: datetime) -> int:
    """The moment as the Bot API writes dates: whole seconds since 1970."""
    return int(moment.timestamp())
