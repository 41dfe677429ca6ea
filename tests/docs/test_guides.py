"""The director's guide and the leader's card, followed word by word in the chats."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.exercise.model import ExerciseState
from bot.rehearsal.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import LANGUAGES, find, say
from handlers.register import NAMES
from tests.house import House, codes_in

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("director-guide", "leader-card", "tutorial")
SOMEBODY = {"id": "nama", "en": "name"}
"""The user name that stands for anybody's on the pages."""
_COMMAND = re.compile(r"`(/[a-z]+[^`]*)`")
_NOT_UNDERSTOOD = ("reply.unknown_command", "reply.usage", "reply.nearest_command", "reply.person_unknown")


def commands(page: str, language: str) -> list[str]:
    """Every command that a page shows, as it is to be sent, in the order of the page."""
    return _COMMAND.findall((DOCS / f"{page}.{language}.md").read_text(encoding="utf-8"))


def name_of(command: str) -> str:
    """The English name of a command."""
    return NAMES[command.split(maxsplit=1)[0].removeprefix("/")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_on_a_page_is_one_by_its_name_in_that_language(page: str, language: str) -> None:
    for command in commands(page, language):
        usage = find(language, f"help.command.{name_of(command)}") or ""
        assert usage.split()[0] == command.split()[0]


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_show_the_same_commands(page: str) -> None:
    in_one, in_the_other = ([name_of(command) for command in commands(page, language)] for language in LANGUAGES)
    assert in_one == in_the_other


async def follow(person: Person, chat: Chat, command: str) -> list[Message]:
    """Send a command of a page; gives what the bot said to it."""
    mark = person.say(chat, command).message_id

    def said() -> list[Message]:
        later = [message for message in chat.messages.values() if message.message_id > mark]
        return [m for m in later if m.sender is not None and m.sender.is_bot and not m.service]

    async with asyncio.timeout(30):
        while not said():  # noqa: ASYNC110 - whatever is said, is waited for
            await asyncio.sleep(0.02)
    return said()


def misunderstood(chat: Chat, language: str) -> list[str]:
    """What the bot said in a chat that shows a command to be wrong or unknown."""
    parts = []
    for key in _NOT_UNDERSTOOD:
        told = say(language, key, example="\0", command="\0", usage="\0", name="\0")
        parts.append(re.escape(max(re.split("[\0\n]", told), key=len)))
    wrong = re.compile(
        rf"{'|'.join(parts)}|(?:there is no|tidak ada) (?:unit|inject|scenario|satuan|naskah) ", re.IGNORECASE
    )
    return [message.words for message in chat.messages.values() if wrong.search(message.words)]


async def confirm(person: Person, said: list[Message]) -> None:
    """Say yes where the bot asks whether it is meant."""
    for message in said:
        for button in message.buttons[:1]:
            if button.data and button.data.startswith(("s:", "x:")):
                await person.press(message.chat, message, button.data).answered()


async def known(house: House, name: str, language: str) -> Person:
    """Somebody whom the bot has met under the user name of the pages."""
    person = house.person(name, SOMEBODY[language])
    await house.told(person, person.private(), "/whoami")
    return person


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_directors_guide_is_followed_word_by_word(house: House, language: str) -> None:
    director, control = house.director.person, house.control
    await house.told(director, control, f"/language {language}")
    await known(house, "Rina", language)
    leader = house.person("Padal")
    chat = leader.create_group("Medis")
    leader.add_bot(chat)
    steps = commands("director-guide", language)
    by_name = {name_of(step): step for step in reversed(steps)}
    begins = steps.index(by_name["startex"])
    # The pages speak of these where they explain something else.
    at_the_end = ["endex", "summary"]
    in_passing = ["abort", "revoke", "realworld", *at_the_end]
    begin = [step for step in steps if name_of(step) == "startex" and step != by_name["startex"]]
    before = [step for step in steps[:begins] if name_of(step) not in in_passing]
    during = [step for step in steps[begins + 1 :] if name_of(step) not in {*in_passing, "startex"}]
    for step in before:
        said = await follow(director, control, step)
        if name_of(step) == "code":
            posted = await house.see(control, codes_in(said[-1])[0] if codes_in(said[-1]) else "startgroup=")
            await follow(leader, chat, f"/join {codes_in(posted)[0]}")
    for step in (*begin, by_name["startex"], *during):
        await confirm(director, await follow(director, control, step))
    await follow(leader, chat, by_name["realworld"])
    assert (await house.exercise()).state is ExerciseState.REALWORLD
    for name in ("resumex", "revoke", *at_the_end):
        await follow(director, control, by_name[name])
        if name == "endex":
            asked = await house.director.see(control, lambda m: any("x:" in (b.data or "") for b in m.buttons))
            await confirm(director, [asked])
    assert (await house.exercise()).state is ExerciseState.ENDED
    assert not misunderstood(control, language) + misunderstood(chat, language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_leaders_card_is_followed_word_by_word(house: House, language: str) -> None:
    await house.told(house.director.person, house.control, f"/language {language}")
    posted = await house.director.ask(house.control, "/new gladi-cepat", containing="startgroup=")
    deputy, third, leader = await known(house, "Wakil", language), house.person("Tiga"), house.person("Padal")
    chat = leader.create_group("Alfa", deputy, third)
    leader.add_bot(chat)
    steps = commands("leader-card", language)
    joining, *others = sorted(steps, key=lambda step: (name_of(step) != "join", name_of(step) == "realworld"))
    await follow(leader, chat, f"{joining.split()[0]} {codes_in(posted)[0]}")
    await house.director.ask(house.control, "/startex", containing="bravo")
    await house.director.press(house.control, say(language, "confirm.yes"))
    await house.see(chat, "A-1-teks")
    for step in others:
        if step.split()[1:] or name_of(step) != "leader":
            await follow(leader if name_of(step) != "realworld" else third, chat, step)
        else:
            # As a reply, it means whoever wrote the message.
            leader.say(chat, step, reply_to=third.say(chat, "Siap"))
            await house.see(chat, "Tiga")
    run = await house.exercise()
    assert run.state is ExerciseState.REALWORLD
    assert not misunderstood(chat, language)
    assert {deputy.id, third.id} <= set(run.seats["alfa"].leaders)
    assert run.injects["A-1"].deliveries["alfa"].acknowledged is not None
