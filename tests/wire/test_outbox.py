"""The outbox at work: a real record, real HTTP, a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import aiohttp.web
import pytest
from telegram import Bot

from bot.exercise.people import Place
from bot.messages import InjectPost, Message, Notice, Plain
from bot.service import sending
from bot.store import outbox as record
from bot.store.outbox_row import OutboxRow, OutboxState, Priority
from bot.store.store import Store
from bot.store.transaction import Transaction
from bot.store.writer import UseCase
from bot.wire.attempts import REPEAT_AFTER
from bot.wire.outbox import Outbox
from bot.wire.pacing import Rate, Rates
from bot.wire.rendering.rendered import Button, Medium, Rendered
from bot.wire.request import AiohttpRequest
from tests.wire.clocks import ManualClock
from tests.wire.faulty import TOKEN, Behaviour, FaultyApi, half_body, refuse, reset, say
from tests.wire.rows import START, after

T = TypeVar("T")

AN_INJECT = InjectPost(exercise=1, inject="I-01", unit="posko")
A_MESSAGE = {"message_id": 1, "date": 1_772_000_000, "chat": {"id": -1, "type": "group"}}


@dataclass
class PlainRenderer:
    """Shows a message's key, its version, and whether it may be a repeat; can be told to break."""

    breaks: int = 0
    version: int = 0
    shape: Rendered = field(default_factory=lambda: Rendered(""))

    async def render(self, row: OutboxRow, repeat: bool) -> Rendered:
        if self.breaks:
            self.breaks -= 1
            raise RuntimeError("no picture")
        key = row.message.key if isinstance(row.message, Plain | Notice) else row.message.type
        text = f"{key} v{self.version}" + (" (repeat)" if repeat else "")
        return Rendered(
            text,
            buttons=self.shape.buttons,
            photo=self.shape.photo,
            medium=self.shape.medium,
            alone=self.shape.alone,
            document=self.shape.document,
            file_name=self.shape.file_name,
            force_reply=self.shape.force_reply,
        )


class ShakyStore(Store):
    """A real store that loses its word that it has committed, for as many commits as told.

    And one in which, once, somebody else is first: ``before`` is committed before the next use case. And one that
    stalls, until it is ``open_again``, for all who wait for it.
    """

    lose = 0
    before: UseCase[object] | None = None
    open_again: asyncio.Event | None = None

    async def perform(self, use_case: UseCase[T], *, long: bool = False, waits: bool = True) -> T:
        if waits and self.open_again is not None:
            await self.open_again.wait()
        before, self.before = self.before, None
        if before is not None:
            await super().perform(before)
        result = await super().perform(use_case, long=long)
        if self.lose:
            self.lose -= 1
            raise OSError("the database went away")
        return result


@dataclass
class Desk:
    """An outbox with everything around it."""

    api: FaultyApi
    store: ShakyStore
    clock: ManualClock
    renderer: PlainRenderer
    outbox: Outbox

    async def post(
        self,
        key: str,
        chat_id: int = -1,
        *,
        priority: Priority = Priority.NOTICE,
        thread_id: int | None = None,
        reply_to: int | None = None,
        message: Message | None = None,
        waits: bool = True,
    ) -> int:
        at, place = self.clock.now(), Place(chat_id, thread_id)
        said = message or Plain(key=key)
        row = await self.store.perform(
            lambda tx: record.add(tx, said, place, at, priority=priority, reply_to=reply_to, key=key), waits=waits
        )
        assert row
        return row.id

    async def row(self, row_id: int) -> OutboxRow:
        found = await self.store.perform(lambda tx: record.find(tx, row_id))
        assert found
        return found

    async def change(self, key: str) -> None:
        """The message of that key is to read otherwise from now on."""
        self.renderer.version += 1
        await self.store.perform(lambda tx: record.mark_out_of_date(tx, key))

    async def until(self, condition: Callable[[], bool]) -> None:
        queue = self.outbox._queue
        await self.clock.until(condition, busy=lambda: queue.in_flight > queue.held)

    async def settle(self) -> None:
        """Until nothing is left to do."""
        await self.until(lambda: len(self.outbox) == 0)

    def texts(self, method: str = "sendMessage") -> list[str]:
        return [call.parameters["text"] for call in self.api.named(method)]


@asynccontextmanager
async def desk_at(
    api: FaultyApi, path: Path, clock: ManualClock | None = None, rates: Rates | None = None
) -> AsyncIterator[Desk]:
    clock = clock or ManualClock()
    store = ShakyStore(f"sqlite+aiosqlite:///{path / 'geladi.db'}")
    await store.open()
    renderer = PlainRenderer()
    request = AiohttpRequest(read=0.2, connect=2.0)
    bot = Bot(TOKEN, base_url=f"{api.url}/bot", request=request, get_updates_request=AiohttpRequest())
    await request.initialize()
    outbox = Outbox(bot, store, clock, renderer, rates=rates)
    running = asyncio.create_task(outbox.run())
    yield Desk(api, store, clock, renderer, outbox)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await request.shutdown()
    await store.close()


@pytest.fixture
async def desk(api: FaultyApi, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_at(api, tmp_path) as made:
        yield made


async def stall(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_posted_message_is_sent_and_its_sending_recorded(desk: Desk) -> None:
    row_id = await desk.post("halo", -5)
    await desk.settle()
    row = await desk.row(row_id)
    assert desk.texts() == ["halo v0"]
    assert row.state is OutboxState.SENT
    assert row.message_id == 1
    assert row.attempts == 1
    assert desk.outbox.last_sent_at == START


async def test_a_message_goes_to_its_topic_as_a_reply_with_its_buttons(desk: Desk) -> None:
    desk.renderer.shape = Rendered("", buttons=((Button("Terima", data="a:x:"), Button("Peta", url="https://a.b/c")),))
    await desk.post("halo", -5, thread_id=9, reply_to=77)
    await desk.settle()
    call = desk.api.named("sendMessage")[0].parameters
    assert call["chat_id"] == -5
    assert call["message_thread_id"] == 9
    assert call["reply_parameters"] == {"message_id": 77, "allow_sending_without_reply": True}
    assert call["parse_mode"] == "HTML"
    assert call["reply_markup"] == {
        "inline_keyboard": [[{"text": "Terima", "callback_data": "a:x:"}, {"text": "Peta", "url": "https://a.b/c"}]]
    }


async def test_a_prompt_opens_the_readers_reply_box(desk: Desk) -> None:
    desk.renderer.shape = Rendered("", force_reply=True)
    await desk.post("alasan")
    await desk.settle()
    assert desk.api.named("sendMessage")[0].parameters["reply_markup"]["force_reply"] is True


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_file_is_sent_with_its_caption_and_later_only_its_caption_is_edited(desk: Desk, kind: str) -> None:
    content = b"\x89PNG" + bytes(50)
    photo, document = (content, None) if kind == "photo" else (None, content)
    desk.renderer.shape = Rendered("", photo=photo, document=document, file_name="a.png")
    await desk.post("grafik")
    await desk.settle()
    await desk.change("grafik")
    await desk.settle()
    sent = desk.api.named("sendPhoto" if kind == "photo" else "sendDocument")[0]
    assert sent.files == {kind: content}
    assert sent.parameters["caption"] == "grafik v0"
    assert desk.api.named("editMessageCaption")[0].parameters["caption"] == "grafik v1"


async def test_a_claim_is_on_record_before_the_request_leaves(desk: Desk) -> None:
    states: list[OutboxState] = []

    async def look(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        states.append((await desk.row(1)).state)
        return await refuse(400, "Bad Request: later")(_)

    desk.api.faults.append(look)
    await desk.post("halo")
    await desk.settle()
    assert states == [OutboxState.SENDING]


async def test_a_chat_sees_its_messages_in_order_though_the_first_was_refused_for_now(desk: Desk) -> None:
    desk.api.faults.append(refuse(429, "Too Many Requests: retry after 7", retry_after=7))
    for key in ("satu", "dua", "tiga"):
        await desk.post(key)
    await desk.settle()
    assert desk.texts() == ["satu v0", "satu v0", "dua v0", "tiga v0"]


async def test_a_flooded_chat_waits_as_long_as_told_while_others_are_served(desk: Desk) -> None:
    desk.api.faults.append(refuse(429, "Too Many Requests: retry after 7", retry_after=7))
    flooded = await desk.post("satu", -1)
    await desk.until(lambda: len(desk.api.calls) == 1)
    await desk.post("dua", -2)
    await desk.until(lambda: len(desk.api.calls) == 2)
    assert desk.texts()[1] == "dua v0"
    assert desk.clock.now() < after(7)
    await desk.settle()
    assert desk.clock.now() == after(7)
    assert not (await desk.row(flooded)).possible_duplicate


async def test_not_even_an_emergency_goes_into_a_flooded_chat(desk: Desk) -> None:
    desk.api.faults.append(refuse(429, "Too Many Requests: retry after 7", retry_after=7))
    await desk.post("satu", -1)
    await desk.until(lambda: len(desk.api.calls) == 1)
    await desk.post("nyata", -1, priority=Priority.URGENT)
    await desk.until(lambda: len(desk.api.calls) == 2)
    assert desk.texts()[-1] == "nyata v0"
    assert desk.clock.now() == after(7)


async def test_a_flood_met_by_an_edit_holds_up_sends_to_that_chat(desk: Desk) -> None:
    await desk.post("papan", -1)
    await desk.settle()
    desk.api.faults.append(refuse(429, "Too Many Requests: retry after 20", retry_after=20))
    await desk.change("papan")
    await desk.until(lambda: len(desk.api.calls) == 2)
    await desk.post("dua", -1)
    await desk.until(lambda: len(desk.texts()) == 2)
    assert desk.clock.now() == after(21)


MAYBE: list[tuple[str, Behaviour]] = [
    ("stall", stall),
    ("reset", reset),
    ("half a body", half_body),
    ("broken JSON", say(200, b'{"ok":true,')),
    ("502", refuse(502, "Bad Gateway")),
    ("ok false", say(200, b'{"ok":false}')),
]


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in MAYBE])
async def test_what_may_have_been_sent_is_repeated_once_and_says_so(desk: Desk, fault: Behaviour) -> None:
    desk.api.faults.append(fault)
    row_id = await desk.post("halo")
    await desk.settle()
    row = await desk.row(row_id)
    assert desk.texts() == ["halo v0", "halo v0 (repeat)"]
    assert row.state is OutboxState.SENT
    assert row.possible_duplicate
    assert START + timedelta(seconds=REPEAT_AFTER) <= desk.clock.now()


async def test_an_inject_that_may_have_been_sent_twice_is_left_to_people(desk: Desk) -> None:
    desk.api.faults.extend([reset, reset])
    row_id = await desk.post("I-01", message=AN_INJECT)
    await desk.settle()
    assert len(desk.texts()) == 2
    assert (await desk.row(row_id)).state is OutboxState.FAILED


async def test_what_nobody_would_be_asked_about_is_repeated_until_telegram_answers(desk: Desk) -> None:
    desk.api.faults.extend([reset] * 4)
    row_id = await desk.post("halo")
    await desk.settle()
    assert desk.texts() == ["halo v0", *["halo v0 (repeat)"] * 4]
    assert (await desk.row(row_id)).state is OutboxState.SENT


async def test_what_has_no_answer_while_others_have_is_given_up_and_frees_its_chat(desk: Desk) -> None:
    async def lose_what_is_bad(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        if "buruk" in (await request.json())["text"]:
            return await reset(request)
        return aiohttp.web.json_response({"ok": True, "result": A_MESSAGE})

    desk.api.faults.extend([lose_what_is_bad] * 4)
    bad = await desk.post("buruk", -1)
    next_one = await desk.post("halo", -1)
    await desk.until(lambda: len(desk.api.calls) == 1 and not desk.outbox._queue.in_flight)
    await desk.post("lain", -2)
    await desk.settle()
    assert [text for text in desk.texts() if "buruk" in text] == ["buruk v0", "buruk v0 (repeat)"]
    assert (await desk.row(bad)).state is OutboxState.FAILED
    assert (await desk.row(next_one)).state is OutboxState.SENT


async def test_word_of_an_emergency_is_repeated_soon_and_until_it_is_certain(desk: Desk) -> None:
    desk.api.faults.extend([refuse(502, "Bad Gateway")] * 5)
    row_id = await desk.post("nyata", priority=Priority.URGENT)
    await desk.settle()
    assert (await desk.row(row_id)).state is OutboxState.SENT
    assert desk.clock.now() < after(20)


async def test_some_that_fail_together_are_no_outage(desk: Desk) -> None:
    desk.api.faults.extend([reset] * 5)
    for number in range(1, 6):
        await desk.post(f"I-{number}", -number, message=AN_INJECT)
    await desk.until(lambda: len(desk.api.calls) == 5 and not desk.outbox._queue.in_flight)
    assert desk.outbox.trouble == ""


async def test_an_outage_in_which_telegram_answers_that_it_cannot_loses_nothing(desk: Desk) -> None:
    desk.api.faults.extend([refuse(502, "Bad Gateway")] * 1_000)
    injects = [await desk.post(f"I-{number}", -number, message=AN_INJECT) for number in range(1, 6)]
    others = [await desk.post(f"halo {number}", -number) for number in range(1, 6)]
    await desk.until(lambda: desk.clock.now() > after(180))
    assert "Bad Gateway" in desk.outbox.trouble
    desk.api.faults.clear()
    await desk.settle()
    assert {(await desk.row(row_id)).state for row_id in injects + others} == {OutboxState.SENT}
    assert not desk.outbox.trouble


async def test_what_was_certainly_not_sent_is_tried_until_it_is(api: FaultyApi, tmp_path: Path) -> None:
    await api.stop()
    async with desk_at(api, tmp_path) as desk:
        row_id = await desk.post("halo")
        await desk.until(lambda: desk.clock.now() > after(10))
        assert "Cannot connect" in desk.outbox.trouble
        await api.start(int(api.url.rsplit(":", 1)[1]))
        await desk.settle()
        row = await desk.row(row_id)
        assert desk.texts() == ["halo v0"]
        assert row.state is OutboxState.SENT
        assert row.attempts > 3
        assert not row.possible_duplicate
        assert not desk.outbox.trouble


@pytest.mark.parametrize("chats", [1, 20])
async def test_when_telegram_is_back_nobody_waits_out_a_long_wait(api: FaultyApi, tmp_path: Path, chats: int) -> None:
    await api.stop()
    async with desk_at(api, tmp_path) as desk:
        for number in range(chats):
            await desk.post(f"m{number}", -number - 1)
        await desk.until(lambda: desk.clock.now() > after(120))
        await api.start(int(api.url.rsplit(":", 1)[1]))
        back_at = desk.clock.now()
        await desk.settle()
        assert len(desk.texts()) == chats
        assert desk.clock.now() - back_at <= timedelta(seconds=6)


async def test_during_an_outage_somebody_tries_every_five_seconds(api: FaultyApi, tmp_path: Path) -> None:
    await api.stop()
    async with desk_at(api, tmp_path) as desk:
        row_id = await desk.post("halo")
        await desk.until(lambda: desk.clock.now() > after(300))
        assert 50 <= (await desk.row(row_id)).attempts <= 70


async def test_one_that_is_not_reached_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.api.faults.extend([refuse(401, "Unauthorized")] * 2)
    await desk.post("satu", -1)
    await desk.post("dua", -2)
    await desk.until(lambda: len(desk.api.calls) == 2)
    await desk.post("tiga", -3)
    await desk.until(lambda: len(desk.api.calls) == 3)
    assert desk.clock.now() == START


@pytest.mark.parametrize("code", [401, 404])
async def test_a_refused_token_is_no_refusal_of_the_message(desk: Desk, code: int) -> None:
    desk.api.faults.extend([refuse(code, "Unauthorized")] * 4)
    row_id = await desk.post("halo")
    await desk.settle()
    row = await desk.row(row_id)
    assert row.state is OutboxState.SENT
    assert row.attempts == 5
    assert not row.possible_duplicate


async def test_a_token_that_is_refused_for_long_is_an_outage(desk: Desk) -> None:
    desk.api.faults.extend([refuse(401, "Unauthorized")] * 8)
    await desk.post("halo")
    await desk.until(lambda: len(desk.api.calls) == 6)
    assert "nauthorized" in desk.outbox.trouble
    await desk.settle()
    assert not desk.outbox.trouble


async def test_a_refusal_is_final_and_frees_the_chat(desk: Desk) -> None:
    desk.api.faults.append(refuse(400, "Bad Request: can't parse entities"))
    first = await desk.post("satu")
    second = await desk.post("dua")
    await desk.settle()
    assert (await desk.row(first)).state is OutboxState.FAILED
    assert (await desk.row(second)).state is OutboxState.SENT


async def test_a_group_that_became_a_supergroup_gets_everything_at_its_new_id(desk: Desk) -> None:
    moved = "Bad Request: group chat was upgraded to a supergroup chat"
    desk.api.faults.append(refuse(400, moved, migrate_to_chat_id=-1001))
    first = await desk.post("satu", -1)
    second = await desk.post("dua", -1)
    await desk.settle()
    assert [call.parameters["chat_id"] for call in desk.api.named("sendMessage")] == [-1, -1001, -1001]
    for row_id in (first, second):
        row = await desk.row(row_id)
        assert row.state is OutboxState.SENT
        assert row.place == Place(-1001)
        assert not row.possible_duplicate


async def test_a_message_whose_chat_moves_as_its_turn_comes_waits_for_its_turn_at_the_new_id(desk: Desk) -> None:
    for key, chat_id in (("satu", -1), ("lain", -1001)):
        await desk.post(key, chat_id)
    await desk.settle()
    moments: list[tuple[int, datetime]] = []

    async def note(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        moments.append(((await request.json())["chat_id"], desk.clock.now()))
        return await refuse(400, "Bad Request: later")(request)

    desk.api.faults.extend((note, note))
    for key, chat_id in (("dua", -1), ("lagi", -1001)):
        await desk.post(key, chat_id)
    desk.store.before = lambda tx: sending.migrated(tx, -1, -1001, desk.clock.now())
    await desk.settle()
    assert moments == [(-1001, after(1)), (-1001, after(2))]


async def test_what_stands_in_a_group_is_not_edited_where_a_supergroup_has_another_message_under_its_id(
    desk: Desk,
) -> None:
    moved = refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001)
    row_id = await desk.post("papan", -1)
    await desk.settle()
    await desk.change("papan")
    await desk.store.perform(lambda tx: sending.migrated(tx, -1, -1001, desk.clock.now()))
    desk.api.faults.append(moved)
    await desk.settle()
    assert [call.parameters["chat_id"] for call in desk.api.named("editMessageText")] == [-1]
    row = await desk.row(row_id)
    assert row.shown == row.wanted
    await desk.change("papan")
    desk.api.faults.append(moved)
    await desk.settle()
    assert {call.parameters["chat_id"] for call in desk.api.named("editMessageText")} == {-1}


async def test_what_arrived_in_a_group_while_it_moved_stands_where_it_arrived(desk: Desk) -> None:
    async def move_then_answer(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        await desk.store.perform(lambda tx: sending.migrated(tx, -1, -1001, desk.clock.now()))
        return aiohttp.web.json_response({"ok": True, "result": A_MESSAGE})

    desk.api.faults.append(move_then_answer)
    row_id = await desk.post("papan", -1)
    await desk.settle()
    assert (await desk.row(row_id)).place == Place(-1)


async def test_a_message_that_cannot_be_rendered_is_tried_again_and_then_given_up(desk: Desk) -> None:
    desk.renderer.breaks = 2
    await desk.post("satu")
    await desk.settle()
    assert desk.texts() == ["satu v0"]
    desk.renderer.breaks = 3
    hopeless = await desk.post("dua")
    await desk.post("tiga")
    await desk.settle()
    assert (await desk.row(hopeless)).state is OutboxState.FAILED
    assert desk.texts() == ["satu v0", "tiga v0"]


async def test_a_change_is_shown_by_an_edit_of_the_message(desk: Desk) -> None:
    row_id = await desk.post("papan")
    await desk.settle()
    await desk.change("papan")
    await desk.settle()
    edit = desk.api.named("editMessageText")[0].parameters
    assert (edit["chat_id"], edit["message_id"], edit["text"]) == (-1, 1, "papan v1")
    row = await desk.row(row_id)
    assert (row.shown, row.edited_at) == (row.wanted, after(1))


async def test_changes_in_quick_succession_become_one_edit(desk: Desk) -> None:
    await desk.post("papan")
    await desk.settle()
    for _ in range(10):
        await desk.change("papan")
    await desk.settle()
    assert desk.texts("editMessageText") == ["papan v10"]


async def test_a_change_while_the_message_is_on_its_way_is_shown_afterwards(desk: Desk) -> None:
    async def change_then_answer(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        await desk.change("papan")
        return aiohttp.web.json_response({"ok": True, "result": A_MESSAGE})

    desk.api.faults.append(change_then_answer)
    await desk.post("papan")
    await desk.until(lambda: len(desk.api.named("editMessageText")) == 1)
    assert desk.texts("editMessageText") == ["papan v1"]


EDIT_FAULTS: list[tuple[str, Behaviour, int]] = [
    ("not modified", refuse(400, "Bad Request: message is not modified: same content"), 1),
    ("message gone", refuse(400, "Bad Request: message to edit not found"), 1),
    ("too old", refuse(400, "Bad Request: message can't be edited"), 1),
    ("kicked", refuse(403, "Forbidden: bot was kicked from the group chat"), 1),
    ("reset", reset, 2),
    ("502", refuse(502, "Bad Gateway"), 2),
    ("flood", refuse(429, "Too Many Requests: retry after 3", retry_after=3), 2),
]


@pytest.mark.parametrize(("fault", "calls"), [pytest.param(f, n, id=name) for name, f, n in EDIT_FAULTS])
async def test_an_edit_is_made_again_only_where_that_can_help(desk: Desk, fault: Behaviour, calls: int) -> None:
    row_id = await desk.post("papan")
    await desk.settle()
    desk.api.faults.append(fault)
    await desk.change("papan")
    await desk.settle()
    assert len(desk.api.named("editMessageText")) == calls
    row = await desk.row(row_id)
    assert row.shown == row.wanted
    assert not row.possible_duplicate


async def test_after_a_crash_what_was_under_way_is_repeated_and_says_so(api: FaultyApi, tmp_path: Path) -> None:
    clock = ManualClock()
    arrived = asyncio.Event()

    async def hang(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        arrived.set()
        return await stall(_)

    api.faults.append(hang)
    async with desk_at(api, tmp_path, clock) as desk:
        row_id = await desk.post("halo")
        await desk.post("waiting")  # in the same chat, where nothing overtakes
        await arrived.wait()
    async with desk_at(api, tmp_path, clock) as desk:
        await desk.until(lambda: len(desk.api.named("sendMessage")) >= 3)
        await desk.settle()
        assert desk.texts().count("halo v0 (repeat)") == 1
        assert desk.texts().count("waiting v0") == 1
        assert (await desk.row(row_id)).state is OutboxState.SENT


async def test_stopping_waits_for_what_is_under_way_and_begins_nothing(api: FaultyApi, tmp_path: Path) -> None:
    clock = ManualClock()
    answered = asyncio.Event()

    async def slow(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        await answered.wait()
        result = {"message_id": 4, "date": 1_772_000_000, "chat": {"id": -1, "type": "group"}}
        return aiohttp.web.json_response({"ok": True, "result": result})

    api.faults.append(slow)
    async with desk_at(api, tmp_path, clock) as desk:
        first = await desk.post("satu")
        second = await desk.post("dua")
        await desk.until(lambda: len(api.calls) == 1)
        desk.outbox.stop()
        answered.set()
        await desk.until(lambda: desk.outbox._queue.in_flight == 0)
        assert (await desk.row(first)).state is OutboxState.SENT
        assert (await desk.row(second)).state is OutboxState.PENDING


async def test_a_clock_set_back_makes_nobody_wait_again(desk: Desk) -> None:
    desk.api.faults.append(refuse(429, "Too Many Requests: retry after 20", retry_after=20))
    await desk.post("halo")
    await desk.until(lambda: len(desk.api.calls) == 1)
    desk.clock.set_back(3600)
    await desk.post("lain", -2)
    await desk.settle()
    assert desk.clock.now() <= after(-3600 + 21)


async def test_a_message_taken_back_before_its_turn_is_not_sent(desk: Desk) -> None:
    desk.api.faults.append(refuse(429, "Too Many Requests: retry after 9", retry_after=9))
    row_id = await desk.post("halo")
    await desk.until(lambda: len(desk.api.calls) == 1)

    def take_back(tx: Transaction) -> None:
        row = record.find(tx, row_id)
        assert row
        record.write(tx, row.evolve(state=OutboxState.SKIPPED))

    await desk.store.perform(take_back)
    await desk.settle()
    assert len(desk.api.calls) == 1


async def test_a_burst_to_many_chats_keeps_the_overall_rate(api: FaultyApi, tmp_path: Path) -> None:
    moments: list[datetime] = []
    async with desk_at(api, tmp_path, rates=Rates(overall=Rate(10, 1))) as desk:
        api.faults.extend([noting(desk, moments)] * 35)
        for number in range(35):
            await desk.post(f"m{number}", -number - 1)
        await desk.settle()
    assert len(moments) == 35
    assert_within(moments, 10, 1)
    assert moments[-1] <= after(4)


def noting(desk: Desk, moments: list[datetime]) -> Behaviour:
    """Answers well, and notes when it was asked."""

    async def note(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        moments.append(desk.clock.now())
        result = {"message_id": len(moments), "date": 1_772_000_000, "chat": {"id": -1, "type": "group"}}
        return aiohttp.web.json_response({"ok": True, "result": result})

    return note


def assert_within(moments: list[datetime], count: int, seconds: float) -> None:
    assert all(
        later - earlier >= timedelta(seconds=seconds) for earlier, later in zip(moments, moments[count:], strict=False)
    )


async def test_the_overall_rate_is_kept_when_the_database_takes_seconds_and_then_all_claims_at_once(
    desk: Desk,
) -> None:
    moments: list[datetime] = []
    desk.api.faults.extend([noting(desk, moments)] * 101)
    desk.store.open_again = asyncio.Event()
    for number in range(100):
        await desk.post(f"m{number}", -number - 1, waits=False)
    # The clock goes on while everything that has its turn stands at the database.
    for tenth in range(200):
        desk.clock.set(after(tenth / 10))
        desk.outbox.notify([])
        await asyncio.sleep(0.002)
    assert desk.outbox._queue.in_flight == 64
    desk.store.open_again.set()
    await desk.until(lambda: len(moments) == 28)
    await desk.post("nyata", -999, priority=Priority.URGENT)
    await desk.settle()
    assert_within(moments, 28, 1)
    assert len(moments) == 101
    assert desk.texts().index("nyata v0") <= 2 * 28


async def test_an_emergency_goes_out_while_a_file_to_all_others_is_still_being_uploaded(
    desk: Desk, tmp_path: Path
) -> None:
    moments: list[datetime] = []
    uploaded = asyncio.Event()

    async def upload(_: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        await uploaded.wait()
        photo = [{"file_id": "F", "file_unique_id": "u", "width": 1, "height": 1}]
        chat = {"id": -1, "type": "supergroup", "title": "A"}
        return aiohttp.web.json_response(
            {"ok": True, "result": {"message_id": 1, "date": 1_772_000_000, "chat": chat, "photo": photo}}
        )

    file = tmp_path / "a.png"
    file.write_bytes(b"\x89PNG")
    desk.renderer.shape = Rendered("", medium=Medium(kind="photo", name="a.png", sha256="ab", path=file))
    desk.api.faults.append(upload)
    for number in range(100):
        await desk.post(f"m{number}", -number - 1, priority=Priority.INJECT)
    for tenth in range(40):
        desk.clock.set(after(tenth / 10))
        desk.outbox.notify([])
        await asyncio.sleep(0.002)
    assert desk.outbox._queue.in_flight == 64
    assert len(desk.api.calls) == 1
    desk.renderer.shape = Rendered("")
    at = desk.clock.now()
    await desk.post("nyata", -999, priority=Priority.URGENT)
    await desk.until(lambda: len(desk.texts()) == 1)
    assert desk.clock.now() == at
    desk.api.faults.extend([noting(desk, moments)] * 99)
    uploaded.set()
    await desk.settle()
    assert_within(moments, 28, 1)
    assert len(moments) == 99


async def test_stopping_waits_for_what_is_held_to_leave_at_the_overall_rate(api: FaultyApi, tmp_path: Path) -> None:
    moments: list[datetime] = []
    async with desk_at(api, tmp_path, rates=Rates(overall=Rate(2, 1))) as desk:
        api.faults.extend([noting(desk, moments)] * 10)
        await desk.post("pertama", -999)
        await desk.settle()
        desk.store.open_again = asyncio.Event()
        for number in range(9):
            await desk.post(f"m{number}", -number - 1, waits=False)
        for second in range(1, 4):
            desk.clock.set(after(second))
            desk.outbox.notify([])
            await asyncio.sleep(0.02)
        assert desk.outbox._queue.in_flight == 7
        desk.outbox.stop()
        desk.store.open_again.set()
        await desk.until(lambda: desk.outbox._queue.in_flight == 0)
    assert len(moments) == 8
    assert_within(moments, 2, 1)


async def test_a_picture_that_is_not_taken_counts_twice_with_each_edit_of_the_words_in_its_place(
    desk: Desk, tmp_path: Path
) -> None:
    moments: list[datetime] = []

    async def no_pictures(request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        match request.match_info["method"]:
            case "sendPhoto":
                moments.append(desk.clock.now())
                return await refuse(400, "Bad Request: not enough rights to send photos to the chat")(request)
            case "editMessageCaption":
                moments.append(desk.clock.now())
                return await refuse(400, "Bad Request: there is no caption in the message to edit")(request)
            case _:
                return await noting(desk, moments)(request)

    desk.api.faults.extend([no_pictures] * 500)
    file = tmp_path / "a.png"
    file.write_bytes(b"\x89PNG")
    medium = Medium(kind="photo", name="a.png", sha256="ab", path=file)
    desk.renderer.shape = Rendered("", medium=medium, alone="words")
    await desk.post("papan")
    await desk.settle()
    while desk.clock.now() < after(130):
        asked = len(moments)
        await desk.change("papan")
        await desk.until(lambda asked=asked: len(moments) >= asked + 2)  # type: ignore[misc]  # mypy does not infer a lambda's defaults
    assert len(moments) > 18
    assert_within(moments, 18, 60)


async def test_an_emergency_overtakes_what_waits_in_its_chat_and_in_others(api: FaultyApi, tmp_path: Path) -> None:
    async with desk_at(api, tmp_path, rates=Rates(overall=Rate(1, 1))) as desk:
        for number in range(4):
            await desk.post(f"m{number}", -1 - number % 2)
        await desk.post("nyata", -1, priority=Priority.URGENT)
        await desk.settle()
    assert desk.texts().index("nyata v0") <= 1


async def test_a_row_that_cannot_be_claimed_any_more_is_dropped(desk: Desk) -> None:
    row_id = await desk.post("halo")
    await desk.settle()
    stale = (await desk.row(row_id)).evolve(state=OutboxState.PENDING)
    desk.outbox.notify([stale])
    await desk.settle()
    assert desk.texts() == ["halo v0"]


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_a_commit_that_only_seemed_to_fail_changes_nothing(desk: Desk, lost: int) -> None:
    """Of the claim, then of a look at the row after it, or of what came of the sending."""
    await desk.post("pertama", -9)
    await desk.settle()
    at = desk.clock.now()

    def post(tx: Transaction) -> None:
        record.add(tx, Plain(key="papan"), Place(-1), at, key="papan")

    desk.store.lose = lost + 1
    with pytest.raises(OSError, match="went away"):
        await desk.store.perform(post)
    await desk.clock.until(lambda: len(desk.outbox) == 0)
    assert desk.store.lose == 0
    row = await desk.row(2)
    assert desk.texts() == ["pertama v0", "papan v0"]
    assert (row.state, row.attempts, row.possible_duplicate) == (OutboxState.SENT, 1, False)


async def test_an_edit_that_cannot_be_rendered_is_left_until_the_next_change(desk: Desk) -> None:
    row_id = await desk.post("papan")
    await desk.settle()
    desk.renderer.breaks = 3
    await desk.change("papan")
    await desk.settle()
    row = await desk.row(row_id)
    assert row.shown == row.wanted
    assert desk.api.named("editMessageText") == []
    await desk.change("papan")
    await desk.settle()
    assert desk.texts("editMessageText") == ["papan v2"]
