"""`/improve`: corrective actions, from the control room into the record."""

from bot.rehearsal.people import Person
from bot.texts.catalogue import say
from tests.steering.conftest import Floor


async def test_actions_are_added_listed_and_taken_back(floor: Floor) -> None:
    empty = await floor.ask("/perbaikan")
    assert say("id", "actions.none") in empty.words
    added = await floor.ask("/perbaikan Latih ulang radio @budi 1/12")
    assert "Tindakan perbaikan 1 dicatat: Latih ulang radio" in added.words
    assert "@budi" in added.words
    assert "1 Des" in added.words
    await floor.ask("/improve Beli baterai")
    listed = await floor.ask("/improve")
    assert "1. Latih ulang radio · @budi · 1 Des" in listed.words
    assert "2. Beli baterai · - · -" in listed.words
    await floor.ask("/improve cancel 1", "dibatalkan")
    record = await floor.record()
    assert [(action["number"], action["text"], action["owner"]) for action in record["actions"]] == [
        (2, "Beli baterai", None)
    ]


async def test_what_cannot_be_is_refused_in_words(floor: Floor) -> None:
    for command, words in (
        ("/perbaikan Latih radio 31/2", say("id", "refused.no_such_date", date="31/2")),
        ("/perbaikan @budi", say("id", "refused.nothing_to_improve")),
        ("/perbaikan batal 9", say("id", "refused.unknown_action", number=9)),
    ):
        assert words in (await floor.ask(command)).words
    stranger = Person(floor.world, floor.world.add_user("Orang Lewat"))
    floor.cast.director.person.add(floor.cast.control, stranger.user)
    refused = await floor.ask("/perbaikan Semua salah", by=stranger)
    assert say("id", "reply.not_allowed") in refused.words
    assert not await floor.facts("improvement")
