"""The other side of a measurement: a server that hands out presses and counts the answers, in a process of its own.

It speaks as little of the Bot API as the bots under test ask for, as fast as it can, so that it is never the limit.
"""

import asyncio
import json
import sys
import time
from typing import Any

import orjson
from aiohttp import web

_AT_ONCE = 100
_MEMBER = {"status": "member", "user": {"id": 1, "is_bot": False, "first_name": "x"}}
_BOT = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
_MESSAGE = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": -1, "type": "group", "title": "x"}, "text": "x"}


class Load:
    """Presses to hand out, ``rate`` a second (0: all at once), and the moments at which each was answered."""

    def __init__(self, updates: list[dict[str, Any]], rate: float) -> None:
        self.updates = updates
        self.rate = rate
        self.offset = 0
        self.began = 0.0
        self.handed: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self.done = asyncio.Event()

    def ready(self) -> int:
        """How many presses have happened by now."""
        if not self.rate:
            return len(self.updates)
        return min(len(self.updates), int((time.perf_counter() - self.began) * self.rate))

    async def call(self, request: web.Request) -> web.Response:
        """One request of the bot."""
        method = request.match_info["method"]
        raw = await request.read()
        if method == "getUpdates":
            return await self._updates(request, raw)
        if method == "answerCallbackQuery":
            self._answer(request, raw)
        result: object = True
        match method:
            case "getMe":
                result = _BOT
            case "getChatMember":
                result = _MEMBER
            case "sendMessage" | "editMessageText":
                result = _MESSAGE
        return _reply(result)

    def _answer(self, request: web.Request, raw: bytes) -> None:
        query_id = str(_parameters(request, raw)["callback_query_id"])
        self.answered.setdefault(query_id, time.perf_counter())
        if len(self.answered) == len(self.updates):
            self.done.set()

    async def _updates(self, request: web.Request, raw: bytes) -> web.Response:
        offset = int(_parameters(request, raw).get("offset") or 0)
        self.offset = max(self.offset, offset)
        if offset and not self.began:
            # The first poll found nothing, so that start-up is not counted; the flood begins with the second.
            self.began = time.perf_counter()
        if not self.began:
            self.began = time.perf_counter()
        for _ in range(200):
            start = max(self.offset - 1, 0)
            batch = self.updates[start : min(start + _AT_ONCE, self.ready())]
            if batch:
                now = time.perf_counter()
                for update in batch:
                    self.handed.setdefault(update["callback_query"]["id"], now)
                return _reply(batch)
            await asyncio.sleep(0.005)
        return _reply([])


def _parameters(request: web.Request, raw: bytes) -> dict[str, Any]:
    kind = request.content_type
    if kind == "application/json":
        return dict(orjson.loads(raw)) if raw else {}
    if kind == "application/x-www-form-urlencoded":
        from urllib.parse import parse_qsl  # noqa: PLC0415 - one of three forms

        return dict(parse_qsl(raw.decode()))
    if kind.startswith("multipart/"):
        # Enough of multipart for the few plain fields that aiogram sends.
        fields = {}
        for part in raw.split(b"\r\n--")[:]:
            head, _, body = part.partition(b"\r\n\r\n")
            if b'name="' in head:
                fields[head.split(b'name="')[1].split(b'"')[0].decode()] = body.strip(b"\r\n-").decode()
        return fields
    return dict(request.query)


def _reply(result: object) -> web.Response:
    return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")


async def serve() -> None:
    """Read the load from standard input, say the port, and at the end the times, each as a line of JSON."""
    plan = json.loads(sys.stdin.readline())
    load = Load(plan["updates"], plan["rate"])
    app = web.Application(client_max_size=1 << 24)
    app.router.add_route("*", "/bot{token}/{method}", load.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    async with asyncio.timeout(plan["seconds"]):
        await load.done.wait()
    waits = sorted(load.answered[key] - load.handed[key] for key in load.answered)
    took = max(load.answered.values()) - min(load.handed.values())
    print(json.dumps({"took": took, "waits": waits}), flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
