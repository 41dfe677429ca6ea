"""Calls of the Bot API by name, for the busiest of them: presses answered, words sent and edited, members asked about.

The library makes a tree of objects of what a call carries and of what it brings back, which takes longer than the
request itself. Here both stay plain values, on the same request of the library and with its errors.
"""

from collections.abc import Mapping
from typing import Any, Final

from telegram import Bot
from telegram.request import BaseRequest, RequestData

# PTB builds its own requests from these, and has no other way to send plain parameters.
from telegram.request._requestparameter import RequestParameter

_NOT_GIVEN: Final[Any] = BaseRequest.DEFAULT_NONE


async def call(bot: Bot, method: str, parameters: Mapping[str, object]) -> Any:  # noqa: ANN401 - as each method has it
    """Call ``method`` as the bot; gives what Telegram answers with. A parameter that is ``None`` is left out.

    Raises:
        TelegramError: as by the library's own methods.
    """
    return await post(bot.request, bot.base_url, method, parameters)


async def post(
    request: BaseRequest,
    base_url: str,
    method: str,
    parameters: Mapping[str, object],
    read_timeout: float | None = _NOT_GIVEN,
) -> Any:  # noqa: ANN401 - as each method has it
    """Call ``method`` by another request than the bot's; ``base_url`` ends with the token."""
    data = RequestData([RequestParameter(name, value, None) for name, value in parameters.items() if value is not None])
    return await request.post(f"{base_url}/{method}", data, read_timeout=read_timeout)
