"""`/say`: an inject of the director's own is an inject like any other, also after a restart."""

from bot.exercise.model import Cause
from bot.texts.catalogue import say
from tests.steering.conftest import Floor

ACK = say("id", "ack.button")


async def test_an_ad_hoc_inject_reaches_its_group_and_is_acknowledged_and_timed(floor: Floor) -> None:
    told = await floor.ask("/pesan depan Jembatan putus.\nCari jalan lain.", "S-1")
    assert "2" in told.words
    message = await floor.see("alfa", "Jembatan putus.\nCari jalan lain.")
    await floor.see("bravo", "Jembatan putus")
    assert message.words.splitlines()[1].startswith("S-1 · J+")
    assert (await floor.push("alfa", message, ACK)).text.startswith("✅ S-1")
    run = (await floor.exercise()).injects["S-1"]
    assert run.cause is Cause.AD_HOC
    # Judged like the script's own.
    assert run.inject.acknowledge == (await floor.exercise()).injects["A-1"].inject.acknowledge
    record = await floor.record()
    [alfa, bravo] = [each for each in record["deliveries"] if each["inject"] == "S-1"]
    assert (alfa["outcome"], bravo["outcome"]) == ("in_time", "open")
    assert alfa["latency_seconds"] < 10
    assert record["figures"]["units"]["alfa"]["asked"] == 2
    [added] = [line for line in record["log"] if line["kind"] == "added"]
    assert added["detail"] == {"to": ["depan"], "text": "Jembatan putus.\nCari jalan lain."}


async def test_an_ad_hoc_inject_outlives_a_restart(floor: Floor) -> None:
    await floor.ask("/say bravo Laporkan posisi", "S-1")
    message = await floor.see("bravo", "Laporkan posisi")
    before = (await floor.exercise()).injects["S-1"]
    await floor.restart()
    after = (await floor.exercise()).injects["S-1"]
    assert (after.inject, after.at, after.issued_at) == (before.inject, before.at, before.issued_at)
    assert (await floor.push("bravo", message, ACK)).text.startswith("✅ S-1")
    await floor.ask("/say charlie Dan sekarang?", "S-2")
    pending = floor.cast.leaders["charlie"].say(floor.cast.chats["charlie"], "/tugas")
    await floor.see("charlie", "S-2", after=pending)
    summary = await floor.ask("/summary", "S-1")
    assert "S-2" in summary.words


async def test_the_units_that_have_not_joined_are_named(floor: Floor) -> None:
    told = await floor.ask("/say all Semua lapor", "S-1")
    assert "3" in told.words
    assert "Satuan echo" in told.words


async def test_while_the_clock_stands_still_it_waits_and_can_be_withdrawn(floor: Floor) -> None:
    floor.tell("/pausex hujan")
    paused = await floor.see("alfa", "PAUSEX")
    await floor.ask("/say alfa Pertama", "S-1")
    await floor.ask("/say alfa Kedua", "S-2")
    coming = await floor.ask("/next", "S-1")
    assert "Kedua" in coming.words
    await floor.ask("/skip S-1", "S-1")
    await floor.restart()
    floor.tell("/resumex")
    message = await floor.see("alfa", "Kedua", after=paused)
    assert message.words.splitlines()[1].startswith("S-2 · J+")
    assert not [m for m in floor.cast.said("alfa") if "Pertama" in m.words]
    again = await floor.ask("/fire S-1")
    assert "S-1" in again.words
    await floor.ask("/fire S-2")


async def test_what_cannot_be_sent_is_explained_and_sends_nothing(floor: Floor) -> None:
    for command, words in {
        "/say": "/pesan all TEKS",
        "/say alfa": "/pesan all",
        "/say alfo Siaga": "alfa",
        f"/say alfa {'x' * 3_001}": "3001",
    }.items():
        assert words in (await floor.ask(command)).words, command
    assert "S-1" not in (await floor.exercise()).injects


async def test_a_number_sign_in_the_text_is_text(floor: Floor) -> None:
    await floor.ask("/say alfa Lihat poin #3 dan #1", "S-1")
    await floor.see("alfa", "Lihat poin #3 dan #1")


async def test_markup_and_control_characters_do_no_harm(floor: Floor) -> None:
    await floor.ask("/say ALFA <b>&\x07 tebal</b>", "S-1")
    await floor.see("alfa", "<b>& tebal</b>")


async def test_before_startex_nothing_is_said(prepared: Floor) -> None:
    told = await prepared.ask("/say all Halo")
    assert told.words.splitlines()[1] == say("id", "refused.not_started")


async def test_nobody_else_speaks_for_the_director(floor: Floor) -> None:
    leader = floor.cast.leaders["alfa"]
    leader.say(floor.cast.chats["alfa"], "/say all Mundur")
    await floor.see("alfa", say("id", "reply.in_control_only"))
    assert "S-1" not in (await floor.exercise()).injects
