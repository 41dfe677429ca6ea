"""python-telegram-bot on aiohttp, presses handled side by side; stores nothing."""

import sys

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.wire.request import AiohttpRequest


async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a press."""
    if update.callback_query is not None:
        await update.callback_query.answer("ok")


if __name__ == "__main__":
    application = (
        Application.builder()
        .token("1:bench")
        .base_url(f"{sys.argv[1]}/bot")
        .request(AiohttpRequest())
        .get_updates_request(AiohttpRequest())
        .concurrent_updates(64)
        .build()
    )
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()
