"""Who takes part, and where they are reached. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """A human being with a Telegram account: the id decides, the name is for reading."""

    id: int
    name: str


SYSTEM = Person(0, "Geladi")
"""The bot itself, where a fact needs someone who did it."""


class Role(StrEnum):
    """What a person may do in one exercise, highest first; a unit's people are listed with the unit."""

    OWNER = "owner"
    DIRECTOR = "director"
    CONTROLLER = "controller"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, or one topic of a forum."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnitSeat:
    """A unit's seat in an exercise: the chat it sits in, once bound, and its leaders by user id, first to last."""

    unit: str
    code_hash: str
    """SHA-256 of its join code, in hexadecimal."""
    code_expires_at: datetime | None = None
    place: Place | None = None
    chat_title: str = ""
    leaders: Mapping[int, str] = field(default_factory=dict)
    unreachable: str = ""
    """Why the chat cannot be reached (Telegram's words), empty while it can."""
