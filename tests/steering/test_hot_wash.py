"""After ENDEX: units are asked how it went, the control room sees it, and the record keeps it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from bot.rehearsal.autoplay import Autoplay, Leader
from bot.rehearsal.people import Person
from bot.rehearsal.profiles import Profile
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from tests.steering.conftest import QUIET, Floor, opened

WELL = say("id", "wash.button.well")
NAMELESS = say("id", "wash.button.nameless")


async def asked(floor: Floor, unit: str = "alfa") -> Message:
    """The questions, as they stand in a unit's chat after ENDEX."""
    return await floor.see(unit, say("id", "wash.title"))


async def end(floor: Floor) -> Message:
    """ENDEX; gives the result of the hot wash in the control room."""
    await floor.cast.endex()
    return await floor.see_control("KAJI ULANG: 0 dari")


async def answer(floor: Floor, unit: str, words: str, *, by: Person | None = None) -> None:
    """A member chooses the first question and replies to it."""
    person = by or floor.cast.leaders[unit]
    chat = floor.cast.chats[unit]
    mark = await asked(floor, unit)
    await person.press(chat, mark, WELL).answered(10)
    prompt = await floor.see(unit, say("id", "wash.question.well"), after=mark)
    said = person.say(chat, words, reply_to=prompt)
    await floor.see(unit, say("id", "reply.wash_heard"), after=said)


async def test_units_answer_by_buttons_and_replies_and_the_record_has_it(floor: Floor) -> None:
    result = await end(floor)
    posted = await asked(floor)
    assert posted.words.splitlines()[0] == posted.words.splitlines()[-1] == "LATIHAN LATIHAN LATIHAN"
    assert "bukan inject" in posted.words
    toast = await floor.push("alfa", posted, "4")
    assert "4 dari 5" in toast.text
    await floor.shows("alfa", posted, "Nilai dari satuan ini: 4 dari 5")
    await answer(floor, "alfa", "Radio <jernih> & cepat")
    now = await floor.see_control("KAJI ULANG: 1 dari 3")
    assert now.message_id == result.message_id
    shown = await floor.cast.director.see(
        floor.cast.control, lambda m: m.message_id == result.message_id and "Radio <jernih> & cepat" in m.words
    )
    assert "Satuan alfa (Padal alfa)" in shown.words
    assert "Nilai rata-rata 4,0" in shown.words
    record = await floor.record()
    wash = record["hot_wash"]
    assert (wash["heard"], wash["mean_rating"], wash["closed"]) == (["alfa"], 4.0, False)
    assert [(said["unit"], said["question"], said["text"]) for said in wash["answers"]] == [
        ("alfa", "well", "Radio <jernih> & cepat")
    ]
    assert wash["answers"][0]["by"]["name"] == "Padal alfa"
    # No figure counts any of it, and the summary tells of it.
    assert record["figures"]["overall"]["asked"] == 2
    summary = await floor.ask("/ringkasan", "Kaji ulang: 1 dari 3")
    assert "Nilai rata-rata 4,0" in summary.words


async def test_without_names_nobody_is_named_in_the_record_or_the_control_room(floor: Floor) -> None:
    result = await end(floor)
    posted = await asked(floor)
    await floor.push("alfa", posted, NAMELESS)
    shown = await floor.shows("alfa", posted, "tanpa nama")
    assert NAMELESS not in [button.text for button in shown.buttons]
    await floor.push("alfa", posted, "2")
    await answer(floor, "alfa", "Komando kurang jelas")
    now = await floor.cast.director.see(
        floor.cast.control, lambda m: m.message_id == result.message_id and "Komando kurang jelas" in m.words
    )
    assert "Padal alfa" not in now.words
    facts = await floor.facts("hot_wash_nameless", "hot_wash_rated", "hot_wash_answered")
    assert [fact.actor for fact in facts] == [None, None, None]
    # What is refused says no name either.
    prompt = await floor.see("alfa", say("id", "wash.reply_nameless"))
    said = floor.cast.leaders["alfa"].send_photo(floor.cast.chats["alfa"], reply_to=prompt)
    await floor.see("alfa", say("id", "refused.words_needed"), after=said)
    assert not await floor.facts("refused")


async def test_a_reply_to_no_question_is_told_to_choose_one(floor: Floor) -> None:
    await end(floor)
    said = floor.cast.leaders["alfa"].say(floor.cast.chats["alfa"], "Bagus", reply_to=await asked(floor))
    await floor.see("alfa", say("id", "refused.question_first"), after=said)


async def test_a_chosen_question_is_asked_of_each_person_once(floor: Floor) -> None:
    await end(floor)
    posted = await asked(floor)
    first = await floor.push("alfa", posted, WELL)
    again = await floor.push("alfa", posted, WELL)
    assert (first.text, again.text) == (say("id", "toast.wash_asked"), say("id", "toast.wash_asked_already"))


async def test_answers_survive_a_restart_and_another_unit_goes_on_after_it(floor: Floor) -> None:
    result = await end(floor)
    await floor.push("alfa", await asked(floor), "5")
    await floor.see_control("KAJI ULANG: 1 dari 3")
    await floor.restart()
    await floor.push("bravo", await asked(floor, "bravo"), "3")
    now = await floor.see_control("KAJI ULANG: 2 dari 3")
    assert now.message_id == result.message_id


async def test_buttons_of_another_chat_and_invented_ones_do_nothing(floor: Floor) -> None:
    await end(floor)
    posted = await asked(floor)
    stranger = floor.cast.leaders["bravo"]
    for data in ("w:1:9", "w:1:nonsense", "w:2:4", "w:1:"):
        answer_ = await floor.press(floor.cast.leaders["alfa"], posted, data)
        assert answer_.show_alert, data
    inject = await floor.see("bravo", "A-1")
    forged = await floor.press(stranger, inject, "w:1:4")
    assert forged.show_alert
    assert not await floor.facts("hot_wash_rated")


@pytest.fixture
async def brief(tmp_path: Path) -> AsyncIterator[Floor]:
    """A hot wash of four seconds: reminded of after two."""
    async with opened(tmp_path, QUIET, hot_wash="4s") as prepared:
        await prepared.cast.startex()
        yield prepared


async def test_the_silent_are_reminded_once_and_it_closes_by_itself(brief: Floor) -> None:
    result = await end(brief)
    posted = await asked(brief)
    closed = await brief.see_control("Kaji ulang ditutup: 0 dari 3")
    assert closed.message_id > result.message_id
    await brief.shows("alfa", posted, say("id", "wash.over"))
    assert brief.present(posted).buttons == ()
    reminders = await brief.facts("hot_wash_reminded")
    assert [fact.detail["units"] for fact in reminders] == [["alfa", "bravo", "charlie"]]
    await brief.see("alfa", "Kaji ulang menunggu jawaban")
    late = await brief.press(brief.cast.leaders["alfa"], posted, "w:1:4")
    assert late.text == say("id", "refused.hot_wash_over")
    assert not await brief.facts("hot_wash_rated")


async def test_what_falls_due_while_the_bot_is_down_is_made_up_for(brief: Floor) -> None:
    await end(brief)
    await brief.restart()
    await brief.see_control("Kaji ulang ditutup")
    assert len(await brief.facts("hot_wash_closed")) == 1


async def test_no_unit_is_asked_where_the_setting_says_so_or_after_breaking_off(tmp_path: Path) -> None:
    async with opened(tmp_path, QUIET, hot_wash="0") as floor:
        await floor.cast.startex()
        await floor.cast.endex()
        await floor.until(lambda exercise: exercise.summarised)
        assert not await floor.facts("hot_wash")
        assert (await floor.record())["hot_wash"] is None


async def test_simulated_leaders_rate_and_answer_in_words(floor: Floor) -> None:
    dice = Random(1)
    quick = Profile(usual_seconds=0.05, spread=0.0)
    leaders = floor.cast.leaders
    play = Autoplay()
    for unit in ("alfa", "bravo", "charlie"):
        play.add(Leader(leaders[unit], floor.cast.chats[unit], quick, dice))
    async with asyncio.TaskGroup() as playing:
        running = playing.create_task(play.run())
        await floor.cast.endex()
        await floor.see_control("KAJI ULANG: 3 dari 3")
        async with asyncio.timeout(30):
            while not await floor.facts("hot_wash_answered"):  # noqa: ASYNC110 - nothing announces a commit
                await asyncio.sleep(0.05)
        running.cancel()
    # Everyone rates once, and nobody presses the first button again and again.
    assert sorted(fact.unit or "" for fact in await floor.facts("hot_wash_rated")) == ["alfa", "bravo", "charlie"]
