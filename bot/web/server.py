"""The HTTP server: alive, ready, figures, and the door for updates."""

import contextlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import orjson
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.settings import BadSettingError, Settings
from bot.web.metrics import Metrics
from bot.web.vitals import Vitals
from bot.web.webhook import LARGEST_BODY, WebhookDoor

_STOP_WITHIN: Final = 2.0
"""Seconds that a request under way may still take when the bot stops."""


def application(vitals: Vitals, metrics: Metrics, door: WebhookDoor | None = None, path: str = "/") -> web.Application:
    """The routes; ``door`` takes updates at ``path``."""

    async def alive(_: web.Request) -> web.Response:
        return _json({"alive": True, "name": "geladi"})

    async def ready(_: web.Request) -> web.Response:
        checks = await vitals.checks()
        well = all(check.ok or not check.needed for check in checks)
        body = {
            "ready": well,
            "leads": vitals.leadership.leads,
            "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in checks},
        }
        return _json(body, HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)

    async def figures(_: web.Request) -> web.Response:
        body = await metrics.exposition(vitals)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})

    app = web.Application(client_max_size=LARGEST_BODY)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", figures)
    if door is not None:
        app.router.add_post(path, door.receive)
    return app


@contextlib.asynccontextmanager
async def front(settings: Settings, vitals: Vitals, metrics: Metrics) -> AsyncIterator[None]:
    """Serve as the settings say, for as long as the context lasts.

    Raises:
        BadSettingError: the address cannot be had.
    """
    if not settings.listen:
        yield
        return
    door = path = None
    if settings.webhook_url:
        door = WebhookDoor(vitals, settings.webhook_secret.get_secret_value())
        path = urlsplit(settings.webhook_url).path
    async with serving(settings.listen, application(vitals, metrics, door, path or "/")):
        yield


@contextlib.asynccontextmanager
async def serving(listen: str, app: web.Application) -> AsyncIterator[int]:
    """Serve at ``HOST:PORT`` for as long as the context lasts; gives the port, which with port 0 is any free one.

    Raises:
        BadSettingError: the address cannot be had.
    """
    host, _, port = listen.rpartition(":")
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_STOP_WITHIN)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise BadSettingError(f"GELADI_LISTEN: cannot listen at {listen}: {why}") from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _json(body: object, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(
        body=orjson.dumps(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
