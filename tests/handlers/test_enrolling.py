"""Units take their seats by code and by the word of an administrator; the control room can undo it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.exercise import enrolment
from bot.exercise.conduct import abort
from bot.exercise.enrolment import CODE_LIFE, CodeExpired
from bot.exercise.errors import ExerciseOver
from bot.exercise.people import Place
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat, Status
from bot.service.preparing import hashed
from bot.store.store import Store
from tests.builders import DIRECTOR, STARTEX, an_exercise
from tests.house import House, codes_in, says

UNIT = "alfa"


def group_of(house: House, title: str = "Grup alfa") -> tuple[Person, Chat]:
    leader = house.person("Padal alfa")
    return leader, leader.create_group(title)


async def seat(house: House, leader: Person, chat: Chat, unit: str = UNIT) -> None:
    leader.open_startgroup_link(f"https://t.me/geladi_bot?startgroup={house.codes[unit]}", chat)
    await house.see(chat, f"Satuan {unit}")


async def raw(store: Store, table: str) -> str:
    """Everything in a table, as the database holds it."""
    return str(await store.perform(lambda tx: tx.read(text(f"SELECT * FROM {table}")).all()))  # noqa: S608 - a test's own table


async def test_an_administrator_seats_the_unit_and_the_control_room_can_undo_it(house: House) -> None:
    await house.new()
    leader, chat = group_of(house)
    await seat(house, leader, chat)
    bound = await house.see(house.control, "Grup alfa")
    assert (await house.exercise()).seats[UNIT].leaders == {leader.id: "Padal alfa"}

    answer = await house.director.press(house.control, says("units.undo"), on=bound)
    assert not answer.show_alert
    await house.see(chat, says("notice.unbound", unit="Satuan alfa", number=1, exercise_name="Gladi cepat"))
    assert (await house.exercise()).seats[UNIT].place is None
    assert (await house.exercise()).seats[UNIT].leaders == {}
    # The code that was used is good for nothing any more; a fresh one is in the control room.
    assert await house.told(leader, chat, f"/join {house.codes[UNIT]}") == says("reply.code_unknown")
    [fresh] = codes_in(await house.director.see(house.control, "startgroup=", after=bound))
    assert "Satuan alfa" in await house.told(leader, chat, f"/gabung {fresh}")


async def test_an_old_notice_undoes_no_later_seat(house: House) -> None:
    await house.new()
    leader, chat = group_of(house)
    await seat(house, leader, chat)
    bound = await house.see(house.control, "Grup alfa")
    data = bound.buttons[0].data or ""
    await house.director.press(house.control, says("units.undo"), on=bound)
    [fresh] = codes_in(await house.director.see(house.control, "startgroup=", after=bound))
    other, another = group_of(house, "Grup lain")
    other.add_bot(another)
    await house.told(other, another, f"/join {fresh}")
    pressed = house.world.presses.press(house.director.person.user, house.world.only_bot, bound, data)
    assert (await pressed.answered(10)).text == says("toast.stale")
    assert (await house.exercise()).seats[UNIT].chat_title == "Grup lain"


async def test_a_mere_member_cannot_seat_a_unit(house: House) -> None:
    await house.new()
    leader, chat = group_of(house)
    leader.add_bot(chat)
    member = house.person("Anggota")
    member.join(chat)
    assert await house.told(member, chat, f"/join {house.codes[UNIT]}") == says("reply.not_administrator")
    assert (await house.exercise()).seats[UNIT].place is None
    leader.add(chat, member.user, Status.ADMINISTRATOR)
    assert "Satuan alfa" in await house.told(member, chat, f"/join {house.codes[UNIT]}")


async def test_an_anonymous_administrator_is_asked_to_act_in_person(house: House) -> None:
    await house.new()
    leader, chat = group_of(house)
    leader.add_bot(chat)
    leader.say(chat, f"/join {house.codes[UNIT]}", as_anonymous=True)
    await house.see(chat, says("reply.anonymous"))
    assert (await house.exercise()).seats[UNIT].place is None


async def test_in_a_private_chat_the_person_alone_is_enough(house: House) -> None:
    await house.new()
    leader = house.person("Padal alfa")
    assert "Satuan alfa" in await house.told(leader, leader.private(), f"/join {house.codes[UNIT]}")


async def test_after_five_wrong_codes_even_the_right_one_waits(house: House) -> None:
    await house.new()
    leader = house.person("Padal alfa")
    chat = leader.private()
    for number in range(5):
        assert await house.told(leader, chat, f"/join salah{number}") == says("reply.code_unknown")
    assert await house.told(leader, chat, f"/join {house.codes[UNIT]}") == says("reply.too_many_tries")
    assert (await house.exercise()).seats[UNIT].place is None
    # Somebody else is not kept waiting for it.
    other, group = group_of(house)
    await seat(house, other, group)


async def test_the_topics_of_one_forum_seat_several_units(house: House) -> None:
    await house.new()
    leader = house.person("Padal")
    forum = leader.create_group("Forum", forum=True)
    leader.add_bot(forum)
    topics = {unit: leader.create_topic(forum, unit).thread_id for unit in ("alfa", "bravo")}
    for unit, thread in topics.items():
        said = await house.told(leader, forum, f"/join {house.codes[unit]}", thread=thread)
        assert f"Satuan {unit}" in said
    seats = (await house.exercise()).seats
    assert {unit: seats[unit].place for unit in topics} == {
        unit: Place(forum.id, thread) for unit, thread in topics.items()
    }
    assert says("reply.in_unit_chat_only") in await house.told(leader, forum, "/pending")


async def test_a_supergroup_keeps_the_seat_of_the_group_it_was(house: House) -> None:
    await house.new()
    leader, chat = group_of(house)
    await seat(house, leader, chat)
    supergroup = leader.upgrade_to_supergroup(chat)
    assert says("refused.nothing_open") in await house.told(leader, supergroup, "/pending")
    place = (await house.exercise()).seats[UNIT].place
    assert place is not None
    assert place.chat_id == supergroup.id


async def test_codes_are_renewed_and_withdrawn_by_command_and_button(house: House) -> None:
    await house.new()
    posted = await house.director.ask(house.control, "/kode alfa", containing="startgroup=")
    [fresh] = codes_in(posted)
    assert fresh != house.codes[UNIT]
    card = await house.director.ask(house.control, "/units ALFA")
    assert not (await house.director.press(house.control, says("units.withdraw"), on=card)).show_alert
    leader = house.person("Padal alfa")
    assert await house.told(leader, leader.private(), f"/join {house.codes[UNIT]}") == says("reply.code_unknown")
    assert await house.told(leader, leader.private(), f"/join {fresh}") == says("refused.code_expired")
    everyone = await house.director.ask(house.control, "/code all", containing="startgroup=")
    assert len(codes_in(everyone)) == len(house.codes)


async def test_a_tap_in_the_list_of_units_opens_the_units_card(house: House) -> None:
    await house.new()
    listed = await house.director.ask(house.control, "/units")
    await house.director.press(house.control, "Satuan bravo", on=listed)
    card = await house.director.see(house.control, says("units.card", number=1), after=listed)
    assert "Satuan bravo" in card.words


async def test_the_database_keeps_no_code_once_it_has_been_posted(house: House) -> None:
    await house.new()
    leader = house.person("Padal alfa")
    member = house.person("Anggota")
    chat = leader.create_group("Grup", member)
    leader.add_bot(chat)
    await house.told(member, chat, f"/join {house.codes[UNIT]}")
    await house.told(leader, leader.private(), f"/join {house.codes[UNIT]}")
    kept = "".join([await raw(house.store, table) for table in ("seat", "outbox", "log", "inbox")])
    assert hashed(house.codes[UNIT]) in kept
    assert not [code for code in house.codes.values() if code in kept]


async def test_only_the_director_undoes_a_seat(house: House) -> None:
    await house.new()
    observer = house.person("Peninjau", "tinjau")
    leader, chat = group_of(house)
    await seat(house, leader, chat)
    bound = await house.see(house.control, "Grup alfa")
    answer = await house.world.presses.press(
        observer.user, house.world.only_bot, bound, bound.buttons[0].data or ""
    ).answered(10)
    assert answer.show_alert
    assert (await house.exercise()).seats[UNIT].place is not None


def test_a_code_is_good_for_a_day() -> None:
    exercise = an_exercise(unbound=["humas"])
    made = exercise.created_at
    place = exercise.control
    before = made + CODE_LIFE - timedelta(microseconds=1)
    assert enrolment.join(exercise, "humas", place, "Grup", DIRECTOR, before).exercise.seats["humas"].place == place
    with pytest.raises(CodeExpired):
        enrolment.join(exercise, "humas", place, "Grup", DIRECTOR, made + CODE_LIFE)


def test_after_endex_no_code_is_good_for_anything() -> None:
    over = abort(an_exercise(unbound=["humas"]), DIRECTOR, STARTEX, "Hujan").exercise
    with pytest.raises(ExerciseOver):
        enrolment.join(over, "humas", over.control, "Grup", DIRECTOR, STARTEX)
    with pytest.raises(ExerciseOver):
        enrolment.renew_codes(over, {"humas": "x"}, DIRECTOR, STARTEX)
