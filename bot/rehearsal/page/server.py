"""The rehearsal page over HTTP, on the stand-in's own server: the page, the world, what people do, and the bars.

Everything lies under ``/rehearsal/<token>/``. Without the token there is nothing to be had; a browser must come from
the page itself (Host and Origin are checked), so no other site can steer a rehearsal.
"""

import asyncio
import contextlib
import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from importlib import resources
from typing import Any, Final
from urllib.parse import quote

import orjson
from aiohttp import BodyPartReader, WSMsgType, web
from pydantic import ValidationError

from bot.rehearsal.page.acts import ACT, Act, perform
from bot.rehearsal.page.controls import CONTROL, steer
from bot.rehearsal.page.live import Line, Live
from bot.rehearsal.page.reading import Window, commands_for, page_of, search
from bot.rehearsal.page.showing import find_chat
from bot.rehearsal.people import Impossible
from bot.rehearsal.stage import NotHere, Stage
from bot.rehearsal.standin.errors import ApiError
from bot.texts.catalogue import LANGUAGES, keys, template

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_LARGEST_UPLOAD: Final = 20 * 1024 * 1024
_PICTURES: Final = ((b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
_HEARTBEAT_SECONDS: Final = 20.0
_FAMILY = "page."

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """The page of one stage; ``token`` is what its address is known by."""

    def __init__(self, stage: Stage, token: str) -> None:
        self._stage = stage
        self._token = token
        self._live = Live(stage)
        self.visited = asyncio.Event()
        """Set once somebody has come with the token."""

    @property
    def path(self) -> str:
        """Where it is served, with its token."""
        return f"/rehearsal/{self._token}/"

    def add_to(self, app: web.Application) -> None:
        """Put its routes before those that the application gets later."""
        guarded: list[tuple[str, str, Handler]] = [
            ("GET", "", self._page),
            ("GET", "static/{name}", self._static),
            ("GET", "texts/{language}", self._texts),
            ("GET", "live", self._follow),
            ("GET", "world", self._world),
            ("GET", "chats/{chat}/messages", self._messages),
            ("GET", "chats/{chat}/commands", self._commands),
            ("GET", "search", self._search),
            ("GET", "files/{file}", self._file),
            ("POST", "acts", self._act),
            ("POST", "controls", self._control),
        ]
        for method, path, handler in guarded:
            app.router.add_route(method, f"/rehearsal/{{token}}/{path}", self._guarded(handler))
        app.router.add_get("/", self._sign)
        app.on_startup.append(self._start)
        app.on_shutdown.append(self._stop)

    async def _start(self, _: web.Application) -> None:
        self._live.start()

    async def _stop(self, _: web.Application) -> None:
        self._live.stop()

    def _guarded(self, handler: Handler) -> Handler:
        async def guard(request: web.Request) -> web.StreamResponse:
            if not hmac.compare_digest(request.match_info["token"].encode(), self._token.encode()):
                return _refusal(HTTPStatus.NOT_FOUND, "there is nothing here")
            if not _comes_from_here(request):
                return _refusal(HTTPStatus.FORBIDDEN, "this comes from another site")
            self.visited.set()
            response = await handler(request)
            if not response.prepared:
                response.headers.update(HEADERS | dict(response.headers))
            return response

        return guard

    async def _sign(self, _: web.Request) -> web.StreamResponse:
        """For whoever comes without the token: where the address of the page is."""
        return web.Response(text="\n".join(template(language, "page.sign") for language in LANGUAGES), headers=HEADERS)

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return _asset("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return _asset(request.match_info["name"])

    async def _texts(self, request: web.Request) -> web.StreamResponse:
        language = request.match_info["language"]
        if language not in LANGUAGES:
            return _refusal(HTTPStatus.NOT_FOUND, "no such language")
        names = [key.removeprefix(_FAMILY) for key in keys() if key.startswith(_FAMILY)]
        return _json({name: template(language, f"page.{name}") for name in names})

    async def _world(self, _: web.Request) -> web.StreamResponse:
        return _json(self._live.snapshot())

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        chat = find_chat(self._stage.world, request.match_info["chat"])
        if chat is None:
            return _refusal(HTTPStatus.NOT_FOUND, "no such chat")
        try:
            window = Window.model_validate(dict(request.query))
        except ValidationError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, _first(error))
        return _json(page_of(chat, window))

    async def _commands(self, request: web.Request) -> web.StreamResponse:
        world = self._stage.world
        chat = find_chat(world, request.match_info["chat"])
        person = request.query.get("person", "")
        user = world.users.get(int(person)) if person.isdecimal() else None
        if chat is None or user is None:
            return _refusal(HTTPStatus.NOT_FOUND, "no such chat or person")
        return _json({"commands": commands_for(world, chat, user)})

    async def _search(self, request: web.Request) -> web.StreamResponse:
        return _json(await search(self._stage.world, request.query.get("q", "")))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        stored = self._stage.world.files.get(request.match_info["file"])
        if stored is None:
            return _refusal(HTTPStatus.NOT_FOUND, "no such file")
        shown = next((kind for head, kind in _PICTURES if stored.body.startswith(head)), None)
        headers = (
            {} if shown else {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"}
        )
        return web.Response(body=stored.body, content_type=shown or "application/octet-stream", headers=headers)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        if self._stage.replay is not None:
            return _refusal(HTTPStatus.CONFLICT, template(self._stage.language, "replay.readonly"))
        try:
            act, upload = await _read_act(request)
            came_of_it = perform(self._stage.world, act, upload)
        except ValidationError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, _first(error))
        except Impossible as obstacle:
            return _refusal(HTTPStatus.CONFLICT, str(obstacle))
        except ApiError as refusal:
            return _refusal(HTTPStatus.CONFLICT, refusal.description)
        return _json({"ok": True, **came_of_it})

    async def _control(self, request: web.Request) -> web.StreamResponse:
        try:
            await steer(self._stage, CONTROL.validate_json(await request.read()))
        except ValidationError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, _first(error))
        except NotHere as obstacle:
            return _refusal(HTTPStatus.CONFLICT, str(obstacle))
        return _json({"ok": True})

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, compress=False)
        await socket.prepare(request)
        line = self._live.open()
        telling = asyncio.create_task(_tell(socket, line), name="page: tell")
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._live.close(line)
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling
        return socket


async def _tell(socket: web.WebSocketResponse, line: Line) -> None:
    while (news := await line.queue.get()) is not None:
        try:
            await socket.send_str(news.decode())
        except ConnectionResetError:
            return
    await socket.close()


async def _read_act(request: web.Request) -> tuple[Act, bytes | None]:
    """The act, as JSON or as the field ``act`` of a form whose field ``file`` is the upload."""
    if not request.content_type.startswith("multipart/"):
        return ACT.validate_json(await request.read()), None
    written, upload = b"", None
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "act":
            written = await part.read()
        elif part.name == "file":
            upload = bytes(await part.read())
            if len(upload) > _LARGEST_UPLOAD:
                raise Impossible("the file is too large")
    return ACT.validate_json(bytes(written)), upload


def _comes_from_here(request: web.Request) -> bool:
    """Whether it was addressed to this machine by name, and by no other site than itself."""
    host = request.headers.get("Host", "")
    if host.rpartition(":")[0] not in _LOOPBACK and host not in _LOOPBACK:
        return False
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return False
    return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}


def _asset(name: str) -> web.Response:
    suffix = name[name.rfind(".") :]
    file = resources.files("bot.rehearsal.page") / "static" / name
    if suffix not in _TYPES or "/" in name or "\\" in name or not file.is_file():
        return _refusal(HTTPStatus.NOT_FOUND, "no such file")
    return web.Response(body=file.read_bytes(), content_type=_TYPES[suffix], charset="utf-8")


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in found["loc"])
    return f"{place}: {found['msg']}" if place else found["msg"]


def _json(body: Any) -> web.Response:  # noqa: ANN401 - whatever JSON can say
    return web.Response(body=orjson.dumps(body), content_type="application/json")


def _refusal(status: HTTPStatus, why: str) -> web.Response:
    body = orjson.dumps({"ok": False, "why": why})
    return web.Response(status=status, body=body, content_type="application/json", headers=HEADERS)
