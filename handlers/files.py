"""Files that people sent, fetched from Telegram and read under guard."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import structlog
from telegram import Bot, Document
from telegram.error import TelegramError

from bot.exercise.errors import Refusal
from bot.guarded_reading import GuardedReader, require_size
from bot.wire.bundle import Fetched
from scenarios.reading import Checked

LARGEST: Final = 20 * 1024 * 1024
"""Bytes of a file that the Bot API gives out."""

log = structlog.get_logger(__name__)


class FileOutOfReach(Refusal):
    """Telegram did not give the file out."""

    key = "reply.file_out_of_reach"


@dataclass(frozen=True, slots=True)
class Files:
    """Files that people sent, fetched from Telegram and read under guard."""

    bot: Bot
    reader: GuardedReader

    async def fetch(self, file_id: str, most: int = LARGEST) -> Fetched:
        """What somebody sent with a report or a note, as Telegram keeps it; at most ``most`` bytes.

        Raises:
            FileOutOfReach: Telegram does not give it out, or it is larger than that.
        """
        try:
            file = await self.bot.get_file(file_id)
            # Its size is told before any of it is fetched.
            if (file.file_size or 0) > min(most, LARGEST):
                raise FileOutOfReach
            body = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            log.warning("file_out_of_reach", why=str(error))
            raise FileOutOfReach from None
        return Fetched(body, PurePath(file.file_path or "").suffix)

    async def scenario(self, document: Document) -> Checked:
        """The scenario in a file from a chat.

        Raises:
            Refusal: it is no scenario file, too large, too costly to read, or Telegram does not give it out.
        """
        name = document.file_name or ""
        # What is refused by its name or size is not fetched at all.
        require_size(name, document.file_size or 0)
        data = (await self.fetch(document.file_id)).body
        return await self.reader.read(data, name)
