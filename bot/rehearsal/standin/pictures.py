"""The little that Telegram must know of a picture: its size. And plain pictures for people to send."""

import struct
import zlib

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
    row = b"\x00" + bytes(colour) * width

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )
