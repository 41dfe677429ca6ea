"""A stand-in for Telegram's Bot API: a world of chats, and a server on loopback that any bot can be pointed at."""
