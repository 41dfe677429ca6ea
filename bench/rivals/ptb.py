"""What both bots on python-telegram-bot do: answer presses, and broadcast when told to; they store nothing."""

import asyncio
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from bench.rivals.inject import BUTTON, CHATS, CONCURRENTLY, DATA, TEXT


def work(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Do so until killed."""
    application.add_handler(CallbackQueryHandler(_press))
    application.add_handler(MessageHandler(filters.ALL, _broadcast))
    application.run_polling()


async def _press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer("ok")


async def _broadcast(_: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    room = asyncio.Semaphore(CONCURRENTLY)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(BUTTON, callback_data=DATA)]])

    async def send(chat: int) -> None:
        async with room:
            await context.bot.send_message(chat, TEXT, parse_mode="HTML", reply_markup=keyboard)

    await asyncio.gather(*map(send, CHATS))
