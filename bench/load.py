"""The other side of a measurement: a server that hands out updates and notes what comes back, in its own process.

It speaks as little of the Bot API as the bots under test ask for, as fast as it can, so that it is never the limit.
On standard input: a line of JSON (``updates``, ``rate``, ``until``: a method and how often, ``seconds``). On standard
output, each as a line of JSON: the port; ``began`` when the first updates are handed out (or at the first poll, where
there are none), with the moment of the first poll, ``polled``; and at the end ``handed`` and ``answered`` (moments by
query id), ``sent`` (moment, chat, text), ``edited`` and ``files`` (moments).
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

_AT_ONCE = 100
_MEMBER = {"status": "member", "user": {"id": 1, "is_bot": False, "first_name": "x"}}
_BOT = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench_bot"}
_LONG_POLL = 10.0


class Load:
    """Updates to hand out, ``rate`` a second (0: all at once), and the moments at which each was answered."""

    def __init__(self, updates: list[dict[str, Any]], rate: float, until: tuple[str, int]) -> None:
        self.updates = updates
        self.rate = rate
        self.until, self.wanted = until
        self.offset = 0
        self.polls = 0
        self.began = 0.0
        self.polled = 0.0
        self.calls: Counter[str] = Counter()
        self.handed: dict[str, float] = {}
        self.answered: dict[str, float] = {}
        self.sent: list[tuple[float, int, str]] = []
        self.edited: list[float] = []
        self.files: list[float] = []
        """When pictures and documents came."""
        self.done = asyncio.Event()

    def ready(self) -> int:
        """How many updates have happened by now."""
        if not self.rate:
            return len(self.updates)
        return min(len(self.updates), int((time.time() - self.began) * self.rate))

    async def call(self, request: web.Request) -> web.Response:
        """One request of the bot."""
        method = request.match_info["method"]
        raw = await request.read()
        result: object = True
        match method:
            case "getUpdates":
                result = await self._updates(int(_parameters(request, raw).get("offset") or 0))
            case "answerCallbackQuery":
                self.answered.setdefault(str(_parameters(request, raw)["callback_query_id"]), time.time())
            case "sendMessage" | "editMessageText":
                result = self._message(method, _parameters(request, raw))
            case "sendDocument" | "sendPhoto":
                self.files.append(time.time())
                result = self._message(method, _parameters(request, raw))
            case "getMe":
                result = _BOT
            case "getChatMember":
                result = _MEMBER
        self.calls[method] += 1
        if self.calls[self.until] >= self.wanted:
            self.done.set()
        return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")

    def _message(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        now, chat = time.time(), int(parameters["chat_id"])
        if method == "sendMessage":
            self.sent.append((now, chat, str(parameters.get("text"))[:120]))
        elif method == "editMessageText":
            self.edited.append(now)
        number = int(parameters.get("message_id") or 1_000_000 + len(self.sent))
        return {
            "message_id": number,
            "date": int(now),
            "chat": {"id": chat, "type": "group", "title": "x"},
            "text": "x",
        }

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        self.offset = max(self.offset, offset)
        self.polls += 1
        if self.polls == 1:
            self.polled = time.time()
            # The first poll finds nothing, so that the start is not counted.
            if not self.updates:
                self._begin()
            return []
        if not self.began:
            self._begin()
        give_up = time.time() + _LONG_POLL
        while time.time() < give_up:
            start = max(self.offset - 1, 0)
            batch = self.updates[start : min(start + _AT_ONCE, self.ready())]
            if batch:
                now = time.time()
                for update in batch:
                    query = update.get("callback_query", {})
                    self.handed.setdefault(query.get("id", "-"), now)
                return batch
            await asyncio.sleep(0.005 if start < len(self.updates) else 0.25)
        return []

    def _begin(self) -> None:
        self.began = time.time()
        print(json.dumps({"began": self.began, "polled": self.polled}), flush=True)


def _parameters(request: web.Request, raw: bytes) -> dict[str, Any]:
    kind = request.content_type
    if kind == "application/json":
        return dict(orjson.loads(raw)) if raw else {}
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(raw.decode()))
    if kind.startswith("multipart/"):
        return dict(filter(None, map(_field, raw.split(b"\r\n--"))))
    return dict(request.query)


def _field(part: bytes) -> tuple[str, str] | None:
    """Enough of multipart for the few plain fields that come with a file, or from aiogram."""
    head, _, body = part.partition(b"\r\n\r\n")
    if b'name="' not in head or b'filename="' in head:
        return None
    return head.split(b'name="')[1].split(b'"')[0].decode(), body.strip(b"\r\n-").decode()


async def serve() -> None:
    """Serve one measurement."""
    plan = json.loads(sys.stdin.readline())
    load = Load(plan["updates"], plan["rate"], tuple(plan["until"]))
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/bot{token}/{method}", load.call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    async with asyncio.timeout(plan["seconds"]):
        await load.done.wait()
    told = {
        "handed": load.handed,
        "answered": load.answered,
        "sent": load.sent,
        "edited": load.edited,
        "files": load.files,
    }
    print(json.dumps(told), flush=True)
    # Killed once this has been read: requests that are held open would have it wait.
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
