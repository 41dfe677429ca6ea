"""Files in messages: commands that are their captions (the library looks for commands in texts alone), and albums."""

from telegram import Message, MessageEntity
from telegram.ext.filters import MessageFilter


class CaptionCommand(MessageFilter):
    """Messages whose caption begins with one of these commands, meant for this bot; without names, with any at all."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = frozenset(names)

    def filter(self, message: Message) -> bool:
        """Whether it is one."""
        first = message.caption_entities[0] if message.caption_entities else None
        if first is None or first.type != MessageEntity.BOT_COMMAND or first.offset or message.caption is None:
            return False
        name, _, bot = message.caption[1 : first.length].partition("@")
        if not self._names:
            return True
        return name.lower() in self._names and bot.lower() in {"", message.get_bot().username.lower()}


class OfAlbum(MessageFilter):
    """Messages that are sent together as an album."""

    def filter(self, message: Message) -> bool:
        """Whether it is one."""
        return message.media_group_id is not None
