"""All methods that the stand-in knows, by name in lower case."""

from bot.rehearsal.standin import methods_bot, methods_chats, methods_media, methods_messages
from bot.rehearsal.standin.calls import Handler

HANDLERS: dict[str, Handler] = {
    name.lower(): handler
    for module in (methods_bot, methods_chats, methods_media, methods_messages)
    for name, handler in module.HANDLERS.items()
}
