"""`/commcheck`: every unit is asked before STARTEX, the control room sees who answers, and no figure counts it."""

from dataclasses import replace
from datetime import timedelta

from bot.exercise import commcheck
from bot.exercise.model import ExerciseState
from bot.messages import CommCheck, CommCheckResult
from bot.texts.catalogue import say
from bot.wire.rendering.render import render
from tests.builders import DIRECTOR, STARTEX, an_exercise, leader_of, log_of
from tests.rendering.reading import seen, view_of
from tests.steering.conftest import Floor

BUTTON = say("id", "check.button")
SILENT = say("id", "check.silent")


def of_unit(words: str, unit: str) -> str:
    return next(line for line in words.splitlines() if f"Satuan {unit}" in line)


async def test_units_answer_and_the_result_is_kept_current(prepared: Floor) -> None:
    result = await prepared.ask("/cekkom", "0 dari 3")
    assert of_unit(result.words, "alfa") == f"⏳ Satuan alfa · {SILENT}"
    assert of_unit(result.words, "echo") == f"⚪ Satuan echo · {say('id', 'check.unbound')}"
    asked = await prepared.see("alfa", "CEK KOMUNIKASI 1")
    assert asked.words.splitlines()[0] == asked.words.splitlines()[-1] == "LATIHAN LATIHAN LATIHAN"
    answer = await prepared.push("alfa", asked, BUTTON)
    assert answer.text.startswith("✅")
    now = await prepared.see_control("1 dari 3")
    assert now.message_id == result.message_id
    assert of_unit(now.words, "alfa").startswith("✅ Satuan alfa · ")
    assert of_unit(now.words, "alfa").endswith(" dtk · Padal alfa")
    # Those who are missing stand above those who have answered.
    assert now.words.index("Satuan echo") < now.words.index("Satuan alfa")
    shown = await prepared.see("alfa", "Padal alfa setelah")
    assert (shown.message_id, shown.buttons) == (asked.message_id, ())
    # The second road, for a press that did not get through.
    said = prepared.cast.leaders["bravo"].say(prepared.cast.chats["bravo"], "/terima")
    await prepared.see("bravo", "Padal bravo", after=said)
    await prepared.see_control("2 dari 3")


async def test_a_second_press_and_a_press_after_startex_are_answered_and_count_nothing(prepared: Floor) -> None:
    await prepared.ask("/commcheck", "0 dari 3")
    asked = await prepared.see("alfa", "CEK KOMUNIKASI 1")
    other = await prepared.see("bravo", "CEK KOMUNIKASI 1")
    data = asked.buttons[0].data or ""
    await prepared.push("alfa", asked, BUTTON)
    again = await prepared.press(prepared.cast.leaders["alfa"], asked, data)
    assert again.text == say("id", "refused.check_answered", name="Padal alfa")
    # A button of another chat's.
    foreign = await prepared.press(prepared.cast.leaders["alfa"], asked, data.replace(":1:", ":2:"))
    assert foreign.show_alert
    await prepared.cast.startex()
    await prepared.cast.inject("A-1", "bravo")
    late = await prepared.press(prepared.cast.leaders["bravo"], other, data)
    assert late.text == say("id", "refused.already_started")
    assert len(await prepared.facts("commcheck_answered")) == 1
    refused = await prepared.ask("/commcheck")
    assert say("id", "refused.already_started") in refused.words
    figures = (await prepared.record())["figures"]
    assert (figures["overall"]["asked"], figures["overall"]["acknowledged"]) == (2, 0)


async def test_a_newer_check_takes_the_place_of_an_older_one(prepared: Floor) -> None:
    await prepared.ask("/commcheck", "0 dari 3")
    first = await prepared.see("alfa", "CEK KOMUNIKASI 1")
    await prepared.ask("/commcheck", "CEK KOMUNIKASI 2")
    second = await prepared.see("alfa", "CEK KOMUNIKASI 2")
    old = await prepared.press(prepared.cast.leaders["alfa"], first, first.buttons[0].data or "")
    assert old.text == say("id", "refused.check_over")
    await prepared.push("alfa", second, BUTTON)
    await prepared.see_control("1 dari 3")


async def test_the_check_outlives_a_restart(prepared: Floor) -> None:
    result = await prepared.ask("/commcheck", "0 dari 3")
    asked = await prepared.see("alfa", "CEK KOMUNIKASI 1")
    await prepared.push("alfa", asked, BUTTON)
    await prepared.see_control("1 dari 3")
    await prepared.restart()
    await prepared.push("bravo", await prepared.see("bravo", "CEK KOMUNIKASI 1"), BUTTON)
    now = await prepared.see_control("2 dari 3")
    assert now.message_id == result.message_id
    assert "Padal alfa" in of_unit(now.words, "alfa")


async def test_a_unit_that_cannot_be_reached_is_shown_as_such(prepared: Floor) -> None:
    prepared.cast.leaders["charlie"].remove_bot(prepared.cast.chats["charlie"])
    await prepared.see_control("Satuan charlie tidak terjangkau")
    result = await prepared.ask("/commcheck", "0 dari 3")
    assert of_unit(result.words, "charlie") == f"🚫 Satuan charlie · {say('id', 'check.unreachable')}"
    assert (await prepared.exercise()).state is ExerciseState.PREPARING


async def test_a_unit_answers_nothing_where_nothing_was_asked(prepared: Floor) -> None:
    said = prepared.cast.leaders["alfa"].say(prepared.cast.chats["alfa"], "/ack")
    await prepared.see("alfa", say("id", "refused.check_over"), after=said)
    assert await prepared.facts("commcheck_answered") == []


def test_an_answer_out_of_a_backlog_is_told_as_an_upper_bound() -> None:
    exercise = an_exercise()
    began = commcheck.begin(exercise, DIRECTOR, STARTEX)
    later, leader = STARTEX + timedelta(seconds=20), leader_of(exercise, "posko")
    answered = commcheck.answer(exercise, began.facts, "posko", 1, leader, later, exact=False)
    facts = (*began.facts, *answered.facts)
    shown = replace(view_of(exercise), log=log_of(facts, exercise))
    for message in (CommCheck(exercise=7, unit="posko", round=1), CommCheckResult(exercise=7)):
        assert "paling lama 20 dtk" in seen(render(message, shown))
