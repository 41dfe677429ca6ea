"""The line between a process and Telegram: the product's own HTTP backend, with its connections taken away.

What the bot believes about a failed request it reads from aiohttp's exceptions, so it is these that are raised here.
A request that is on its way arrives, whether or not its process is still alive then.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson
from aiohttp.client_reqrep import ConnectionKey

from bot.rehearsal.standin.checks import Upload
from bot.wire.failures import OutOfTermError
from tests.simulation.telegram import Sender, Telegram
from tests.simulation.universe import Universe
from tests.simulation.weather import Fault, Weather

_NOWHERE = ConnectionKey("api.telegram.invalid", 443, True, True, None, None, None)  # aiohttp's own
_STATUS = {Fault.UNAUTHORISED: 401, Fault.NOT_FOUND: 404, Fault.CONFLICT: 409, Fault.FLOOD: 429}
_PAGE = b"<html><body>502 Bad Gateway</body></html>"


class Line:
    """One process's way to Telegram."""

    def __init__(self, universe: Universe, telegram: Telegram, weather: Weather, process: int) -> None:
        self.universe = universe
        self.telegram = telegram
        self.weather = weather
        self.process = process
        self.on_departure: Callable[[str], int] = lambda _method: 0
        """Hears of each request that leaves, by its method; gives the term in which it does."""


class Session:
    """What takes the place of aiohttp's session: it leads along the line of the process that asks for it."""

    def __init__(self, *, connector: Any, **_: Any) -> None:
        self._permit: Callable[[], bool] = connector._permit
        self._line: Line = asyncio.get_running_loop().line  # type: ignore[attr-defined]  # a process's loop has one

    def request(
        self, _method: str, url: str, *, data: bytes | aiohttp.FormData | None, timeout: aiohttp.ClientTimeout, **_: Any
    ) -> "_Exchange":
        """Begin a request."""
        return _Exchange(self._line, self._permit, url.rpartition("/")[2], _values(data), timeout)

    async def close(self) -> None:
        """Nothing is held open."""


class _Exchange:
    """One request and its answer."""

    def __init__(
        self,
        line: Line,
        permit: Callable[[], bool],
        method: str,
        values: dict[str, Any],
        timeout: aiohttp.ClientTimeout,
    ) -> None:
        self._line = line
        self._permit = permit
        self._method = method
        self._values = values
        self._timeout = timeout
        self._row = _row_of_this_task()
        self._fault: Fault | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._sender = Sender(line.process, 0)
        self.status = 0
        self._body = b""

    async def __aenter__(self) -> Self:
        line = self._line
        chat_id = self._values.get("chat_id")
        fault = self._fault = line.weather.fate(
            self._method, int(chat_id) if chat_id is not None else None, line.universe.seconds
        )
        if fault is Fault.REFUSED:
            await asyncio.sleep(line.weather.latency())
            raise aiohttp.ClientConnectorError(_NOWHERE, ConnectionRefusedError(111, "Connect call failed"))
        if fault is Fault.UNREACHED:
            await asyncio.sleep(self._timeout.sock_connect or 5.0)
            raise aiohttp.ConnectionTimeoutError("Connection timeout to host")
        # A connection is had in a moment, in which the process may be frozen.
        await asyncio.sleep(0)
        if not self._permit():
            raise OutOfTermError("Another process leads by now")
        self._sender = Sender(line.process, line.on_departure(self._method))
        line.universe.after(line.weather.latency(), self._arrive)
        try:
            async with asyncio.timeout(self._timeout.sock_read):
                self.status, self._body = await self._answer
        except TimeoutError:
            raise aiohttp.SocketTimeoutError("Timeout on reading data from socket") from None
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""

    async def read(self) -> bytes:
        """The body of the answer."""
        if self._fault is Fault.HALF_BODY:
            raise aiohttp.ClientPayloadError("Response payload is not completed")
        return self._body[:-7] if self._fault is Fault.BROKEN_JSON else self._body

    def _arrive(self) -> None:
        """The request is at Telegram's."""
        line, fault = self._line, self._fault
        if fault in _STATUS:
            wait = max(1, line.weather.silence(self._values.get("chat_id"), line.universe.seconds))
            body = line.telegram.refuse(self._sender, self._method, self._values, self._row, _STATUS[fault], wait)
            self._respond(_STATUS[fault], body)
        elif fault is not None and not fault.takes_effect:
            self._respond(502, _PAGE)
        elif self._method == "getUpdates":
            line.telegram.poll(self._sender, self._values, self._respond)
        else:
            self._respond(
                *line.telegram.serve(self._sender, self._method, self._values, self._row, heard=fault is None)
            )

    def _respond(self, status: int, body: bytes) -> None:
        """The answer sets out, unless the fault swallows it."""
        match self._fault:
            case Fault.STALL_BEFORE | Fault.STALL_AFTER:
                return
            case Fault.RESET_BEFORE | Fault.RESET_AFTER:
                self._later(lambda: self._answer.set_exception(aiohttp.ServerDisconnectedError()))
            case Fault.GATEWAY_AFTER:
                self._later(lambda: self._answer.set_result((502, _PAGE)))
            case _:
                self._later(lambda: self._answer.set_result((status, body)))

    def _later(self, end: Any) -> None:
        def arrive() -> None:
            if not self._answer.done():
                end()

        self._line.universe.after(self._line.weather.latency(), arrive)


def _values(data: bytes | aiohttp.FormData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if isinstance(data, bytes):
        loaded: dict[str, Any] = orjson.loads(data)
        return loaded
    return {
        options["name"]: Upload(options["filename"], "", value) if "filename" in options else value
        for options, _, value in data._fields
    }


def _row_of_this_task() -> int | None:
    """The message of the outbox that is being sent: its number is in the name of the task that sends it."""
    task = asyncio.current_task()
    kind, _, number = task.get_name().partition(" ") if task else ("", "", "")
    return int(number) if kind == "outbox" and number.isdigit() else None
