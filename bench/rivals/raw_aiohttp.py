"""A bare loop on aiohttp: no library for Telegram, no storage. The floor."""

import asyncio
import sys

import aiohttp
import orjson


async def main() -> None:
    """Poll and answer, 64 at a time."""
    root = f"{sys.argv[1]}/bot1:bench"
    room = asyncio.Semaphore(64)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as answers:

        async def answer(query_id: str) -> None:
            async with room, session.post(f"{root}/answerCallbackQuery", json={"callback_query_id": query_id}) as done:
                await done.read()

        offset = 0
        while True:
            async with session.post(f"{root}/getUpdates", json={"offset": offset, "timeout": 10}) as response:
                updates = orjson.loads(await response.read())["result"]
            for update in updates:
                offset = update["update_id"] + 1
                answers.create_task(answer(update["callback_query"]["id"]))


if __name__ == "__main__":
    asyncio.run(main())
