"""Files on their way to Telegram: uploaded once, sent by Telegram's own id from then on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Final

import structlog
from telegram import InputFile, Message
from telegram.error import BadRequest

from bot.store import uploads
from bot.store.leases import LostLeadershipError
from bot.store.store import Store
from bot.store.uploads import FileKey
from bot.wire.rendering.rendered import Medium

_LONGEST_TURN: Final = 10.0
"""Seconds for which a file waits that another chat's upload makes its own needless."""

Send = Callable[[str | InputFile], Awaitable[Message]]

log = structlog.get_logger(__name__)


class FileGoneError(Exception):
    """A file that was there a moment ago cannot be read any more."""


class Uploads:
    """The files that Telegram has, by their bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns: dict[FileKey, asyncio.Lock] = {}

    async def carry(self, medium: Medium, send: Send) -> Message:
        """Have ``send`` send the file: by its id where Telegram has it, else with its bytes.

        Many chats that get the same file at once upload it once; the others wait a while for its id.

        Raises:
            Exception: whatever ``send`` raises, in the end.
            FileGoneError: the file is not there any more.
        """
        if medium.file_id:
            return await send(medium.file_id)
        key = FileKey(medium.sha256, medium.kind, medium.name if medium.kind == "document" else "")
        file_id = await self._store.perform(lambda tx: uploads.known(tx, key))
        if file_id is None:
            async with self._turn(key):
                file_id = await self._store.perform(lambda tx: uploads.known(tx, key))
                if file_id is None:
                    return await self._upload(medium, key, send)
        try:
            return await send(file_id)
        except BadRequest as error:
            # Another bot's id, say, after the token has changed. Refused, it has certainly not been sent.
            log.info("file_id_refused", file=medium.name, why=str(error))
            await self._store.perform(lambda tx: uploads.forget(tx, key))
            return await self._upload(medium, key, send)

    async def _upload(self, medium: Medium, key: FileKey, send: Send) -> Message:
        try:
            body = await asyncio.to_thread((medium.path or Path()).read_bytes)
        except OSError as error:
            raise FileGoneError(f"{medium.name}: {error}") from None
        message = await send(InputFile(body, filename=medium.name))
        await self._remember(key, _id_in(message, medium.kind))
        return message

    async def _remember(self, key: FileKey, file_id: str) -> None:
        if not file_id:
            return
        try:
            await self._store.perform(lambda tx: uploads.remember(tx, key, file_id))
        except LostLeadershipError:
            raise
        except Exception:
            # The message is out; the next one uploads the file again, and no more is lost.
            log.exception("upload_not_remembered")

    @contextlib.asynccontextmanager
    async def _turn(self, key: FileKey) -> AsyncIterator[None]:
        """One upload of a file after the other; but nobody waits for ever for a line that hangs."""
        lock = self._turns.setdefault(key, asyncio.Lock())
        mine = False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_TURN):
                mine = await lock.acquire()
        try:
            yield
        finally:
            if mine:
                lock.release()


def _id_in(message: Message, kind: str) -> str:
    """Telegram's id of the file in a message that was sent as that kind."""
    match kind:
        case "photo":
            return message.photo[-1].file_id if message.photo else ""
        case "document":
            return message.document.file_id if message.document else ""
        case "video":
            return message.video.file_id if message.video else ""
        case _:
            return message.voice.file_id if message.voice else ""
