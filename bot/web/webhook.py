"""Updates brought by Telegram: checked, on record, and only then confirmed."""

import hmac
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web

from bot.service import receiving
from bot.web.vitals import Vitals
from bot.wire.codec import load
from bot.wire.updates import received

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LARGEST_BODY: Final = 1024 * 1024
"""Bytes of an update: Telegram's are far smaller."""

log = structlog.get_logger(__name__)


class WebhookDoor:
    """Takes updates in. Any number of processes may, each for the same database.

    Those that are new are handed on to be handled.
    """

    def __init__(self, vitals: Vitals, secret: str) -> None:
        self._vitals = vitals
        self._secret = secret.encode()

    async def receive(self, request: web.Request) -> web.Response:
        """Answer 200 once the update is on record, also where it was before; anything else has it sent again."""
        if not self._knows(request):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        try:
            update = load(await request.read())
        except (ValueError, RecursionError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        vitals = self._vitals
        rows = received([update], vitals.clock.now(), backlog=vitals.catching_up())
        if not rows:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        try:
            new = await vitals.store.perform(lambda tx: receiving.receive(tx, rows))
        except Exception:
            # Not confirmed, so Telegram brings it again.
            log.exception("update_not_stored", update=rows[0].update_id)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        vitals.take(new)
        return web.Response()

    def _knows(self, request: web.Request) -> bool:
        shown = request.headers.getall(SECRET_HEADER, [])
        if len(shown) != 1:
            return False
        return hmac.compare_digest(shown[0].encode("utf-8", "surrogateescape"), self._secret)
