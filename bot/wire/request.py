"""The HTTP under python-telegram-bot: aiohttp and orjson, several times as fast as its own.

What goes wrong is raised so that its cause tells whether the request can have reached Telegram (see
:mod:`bot.wire.failures`). No text of any exception carries the address, because the address carries the token.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

import aiohttp
import orjson
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.wire.codec import load
from bot.wire.failures import OutOfTermError
from bot.wire.redaction import redact

# Opts in to durations instead of bare numbers; without it every RetryAfter is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

_TOLD_BY_PTB: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
    }
)
_WAIT_UNSTATED: Final = 5
"""Seconds to wait after a 429 that does not say how long."""
_UPLOAD_EXTRA: Final = 40.0
"""Seconds that an upload may take longer than a plain call."""


class AiohttpRequest(BaseRequest):
    """A pool of kept-alive connections to one Bot API server.

    Times are seconds: ``connect`` to reach the server, ``pool`` to wait for a free connection before that, ``read``
    for each silence of the server. ``trust_env`` takes proxies from the environment. ``permit`` is asked whether a
    call may go, at the last moment before it goes.

    Raises (by its calls):
        OutOfTermError: It was not permitted; nothing was sent.
        NetworkError: Its ``__cause__`` is a ``ClientConnectorError`` when the server was not reached; otherwise
            the request may have been carried out.
        TimedOut: Its ``__cause__`` is a ``ConnectionTimeoutError`` when no connection came about in time;
            otherwise the request may have been carried out.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        connect: float = 5.0,
        pool: float = 10.0,
        read: float = 20.0,
        trust_env: bool = False,
        permit: Callable[[], bool] = lambda: True,
    ) -> None:
        self._permit = permit
        self._connections = connections
        self._connect = connect
        self._pool = pool
        self._read = read
        self._trust_env = trust_env
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds of silence after which a call is given up."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool; nothing is connected yet."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=_PermittedConnector(self._permit, limit=self._connections, ttl_dns_cache=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                trust_env=self._trust_env,
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401  # PTB's marker for "not given" has no public type
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401, ARG002  # the same; aiohttp has no such limit
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401  # the same
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ANN401  # the same
    ) -> tuple[int, bytes]:
        """Carry out one request: the status and the body of the answer."""
        if self._session is None:
            raise RuntimeError("This AiohttpRequest is not initialized.")
        read = self._read if read_timeout is self.DEFAULT_NONE else read_timeout
        connect = self._connect if connect_timeout is self.DEFAULT_NONE else connect_timeout
        pool = self._pool if pool_timeout is self.DEFAULT_NONE else pool_timeout
        if request_data is not None and request_data.contains_files and read is not None:
            read += _UPLOAD_EXTRA
        body, headers = _body(request_data)
        failure: TelegramError | None
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=_timeout(connect, pool, read),
                allow_redirects=False,
            ) as response:
                status, answer = response.status, await response.read()
        except OutOfTermError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever goes wrong is told to the caller as a PTB error
            failure = _failure(error)
        else:
            failure = None if status < 300 else _refusal(status, answer)
            if failure is None:
                return status, answer
        # Raised outside the handler, so that no exception with the address in it hangs on as its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as a value.

        Raises:
            TelegramError: It is no JSON object, or neither a result nor a refusal.
        """
        parsed = _parsed(payload)
        if parsed is None or not ("result" in parsed or "error_code" in parsed):
            raise TelegramError("Invalid server response")
        return parsed


class _PermittedConnector(aiohttp.TCPConnector):
    """Gives a connection only to those who may still speak by the time that they have it.

    Waiting for one takes a moment, in which the process may be frozen and its term may end.
    """

    def __init__(self, permit: Callable[[], bool], *, limit: int, ttl_dns_cache: int) -> None:
        super().__init__(limit=limit, ttl_dns_cache=ttl_dns_cache)
        self._permit = permit

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - its signature is aiohttp's
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        if not self._permit():
            connection.release()
            raise OutOfTermError("Another process leads by now")
        return connection


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return orjson.dumps(request_data.parameters), {"Content-Type": "application/json"}
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, content_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=content_type)
    return form, {}


@lru_cache(maxsize=64)
def _timeout(connect: float | None, pool: float | None, read: float | None) -> aiohttp.ClientTimeout:
    reach = None if connect is None or pool is None else connect + pool
    whole = None if reach is None or read is None else reach + 2 * read
    return aiohttp.ClientTimeout(total=whole, connect=reach, sock_connect=connect, sock_read=read)


def _failure(error: Exception) -> TelegramError:
    """What PTB is told of ``error``, its cause free of the address."""
    told: TelegramError
    match error:
        case aiohttp.ConnectionTimeoutError():
            told = TimedOut("No connection in time")
            told.__cause__ = aiohttp.ConnectionTimeoutError("No connection in time")
        case aiohttp.ClientConnectorError():
            told = NetworkError(redact(f"{type(error).__name__}: {error}"))
            told.__cause__ = error
        case TimeoutError():
            told = TimedOut("No answer in time")
        case _:
            told = NetworkError(redact(f"{type(error).__name__}: {error}"))
    return told


def _refusal(status: int, answer: bytes) -> TelegramError | None:
    """What PTB is told of a refusal that it would read wrongly itself; ``None`` where it reads it rightly."""
    told = _parsed(answer)
    if told is None or "ok" not in told:
        return NetworkError(f"HTTP {status}, and not from the Bot API")
    parameters = told.get("parameters") or {}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RetryAfter(parameters.get("retry_after") or _WAIT_UNSTATED)
    if 400 <= status < 500 and status not in _TOLD_BY_PTB:
        return BadRequest(str(told.get("description") or f"HTTP {status}"))
    return None


def _parsed(answer: bytes) -> dict[str, Any] | None:
    try:
        parsed = load(answer)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
