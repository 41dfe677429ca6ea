"""What an HTTP request carries, whichever of the Bot API's four ways it comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from bot.rehearsal.standin.checks import Upload
from bot.rehearsal.standin.errors import bad_request, too_large


@dataclass(frozen=True, slots=True)
class Carried:
    """The parameters as they came, files among them, and the files by the name of their part."""

    values: dict[str, Any]
    uploads: Mapping[str, Upload]


NO_UPLOADS: Mapping[str, Upload] = {}


async def read_request(request: web.Request) -> Carried:
    """The parameters of a request: query string, JSON, url-encoded or multipart form.

    Raises:
        ApiError: 400 or 413, the body cannot be read.
    """
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if request.method != "POST" or not request.body_exists:
        return Carried(values, NO_UPLOADS)
    try:
        match request.content_type:
            case "application/json":
                values |= _json_object(await request.read())
            case "multipart/form-data":
                return await _multipart(request, values)
            case _:
                form = (await request.read()).decode("utf-8")
                values |= parse_qsl(form, keep_blank_values=True, max_num_fields=1000)
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad_request("can't parse the request's body") from None
    return Carried(values, NO_UPLOADS)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        loaded = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as fault:
        raise bad_request(f"can't parse JSON object: {fault}") from None
    if not isinstance(loaded, dict):
        raise bad_request("can't parse JSON object: object expected")
    return loaded


async def _multipart(request: web.Request, values: dict[str, Any]) -> Carried:
    uploads: dict[str, Upload] = {}
    for name, part in (await request.post()).items():
        match part:
            case web.FileField():
                with part.file as file:
                    uploads[name] = values[name] = Upload(part.filename, part.content_type, file.read())
            case bytes() | bytearray():
                values[name] = bytes(part).decode("utf-8")
            case _:
                values[name] = part
    return Carried(values, uploads)
