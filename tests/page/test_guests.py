"""Other people's bots on the stand-in: a few lines each, with their libraries' default settings."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiogram import Bot as AiogramBot
from aiogram import Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from telegram import Update
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

from tests.page.conftest import Visit

Guest = Callable[[str, str], Any]


@asynccontextmanager
async def aiogram_bot(root: str, token: str) -> AsyncIterator[None]:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(f"aiogram: {message.text}")

    bot = AiogramBot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(root)))
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))
    yield
    with suppress(RuntimeError):
        await dispatcher.stop_polling()
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    await bot.session.close()


@asynccontextmanager
async def telegram_bot(root: str, token: str) -> AsyncIterator[None]:
    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"ptb: {update.message.text}")

    application = ApplicationBuilder().token(token).base_url(f"{root}/bot").base_file_url(f"{root}/file/bot").build()
    application.add_handler(CommandHandler("halo", echo))
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling()
        yield
        await application.updater.stop()
        await application.stop()


@pytest.mark.parametrize(("guest", "says"), [(aiogram_bot, "aiogram: /halo"), (telegram_bot, "ptb: /halo")])
async def test_a_bot_of_a_few_lines_answers(visit: Visit, guest: Guest, says: str) -> None:
    async with guest(visit.root, visit.bot.token):
        await visit.act(act="say", text="/halo")
        await visit.world.wait_for_message(visit.group, lambda message: message.text == says, 30)
    assert visit.world.violations == []


async def test_the_stand_in_tells_where_it_is_and_who_the_bot_is(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "stand-in", "--port", "0", "--bot", "tamu_bot"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            told = dict([(await process.stdout.readline()).decode().split() for _ in range(3)])
        assert told["PAGE"].startswith(f"{told['API']}/rehearsal/")
        bot = AiogramBot(told["TOKEN"], session=AiohttpSession(api=TelegramAPIServer.from_base(told["API"])))
        async with bot:
            assert (await bot.get_me()).username == "tamu_bot"
    finally:
        process.terminate()
        await process.wait()
