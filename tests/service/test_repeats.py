"""What a press brings about that comes twice: an inject sent again, a question for a reason, each of them once."""

from datetime import timedelta

import pytest

from bot.exercise.facts import FactKind
from bot.exercise.model import Exercise
from bot.exercise.people import Place
from bot.exercise.resending import JustResent, StillSending
from bot.messages import InjectPost, ReasonPrompt
from bot.service import asking, sending
from bot.service.resending import resend
from bot.store import exercises, log, outbox
from bot.store.outbox import OutboxRow
from bot.store.store import Store
from bot.store.transaction import Transaction
from tests.builders import DIRECTOR
from tests.handlers.scene import AT, CONTROL, send_everything, set_up

INJECT, UNIT = "I-01", "medis"
SECOND = timedelta(seconds=1)


@pytest.fixture
async def store(store: Store) -> Store:
    """A record with an exercise under way, every message of its in its chat."""
    await store.perform(lambda tx: set_up(tx, CONTROL, 10))
    await store.perform(send_everything)
    return store


def of_record(tx: Transaction) -> Exercise:
    found = exercises.get(tx, 1)
    assert found is not None
    return found


async def send_again(store: Store, seconds: float, *, pressed: bool = True) -> None:
    at = AT + seconds * SECOND
    await store.perform(lambda tx: resend(tx, of_record(tx), INJECT.lower(), UNIT, DIRECTOR, at, pressed=pressed))


async def newest(store: Store) -> OutboxRow:
    found = await store.read(lambda tx: outbox.find_key(tx, outbox.inject_key(1, INJECT, UNIT)))
    assert found is not None
    return found


async def times_resent(store: Store) -> int:
    return len(await store.read(lambda tx: log.entries(tx, 1, [FactKind.RESENT])))


async def test_a_press_that_comes_twice_sends_an_inject_again_once(store: Store) -> None:
    await send_again(store, 0)
    for seconds in (0, 60):
        with pytest.raises(StillSending):
            await send_again(store, seconds)
    await store.perform(send_everything)
    with pytest.raises(JustResent):
        await send_again(store, 9)
    assert await times_resent(store) == 1
    assert isinstance((await newest(store)).message, InjectPost)
    await send_again(store, 10)
    assert await times_resent(store) == 2


async def test_a_repeat_under_way_by_itself_is_waited_for_by_a_press(store: Store) -> None:
    await send_again(store, 0)
    row = await newest(store)
    await store.perform(lambda tx: sending.claim(tx, row, AT))
    await store.perform(lambda tx: sending.uncertain(tx, row.id, AT, AT + 30 * SECOND, "no answer"))
    with pytest.raises(StillSending):
        await send_again(store, 20)
    # Who writes the command may have heard on the radio that nothing has come.
    await send_again(store, 20, pressed=False)
    assert await times_resent(store) == 2


async def test_where_sending_again_has_failed_a_press_does_it_at_once(store: Store) -> None:
    await send_again(store, 0)
    row = await newest(store)
    await store.perform(lambda tx: sending.claim(tx, row, AT))
    await store.perform(lambda tx: sending.failed(tx, row.id, AT, "not enough rights"))
    await send_again(store, 1)
    assert await times_resent(store) == 2


async def test_a_command_sends_an_inject_again_as_soon_as_the_last_one_has_gone_out(store: Store) -> None:
    await send_again(store, 0, pressed=False)
    with pytest.raises(StillSending):
        await send_again(store, 1, pressed=False)
    await store.perform(send_everything)
    await send_again(store, 2, pressed=False)
    assert await times_resent(store) == 2


PROMPT = ReasonPrompt(exercise=1, inject="I-03", unit="posko", option="tahan", by_id=1001, by_name="Padal")
OTHER = PROMPT.model_copy(update={"option": "maju"})
SOMEBODY = PROMPT.model_copy(update={"by_id": 1002})
HERE = Place(CONTROL.chat_id, 10)


async def ask(store: Store, prompt: ReasonPrompt, seconds: float, place: Place = HERE) -> None:
    await store.perform(lambda tx: asking.ask_for_reason(tx, prompt, place, AT + seconds * SECOND, None))


async def go_out(store: Store) -> list[ReasonPrompt]:
    """What the questions ask that go out now."""
    sent = await store.perform(send_everything)
    return [message for _, message in sent.values() if isinstance(message, ReasonPrompt)]


async def test_a_press_that_comes_twice_asks_for_its_reason_once(store: Store) -> None:
    await ask(store, PROMPT, 0)
    await ask(store, PROMPT, 0)
    await ask(store, PROMPT, 60)
    assert await go_out(store) == [PROMPT]
    await ask(store, PROMPT, 9)
    assert await go_out(store) == []


async def test_who_presses_again_much_later_is_asked_again_where_they_are_reading(store: Store) -> None:
    await ask(store, PROMPT, 0)
    assert await go_out(store) == [PROMPT]
    await ask(store, PROMPT, 10)
    assert await go_out(store) == [PROMPT]


async def test_another_choice_another_person_and_another_chat_are_asked_at_once(store: Store) -> None:
    await ask(store, PROMPT, 0)
    assert await go_out(store) == [PROMPT]
    await ask(store, OTHER, 1)
    await ask(store, SOMEBODY, 1)
    assert await go_out(store) == [OTHER, SOMEBODY]
    await ask(store, PROMPT, 2)
    await ask(store, PROMPT, 2, Place(CONTROL.chat_id, 11))
    assert await go_out(store) == [PROMPT]


async def test_a_choice_that_is_changed_before_it_is_asked_about_is_not_asked_about(store: Store) -> None:
    await ask(store, PROMPT, 0)
    await ask(store, OTHER, 1)
    assert await go_out(store) == [OTHER]
