"""`/compare` in the control room: the runs of one scenario, in words and as a picture."""

from bot.rehearsal.people import Person
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from tests.acceptance.cast import MARKING
from tests.steering.conftest import QUIET, Floor


async def second_run(floor: Floor) -> None:
    """ENDEX, and another exercise of the scenario, begun without anybody in it."""
    await floor.cast.endex()
    mark = floor.tell(f"/baru {QUIET['id']}")
    created = await floor.see_control("startgroup=", after=mark)
    asked = await floor.ask("/mulai")
    assert asked.message_id > created.message_id
    await floor.push_control(asked, say("id", "confirm.yes"))


async def test_runs_are_shown_side_by_side_with_a_picture(floor: Floor) -> None:
    await floor.push("alfa", await floor.see("alfa", "A-1"), "TERIMA")
    alone = await floor.ask("/bandingkan")
    assert say("id", "refused.too_few_runs") in alone.words
    await second_run(floor)
    told = await floor.ask("/bandingkan", "PERBANDINGAN 2 LATIHAN")
    assert told.words.splitlines()[0] == told.words.splitlines()[-1] == MARKING
    assert "#1" in told.words
    assert "#2" in told.words

    def drawn(message: Message) -> bool:
        return "photo" in (message.content or {}) and "#1, #2" in message.words

    await floor.see_control(drawn, after=told)
    again = await floor.ask("/compare 1 #2", "PERBANDINGAN 2 LATIHAN")
    assert again.words == told.words


async def test_what_cannot_be_compared_is_said(floor: Floor) -> None:
    for command, words in (
        ("/bandingkan 1 9", say("id", "refused.no_such_run", number=9)),
        ("/bandingkan 1 1", say("id", "refused.too_few_runs")),
        ("/bandingkan semua", say("id", "reply.usage", example="/bandingkan 1 2")),
    ):
        assert words in (await floor.ask(command)).words


async def test_a_run_of_another_control_room_is_there_only_for_those_in_its_control(floor: Floor) -> None:
    owner = floor.cast.director
    elsewhere = owner.person.create_group("Ruang kendali lain")
    owner.person.add_bot(elsewhere)
    owner.person.say(elsewhere, f"/new {QUIET['id']}")
    await owner.see(elsewhere, "startgroup=")
    controller = Person(floor.world, floor.world.add_user("Pengendali"))
    owner.person.add(elsewhere, controller.user)
    owner.person.say(elsewhere, "/controller", reply_to=controller.say(elsewhere, "Siap"))
    await owner.see(
        elsewhere,
        lambda message: message.sender is not None and message.sender.is_bot and "Pengendali" in message.words,
    )
    asked = controller.say(elsewhere, "/compare 1 2")
    await owner.see(elsewhere, say("id", "refused.no_such_run", number=1), after=asked)
    # The owner sees both, of which one has not begun.
    asked = owner.person.say(elsewhere, "/compare 1 2")
    await owner.see(elsewhere, say("id", "refused.not_run", number=2), after=asked)
