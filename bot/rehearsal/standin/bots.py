"""A bot as Telegram knows it: its token, its updates and what it says of itself."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rehearsal.standin.chats import User
from bot.rehearsal.standin.limits import FloodControl
from bot.rehearsal.standin.updates import UpdateQueue


@dataclass(slots=True)
class Webhook:
    """Where a bot wants its updates."""

    url: str
    secret_token: str | None = None
    max_connections: int = 40
    last_error_at: datetime | None = None
    last_error: str | None = None


@dataclass(slots=True, eq=False)
class Bot:
    """One bot account."""

    token: str
    user: User
    updates: UpdateQueue
    flood: FloodControl
    sees_all: bool = False
    """Privacy mode is switched off: it receives every message of its groups."""
    webhook: Webhook | None = None
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """The menu of commands by scope (as JSON) and language."""
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    """Name, description and short description by kind and language."""

    @property
    def id(self) -> int:
        """The bot's user id."""
        return self.user.id

    @property
    def username(self) -> str:
        """The bot's username, without the at sign."""
        return self.user.username or ""

    def payload(self) -> dict[str, Any]:
        """What ``getMe`` answers."""
        return self.user.payload() | {
            "can_join_groups": True,
            "can_read_all_group_messages": self.sees_all,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_guest_queries": False,
            "supports_join_request_queries": False,
        }
