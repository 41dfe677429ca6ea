"""Slips of the thumb are answered with what was meant, and everybody is told the next sensible step."""

import pytest

from bot.texts.catalogue import LANGUAGES, find
from bot.wire.menus import menu_of
from bot.wire.rendering.guidance import COMMANDS
from handlers.register import NAMES
from tests.house import House, codes_in, says


@pytest.mark.parametrize(
    ("slip", "meant"), [("/stauts", "status"), ("/mulaii", "startex"), ("/SKENARO", "scenarios"), ("/laporr", "sitrep")]
)
async def test_a_slip_is_answered_with_the_command_that_was_meant(house: House, slip: str, meant: str) -> None:
    answer = await house.told(house.director.person, house.control, slip)
    assert (find("id", f"help.command.{meant}") or "?") in answer


async def test_what_is_like_no_command_is_pointed_to_help(house: House) -> None:
    assert await house.told(house.director.person, house.control, "/zzzzzzzz") == says("reply.unknown_command")


async def test_in_a_group_another_bots_command_is_left_alone(house: House) -> None:
    leader = house.person("Padal")
    chat = leader.create_group("Grup")
    leader.add_bot(chat)
    for command in ("/stauts", "/zzzz", "/stauts@other_bot"):
        leader.say(chat, command)
    assert "/papan" in await house.told(leader, chat, "/stauts@geladi_bot")
    assert len([m for m in chat.messages.values() if m.sender and m.sender.is_bot and not m.service]) == 1


async def test_in_a_units_group_a_plain_slip_is_answered_without_the_bots_name(house: House) -> None:
    await house.new()
    leader = house.person("Padal")
    chat = leader.create_group("Grup")
    leader.add_bot(chat)
    await house.told(leader, chat, f"/join {house.codes['alfa']}")
    assert "/tugas" in await house.told(leader, chat, "/tuags", containing="/tugas")


async def test_a_command_without_what_it_needs_shows_how_it_goes(house: House) -> None:
    await house.new()
    assert says("reply.usage", example="/lewati I-07") in await house.told(
        house.director.person, house.control, "/lewati", containing="Cara pakai"
    )
    await house.director.ask(house.control, "/language en")
    told = await house.told(house.director.person, house.control, "/lewati", containing="Usage")
    assert say_en("reply.usage", example="/skip I-07") in told


def say_en(key: str, **params: object) -> str:
    return says(key, "en", **params)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_stands_in_somebodys_help_by_a_name_that_works(language: str) -> None:
    told = {name for names in COMMANDS.values() for name in names}
    assert told == set(NAMES.values()) - {"start"}
    for name in told:
        usage = find(language, f"help.command.{name}")
        assert usage is not None
        assert NAMES[usage.split()[0].removeprefix("/")] == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_menu_keeps_to_telegrams_limits(language: str) -> None:
    for standing in COMMANDS:
        menu = menu_of([standing], language)
        assert 1 <= len(menu) <= 100
        assert all(1 <= len(command.description) <= 256 for command in menu)
        assert len({command.command for command in menu}) == len(menu)


async def test_help_names_the_next_step_of_whoever_asks(house: House) -> None:
    director = house.director.person
    assert says("help.step.choose") in await house.told(director, house.control, "/start")
    await house.new()
    assert says("help.step.gather", bound=0, units=5) in await house.told(
        director, house.control, "/help", containing="Geladi"
    )
    stranger = house.person("Orang baru")
    assert str(stranger.id) in await house.told(stranger, stranger.private(), "/whoami")
    assert says("help.step.join") in await house.told(stranger, stranger.private(), "/bantuan")


async def test_the_directors_language_is_the_exercises_and_a_chat_may_keep_its_own(house: House) -> None:
    await house.director.ask(house.control, "/bahasa en")
    posted = await house.director.ask(house.control, "/new gladi-cepat", containing="startgroup=")
    codes = codes_in(posted)
    assert (await house.exercise()).language == "en"
    leader = house.person("Lead")
    assert "This chat is now unit" in await house.told(leader, leader.private(), f"/join {codes[0]}")
    await house.told(leader, leader.private(), "/language id")
    assert "PERSIAPAN" in await house.told(leader, leader.private(), "/help")
    await house.director.ask(house.control, "/language id")
    assert (await house.exercise()).language == "id"
