"""Geladi: a Telegram bot that runs timed exercises over group chats."""
