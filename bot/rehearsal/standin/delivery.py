"""Which bots receive which message: membership and privacy mode."""

from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.entities import Entity, utf16_slice
from bot.rehearsal.standin.messages import Message


def receives(bot: Bot, chat: Chat, message: Message) -> bool:
    """Whether Telegram shows ``message`` to a bot that is in ``chat``.

    Outside privacy mode, and as an administrator, a bot sees what people write. In privacy mode it sees commands
    that are not another bot's, mentions, replies to itself, and service messages. No bot sees a bot's messages,
    its own among them, but for service messages.
    """
    if message.service:
        return True
    if message.sender is not None and message.sender.is_bot and message.sender_chat is None:
        return False
    if chat.is_private or bot.sees_all or chat.status_of(bot.id).is_administrator:
        return True
    replied = message.replied
    if replied is not None and replied.sender is not None and replied.sender.id == bot.id:
        return True
    return any(_concerns(bot, message, entity) for entity in message.word_entities)


def _concerns(bot: Bot, message: Message, entity: Entity) -> bool:
    words = utf16_slice(message.words, entity["offset"], entity["length"])
    match entity["type"]:
        case "bot_command":
            _, _, addressee = words.partition("@")
            return not addressee or addressee.lower() == bot.username.lower()
        case "mention":
            return words.lower() == f"@{bot.username.lower()}"
        case "text_mention":
            return bool(entity["user"]["id"] == bot.id)
        case _:
            return False
