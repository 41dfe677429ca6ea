"""Roles and leaders are given to people by their ids, whichever way they are named."""

from bot.exercise.people import Role
from bot.rehearsal.standin.entities import find_entities
from bot.store import directory
from tests.house import House, says


async def test_a_role_goes_to_whom_a_name_an_id_or_a_reply_names(house: House) -> None:
    await house.new()
    known, by_id, replied = house.person("Rina", "rina"), house.person("Budi"), house.person("Tono")
    for person in (known, by_id):
        await house.told(person, person.private(), "/whoami")
    director = house.director.person
    given = says("reply.role_given", name="Rina", role=says("role.controller"))
    assert given in await house.told(director, house.control, "/controller @RINA", containing="Rina")
    await house.told(director, house.control, f"/observer {by_id.id}", containing="Budi")
    participants = (await house.exercise()).participants
    assert participants[known.id].role is Role.CONTROLLER
    assert participants[by_id.id].role is Role.OBSERVER
    assert replied.id not in participants

    await house.told(director, house.control, "/revoke @rina", containing="Rina")
    assert known.id not in (await house.exercise()).participants


async def test_somebody_whom_the_bot_has_never_met_is_asked_to_show_up(house: House) -> None:
    await house.new()
    told = await house.told(house.director.person, house.control, "/director @siapa", containing="@siapa")
    assert says("reply.person_unknown", name="@siapa") in told


async def test_a_user_name_that_changed_hands_names_its_present_holder(house: House) -> None:
    first, second = house.person("Lama", "padal"), house.person("Baru", "padal")
    await house.told(first, first.private(), "/whoami")
    await house.told(second, second.private(), "/whoami")
    found = await house.store.perform(lambda tx: directory.person_named(tx, "@Padal"))
    assert found is not None
    assert found.id == second.id


async def test_the_last_director_stays(house: House) -> None:
    await house.new()
    director = house.director.person
    told = await house.told(director, house.control, f"/observer {director.id}", containing="direktur lain")
    assert says("refused.last_director") in told
    assert (await house.exercise()).role_of(director.id) is Role.DIRECTOR


async def test_a_units_leaders_are_named_from_its_chat_and_from_the_control_room(house: House) -> None:
    await house.new()
    leader, second, third = house.person("Padal"), house.person("Wakil", "wakil"), house.person("Tiga", "tiga")
    chat = leader.create_group("Grup", second, third)
    leader.add_bot(chat)
    await house.told(leader, chat, f"/join {house.codes['alfa']}")
    for person in (second, third):
        await house.told(person, person.private(), "/whoami")
    assert says("reply.not_allowed") in await house.told(second, chat, "/leader @wakil", containing="")
    assert "Wakil" in await house.told(leader, chat, "/pimpinan @wakil", containing="Wakil")
    await house.told(house.director.person, house.control, "/leader Alfa @tiga", containing="Tiga")
    assert set((await house.exercise()).seats["alfa"].leaders) == {leader.id, second.id, third.id}
    await house.told(house.director.person, house.control, "/revoke alfa @tiga", containing="Tiga")
    await house.told(second, chat, f"/revoke {leader.id}", containing="Padal")
    assert set((await house.exercise()).seats["alfa"].leaders) == {second.id}
    assert says("refused.last_leader") in await house.told(second, chat, "/revoke @wakil", containing="pimpinan lain")


async def test_a_stranger_who_can_write_in_a_public_group_reports_nothing(house: House) -> None:
    await house.new()
    leader, stranger = house.person("Padal"), house.person("Orang asing")
    chat = leader.create_group("Grup", username="grup_terbuka")
    leader.add_bot(chat)
    await house.told(leader, chat, f"/join {house.codes['alfa']}")
    await house.director.ask(house.control, "/startex", containing="Satuan bravo")
    await house.director.press(house.control, says("confirm.yes"))
    await house.see(chat, "A-1-teks")
    for command in ("/ack", "/sitrep Palsu"):
        house.world.post(chat, stranger.user, text=command, entities=tuple(find_entities(command)))
    await house.see(chat, says("toast.not_member"))
    delivery = (await house.exercise()).injects["A-1"].deliveries["alfa"]
    assert delivery.acknowledged is None
