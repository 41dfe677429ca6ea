"""What cannot be undone is asked about by button; each question is answered once, and stale presses change nothing."""

from bot.exercise.model import DeliveryState, ExerciseState
from bot.texts.catalogue import say
from tests.steering.conftest import Floor

YES_STARTEX, NO_STARTEX = say("id", "confirm.yes"), say("id", "confirm.no")
YES_ENDEX, YES_ABORT, NO = (say("id", f"confirm.{key}") for key in ("endex_yes", "abort_yes", "end_no"))
ANSWERED = say("id", "reply.already_answered")


async def test_no_under_the_question_of_startex_closes_it_for_good(prepared: Floor) -> None:
    asked = await prepared.ask("/startex", "Satuan echo")
    yes = next(button.data for button in asked.buttons if button.text == YES_STARTEX)
    told = await prepared.push_control(asked, NO_STARTEX)
    assert told.text == say("id", "reply.startex_cancelled")
    closed = await prepared.see_control("✖ Tidak: Sari")
    assert (closed.message_id, closed.buttons) == (asked.message_id, ())
    late = await prepared.press(prepared.cast.director.person, asked, yes or "")
    assert (late.text, late.show_alert) == (ANSWERED, True)
    assert (await prepared.exercise()).state is ExerciseState.PREPARING


async def test_a_newer_question_takes_the_place_of_an_older_one(prepared: Floor) -> None:
    first = await prepared.ask("/startex", "Satuan echo")
    yes = first.buttons[0].data or ""
    second = await prepared.ask("/startex 23:59", "23.59")
    await prepared.see_control(say("id", "confirm.answer.withdrawn"))
    assert (await prepared.press(prepared.cast.director.person, first, yes)).text == ANSWERED
    await prepared.push_control(second, YES_STARTEX)
    assert (await prepared.exercise()).scheduled_at is not None


async def test_endex_says_what_is_open_and_waits_for_the_yes(floor: Floor) -> None:
    asked = await floor.ask("/endex", "ENDEX")
    assert asked.words.splitlines()[1:-1] == [
        "ENDEX, padahal masih ada yang terbuka?",
        "• 1 inject terjadwal belum dikirim",
        "• 2 jawaban masih dalam tenggat",
        "Ini tidak bisa ditarik kembali.",
    ]
    assert (await floor.exercise()).state is ExerciseState.RUNNING
    assert (await floor.push_control(asked, NO)).text == say("id", "toast.kept")
    again = await floor.press(floor.cast.director.person, asked, asked.buttons[0].data or "")
    assert again.text == ANSWERED
    assert (await floor.exercise()).state is ExerciseState.RUNNING
    # The question outlives the bot.
    asked = await floor.ask("/selesai", "ENDEX")
    await floor.restart()
    await floor.push_control(asked, YES_ENDEX)
    await floor.see("alfa", "Latihan selesai.")
    ended = await floor.exercise()
    assert ended.state is ExerciseState.ENDED
    assert ended.injects["A-2"].why == "endex"
    assert len(await floor.facts("endex")) == 1
    late = await floor.press(floor.cast.director.person, asked, asked.buttons[0].data or "")
    assert late.show_alert
    assert len(await floor.facts("endex")) == 1


async def test_endex_ends_at_once_where_nothing_is_open(floor: Floor) -> None:
    await floor.ask("/skip A-2", "A-2")
    for unit in ("alfa", "bravo"):
        await floor.cast.acknowledge("A-1", unit, after=0)
    floor.tell("/endex")
    await floor.see("alfa", "Latihan selesai.")
    assert (await floor.exercise()).state is ExerciseState.ENDED


async def test_abort_asks_and_lets_what_has_passed_count_as_passed(floor: Floor) -> None:
    usage = await floor.ask("/batal")
    assert "/batal ALASAN" in usage.words
    asked = await floor.ask("/batal Hujan #1 deras", "Hujan #1 deras")
    assert (await floor.exercise()).state is ExerciseState.RUNNING
    await floor.push_control(asked, YES_ABORT)
    await floor.see("alfa", "Hujan #1 deras")
    aborted = await floor.exercise()
    assert aborted.state is ExerciseState.ABORTED
    assert aborted.injects["A-1"].deliveries["alfa"].state is DeliveryState.SENT
    [fact] = await floor.facts("aborted")
    assert fact.detail == {"why": "Hujan #1 deras"}


async def test_only_who_steers_answers_the_question(floor: Floor) -> None:
    asked = await floor.ask("/abort Hujan", "Hujan")
    stranger = floor.cast.leaders["alfa"]
    answer = await floor.press(stranger, asked, asked.buttons[0].data or "")
    assert answer.show_alert
    forged = await floor.press(floor.cast.director.person, asked, "x:1:perhaps")
    assert forged.text == say("id", "toast.stale")
    assert (await floor.exercise()).state is ExerciseState.RUNNING
    assert floor.present(asked).buttons


async def test_a_scheduled_startex_can_be_moved_and_given_up(prepared: Floor) -> None:
    refused = await prepared.ask("/startex batal")
    assert refused.words.splitlines()[1] == say("id", "refused.not_scheduled")
    for spoken, seconds in (("in 10m", 600), ("dalam 20m", 1_200)):
        asked = await prepared.ask(f"/mulai {spoken}", "Satuan echo")
        await prepared.push_control(asked, YES_STARTEX)
        scheduled = (await prepared.exercise()).scheduled_at
        assert scheduled is not None
        assert abs((scheduled - prepared.clock.now()).total_seconds() - seconds) < 15
    told = await prepared.see_control("STARTEX dijadwalkan")
    assert "mnt" in told.words
    await prepared.ask("/startex cancel", "dicabut")
    run = await prepared.exercise()
    assert (run.scheduled_at, run.state) == (None, ExerciseState.PREPARING)
