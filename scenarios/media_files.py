"""The media of a scenario as files in its folder: are they there, small enough, and of the right kind?"""

from collections.abc import Iterator
from pathlib import Path

from scenarios.model import Scenario
from scenarios.problems import Finding, Severity, quoted
from scenarios.wording import Wording

_MEGABYTE = 1_000_000
_LARGEST = {"photo": 10 * _MEGABYTE, "document": 50 * _MEGABYTE, "video": 50 * _MEGABYTE, "voice": 50 * _MEGABYTE}
"""What a bot may send, in bytes."""
_BEGINNINGS = {
    "photo": ((0, b"\xff\xd8\xff"), (0, b"\x89PNG"), (8, b"WEBP"), (0, b"GIF8"), (0, b"BM")),
    "video": ((4, b"ftyp"), (0, b"\x1a\x45\xdf\xa3")),
    "voice": ((0, b"OggS"), (0, b"ID3"), (0, b"\xff\xfb"), (4, b"ftyp")),
}
_KINDS = {
    "photo": Wording("a JPEG, PNG or WebP picture"),
    "video": Wording("an MP4 video"),
    "voice": Wording("an OGG, MP3 or M4A recording"),
}


def media_findings(scenario: Scenario, folder: Path) -> Iterator[Finding]:
    """What keeps the media of ``scenario``, whose file lies in ``folder``, from being sent."""
    for index, inject in enumerate(scenario.injects):
        for number, medium in enumerate(inject.media):
            for kind, name in medium:
                if name is not None:
                    path = ("injects", index, "media", number, kind)
                    yield from _check(folder, kind, name, path)


def _check(folder: Path, kind: str, name: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
    try:
        file = (folder / name).resolve()
        inside = file.is_relative_to(folder.resolve())
        is_file = inside and file.is_file()
        size = file.stat().st_size if is_file else 0
        beginning = _beginning(file) if is_file else b""
    except (OSError, ValueError) as error:
        yield Finding(path, Wording("{file} cannot be read: {error}", file=quoted(name), error=str(error)))
        return
    if not inside:
        yield Finding(path, Wording("{file} leads out of the folder of the scenario", file=quoted(name)))
    elif not is_file:
        message = Wording("there is no file {file} beside the scenario", file=quoted(name))
        yield Finding(path, message, Severity.WARNING)
    elif size > _LARGEST[kind]:
        most = _LARGEST[kind] // _MEGABYTE
        message = Wording(
            "{file} has {size:,} bytes; as a {kind} Telegram takes {most} MB",
            file=quoted(name),
            size=size,
            kind=kind,
            most=most,
        )
        yield Finding(path, message)
    elif kind in _BEGINNINGS and not any(beginning[start:].startswith(sign) for start, sign in _BEGINNINGS[kind]):
        yield Finding(path, Wording("{file} is not {kind}", file=quoted(name), kind=_KINDS[kind]))


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(16)
