"""aiogram 3 that stores each press: a row, committed as durably as Geladi does, before the answer."""

import asyncio
import sys

import aiosqlite
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.rivals.inject import BUTTON, CHATS, CONCURRENTLY, DATA, TEXT


async def main() -> None:
    """Answer presses once they are on disk, and broadcast when told to."""
    async with aiosqlite.connect(sys.argv[2] + ".rival") as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.execute("CREATE TABLE press (id TEXT PRIMARY KEY, person INTEGER, data TEXT)")
        await database.commit()
        session = AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1]))
        bot = Bot("1:bench", session=session)
        dispatcher = Dispatcher()

        async def press(query: CallbackQuery) -> None:
            row = (query.id, query.from_user.id, query.data)
            await database.execute("INSERT INTO press VALUES (?, ?, ?)", row)
            await database.commit()
            await query.answer("ok")

        async def broadcast(_: Message) -> None:
            room = asyncio.Semaphore(CONCURRENTLY)
            button = InlineKeyboardButton(text=BUTTON, callback_data=DATA)
            keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])

            async def send(chat: int) -> None:
                async with room:
                    await bot.send_message(chat, TEXT, parse_mode="HTML", reply_markup=keyboard)

            await asyncio.gather(*map(send, CHATS))

        dispatcher.callback_query.register(press)
        dispatcher.message.register(broadcast)
        await dispatcher.start_polling(bot, tasks_concurrency_limit=CONCURRENTLY)


if __name__ == "__main__":
    asyncio.run(main())
