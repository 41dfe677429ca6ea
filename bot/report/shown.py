"""Moments and people as the record shows them. Pure."""

from datetime import UTC, datetime
from typing import Any

from bot.exercise.people import Person


def person_shown(person: Person | None) -> dict[str, Any] | None:
    """A person, as the record names them."""
    return {"id": person.id, "name": person.name} if person else None


def moment(at: datetime | None) -> str | None:
    """A moment, as the record writes it: in UTC, to the microsecond."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
