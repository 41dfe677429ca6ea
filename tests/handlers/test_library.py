"""Scenario files sent to a control room: shown and added by a press, or answered with what is wrong with them."""

from pathlib import Path

from bot.exercise.people import Person
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.messages import Message
from bot.store import directory
from bot.store.transaction import Transaction
from scenarios.library import read_bundled
from scenarios.model import Scenario
from scenarios.reading import Check, read_scenario
from scenarios.writing import write_scenario
from tests.house import House, says

GOOD = """format: 1
id: banjir
title: Latihan banjir
units:
  posko: {name: Posko}
injects:
  - {id: I-01, at: 0s, to: [posko], text: "Air naik <b>cepat</b>", acknowledge: 60s}
"""
BAD = GOOD.replace("to: [posko]", "to: [tidak-ada]")


async def sent(house: House, chat: Chat, name: str, body: str | bytes, words: str, *, caption: str = "") -> Message:
    """What the bot answers to a file."""
    data = body.encode() if isinstance(body, str) else body
    file = house.director.person.send_document(chat, name, data, caption=caption)
    return await house.director.see(chat, words, after=file)


async def press(house: House, chat: Chat, offer: Message, label: str) -> str:
    """What answers the button of that label under a scenario on offer."""
    answered = await house.director.person.press(chat, house.director.present(offer), says(label)).answered(30)
    return answered.text


async def shown(house: House, chat: Chat, offer: Message, words: str) -> Message:
    """The preview, once it says so."""
    return await house.director.see(chat, lambda m: m.message_id == offer.message_id and words in m.words)


async def added(house: House, scenario_id: str) -> Scenario | None:
    return await house.store.perform(lambda tx: directory.scenario_of(tx, scenario_id))


async def test_a_good_file_is_shown_and_added_by_a_press(house: House) -> None:
    offer = await sent(house, house.control, "banjir.yaml", GOOD, "Latihan banjir")
    assert "1 satuan, 1 inject" in offer.words
    assert "posko · Posko" in offer.words
    assert says("offer.add") in offer.words
    assert await added(house, "banjir") is None
    assert await press(house, house.control, offer, "offer.add_yes") == says("offer.told.yes", scenario="banjir")
    closed = await shown(house, house.control, offer, "/baru banjir")
    assert "1 satuan, 1 inject" in closed.words
    assert not closed.buttons
    await house.new("banjir")
    assert (await house.exercise()).scenario.id == "banjir"


async def test_what_is_not_wanted_is_not_added_and_says_so(house: House) -> None:
    offer = await sent(house, house.control, "banjir.yaml", GOOD, "Latihan banjir")
    assert await press(house, house.control, offer, "offer.no") == says("offer.told.no", scenario="banjir")
    assert not (await shown(house, house.control, offer, says("offer.answer.no", by="Sari"))).buttons
    assert await added(house, "banjir") is None
    assert "tidak ada" in await house.told(house.director.person, house.control, "/baru banjir")


async def test_who_begins_with_a_scenario_on_offer_has_it_added(house: House) -> None:
    offer = await sent(house, house.control, "banjir-besar.yaml", GOOD.replace("id: banjir", "id: banjir_besar"), "Lat")
    await house.new("Banjir-Besar")
    assert (await house.exercise()).scenario.id == "banjir_besar"
    assert await added(house, "banjir_besar") is not None
    assert not (
        await shown(house, house.control, offer, says("offer.answer.yes", by="Sari", scenario="banjir_besar"))
    ).buttons


async def test_a_scenario_on_offer_in_one_room_is_none_in_another(house: House) -> None:
    await sent(house, house.control, "banjir.yaml", GOOD, "Latihan banjir")
    room = house.director.person.create_group("Ruang lain")
    house.director.person.add_bot(room)
    assert "tidak ada" in await house.told(house.director.person, room, "/baru banjir")
    assert await added(house, "banjir") is None


async def test_a_newer_file_takes_the_place_of_one_on_offer(house: House) -> None:
    older = await sent(house, house.control, "banjir.yaml", GOOD, "Latihan banjir")
    newer = await sent(house, house.control, "banjir.yaml", GOOD.replace("Latihan", "Geladi"), "Geladi banjir")
    assert not (await shown(house, house.control, older, says("offer.answer.withdrawn"))).buttons
    await press(house, house.control, newer, "offer.add_yes")
    found = await added(house, "banjir")
    assert found is not None
    assert found.title.in_language("id") == "Geladi banjir"


async def test_nobody_but_who_may_begin_an_exercise_adds_what_is_on_offer(house: House) -> None:
    room = house.director.person.create_group("Ruang kendali")
    house.director.person.add_bot(room)
    offer = await sent(house, room, "banjir.yaml", GOOD, "Latihan banjir", caption="/skenario")
    somebody = house.person("Tamu")
    somebody.join(room)
    answered = await somebody.press(room, house.director.present(offer), says("offer.add_yes")).answered(30)
    assert answered.text == says("reply.owner_only")
    assert await added(house, "banjir") is None


async def test_what_is_worth_a_look_stands_in_the_preview(house: House) -> None:
    lonely = GOOD + '  - {id: I-02, to: [posko], text: "Tanggul retak"}\n'
    offer = await sent(house, house.control, "banjir.yaml", lonely, "Latihan banjir")
    assert says("offer.findings", number=1) in offer.words
    assert "8:" in offer.words
    await press(house, house.control, offer, "offer.add_yes")
    assert await added(house, "banjir") is not None


async def test_a_bad_file_is_answered_with_the_place_of_each_problem_and_changes_nothing(house: House) -> None:
    told = await sent(house, house.control, "banjir.yaml", BAD, "tidak-ada")
    assert "7:29: kesalahan: satuan 'tidak-ada' tidak dikenal\n" in told.words
    assert await added(house, "banjir") is None


async def test_what_is_found_is_said_in_the_language_of_the_chat(house: House) -> None:
    lonely = GOOD + '  - {id: I-02, to: [posko], text: "Tanggul retak"}\n'
    offer = await sent(house, house.control, "banjir.yaml", lonely, "Latihan banjir")
    assert "8:10: peringatan: tidak ada yang memicu 'I-02': hanya direktur, dengan /kirim\n" in offer.words
    await house.director.ask(house.control, "/bahasa en")
    told = await sent(house, house.control, "banjir.yaml", BAD, "tidak-ada")
    assert "7:29: error: unknown unit 'tidak-ada'\n" in told.words
    offer = await sent(house, house.control, "banjir.yaml", lonely, "Latihan banjir")
    assert "8:10: warning: nothing fires 'I-02': only the director can, with /fire\n" in offer.words


async def test_a_spreadsheet_is_a_scenario_too(house: House, tmp_path: Path) -> None:
    scenario = read_scenario(GOOD.encode(), "banjir.yaml", Check()).scenario
    assert scenario is not None
    book = tmp_path / "banjir.xlsx"
    book.write_bytes(write_scenario(scenario, ".xlsx", "id"))
    offer = await sent(house, house.control, book.name, book.read_bytes(), "Latihan banjir")
    await press(house, house.control, offer, "offer.add_yes")
    assert await added(house, "banjir") == scenario


async def test_a_new_version_leaves_the_exercises_that_exist_alone(house: House) -> None:
    await sent(house, house.control, "banjir.yaml", GOOD, "Latihan banjir")
    await house.new("banjir")
    changed = GOOD.replace("Latihan banjir", "Banjir besar")
    offer = await sent(house, house.control, "banjir.yaml", changed, "Banjir besar")
    assert says("offer.replace", scenario="banjir") in offer.words
    await press(house, house.control, offer, "offer.replace_yes")
    assert (await house.exercise()).scenario.title.in_language("id") == "Latihan banjir"
    await house.new("banjir")
    assert (await house.exercise(2)).scenario.title.in_language("id") == "Banjir besar"


async def test_what_is_no_scenario_is_said_to_be_none(house: House) -> None:
    told = await sent(house, house.control, "surat.pdf", b"%PDF", ".yaml")
    assert ".xlsx" in told.words


async def test_a_stranger_adds_nothing(house: House) -> None:
    stranger = house.person("Orang Asing")
    room = stranger.private()
    stranger.start()
    file = stranger.send_document(room, "banjir.yaml", GOOD.encode())
    await house.director.see(room, "", after=file)
    assert await added(house, "banjir") is None


async def test_in_a_group_a_file_is_taken_by_its_caption_or_by_a_reply(house: House) -> None:
    room = house.director.person.create_group("Ruang kendali")
    house.director.person.add_bot(room)
    await sent(house, room, "banjir.yaml", GOOD, "Latihan banjir", caption="/skenario")
    other = house.director.person.send_document(room, "lain.yaml", GOOD.replace("banjir", "lain").encode())
    command = house.director.person.say(room, "/scenarios", reply_to=other)
    offer = await house.director.see(room, "Latihan lain", after=command)
    await press(house, room, offer, "offer.add_yes")
    assert await added(house, "lain") is not None


async def test_a_scenario_that_names_files_is_refused_with_words_that_say_where_they_go(house: House) -> None:
    named = GOOD.replace("acknowledge: 60s", "media: [{photo: peta.png}, {document: rencana.pdf}]")
    told = await sent(house, house.control, "banjir.yaml", named, "peta.png, rencana.pdf")
    assert "GELADI_SCENARIOS" in told.words
    assert await added(house, "banjir") is None


async def test_a_long_library_comes_in_pages(house: House) -> None:
    scenario = read_scenario(GOOD.encode(), "banjir.yaml", Check()).scenario
    assert scenario is not None
    somebody, at = Person(1, "Perencana"), house.clock.now()

    def fill(tx: Transaction) -> None:
        for number in range(40):
            directory.add_scenario(tx, scenario.model_copy(update={"id": f"naskah-{number:02d}"}), somebody, at)

    await house.store.perform(fill)
    director = house.director
    listed = await director.ask(house.control, "/skenario", containing="naskah-00")
    assert "naskah-39" not in listed.words
    pages = [listed.words]
    while ahead := [button.text for button in director.present(listed).buttons if "▶" in button.text]:
        await director.person.press(house.control, director.present(listed), ahead[0]).answered(30)
        await director.see(house.control, lambda m: m.message_id == listed.message_id and m.words not in pages)
        pages.append(director.present(listed).words)
    seen = "".join(pages)
    assert len(pages) == 3
    assert all(f"naskah-{number:02d}" in seen for number in range(40))
    assert "sispamkota_pemilu" in seen


async def test_a_scenario_is_looked_at_and_comes_as_a_workbook_that_can_be_sent_back(house: House) -> None:
    told = await house.told(house.director.person, house.control, "/skenario sispamkota-pemilu")
    assert told.splitlines()[1] == "sispamkota_pemilu"
    assert "15 satuan" in told
    assert "• Pembukaan: " in told
    assert "/baru sispamkota_pemilu" in told
    file = await house.director.see(house.control, "Skenario sispamkota_pemilu.")
    document = (file.content or {})["document"]
    assert document["file_name"] == "sispamkota_pemilu.xlsx"
    stored = house.world.files.get(document["file_id"])
    assert stored is not None
    bundled = read_bundled("sispamkota_pemilu")
    assert read_scenario(stored.body, "sispamkota_pemilu.xlsx", Check()).scenario == bundled
    offer = await sent(house, house.control, "sispamkota_pemilu.xlsx", stored.body, bundled.title.in_language("id"))
    await press(house, house.control, offer, "offer.replace_yes")
    assert await added(house, "sispamkota_pemilu") == bundled


async def test_a_scenario_that_there_is_not_is_said_to_be_none(house: House) -> None:
    assert "tidak ada" in await house.told(house.director.person, house.control, "/skenario gempa")


async def test_of_many_problems_ten_are_in_the_reply_and_all_in_a_file(house: House) -> None:
    line = '  - {id: I-01, at: 0s, to: [posko], text: "Air naik <b>cepat</b>", acknowledge: 60s}\n'
    assert line in GOOD
    bad = GOOD.replace(line, "".join(line.replace("I-01", f"I-{n}").replace("posko", f"tiada-{n}") for n in range(25)))
    told = await sent(house, house.control, "banjir.yaml", bad, "tiada-0")
    assert "tiada-9" in told.words
    assert "tiada-10" not in told.words
    file = await house.director.see(house.control, says("scenario.problems", number=25))
    document = (file.content or {})["document"]
    stored = house.world.files.get(document["file_id"])
    assert document["file_name"] == "temuan.txt"
    assert stored is not None
    lines = stored.body.decode().splitlines()
    assert len(lines) == 25
    assert all(f"tiada-{n}" in line and f"{7 + n}:" in line for n, line in enumerate(lines)), lines
    assert await added(house, "banjir") is None
