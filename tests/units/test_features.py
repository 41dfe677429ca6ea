"""What a scenario can ask of units, as the chats see it: evidence, steps, decisions, gates and silence."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.exercise.model import Exercise, ExerciseState, InjectState
from bot.rehearsal.people import Person
from bot.texts.catalogue import say
from tests.units.stage import Stage, stage

ACK = say("id", "ack.button")
EVIDENCE = {
    "id": "E-1",
    "at": "0s",
    "to": ["alfa"],
    "text": "Kata sandi E-1-teks.",
    "acknowledge": "1h",
    "evidence": [{"kind": "photo", "within": "20s"}, {"kind": "location", "within": "1h"}],
}
_DECISION = {
    "by": "alfa",
    "within": "1h",
    "options": [
        {"id": "maju", "text": "Maju terus", "then": ["C-1"]},
        {"id": "tahan", "text": "Tahan dulu", "reason": "required", "then": ["C-2"]},
    ],
}
DECISION = {
    "id": "D-1",
    "at": "0s",
    "to": ["alfa"],
    "kind": "decision",
    "text": "Kata sandi D-1-teks.",
    "acknowledge": "1h",
    "progress": ["underway", "done"],
    "decision": _DECISION,
}
SHELF = [
    {"id": "C-1", "to": ["bravo"], "text": "Kata sandi C-1-teks."},
    {"id": "C-2", "to": ["bravo"], "text": "Kata sandi C-2-teks."},
]


async def until(on: Stage, holds: Callable[[Exercise], object]) -> Exercise:
    async with asyncio.timeout(30):
        while not holds(exercise := await on.exercise()):  # noqa: ASYNC110 - nothing announces a commit
            await asyncio.sleep(0.02)
    return exercise


async def test_evidence_is_asked_for_reminded_of_and_shown_once_it_has_come(tmp_path: Path) -> None:
    async with stage(tmp_path, [EVIDENCE], speed=10) as on:
        see, chat, leader = on.cast.director.see, on.cast.chats["alfa"], on.cast.leaders["alfa"]
        inject = await see(chat, "E-1-teks")
        photo, place = say("id", "evidence.photo"), say("id", "evidence.location")
        assert photo in inject.words
        assert place in inject.words
        reminded = await see(chat, lambda m: m.reply_to == inject.message_id and photo in m.words)
        assert "E-1" in reminded.words
        leader.send_photo(chat, reply_to=inject)
        shown = await see(chat, lambda m: m.message_id == inject.message_id and f"📎 {photo}" in m.words)
        # What is still missing is still asked for, and nothing else.
        assert place in shown.words
        leader.send_location(chat, -7.6, 112.9, reply_to=inject)
        await see(chat, lambda m: m.message_id == inject.message_id and f"📎 {place}" in m.words)
        kinds = [mark.kind.value for mark in (await on.delivery("E-1", "alfa")).evidence]
        assert kinds == ["photo", "location"]


async def test_a_leader_decides_with_a_reason_and_the_choice_brings_its_inject_alone(tmp_path: Path) -> None:
    async with stage(tmp_path, [DECISION, *SHELF]) as on:
        see, chat, leader = on.cast.director.see, on.cast.chats["alfa"], on.cast.leaders["alfa"]
        inject = await see(chat, "D-1-teks")
        member = Person(on.world, on.world.add_user("Anggota"))
        member.join(chat)
        await member.press(chat, inject, ACK).answered(30)
        offered = await see(chat, lambda m: any(b.text == "Tahan dulu" for b in m.buttons))
        refused = await member.press(chat, offered, "Tahan dulu").answered(30)
        assert refused.show_alert
        presses = [leader.press(chat, offered, "Tahan dulu") for _ in range(2)]
        asked = {(await press.answered(30)).text for press in presses}
        assert asked == {say("id", "toast.reason", inject="D-1")}
        prompt = await see(chat, lambda m: m.asks_for_reply)
        assert (await on.delivery("D-1", "alfa")).choice is None
        leader.say(chat, "Jalan tertutup", reply_to=prompt)
        await see(on.cast.chats["bravo"], "C-2-teks")
        decided = await see(chat, lambda m: m.message_id == inject.message_id and "Jalan tertutup" in m.words)
        step = next(b.text for b in decided.buttons)
        await member.press(chat, decided, step).answered(30)
        exercise = await until(on, lambda e: e.injects["D-1"].deliveries["alfa"].progress)
        delivery = exercise.injects["D-1"].deliveries["alfa"]
        assert delivery.choice is not None
        assert (delivery.choice.option, delivery.choice.reason) == ("tahan", "Jalan tertutup")
        assert [mark.step for mark in delivery.progress] == ["underway"]
        assert exercise.injects["C-1"].state is InjectState.WAITING
        await see(on.cast.control, "Tahan dulu")
        # A press that comes twice asks once.
        assert [m.message_id for m in on.said("alfa") if m.asks_for_reply] == [prompt.message_id]


async def test_silence_brings_its_inject_and_chooses_nothing(tmp_path: Path) -> None:
    decision = {**_DECISION, "within": "20s"}
    silent = {**DECISION, "acknowledge": "20s", "decision": decision, "if_silent": ["C-2"]}
    async with stage(tmp_path, [silent, *SHELF], speed=20) as on:
        await on.cast.director.see(on.cast.chats["bravo"], "C-2-teks")
        exercise = await on.exercise()
        assert exercise.injects["D-1"].deliveries["alfa"].choice is None
        assert exercise.injects["C-1"].state is InjectState.WAITING


async def test_a_gate_sends_skips_or_asks(tmp_path: Path) -> None:
    gated: list[dict[str, Any]] = [
        {"id": "G-1", "at": "10s", "to": ["bravo"], "text": "Kata sandi G-1-teks."},
        {"id": "G-2", "at": "10s", "to": ["bravo"], "text": "Kata sandi G-2-teks."},
    ]
    met = {"all": [{"inject": "E-1", "acknowledged": True}], "otherwise": "ask"}
    script: list[dict[str, Any]] = [
        {**EVIDENCE, "evidence": []},
        {**gated[0], "requires": met},
        {**gated[1], "requires": met},
    ]
    async with stage(tmp_path, script, speed=10) as on:
        director, control = on.cast.director, on.cast.control
        first = await director.see(control, lambda m: "G-1" in m.words and _asks(m, "gate.send"))
        second = await director.see(control, lambda m: "G-2" in m.words and _asks(m, "gate.skip"))
        await director.person.press(control, first, say("id", "gate.send")).answered(30)
        await director.person.press(control, second, say("id", "gate.skip")).answered(30)
        await director.see(on.cast.chats["bravo"], "G-1-teks")
        exercise = await until(on, lambda e: e.injects["G-2"].state is InjectState.SKIPPED)
        assert exercise.injects["G-1"].state is InjectState.ISSUED


async def test_a_scheduled_startex_comes_by_itself(tmp_path: Path) -> None:
    async with stage(tmp_path, [EVIDENCE], begin=False) as on:
        director, control = on.cast.director, on.cast.control
        await director.ask(control, "/mulai dalam 2s")
        await director.press(control, say("id", "confirm.yes"))
        exercise = await until(on, lambda e: e.state is ExerciseState.RUNNING)
        assert exercise.scheduled_at is None
        await director.see(on.cast.chats["alfa"], "E-1-teks")


def _asks(message: object, key: str) -> bool:
    buttons = getattr(message, "buttons", ())
    return len(buttons) == 2 and any(button.text == say("id", key) for button in buttons)
