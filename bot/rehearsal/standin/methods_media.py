"""Methods that send files and places."""

from collections.abc import Mapping
from typing import Any

from bot.rehearsal.standin.calls import (
    LONGEST_CAPTION,
    Call,
    Handler,
    Result,
    caption_of,
    markup_of,
    mentions_named,
    reply_of,
    thread_of,
)
from bot.rehearsal.standin.checks import Upload
from bot.rehearsal.standin.entities import format_text, utf16_length
from bot.rehearsal.standin.errors import bad_request
from bot.rehearsal.standin.files import LARGEST_DOWNLOAD, StoredFile, media_content

ATTACHED = "attach://"


def _file(call: Call, kind: str, given: Upload | str) -> StoredFile:
    """The file that a parameter means: an upload, one that was attached, or one already sent.

    Raises:
        ApiError: 400 or 413, there is no such file or Telegram does not take it.
    """
    if isinstance(given, str) and given.startswith(ATTACHED):
        upload = call.attachments.get(given.removeprefix(ATTACHED))
        if upload is None:
            raise bad_request(f"there is no {kind} in the request")
        given = upload
    if isinstance(given, Upload):
        return call.world.files.add(kind, given.name, given.body, given.content_type)
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = call.world.files.get(given)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if known.kind != kind:
        raise bad_request(f"can't use file of type {known.kind.title()} as {kind.title()}")
    return known


async def _send_file(call: Call, kind: str) -> Result:
    caption, entities = caption_of(call)
    markup = markup_of(call)
    chat = call.chat
    thread_id, reply_to = thread_of(call, chat), reply_of(call, chat)
    stored = _file(call, kind, call.parameters[kind])
    call.charge(chat)
    message = call.world.post(
        chat,
        call.bot.user,
        caption=caption,
        caption_entities=entities,
        content=media_content(stored, call.parameters),
        reply_to=reply_to,
        thread_id=thread_id,
        markup=markup,
    )
    return message.payload()


async def send_photo(call: Call) -> Result:
    """``sendPhoto``."""
    return await _send_file(call, "photo")


async def send_document(call: Call) -> Result:
    """``sendDocument``."""
    return await _send_file(call, "document")


async def send_video(call: Call) -> Result:
    """``sendVideo``."""
    return await _send_file(call, "video")


async def send_voice(call: Call) -> Result:
    """``sendVoice``."""
    return await _send_file(call, "voice")


def _point(call: Call) -> dict[str, float]:
    latitude, longitude = call.parameters["latitude"], call.parameters["longitude"]
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong location specified")
    return {"latitude": latitude, "longitude": longitude}


def _send_place(call: Call, content: Mapping[str, Any]) -> Result:
    markup = markup_of(call)
    chat = call.chat
    thread_id, reply_to = thread_of(call, chat), reply_of(call, chat)
    call.charge(chat)
    message = call.world.post(
        chat, call.bot.user, content=content, reply_to=reply_to, thread_id=thread_id, markup=markup
    )
    return message.payload()


async def send_location(call: Call) -> Result:
    """``sendLocation``."""
    return _send_place(call, {"location": _point(call)})


async def send_venue(call: Call) -> Result:
    """``sendVenue``: a place with its name; old clients are shown its location."""
    point = _point(call)
    title, address = call.parameters["title"].strip(), call.parameters["address"].strip()
    if not title or not address:
        raise bad_request("venue title and address must be non-empty")
    return _send_place(call, {"venue": {"location": point, "title": title, "address": address}, "location": point})


def _check_group(media: list[Mapping[str, Any]]) -> None:
    if not 2 <= len(media) <= 10:
        raise bad_request("wrong number of media in the group; it must be from 2 to 10")
    if len({one["type"] == "document" for one in media}) > 1:
        raise bad_request("document can't be mixed with other media types")


async def send_media_group(call: Call) -> Result:
    """``sendMediaGroup``: an album; each of its files is a message."""
    media: list[Mapping[str, Any]] = call.parameters["media"]
    _check_group(media)
    chat = call.chat
    thread_id, reply_to = thread_of(call, chat), reply_of(call, chat)
    ready = []
    for one in media:
        given = one.get("caption_entities") or ()
        caption, entities = format_text(one.get("caption") or "", one.get("parse_mode"), given)
        if utf16_length(caption) > LONGEST_CAPTION:
            raise bad_request("message caption is too long")
        entities = mentions_named(call.world, entities)
        ready.append((_file(call, one["type"], one["media"]), one, caption, entities))
    call.charge(chat, len(ready))
    group_id = f"{abs(chat.id)}{chat.last_message_id + 1:08d}"
    return [
        call.world.post(
            chat,
            call.bot.user,
            caption=caption or None,
            caption_entities=entities,
            content={**media_content(stored, one), "media_group_id": group_id},
            reply_to=reply_to,
            thread_id=thread_id,
        ).payload()
        for stored, one, caption, entities in ready
    ]


async def get_file(call: Call) -> Result:
    """``getFile``."""
    stored = call.world.files.get(call.parameters["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.body) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.sized(), "file_path": stored.path}


HANDLERS: dict[str, Handler] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVideo": send_video,
    "sendVoice": send_voice,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
