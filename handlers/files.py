"""Files that people sent, fetched from Telegram and read under guard."""

from dataclasses import dataclass

import structlog
from telegram import Bot, Document
from telegram.error import TelegramError

from bot.exercise.errors import Refusal
from bot.guarded_reading import GuardedReader, require_size
from scenarios.reading import Checked

log = structlog.get_logger(__name__)


class FileOutOfReach(Refusal):
    """Telegram did not give the file out."""

    key = "reply.file_out_of_reach"


@dataclass(frozen=True, slots=True)
class Files:
    """Files that people sent, fetched from Telegram and read under guard."""

    bot: Bot
    reader: GuardedReader

    async def scenario(self, document: Document) -> Checked:
        """The scenario in a file from a chat.

        Raises:
            Refusal: it is no scenario file, too large, too costly to read, or Telegram does not give it out.
        """
        name = document.file_name or ""
        # What is refused by its name or size is not fetched at all.
        require_size(name, document.file_size or 0)
        try:
            file = await self.bot.get_file(document.file_id)
            data = bytes(await file.download_as_bytearray())
        except TelegramError as error:
            log.warning("file_out_of_reach", why=str(error))
            raise FileOutOfReach from None
        return await self.reader.read(data, name)
