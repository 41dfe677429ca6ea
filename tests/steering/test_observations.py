"""`/note` and `/rate`: what controllers saw, in the record with whoever saw it; nobody else observes."""

from bot.texts.catalogue import say
from tests.steering.conftest import Floor


async def test_notes_are_filed_under_the_inject_and_the_unit_that_they_name(floor: Floor) -> None:
    told = await floor.ask("/catat a-1 ALFA Pasukan rapi,\nmaju berbanjar", "Sari")
    assert "A-1" in told.words
    assert "Satuan alfa" in told.words
    await floor.ask("/note bravo Terlambat")
    general = await floor.ask("/note Hujan turun, semua basah")
    assert "Satuan" not in general.words
    notes = (await floor.record())["notes"]
    assert [(n["inject"], n["unit"], n["text"], n["objectives"]) for n in notes] == [
        ("A-1", "alfa", "Pasukan rapi,\nmaju berbanjar", ["komando"]),
        (None, "bravo", "Terlambat", []),
        (None, None, "Hujan turun, semua basah", []),
    ]
    assert all(n["by"]["name"] == "Sari" and n["exercise_seconds"] > 0 for n in notes)


async def test_a_photo_with_a_caption_is_a_note_and_so_is_an_answer_to_a_photo(floor: Floor) -> None:
    director, control = floor.cast.director.person, floor.cast.control
    photo = director.send_photo(control, caption="/note A-1 alfa Barikade")
    await floor.see_control(say("id", "notice.noted", by="Sari", inject="A-1", unit="Satuan alfa"), after=photo)
    bare = director.send_photo(control)
    asked = director.say(control, "/note bravo", reply_to=bare)
    await floor.see_control("Satuan bravo", after=asked)
    notes = (await floor.record())["notes"]
    assert [(n["kind"], n["text"]) for n in notes] == [("photo", "Barikade"), ("photo", "")]
    assert all(floor.world.files.get(note["file"]) for note in notes)


async def test_ratings_name_inject_unit_letter_and_objectives(floor: Floor) -> None:
    told = await floor.ask("/nilai a-1 Alfa s Perlu aba-aba", "Satuan alfa")
    assert say("id", "rating.s") in told.words
    await floor.ask("/rate A-1 bravo U")
    ratings = (await floor.record())["ratings"]
    assert [(r["inject"], r["unit"], r["rating"], r["text"], r["objectives"]) for r in ratings] == [
        ("A-1", "alfa", "S", "Perlu aba-aba", ["komando"]),
        ("A-1", "bravo", "U", "", ["komando"]),
    ]
    summary = await floor.ask("/summary", "A-1")
    assert say("id", "report.observed", notes=0, ratings=2) in summary.words
    # A controller's words are for controllers.
    for unit in ("alfa", "bravo"):
        assert not [m for m in floor.cast.said(unit) if "aba-aba" in m.words]


async def test_observations_outlive_a_restart_and_go_on_after_endex(floor: Floor) -> None:
    await floor.ask("/note A-1 Pertama")
    await floor.restart()
    asked = await floor.ask("/endex")
    await floor.push_control(asked, say("id", "confirm.endex_yes"))
    await floor.see("alfa", "Latihan selesai.")
    await floor.ask("/rate A-1 alfa P Saat evaluasi")
    record = await floor.record()
    assert [n["text"] for n in record["notes"]] == ["Pertama"]
    assert [r["text"] for r in record["ratings"]] == ["Saat evaluasi"]


async def test_what_is_wrong_is_explained_and_recorded_nowhere(floor: Floor) -> None:
    for command, words in {
        "/note": "/catat I-07 TEKS",
        "/note A-1": "/catat I-07",
        "/rate A-1 alfa": "/nilai I-07 SATUAN",
        "/rate A-1 alfa X": "P:",
        "/rate A-9 alfa P": "A-9",
        "/rate A-1 nanti P": "alfa",
        "/rate A-1 charlie P": say("id", "refused.not_received", inject="A-1"),
        "/rate C-1 bravo P": say("id", "refused.not_issued", inject="C-1"),
    }.items():
        assert words in (await floor.ask(command)).words, command
    record = await floor.record()
    assert (record["notes"], record["ratings"]) == ([], [])


async def test_a_leader_neither_notes_nor_rates(floor: Floor) -> None:
    leader, chat = floor.cast.leaders["alfa"], floor.cast.chats["alfa"]
    for command in ("/note A-1 Kami hebat", "/rate A-1 alfa P"):
        said = leader.say(chat, command)
        await floor.see("alfa", say("id", "reply.in_control_only"), after=said)
    photo = leader.send_photo(chat, caption="/rate A-1 alfa P")
    await floor.see("alfa", say("id", "reply.in_control_only"), after=photo)
    record = await floor.record()
    assert (record["notes"], record["ratings"]) == ([], [])
