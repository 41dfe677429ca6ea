"""A press in the process of the test: where many exercises end, a process for each of their files would take long."""

import asyncio

from bot.accounts import account_of
from bot.exercise.forms import Form
from bot.report.forms import made
from bot.store.store import Store


class NearPress:
    """Makes the files from the database of ``store``, one at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, exercise: int, form: Form, language: str) -> bytes | None:
        """See :class:`~bot.wire.press.Press`."""
        told = await self._store.perform(lambda tx: account_of(tx, exercise, form))
        return None if told is None else await asyncio.to_thread(made, told, form, language)
