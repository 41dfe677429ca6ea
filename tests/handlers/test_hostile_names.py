"""People and groups called what they like: everything said about them arrives, as it was written and no more."""

import pytest

from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from tests.house import House

NAMES = {
    "markup": "<b>Padal</b> &amp; <a href='tg://user?id=1'>",
    "a gap of a text": "{name} {0} %s \\",
    "direction marks": "\u202eladaP\u2066\u200f",
    "letters from right to left": "قائد الوحدة",
    "nothing to see": "\u3164\u200b",
    "four thousand characters": "P" * 4_000,
}


def refused(house: House) -> list[tuple[str, str | int]]:
    """What the stand-in, strict as Telegram, did not take of what the bot sent."""
    outcomes = house.world.journal.outcomes
    return [each for each in outcomes if each[0].startswith(("send", "edit", "answer")) and each[1] == 400]


def whole(message: Message) -> None:
    """Nobody's direction turns round what stands beside it, and the marking is the first and the last line."""
    lines = message.words.splitlines()
    assert lines[0] == lines[-1] == say("id", "marking")
    assert not set(message.words) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200f\u200e")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_an_exercise_with_such_names_is_played_to_its_end(house: House, name: str) -> None:
    director, control = house.director, house.control
    await house.new()
    leader = house.person(name)
    chat = leader.create_group(name)
    leader.add_bot(chat)
    await house.told(leader, chat, f"/gabung {house.codes['alfa']}", containing="alfa")
    whole(await director.ask(control, "/satuan"))
    whole(await director.ask(control, "/satuan alfa"))
    await director.ask(control, "/mulai", containing="bravo")
    await director.press(control, say("id", "confirm.yes"))
    inject = await house.see(chat, "A-1-teks")
    await leader.press(chat, inject, say("id", "ack.button")).answered(30)
    whole(await director.see(chat, lambda m: m.message_id == inject.message_id and "✅" in m.words))
    await house.told(leader, chat, f"/lapor {name} ujung-{name}"[:4_000])
    whole(await house.see(control, "Laporan Satuan alfa"))
    await house.told(leader, chat, "/whoami")
    await director.ask(control, "/papan")
    leader.say(chat, f"/nyata {name}"[:4_000])
    real = await house.see(control, say("id", "marking.real"))
    assert say("id", "marking") not in real.words
    await director.press(control, say("id", "realworld.resume"), on=real)
    await director.press(control, say("id", "confirm.resumex_yes"))
    whole(await house.see(chat, "Kejadian nyata sudah ditangani"))
    await director.ask(control, f"/catat {name}"[:4_000])
    await director.ask(control, "/selesai", containing="ENDEX")
    await director.press(control, say("id", "confirm.endex_yes"))
    whole(await house.see(chat, "Kembali ke kegiatan rutin"))
    await director.see(control, lambda m: (m.content or {}).get("document"))
    assert not refused(house)
