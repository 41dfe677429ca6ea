"""Injects with pictures, files and places, as they come to the units."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.standin.messages import Message
from bot.rehearsal.standin.pictures import plain_png
from bot.texts.catalogue import say
from tests.acceptance.cast import SCRIPT
from tests.steering.conftest import Floor, opened

MARKING = say("id", "marking")
SCENARIO = {
    **SCRIPT,
    "id": "gladi-gambar",
    "injects": [
        {
            "id": "A-1",
            "at": "0s",
            "to": ["alfa", "bravo", "charlie"],
            "text": "Kata sandi A-1-teks.",
            "media": [{"photo": "peta.png"}, {"document": "rencana.txt"}, {"video": "massa.mp4"}],
            "location": {"lat": -7.645, "lon": 112.907, "name": "Simpang KPU"},
            "acknowledge": {"within": "10m"},
        },
        {
            "id": "A-2",
            "to": ["alfa"],
            "text": "Kata sandi A-2-teks.",
            "media": [{"photo": "tidak-ada.png"}],
            "location": {"lat": -7.1, "lon": 112.1},
            "acknowledge": {"within": "10m"},
        },
        {
            "id": "A-3",
            "to": ["alfa"],
            "text": "Kata sandi A-3-teks.",
            "media": [{"photo": "rusak.png"}],
            "acknowledge": {"within": "10m"},
        },
        {"id": "A-4", "to": ["alfa"], "text": "Kata sandi A-4-teks.", "media": [{"voice": "suara.ogg"}]},
    ],
}


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    """STARTEX has been, with a folder of scenarios that holds most of the files."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "peta.png").write_bytes(plain_png())
    (folder / "rencana.txt").write_text("Rencana")
    (folder / "massa.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42")
    (folder / "suara.ogg").write_bytes(b"OggS")
    # What Telegram says of it is known when it is sent, not before.
    (folder / "rusak.png").write_bytes(b"\x89PNG but no picture")
    async with opened(tmp_path, SCENARIO, scenarios=folder) as floor:
        await floor.cast.startex()
        yield floor


def content(message: Message) -> dict[str, Any]:
    return dict(message.content or {})


def said(floor: Floor, unit: str) -> list[Message]:
    """What the bot has posted in a unit's chat that belongs to A-1."""
    every = floor.cast.chats[unit].messages.values()
    mine = [m for m in every if m.sender and m.sender.is_bot and not m.service]
    return [m for m in mine if "A-1" in m.words or "venue" in content(m)]


async def whole(floor: Floor, unit: str) -> list[Message]:
    async with asyncio.timeout(30):
        while len(said(floor, unit)) < 4:  # noqa: ASYNC110 - whatever comes, is waited for
            await asyncio.sleep(0.02)
    return said(floor, unit)


async def test_the_first_medium_carries_the_words_and_the_others_follow(floor: Floor) -> None:
    first, document, video, place = await whole(floor, "alfa")
    assert "photo" in content(first)
    assert "Kata sandi A-1-teks." in first.words
    assert [button.text for button in first.buttons] == [say("id", "ack.button")]
    assert content(document)["document"]["file_name"] == "LATIHAN-rencana.txt"
    assert "video" in content(video)
    for message in (first, document, video):
        lines = message.words.splitlines()
        assert lines[0] == lines[-1] == MARKING
    venue = content(place)["venue"]
    assert venue["location"] == {"latitude": -7.645, "longitude": 112.907}
    assert venue["title"] == "LATIHAN: Simpang KPU"
    assert venue["address"].startswith(MARKING)


async def test_a_tap_under_a_picture_is_shown_in_its_caption(floor: Floor) -> None:
    first, *_ = await whole(floor, "alfa")
    await floor.push("alfa", first, say("id", "ack.button"))
    shown = await floor.shows("alfa", first, "Padal alfa")
    assert "photo" in content(shown)
    assert not shown.buttons


async def test_a_file_is_uploaded_once_for_all_units(floor: Floor) -> None:
    pictures = {content((await whole(floor, unit))[0])["photo"][-1]["file_id"] for unit in ("alfa", "bravo", "charlie")}
    assert len(pictures) == 1


async def test_another_bots_file_id_is_replaced_by_the_file(floor: Floor) -> None:
    await whole(floor, "alfa")
    floor.world.files.forget()
    await floor.ask("/resend A-1 alfa")
    async with asyncio.timeout(30):
        while len(said(floor, "alfa")) < 8:  # noqa: ASYNC110 - whatever comes, is waited for
            await asyncio.sleep(0.02)
    again = said(floor, "alfa")[4:]
    assert ["photo" in content(m) for m in again] == [True, False, False, False]
    assert "document" in content(again[1])


async def test_an_inject_whose_file_is_missing_comes_in_words_that_say_so(floor: Floor) -> None:
    await floor.ask("/fire A-2")
    message = await floor.see("alfa", "A-2-teks")
    assert "tidak-ada.png" in message.words
    assert not content(message).get("photo")
    await floor.push("alfa", message, say("id", "ack.button"))
    await floor.shows("alfa", message, "Padal alfa")


async def test_an_inject_whose_file_telegram_refuses_comes_in_words(floor: Floor) -> None:
    await floor.ask("/fire A-3")
    message = await floor.see("alfa", "A-3-teks")
    assert "rusak.png" in message.words
    await floor.push("alfa", message, say("id", "ack.button"))
    await floor.shows("alfa", message, "Padal alfa")
    delivery = (await floor.exercise()).injects["A-3"].deliveries["alfa"]
    assert delivery.acknowledged is not None


async def test_a_voice_message_carries_the_words_too(floor: Floor) -> None:
    await floor.ask("/fire A-4")
    message = await floor.see("alfa", "A-4-teks")
    assert "voice" in content(message)
    assert message.words.splitlines()[0] == MARKING
