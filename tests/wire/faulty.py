"""A small Bot API on 127.0.0.1 that can fail in every way that a network and a server can."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp.web
import orjson

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

Behaviour = Callable[[aiohttp.web.Request], Awaitable[aiohttp.web.StreamResponse]]


@dataclass
class Call:
    """One request as it arrived."""

    method: str
    parameters: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    content_type: str = ""


class FaultyApi:
    """Answers every call well, unless the next behaviour in ``faults`` says otherwise; records ``calls``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: deque[Behaviour] = deque()
        self.called = asyncio.Event()
        """Set by every call."""
        self.url = ""
        self._runner: aiohttp.web.AppRunner | None = None
        self.updates: list[dict[str, Any]] = []
        """What waits at Telegram's: given until a request asks for a later one."""
        self.hold = 0.05
        """Real seconds for which a long poll is held open."""
        self._arrived = asyncio.Event()
        self.webhook: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        """What is told of the webhook."""

    async def start(self, port: int = 0) -> None:
        app = aiohttp.web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = aiohttp.web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = aiohttp.web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def named(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def _handle(self, request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        call = await _read(request)
        self.calls.append(call)
        self.called.set()
        if self.faults and call.method != "getMe":
            return await self.faults.popleft()(request)
        if call.method == "getUpdates":
            return answer(await self._get_updates(call.parameters))
        if call.method == "getWebhookInfo":
            return answer(self.webhook)
        if call.method == "setWebhook":
            self.webhook["url"] = call.parameters["url"]
        return answer(_result(call, len(self.calls)))

    def arrive(self, *updates: dict[str, Any]) -> None:
        """Updates come in at Telegram's."""
        self.updates.extend(updates)
        self._arrived.set()

    async def _get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        self.updates = [u for u in self.updates if u.get("update_id", 0) >= parameters.get("offset", 0)]
        self._arrived.clear()
        if not self.updates and parameters["timeout"]:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), self.hold)
        return self.updates[: parameters["limit"]]


def answer(result: object) -> aiohttp.web.Response:
    """A good answer."""
    return aiohttp.web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")


def refuse(code: int, description: str, **parameters: int) -> Behaviour:
    """The Bot API's own refusal."""
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters

    async def behave(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        return aiohttp.web.Response(status=code, body=orjson.dumps(body), content_type="application/json")

    return behave


def say(status: int, body: bytes) -> Behaviour:
    """Any body with any status."""

    async def behave(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        return aiohttp.web.Response(status=status, body=body, content_type="application/json")

    return behave


async def reset(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
    """The connection breaks before any answer."""
    assert request.transport
    request.transport.abort()
    raise aiohttp.web.HTTPInternalServerError


async def half_body(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
    """The connection breaks within the answer."""
    response = aiohttp.web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"ok":true,"result":{"mess')
    assert request.transport
    request.transport.close()
    return response


def _result(call: Call, serial: int) -> object:
    if call.method == "getMe":
        return {"id": 123456789, "is_bot": True, "first_name": "Geladi", "username": "geladi_bot"}
    if call.method.startswith(("send", "edit")):
        chat_id = int(call.parameters["chat_id"])
        kind = (
            {"id": chat_id, "type": "supergroup", "title": "A"} if chat_id < 0 else {"id": chat_id, "type": "private"}
        )
        text = call.parameters.get("text", "")
        return {"message_id": serial, "date": 1_772_000_000, "chat": kind, "text": text}
    return True


async def _read(request: aiohttp.web.Request) -> Call:
    call = Call(request.match_info["method"], {}, content_type=request.content_type)
    if request.content_type == "application/json":
        call.parameters = await request.json()
    elif request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, aiohttp.web.FileField):
                with value.file:
                    call.files[name] = value.file.read()
            else:
                call.parameters[name] = value
    return call


def message(update_id: int, chat_id: int, text: str = "halo") -> dict[str, Any]:
    """An update: somebody writes in a chat."""
    person = {"id": 50, "is_bot": False, "first_name": "Budi"}
    chat = {"id": chat_id, "type": "supergroup" if chat_id < 0 else "private", "title": "Posko"}
    content = {"message_id": update_id, "date": 1_772_000_000, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": content}
