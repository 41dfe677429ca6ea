"""`/resend`: a new message, the same delivery; the earlier one points to it, and a press on either counts once."""

from bot.exercise.model import DeliveryState
from bot.texts.catalogue import say
from tests.steering.conftest import Floor

ACK = say("id", "ack.button")
OLD = say("id", "inject.superseded")
NEW = say("id", "inject.again")


async def test_the_earlier_message_points_to_the_new_one(floor: Floor) -> None:
    first = await floor.see("alfa", "A-1-teks")
    told = await floor.ask("/resend a-1 ALFA", "A-1")
    assert "Satuan alfa" in told.words
    second = await floor.see("alfa", NEW)
    old = await floor.see("alfa", OLD)
    assert old.message_id == first.message_id
    assert second.message_id > first.message_id
    assert NEW not in floor.present(first).words
    # The other unit's stays as it is.
    assert OLD not in floor.present(await floor.see("bravo", "A-1-teks")).words


async def test_a_press_on_either_counts_once_and_both_show_it(floor: Floor) -> None:
    first = await floor.see("alfa", "A-1-teks")
    before = (await floor.exercise()).injects["A-1"].deliveries["alfa"]
    await floor.ask("/resend A-1 alfa", "A-1")
    second = await floor.see("alfa", NEW)
    await floor.see("alfa", OLD)
    assert (await floor.push("alfa", floor.present(first), ACK)).text.startswith("✅ A-1")
    answered = (await floor.exercise()).injects["A-1"].deliveries["alfa"]
    assert answered.acknowledged is not None
    assert answered.sent_at == before.sent_at
    data = second.buttons[0].data or ""
    assert "Padal alfa" in (await floor.press(floor.cast.leaders["alfa"], second, data)).text
    shown = say("id", "inject.acknowledged", name="Padal alfa")
    for message in (first, second):
        await floor.shows("alfa", message, shown)
        assert not floor.present(message).buttons
    record = await floor.record()
    [line] = [line for line in record["log"] if line["kind"] == "resent"]
    assert (line["inject"], line["unit"], line["actor"]["name"]) == ("A-1", "alfa", "Sari")
    [delivery] = [d for d in record["deliveries"] if d["inject"] == "A-1" and d["unit"] == "alfa"]
    assert (delivery["resent"], delivery["attempts"], delivery["possible_duplicate"]) == (1, 2, False)
    assert len([line for line in record["log"] if line["kind"] == "acknowledged"]) == 1


async def test_it_can_be_sent_a_third_time_also_after_a_restart(floor: Floor) -> None:
    await floor.ask("/resend A-1 alfa", "A-1")
    second = await floor.see("alfa", NEW)
    await floor.restart()
    await floor.ask("/resend A-1 alfa", "A-1")
    third = await floor.see("alfa", NEW, after=second)
    await floor.shows("alfa", second, OLD)
    await floor.push("alfa", third, ACK)
    assert (await floor.exercise()).injects["A-1"].deliveries["alfa"].acknowledged is not None


async def test_a_unit_that_joins_late_gets_what_it_missed_and_its_time_runs_from_then(floor: Floor) -> None:
    floor.cast.leaders["charlie"].remove_bot(floor.cast.chats["charlie"])
    await floor.see_control("Satuan charlie")
    await floor.ask("/fire A-2", "A-2")
    await floor.see_control("A-2")
    refused = await floor.ask("/resend A-2 charlie")
    assert "A-2" in refused.words
    floor.cast.leaders["charlie"].add_bot(floor.cast.chats["charlie"])
    await floor.see_control(say("id", "notice.reachable", unit="Satuan charlie"))
    at = floor.clock.now()
    await floor.ask("/resend A-2 charlie", "A-2")
    await floor.see("charlie", "A-2-teks")
    sent = await floor.until(lambda e: e.injects["A-2"].deliveries["charlie"].state is DeliveryState.SENT)
    delivery = sent.injects["A-2"].deliveries["charlie"]
    assert delivery.sent_at is not None
    assert delivery.sent_at >= at


async def test_what_cannot_be_sent_again_is_explained(floor: Floor) -> None:
    for command, words in {
        "/resend": "/kirimulang I-07 SATUAN",
        "/resend A-1": "/kirimulang",
        "/resend X-1 alfa": "X-1",
        "/resend A-1 nanti": "alfa",
        "/resend A-1 charlie": say("id", "refused.not_received", inject="A-1"),
        "/resend C-1 bravo": say("id", "refused.not_issued", inject="C-1"),
    }.items():
        assert words in (await floor.ask(command)).words, command
    assert await floor.facts("resent") == []
    floor.tell("/pausex")
    await floor.see("alfa", "PAUSEX")
    assert say("id", "refused.not_running") in (await floor.ask("/resend A-1 alfa")).words
