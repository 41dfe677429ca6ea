"""A unit that does not answer is reminded, its leader called, and then the control room told."""

import asyncio
from pathlib import Path

from bot.texts.catalogue import say
from tests.units.stage import Stage, stage

SILENT = {
    "id": "A-1",
    "at": "0s",
    "to": ["alfa"],
    "text": "Kata sandi A-1-teks.",
    "acknowledge": {"within": "40s", "remind": "20s", "escalate": "20s"},
}
SPEED = 20.0


async def escalated(on: Stage) -> int:
    message = await on.cast.director.see(on.cast.control, lambda m: any(b.text == "Sudah via radio" for b in m.buttons))
    return message.message_id


async def test_a_silent_unit_is_urged_in_three_steps(tmp_path: Path) -> None:
    async with stage(tmp_path, [SILENT], speed=SPEED) as on:
        await escalated(on)
        reminders = [message for message in on.said("alfa") if "A-1" in message.words and "belum" in message.words]
        assert [message.words.splitlines()[2] for message in reminders] == ["LATIHAN LATIHAN LATIHAN", "Padal alfa"]
        near, over = reminders
        assert not [entity for entity in near.entities if entity["type"] == "text_mention"]
        mentioned = [entity["user"]["id"] for entity in over.entities if entity["type"] == "text_mention"]
        assert mentioned == [on.cast.leaders["alfa"].id]
        assert (await on.cast.inject("A-1", "alfa")).message_id == over.reply_to
        kinds = [line["kind"] for line in (await on.record())["log"]]
        assert [kind for kind in kinds if kind in {"reminded", "silent", "escalated"}] == [
            "reminded",
            "silent",
            "escalated",
        ]


async def test_an_answer_by_radio_is_noted_with_who_said_so_and_is_no_time_of_the_units_own(tmp_path: Path) -> None:
    async with stage(tmp_path, [SILENT], speed=SPEED) as on:
        asked = await escalated(on)
        director = on.cast.director.person
        answer = await director.press(on.cast.control, asked, "Sudah via radio").answered(10)
        assert answer.text == "A-1: Satuan alfa dicatat menerima via radio."
        shown = await on.cast.director.see(on.cast.chats["alfa"], "📻 Diterima via radio, dicatat Sari")
        assert not shown.buttons
        after = await on.cast.director.see(on.cast.control, "Satuan alfa: A-1 sudah dijawab.")
        assert (after.message_id, after.buttons) == (asked, ())
        record = await on.record()
        delivery = record["deliveries"][0]
        assert delivery["acknowledged_by_radio"]
        assert delivery["acknowledged_by"]["name"] == "Sari"
        assert not delivery["acknowledged_exact"]
        assert delivery["latency_seconds"] is None
        assert record["figures"]["units"]["alfa"]["acknowledged"] == 1
        assert record["figures"]["units"]["alfa"]["median_seconds"] is None


async def test_only_who_steers_may_say_that_a_unit_answered_by_radio(tmp_path: Path) -> None:
    async with stage(tmp_path, [SILENT], speed=SPEED) as on:
        asked = await escalated(on)
        data = on.cast.control.messages[asked].buttons[0].data or ""
        inject = await on.cast.inject("A-1", "alfa")
        leader = on.cast.leaders["alfa"]
        forged = await on.world.presses.press(leader.user, on.world.only_bot, inject, data).answered(10)
        assert (forged.text, forged.show_alert) == (say("id", "toast.stale"), True)
        assert (await on.delivery("A-1", "alfa")).acknowledged is None


async def test_an_answer_in_time_urges_nobody(tmp_path: Path) -> None:
    async with stage(tmp_path, [SILENT, {**SILENT, "id": "A-2", "to": ["bravo"]}], speed=SPEED) as on:
        await on.cast.acknowledge("A-1", "alfa", after=0)
        await escalated(on)
        assert not [message for message in on.said("alfa") if "belum" in message.words]


async def test_the_inject_is_sent_again_with_one_press(tmp_path: Path) -> None:
    async with stage(tmp_path, [SILENT], speed=SPEED) as on:
        asked = await escalated(on)
        first = await on.cast.inject("A-1", "alfa")
        answer = await on.cast.director.person.press(on.cast.control, asked, "Kirim ulang").answered(10)
        assert answer.text == "A-1 dikirim ulang ke Satuan alfa."
        chat = on.cast.chats["alfa"]
        again = await on.cast.director.see(
            chat, lambda m: "A-1-teks" in m.words and m.message_id > first.message_id and bool(m.buttons)
        )
        press = on.cast.leaders["alfa"].press(chat, again, say("id", "ack.button"))
        await press.answered(10)
        assert (await on.delivery("A-1", "alfa")).acknowledged


async def test_a_press_of_send_again_that_comes_twice_sends_it_once_and_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path, [SILENT], speed=SPEED) as on:
        asked = await escalated(on)
        director, control, chat = on.cast.director, on.cast.control, on.cast.chats["alfa"]
        presses = [director.person.press(control, asked, "Kirim ulang") for _ in range(2)]
        first, second = [await press.answered(10) for press in presses]
        assert (first.text, first.show_alert) == ("A-1 dikirim ulang ke Satuan alfa.", False)
        gaps = {"inject": "A-1", "unit": "Satuan alfa"}
        assert second.show_alert
        assert second.text in {say("id", f"refused.{why}", **gaps) for why in ("still_sending", "just_resent")}
        await director.see(chat, say("id", "inject.again"))
        async with asyncio.timeout(30):
            while len(await on.facts("sent")) < 2:  # noqa: ASYNC110 - nothing announces a commit
                await asyncio.sleep(0.02)
        assert len(await on.facts("resent")) == 1
        # Meant once more, it is done once more.
        await on.world.clock.sleep(10)
        again = await director.person.press(control, asked, "Kirim ulang").answered(10)
        assert again.text == "A-1 dikirim ulang ke Satuan alfa."
        assert len(await on.facts("resent")) == 2
