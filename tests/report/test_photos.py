"""Pictures that were sent in, in the report: shown small where they can be had, told in words where they cannot."""

import io
import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from pypdf import PdfReader

from bot.exercise.answers import report
from bot.exercise.facts import Change, Fact, FactKind
from bot.exercise.reporting import Brought
from bot.report.account import Account, account
from bot.report.html_page.page import report_html
from bot.report.paper.document import report_pdf
from bot.report.photos import SIDE, photos_in, shrunk
from bot.store.pictures import MOST
from bot.texts.catalogue import say
from tests.builders import STARTEX, Play, a_scenario, an_exercise, leader_of


def a_picture(width: int = 900, height: int = 600, form: str = "JPEG", colour: str = "#336699") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, form)
    return file.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that ask for gigabytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


HOSTILE: Mapping[str, bytes] = {
    "no picture": b"<html>not found</html>",
    "nothing": b"",
    "truncated": a_picture()[:900],
    "huge on paper": a_png_that_claims(60_000, 60_000),
    "more than it holds": a_png_that_claims(3_000, 3_000),
    "another format": a_picture(form="BMP"),
    "a drawing program": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "markup": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
}


def told(pictures: Mapping[str, bytes], language: str = "en", number: int = 1) -> Account:
    """An exercise in whose second phase so many photos came in, with these files at hand."""
    play = Play(an_exercise(a_scenario(), language=language)).startex()
    play.acknowledge(310, "I-02", "medis")
    leader = leader_of(play.exercise, "medis")
    for each in range(1, number + 1):
        at = STARTEX + timedelta(seconds=320 + each)
        brought = Brought("photo", f"Korban {each}", f"photo-{each}", message=each)
        play.take(report(play.exercise, "I-02", "medis", leader, at, brought))
    play.endex(700)
    return account(play.exercise, play.log, pictures=pictures)


def images_in(pdf: bytes) -> list[tuple[int, int]]:
    """The sizes of the photographs in a document: its charts are drawings."""
    return [image.image.size for page in PdfReader(io.BytesIO(pdf)).pages for image in page.images if image.image]


def words_in(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_made_small_and_anew(form: str) -> None:
    small = shrunk(a_picture(3_000, 2_000, form))
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert (image.format, image.size) == ("JPEG", (SIDE, 427))


def test_nothing_but_the_picture_gets_into_the_report() -> None:
    file = io.BytesIO()
    secrets = Image.Exif()
    secrets[0x010E] = "-7.6453, 112.9075"
    Image.new("RGB", (800, 600)).save(file, "JPEG", exif=secrets)
    assert b"112.9075" in file.getvalue()
    assert b"112.9075" not in (shrunk(file.getvalue()) or b"")


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_no_picture(body: bytes) -> None:
    assert shrunk(body) is None


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_hostile_file_leaves_its_place_with_words_in_it(body: bytes, language: str) -> None:
    run = told({"photo-1": body}, language)
    pdf, page = report_pdf(run, language), report_html(run, language).decode()
    missing = say(language, "report.doc.no_picture")
    assert images_in(pdf) == []
    assert missing in words_in(pdf)
    assert "Korban 1" in words_in(pdf)
    assert missing in page
    assert "data:image/jpeg" not in page


def test_a_picture_stands_in_the_timeline_under_its_phase() -> None:
    run = told({"photo-1": a_picture()})
    pdf = report_pdf(run, "en")
    assert images_in(pdf) == [(SIDE, 427)]
    words = words_in(pdf)
    caption = "09:05:21 · I-02 · Medical: Korban 1"
    phase = words.index("Protest", words.index("Timeline"))
    assert phase < words.index(caption) < words.index("By unit")
    page = report_html(run, "en").decode()
    assert page.count('src="data:image/jpeg;base64,') == 1
    assert caption in page
    assert say("en", "report.doc.no_picture") not in page


def test_a_picture_that_is_not_at_hand_leaves_its_place_with_words_in_it() -> None:
    pdf = report_pdf(told({}), "en")
    assert images_in(pdf) == []
    assert say("en", "report.doc.no_picture") in words_in(pdf)


def test_beyond_the_most_that_are_shown_their_number_is_told() -> None:
    run = told({f"photo-{n}": a_picture(60, 40) for n in range(1, MOST + 4)}, number=MOST + 3)
    words = words_in(report_pdf(run, "en"))
    assert say("en", "report.more_pictures", number=3) in words
    assert f"Korban {MOST}" in words
    assert len(images_in(report_pdf(run, "en"))) >= 1


def test_a_picture_of_an_album_and_one_of_a_controllers_note_count_too_and_each_once() -> None:
    run = told({})
    first = run.entries[-1]
    leader = leader_of(run.exercise, "medis")

    def fact(kind: FactKind, what: str, file: str) -> Fact:
        detail = {"kind": what, "file": file, "text": ""}
        return Fact(first.fact.at, kind, leader, "I-02", "medis", detail)

    added = [
        fact(FactKind.REPORT_GREW, "photo", "photo-2"),
        fact(FactKind.CORRECTED, "photo", "photo-1"),
        fact(FactKind.NOTED, "photo", "photo-3"),
        fact(FactKind.REPORTED, "document", "paper"),
        fact(FactKind.REFUSED, "photo", "photo-9"),
    ]
    change = Change(run.exercise, tuple(added))
    entries = [*run.entries, *(replace(first, fact=each) for each in change.facts)]
    assert [photo.file for photo in photos_in(entries)] == ["photo-1", "photo-2", "photo-3"]
