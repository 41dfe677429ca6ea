"""Photos that units send with their reports are fetched while Telegram has them, and stand in the report."""

import asyncio
import io
from functools import partial

from PIL import Image
from pypdf import PdfReader

from bot.exercise.answers import report
from bot.exercise.forms import Form
from bot.exercise.reporting import Brought
from bot.service.recording import record
from bot.store import exercises, pictures
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.texts.catalogue import say
from tests.builders import leader_of
from tests.press import NearPress
from tests.steering.conftest import Floor


def a_photo(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(file, "JPEG")
    return file.getvalue()


async def kept(floor: Floor, number: int) -> dict[str, bytes]:
    """The pictures at hand, once there are so many."""
    async with asyncio.timeout(15):
        while len(found := await floor.store.perform(lambda tx: pictures.kept(tx, 1))) < number:  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.02)
    return found


async def printed(floor: Floor) -> tuple[str, int]:
    """The words of the report on paper, made from the database alone, and how many photographs it has."""
    file = await NearPress(floor.store)(1, Form.PDF, "id")
    assert file is not None
    pages = PdfReader(io.BytesIO(file)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages), sum(len(page.images) for page in pages)


async def test_a_photo_of_a_report_and_one_of_a_note_are_in_the_report_on_paper(floor: Floor) -> None:
    leader, chat = floor.cast.leaders["alfa"], floor.cast.chats["alfa"]
    red, blue = a_photo("red"), a_photo("blue")
    leader.send_photo(chat, red, reply_to=await floor.see("alfa", "A-1-teks"), caption="Barikade berdiri")
    floor.cast.director.person.send_photo(floor.cast.control, blue, caption="/note A-1 alfa Rapi")
    assert sorted((await kept(floor, 2)).values()) == sorted([red, blue])
    words, photographs = await printed(floor)
    assert "A-1 · Satuan alfa: Barikade berdiri" in words
    assert say("id", "report.doc.no_picture") not in words
    assert photographs == 2


async def test_a_photo_reported_before_a_restart_is_fetched_after_it_and_one_that_is_gone_leaves_words(
    floor: Floor,
) -> None:
    there = floor.world.files.add("photo", "there.jpg", a_photo("green"))

    def reported(tx: Transaction, file: str) -> None:
        exercise = exercises.get(tx, 1)
        assert exercise is not None
        brought = Brought("photo", file, file)
        record(tx, report(exercise, None, "bravo", leader_of(exercise, "bravo"), floor.clock.now(), brought))

    await floor.stop()
    other = Store(floor.url)
    await other.open()
    for file in (there.file_id, "gone"):
        await other.perform(partial(reported, file=file))
    await other.close()
    await floor.start()
    await kept(floor, 1)
    words, photographs = await printed(floor)
    assert photographs == 1
    assert words.count(say("id", "report.doc.no_picture")) == 1


async def test_pictures_of_a_person_can_be_forgotten_and_stay_so(floor: Floor) -> None:
    leader, chat = floor.cast.leaders["alfa"], floor.cast.chats["alfa"]
    leader.send_photo(chat, a_photo("red"), reply_to=await floor.see("alfa", "A-1-teks"))
    await kept(floor, 1)
    [file] = await kept(floor, 1)
    assert await floor.store.perform(lambda tx: pictures.erase(tx, 1, by_id=leader.id + 1)) == 0
    assert await floor.store.perform(lambda tx: pictures.erase(tx, 1, by_id=leader.id)) == 1
    # Somebody was about to put it down.
    await floor.store.perform(lambda tx: pictures.keep(tx, pictures.Awaited(1, file), b"late"))
    assert await floor.store.perform(lambda tx: pictures.kept(tx, 1)) == {}
    words, photographs = await printed(floor)
    assert say("id", "report.doc.no_picture") in words
    assert photographs == 0
