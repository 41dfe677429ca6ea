"""A bare loop on aiohttp: no library for Telegram, no storage. The floor."""

import asyncio
import sys

import aiohttp
import orjson

from bench.rivals.inject import BUTTON, CHATS, CONCURRENTLY, DATA, TEXT


async def main() -> None:
    """Poll, answer presses, and broadcast when told to."""
    root = f"{sys.argv[1]}/bot1:bench"
    room = asyncio.Semaphore(CONCURRENTLY)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as calls:

        async def call(method: str, parameters: dict[str, object]) -> None:
            async with room, session.post(f"{root}/{method}", json=parameters) as done:
                await done.read()

        offset = 0
        while True:
            async with session.post(f"{root}/getUpdates", json={"offset": offset, "timeout": 10}) as response:
                updates = orjson.loads(await response.read())["result"]
            for update in updates:
                offset = update["update_id"] + 1
                if "callback_query" in update:
                    calls.create_task(
                        call("answerCallbackQuery", {"callback_query_id": update["callback_query"]["id"]})
                    )
                    continue
                keyboard = {"inline_keyboard": [[{"text": BUTTON, "callback_data": DATA}]]}
                for chat in CHATS:
                    message = {"chat_id": chat, "text": TEXT, "parse_mode": "HTML", "reply_markup": keyboard}
                    calls.create_task(call("sendMessage", message))


if __name__ == "__main__":
    asyncio.run(main())
