"""Telegram's menus of commands: for everybody, for the control room and for the units, and gone at the end."""

import asyncio
from collections.abc import Callable, Mapping

import orjson

from bot.rehearsal.standin.chats import Chat
from tests.house import House


def menu(house: House, chat: Chat | None, language: str = "") -> list[str]:
    """The commands that Telegram was given for a chat, or for everybody."""
    scope: Mapping[str, object] = {"type": "default"} if chat is None else {"type": "chat", "chat_id": chat.id}
    key = (orjson.dumps(scope, option=orjson.OPT_SORT_KEYS).decode(), language)
    return [command["command"] for command in house.world.only_bot.commands.get(key, [])]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing announces a menu
            await asyncio.sleep(0.02)


async def test_each_chat_shows_the_commands_of_its_people_until_the_exercise_is_over(house: House) -> None:
    await until(lambda: menu(house, None, "en"))
    assert menu(house, None)[0] == "gabung"
    assert menu(house, None, "en")[0] == "join"
    assert menu(house, house.control) == []

    await house.new()
    await until(lambda: menu(house, house.control))
    assert {"mulai", "jeda", "nyata"} <= set(menu(house, house.control))

    leader = house.person("Padal")
    chat = leader.create_group("Grup")
    leader.add_bot(chat)
    await house.told(leader, chat, f"/join {house.codes['alfa']}")
    await until(lambda: menu(house, chat))
    assert {"terima", "lapor", "nyata"} <= set(menu(house, chat))
    assert not {"mulai", "jeda", "kirim"} & set(menu(house, chat))

    leader.say(chat, "/language en")
    await until(lambda: "ack" in menu(house, chat))

    asked = await house.director.ask(house.control, "/abort selesai")
    await house.director.press(house.control, asked.buttons[0].text, on=asked)
    await until(lambda: not menu(house, chat) and not menu(house, house.control))


async def test_a_group_that_became_a_supergroup_keeps_the_menu_from_no_other_chat(house: House) -> None:
    await house.new()
    leader = house.person("Padal")
    chat = leader.create_group("Grup")
    leader.add_bot(chat)
    await house.told(leader, chat, f"/join {house.codes['alfa']}")
    await until(lambda: menu(house, chat))

    supergroup = leader.upgrade_to_supergroup(chat)
    await until(lambda: menu(house, supergroup))

    other = house.person("Lain")
    private = other.private()
    await house.told(other, private, f"/join {house.codes['bravo']}")
    await until(lambda: menu(house, private))
