"""Where nobody can know whether an inject has arrived, the director is asked, and decides with a button."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.rehearsal.standin.faults import Fault, ResetAfter, ResetBefore
from tests.units.stage import Stage, stage

INJECT = {
    "id": "A-1",
    "at": "0s",
    "to": ["alfa"],
    "text": "Kata sandi A-1-teks.",
    "acknowledge": {"within": "30m"},
}
SPEED = 30.0


def no_answer(*faults: Fault) -> Any:
    """Each sending of the inject meets the next of the faults."""
    remaining = list(faults)

    def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
        is_inject = method == "sendMessage" and "A-1-teks" in str(parameters.get("text", ""))
        return remaining.pop(0) if is_inject and remaining else None

    return decide


async def asked(on: Stage) -> Any:
    return await on.cast.director.see(on.cast.control, "A-1 ke Satuan alfa mungkin tidak sampai")


async def test_after_one_repeat_the_director_is_asked_and_can_have_it_sent_again(tmp_path: Path) -> None:
    async with stage(tmp_path, [INJECT], speed=SPEED, begin=False) as on:
        on.world.faults.decide = no_answer(ResetBefore(), ResetBefore())
        await on.cast.startex()
        question = await asked(on)
        assert [button.text for button in question.buttons] == ["Kirim ulang", "Sudah via radio"]
        assert not [message for message in on.said("alfa") if "A-1-teks" in message.words]
        answer = await on.cast.director.person.press(on.cast.control, question, "Kirim ulang").answered(10)
        assert answer.text == "A-1 dikirim ulang ke Satuan alfa."
        await on.cast.inject("A-1", "alfa")
        over = await on.cast.director.see(on.cast.control, "A-1 ke Satuan alfa sudah dikirim ulang dan sampai.")
        assert (over.message_id, over.buttons) == (question.message_id, ())
        kinds = [line["kind"] for line in (await on.record())["log"] if line["inject"] == "A-1"]
        assert [kind for kind in kinds if kind in {"uncertain", "resent", "sent"}] == [
            "uncertain",
            "uncertain",
            "resent",
            "sent",
        ]


async def test_a_press_under_either_copy_ends_the_doubt_and_counts_once(tmp_path: Path) -> None:
    async with stage(tmp_path, [INJECT], speed=SPEED, begin=False) as on:
        on.world.faults.decide = no_answer(ResetAfter(), ResetAfter())
        await on.cast.startex()
        question = await asked(on)
        copies = [message for message in on.said("alfa") if "A-1-teks" in message.words]
        assert ["Mungkin terkirim ulang." in message.words for message in copies] == [False, True]
        for copy in copies:
            await on.cast.leaders["alfa"].press(on.cast.chats["alfa"], copy, copy.buttons[0].text).answered(10)
        over = await on.cast.director.see(on.cast.control, "Satuan alfa: A-1 sudah dijawab.")
        assert (over.message_id, over.buttons) == (question.message_id, ())
        assert len(await on.facts("acknowledged")) == 1
