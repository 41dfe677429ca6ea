"""The little that Telegram must know of a picture: its size. And pictures for people to send."""

import struct
import zlib
from collections.abc import Iterable
from random import Random
from typing import NamedTuple

JPEG_SIZE_MARKERS = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}


def picture_size(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG, GIF or WebP; ``None`` when it is none of them."""
    if body.startswith(b"\x89PNG\r\n\x1a\n") and body[12:16] == b"IHDR" and len(body) >= 24:
        width, height = struct.unpack(">II", body[16:24])
        return width, height
    if body[:6] in {b"GIF87a", b"GIF89a"} and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return width, height
    if body.startswith(b"\xff\xd8"):
        return _jpeg_size(body)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return _webp_size(body)
    return None


def _jpeg_size(body: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 9 <= len(body) and body[position] == 0xFF:
        marker = body[position + 1]
        if marker in JPEG_SIZE_MARKERS:
            height, width = struct.unpack(">HH", body[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(body[position + 2 : position + 4], "big")
    return None


def _webp_size(body: bytes) -> tuple[int, int] | None:
    match body[12:16]:
        case b"VP8X" if len(body) >= 30:
            return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
        case b"VP8L" if len(body) >= 25:
            bits = int.from_bytes(body[21:25], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 " if len(body) >= 30:
            width, height = struct.unpack("<HH", body[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case _:
            return None


def plain_png(width: int = 64, height: int = 48, colour: tuple[int, int, int] = (40, 90, 150)) -> bytes:
    """A picture of one colour."""
    return _png(width, height, (bytes(colour) * width for _ in range(height)))


def scene_png(random: Random, width: int = 480, height: int = 320) -> bytes:
    """A picture as somebody might take one in the street, as far as boxes can show it: sky, ground, houses, people."""
    ground = height * 3 // 5
    houses = [
        _Box(left, ground - random.randint(40, 150), left + random.randint(50, 110), ground, random.randint(95, 150))
        for left in range(-20, width, random.randint(70, 120))
    ]
    people = [
        _Box(left, top, left + 14, top + 44, random.randint(20, 70))
        for left, top in ((random.randrange(width), random.randint(ground - 20, height - 50)) for _ in range(24))
    ]
    boxes = [*houses, *sorted(people, key=lambda box: box.top)]
    sky = random.randint(170, 215)
    rows = []
    for y in range(height):
        grey = 120 + (y - ground) // 4
        row = bytearray((bytes((sky - 40 + y // 8, sky, 235)) if y < ground else bytes((grey, grey, grey - 8))) * width)
        for box in boxes:
            if box.top <= y < box.bottom:
                left, right = max(box.left, 0), min(box.right, width)
                row[left * 3 : right * 3] = bytes((box.grey, box.grey - 6, box.grey - 12)) * (right - left)
        rows.append(bytes(row))
    return _png(width, height, rows)


class _Box(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int
    grey: int


def _png(width: int, height: int, rows: Iterable[bytes]) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
        + chunk(b"IEND", b"")
    )
