"""python-telegram-bot on aiohttp, presses handled side by side; stores nothing."""

import sys

from telegram.ext import Application

from bench.rivals.inject import CONCURRENTLY
from bench.rivals.ptb import work
from bot.wire.request import AiohttpRequest

if __name__ == "__main__":
    builder = Application.builder().token("1:bench").base_url(f"{sys.argv[1]}/bot")
    builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest())
    work(builder.concurrent_updates(CONCURRENTLY).build())
