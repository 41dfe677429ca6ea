"""The Bot API on loopback: ``http://127.0.0.1:PORT/bot<TOKEN>/METHOD``, files under ``/file/bot<TOKEN>/``."""

import asyncio
import logging
import re
import socket
import struct
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import orjson
from aiohttp import web

from bot.rehearsal.standin.bots import Bot
from bot.rehearsal.standin.calls import Call
from bot.rehearsal.standin.checks import methods
from bot.rehearsal.standin.errors import (
    ApiError,
    bad_request,
    method_not_found,
    not_found,
    too_many_requests,
    unauthorized,
)
from bot.rehearsal.standin.faults import (
    BrokenJson,
    ErrorAfter,
    Fault,
    HalfBody,
    Refusal,
    ResetAfter,
    ResetBefore,
    Stall,
)
from bot.rehearsal.standin.files import LARGEST_DOWNLOAD
from bot.rehearsal.standin.journal import Request, Violation
from bot.rehearsal.standin.methods import HANDLERS
from bot.rehearsal.standin.reading import Carried, read_request
from bot.rehearsal.standin.webhooks import WebhookCourier
from bot.rehearsal.standin.world import World

LARGEST_REQUEST = 64 * 1024 * 1024
CALL_PATH = re.compile(r"/bot([^/]+)/([A-Za-z]+)/?")
FILE_PATH = re.compile(r"/file/bot([^/]+)/(.+)")
TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
WORDS = {
    401: "Unauthorized",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}
log = logging.getLogger(__name__)


class StandIn:
    """The server, as an async context manager; ``url`` is its root once it is entered.

    It can :meth:`go_down` and :meth:`come_back` at the same address: meanwhile connections are refused.
    """

    def __init__(
        self,
        world: World,
        port: int = 0,
        host: str = "127.0.0.1",
        beside: Callable[[web.Application], None] = lambda _: None,
    ) -> None:
        """``beside`` adds routes of its own to the server."""
        self.world = world
        self._beside = beside
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None
        self._courier = WebhookCourier(world)

    @property
    def url(self) -> str:
        """The root of the Bot API, without ``/bot<token>``."""
        return f"http://{self.host}:{self.port}"

    async def __aenter__(self) -> Self:
        try:
            await self._courier.start()
            await self.come_back()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        await self.go_down()
        await self._courier.stop()

    async def come_back(self) -> None:
        """Listen."""
        app = web.Application(client_max_size=LARGEST_REQUEST)
        self._beside(app)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = int(self._runner.addresses[0][1])

    async def go_down(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._runner is not None:
            for connection in self._runner.server.connections if self._runner.server else ():
                if connection.transport is not None:
                    connection.transport.abort()
            await self._runner.cleanup()
            self._runner = None

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if found := CALL_PATH.fullmatch(request.path):
            try:
                bot = self._bot(found.group(1))
            except ApiError as refusal:
                return _answer(refusal.code, refusal.payload())
            return await self._serve_call(request, bot, found.group(2))
        if found := FILE_PATH.fullmatch(request.path):
            return self._serve_file(found.group(1), found.group(2))
        return _answer(404, not_found().payload())

    def _bot(self, token: str) -> Bot:
        bot = self.world.bots.get(token)
        if bot is None:
            raise unauthorized() if TOKEN.fullmatch(token) else not_found()
        return bot

    def _serve_file(self, token: str, path: str) -> web.Response:
        try:
            self._bot(token)
        except ApiError as refusal:
            return _answer(refusal.code, refusal.payload())
        stored = self.world.files.at(path)
        if stored is None or len(stored.body) > LARGEST_DOWNLOAD:
            return _answer(404, not_found().payload())
        return web.Response(body=stored.body, content_type="application/octet-stream")

    async def _serve_call(self, request: web.Request, bot: Bot, name: str) -> web.StreamResponse:
        try:
            carried = await read_request(request)
        except ApiError as refusal:
            return _answer(refusal.code, refusal.payload())
        method = methods().get(name.lower())
        known_name = method.name if method else name
        fault = self.world.faults.decide(known_name, carried.values) if method else None
        match fault:
            case ResetBefore():
                self._record(bot, known_name, carried.values, "lost", fault=fault)
                return _cut(request)
            case Refusal(code, retry_after, description):
                refused = _refusal(code, retry_after, description)
                self._record(bot, known_name, carried.values, code, refused.description, fault=fault)
                return _answer(code, refused.payload())
            case _:
                code, body = await self._perform(bot, known_name, carried, fault)
                return await self._deliver(request, fault, code, body)

    async def _deliver(
        self, request: web.Request, fault: Fault | None, code: int, body: dict[str, Any]
    ) -> web.StreamResponse:
        """Answer, or spoil the answer of a request that has taken effect."""
        match fault:
            case ResetAfter():
                return _cut(request)
            case Stall(seconds):
                await self.world.clock.sleep(seconds)
            case HalfBody():
                return await _half(request, body)
            case BrokenJson():
                return web.Response(body=orjson.dumps(body)[:-7], content_type="application/json")
            case ErrorAfter(other):
                return _answer(other, _refusal(other).payload())
            case _:
                pass
        return _answer(code, body)

    async def _perform(self, bot: Bot, name: str, carried: Carried, fault: Fault | None) -> tuple[int, dict[str, Any]]:
        parameters: Mapping[str, Any] = carried.values
        try:
            parameters = self._checked(name, carried)
            call = Call(self.world, bot, parameters, carried.uploads)
            result = await HANDLERS[name.lower()](call)
        except ApiError as refusal:
            self._record(bot, name, parameters, refusal.code, refusal.description, fault=fault)
            return refusal.code, refusal.payload()
        except Exception:
            log.exception("the stand-in failed at %s", name)
            self._record(bot, name, parameters, 500, WORDS[500], fault=fault)
            return 500, _refusal(500).payload()
        self._record(bot, name, parameters, "ok", result=result, fault=fault)
        return 200, {"ok": True, "result": result}

    def _checked(self, name: str, carried: Carried) -> Mapping[str, Any]:
        method = methods().get(name.lower())
        if method is None:
            raise method_not_found()
        mistakes: list[str] = []
        parameters = method.read(carried.values, carried.uploads, mistakes)
        for words in mistakes:
            self.world.violations.append(Violation(self.world.clock.now(), name, words))
        if mistakes and self.world.strict:
            raise bad_request(mistakes[0])
        return parameters

    def _record(
        self,
        bot: Bot,
        name: str,
        parameters: Mapping[str, Any],
        outcome: str | int,
        description: str | None = None,
        result: object = None,
        fault: Fault | None = None,
    ) -> None:
        chat_id, message_id = parameters.get("chat_id"), parameters.get("message_id")
        if isinstance(result, dict):
            message_id = result.get("message_id", message_id)
        self.world.journal.record(
            Request(
                self.world.clock.now(),
                name,
                parameters,
                outcome,
                chat_id if isinstance(chat_id, int) else None,
                message_id if isinstance(message_id, int) else None,
                bot.id,
                description,
                fault,
            )
        )


def _refusal(code: int, retry_after: int | None = None, description: str | None = None) -> ApiError:
    if code == 429 and description is None:
        return too_many_requests(retry_after or 1)
    parameters = {"retry_after": retry_after} if retry_after is not None else None
    return ApiError(code, description or WORDS.get(code, "Bad Request"), parameters)


def _answer(code: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=code, body=orjson.dumps(body), content_type="application/json")


def _cut(request: web.Request) -> web.Response:
    """Reset the connection, as a network does: the other side sees an error at once."""
    transport = request.transport
    if transport is not None:
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def _half(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    whole = orjson.dumps(body)
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(whole)
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    await asyncio.sleep(0)
    if request.transport is not None:
        request.transport.abort()
    return response
