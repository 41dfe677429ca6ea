"""What makes the files of the record, as whoever renders a message sees it."""

from typing import Protocol

from bot.exercise.forms import Form


class Press(Protocol):
    """Makes the record of an exercise in one form."""

    async def __call__(self, exercise: int, form: Form, language: str) -> bytes | None:
        """The file, or ``None`` where it cannot be made; why is in the log."""
        ...
