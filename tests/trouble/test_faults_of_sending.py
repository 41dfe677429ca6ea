"""Every way of sending, and everything that can go wrong with it, each in a chat of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.exercise import conduct, resending
from bot.exercise.model import InjectState
from bot.exercise.people import Person as Somebody
from bot.exercise.people import Place
from bot.rehearsal.standin.faults import Decision, Fault, Refusal, ResetAfter
from bot.rehearsal.standin.messages import Message
from bot.store import exercises, outbox
from bot.texts.catalogue import say
from tests.trouble.gallery import NO_ANSWER, NOT_DONE, SECONDS, SPOILT, TOOK_EFFECT, Cell, Gallery, gallery, impatient

__all__ = ["impatient"]

INJECTS: Mapping[str, Mapping[str, Any]] = {
    "sendMessage": {},
    "sendPhoto": {"media": [{"photo": "peta.png"}]},
    "sendDocument": {"media": [{"document": "rencana.txt"}]},
    "sendVideo": {"media": [{"video": "massa.mp4"}]},
    "sendVoice": {"media": [{"voice": "suara.ogg"}]},
    "sendVenue": {"location": {"lat": -7.6, "lon": 112.9, "name": "Simpang KPU"}},
}
BESIDE = "sendVenue"
"""Goes out beside an inject's words, as a message of its own."""
TWICE = "no answer twice"
REFUSED = "400"
KICKED = "kicked"
MIGRATED = "migrated"
OWN = (TWICE, REFUSED, KICKED, MIGRATED)


@dataclass(frozen=True)
class Came:
    """What has come of a message: in the outbox, of its delivery, in the chat, and what the control room was told."""

    row: str
    delivery: str
    chat: tuple[str, ...]
    told: tuple[str, ...] = ()


ONCE = Came("sent", "sent", ("plain",))
REPEATED = Came("sent", "sent", ("plain", "repeat"))
FIRST_LOST = Came("sent", "sent", ("repeat",))


def promised(method: str) -> dict[str, Came]:
    """What is promised of a method, fault by fault."""
    there_or_not = {fault: REPEATED if fault in TOOK_EFFECT else FIRST_LOST for fault in NO_ANSWER}
    return {
        **there_or_not,
        **dict.fromkeys(NOT_DONE, ONCE),
        MIGRATED: ONCE,
        TWICE: Came("failed", "uncertain", ("plain", "repeat"), ("in_doubt",)),
        # Words go where a file or a place is not taken.
        REFUSED: Came("failed", "failed", (), ("notice.failed",)) if method == "sendMessage" else ONCE,
        KICKED: Came("failed", "failed", (), ("notice.failed", "notice.unreachable")),
    }


def promised_of_a_part(method: str) -> dict[str, Came]:
    """The same of what goes out beside an inject's words, whose delivery is that of the words."""
    return {
        **promised(method),
        TWICE: Came("failed", "sent", ("plain", "repeat"), ("notice.part_in_doubt",)),
        # The words come first, and find out that there is nobody.
        KICKED: Came("skipped", "failed", (), ("notice.failed", "notice.unreachable")),
    }


def deciding(cells: Mapping[tuple[str, str], Cell]) -> Decision:
    """Each request of a method that carries the inject meets what its chat's cell has in store."""
    by_chat = {cell.chat.id: cell for cell in cells.values()}
    for cell in cells.values():
        cell.faults = faults_of(cell.fault)

    def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
        cell = by_chat.get(int(parameters.get("chat_id", 0)))
        if cell is None or cell.method != method or not cell.faults:
            return None
        words = f"{parameters.get('text')}{parameters.get('caption')}"
        return cell.faults.pop(0) if "-teks" in words or method == "sendVenue" else None

    return decide


def faults_of(name: str) -> list[Fault]:
    match name:
        case "no answer twice":
            return [ResetAfter(), ResetAfter()]
        case "400":
            return [Refusal(400, description="Bad Request: not like this")]
        case _:
            return [SPOILT[name]] if name in SPOILT else []


async def came(on: Gallery, inject: str, cell: Cell) -> Came:
    """What has come of the message that a cell's fault was for."""
    key, posts = outbox.inject_key(1, inject, cell.unit), on.said(cell)
    if cell.method == BESIDE:
        key = f"{key}:part:0.2"
    mine = [message for message in posts if is_of(cell, message)]
    row, delivery = await on.row(key), await on.delivery(inject, cell)
    return Came(row.state, delivery.state, tuple(map(mark, mine)), await on.told(cell))


def is_of(cell: Cell, message: Message) -> bool:
    if cell.method != BESIDE:
        return "-teks" in message.words
    # As a place, or in words where that was refused.
    return "venue" in (message.content or {}) or "· 2/2" in message.words


def mark(message: Message) -> str:
    venue = (message.content or {}).get("venue", {})
    return "repeat" if say("id", "inject.repeat") in f"{message.words}{venue.get('address')}" else "plain"


@pytest.mark.usefixtures("impatient")
async def test_each_way_of_sending_keeps_its_promise_under_each_fault(tmp_path: Path) -> None:
    faults = tuple(fault for fault in (*SPOILT, *OWN) if fault != TWICE)
    async with gallery(tmp_path, INJECTS, dict.fromkeys(INJECTS, faults), deciding) as on:
        for method in INJECTS:
            on.shut_out(on.cells[method, KICKED])
            on.upgrade(on.cells[method, MIGRATED])
        await keep_their_promises(on, faults)


async def test_each_way_of_sending_keeps_its_promise_where_no_answer_comes_twice(tmp_path: Path) -> None:
    # By itself, and slowly enough that a busy machine makes no outage of it: in one, more than two are sent.
    async with gallery(tmp_path, INJECTS, dict.fromkeys(INJECTS, (TWICE,)), deciding, speed=5.0) as on:
        await keep_their_promises(on, (TWICE,))


async def keep_their_promises(on: Gallery, faults: Sequence[str]) -> None:
    await on.begin()
    await on.quiet()
    for number, method in enumerate(INJECTS, 1):
        kept = (promised_of_a_part if method == BESIDE else promised)(method)
        seen = {fault: await came(on, f"G-{number}", on.cells[method, fault]) for fault in faults}
        assert seen == {fault: kept[fault] for fault in faults}, method


async def test_what_is_sent_while_the_server_is_away_goes_out_once_when_it_is_back(tmp_path: Path) -> None:
    async with gallery(tmp_path, INJECTS, dict.fromkeys(INJECTS, ("away",)), deciding) as on:
        await on.standin.go_down()
        await on.begin()
        await on.until(lambda tx: all(row.attempts for row in outbox.open_rows(tx) if row.message.type == "notice"))
        await on.standin.come_back()
        await on.quiet()
        for number, method in enumerate(INJECTS, 1):
            assert await came(on, f"G-{number}", on.cells[method, "away"]) == ONCE, method


async def test_what_becomes_too_late_while_nothing_reaches_telegram_waits_for_the_director(tmp_path: Path) -> None:
    injects = {"sendMessage": {"acknowledge": {"within": "60s"}}}
    async with gallery(tmp_path, injects, {"sendMessage": ("away",)}, deciding, speed=40.0) as on:
        await on.standin.go_down()
        await on.change(lambda run: conduct.startex(run, on.somebody, on.clock.now()))
        await on.until(lambda tx: (run := exercises.get(tx, 1)) and run.injects["G-1"].state is InjectState.HELD)
        await on.standin.come_back()
        await on.world.wait_for_message(on.control, lambda message: say("id", "held.ask") in message.words, SECONDS)
        await on.quiet()
        (cell,) = on.cells.values()
        assert not [message for message in on.said(cell) if is_of(cell, message)]


@pytest.mark.parametrize(("floods", "all_wait"), [(2, False), (3, True)])
async def test_the_silence_that_several_chats_ask_for_at_once_is_kept_in_all(
    tmp_path: Path, floods: int, *, all_wait: bool
) -> None:
    told = tuple(f"flooded {number}" for number in range(floods))
    injects = {"sendMessage": {}, "later": {"at": "2s"}}
    places = {"sendMessage": told, "later": ("calm",)}
    wait = 6 if all_wait else 600

    def flooding(cells: Mapping[tuple[str, str], Cell]) -> Decision:
        chats = {cells["sendMessage", name].chat.id for name in told}

        def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
            chat = int(parameters.get("chat_id", 0))
            if method != "sendMessage" or chat not in chats or "-teks" not in parameters["text"]:
                return None
            chats.remove(chat)
            return Refusal(429, retry_after=wait)

        return decide

    async with gallery(tmp_path, injects, places, flooding, speed=2.0) as on:
        await on.begin()
        calm = on.cells["later", "calm"]
        await on.world.wait_for_message(calm.chat, lambda message: "-teks" in message.words, 30)
        posts = [r for r in on.world.journal.of("sendMessage") if "-teks" in r.parameters["text"]]
        flooded = [request.at for request in posts if request.outcome == 429]
        (posted,) = [request.at for request in posts if request.chat_id == calm.chat.id]
        assert len(flooded) == floods
        assert (posted >= min(flooded) + timedelta(seconds=wait)) is all_wait


async def test_a_unit_whose_chat_takes_the_bot_back_is_reached_again(tmp_path: Path) -> None:
    injects: dict[str, dict[str, Any]] = {"sendMessage": {}}
    async with gallery(tmp_path, injects, {"sendMessage": (KICKED,)}, deciding) as on:
        (cell,) = on.cells.values()
        on.shut_out(cell)
        await on.begin()
        await on.quiet()
        assert "kicked" in (await on.exercise()).seats[cell.unit].unreachable
        assert await came(on, "G-1", cell) == promised("sendMessage")[KICKED]
        cell.leader.add_bot(cell.chat)
        await on.until(lambda tx: (run := exercises.get(tx, 1)) and not run.seats[cell.unit].unreachable)
        somebody, at = Somebody(on.director.id, "Sari"), on.clock.now()
        await on.change(lambda run: resending.resend(run, "G-1", cell.unit, somebody, at))
        await on.quiet()
        assert await came(on, "G-1", cell) == Came(
            "sent", "sent", ("plain",), ("notice.failed", "notice.reachable", "notice.unreachable")
        )


EDITS: Mapping[str, Mapping[str, Any]] = {
    "editMessageText": {},
    "editMessageCaption": {"media": [{"photo": "peta.png"}]},
}
SHOWN = Came("sent", "sent", ("shown",))
STALE = Came("sent", "sent", ("stale",))
EDITED = {
    **dict.fromkeys(SPOILT, SHOWN),
    # The answer is on record, and the next change shows it.
    REFUSED: STALE,
    KICKED: Came("sent", "sent", ("stale",), ("notice.unreachable",)),
    # What was said in the group stays behind in it.
    MIGRATED: Came("sent", "sent", ()),
}


@pytest.mark.usefixtures("impatient")
async def test_each_edit_is_made_in_the_end_or_given_up_with_the_answer_on_record(tmp_path: Path) -> None:
    async with gallery(tmp_path, EDITS, dict.fromkeys(EDITS, EDITED), deciding) as on:
        await on.begin()
        await on.quiet()
        for number, method in enumerate(EDITS, 1):
            on.shut_out(on.cells[method, KICKED])
            on.upgrade(on.cells[method, MIGRATED])
            await on.acknowledge(f"G-{number}", [on.cells[method, fault] for fault in EDITED])
        await on.quiet()
        for number, method in enumerate(EDITS, 1):
            seen = {fault: await edited(on, f"G-{number}", on.cells[method, fault]) for fault in EDITED}
            assert seen == EDITED, method
            moved = on.cells[method, MIGRATED]
            seat = (await on.exercise()).seats[moved.unit]
            assert seat.place == Place(moved.chat.migrated_to or 0)


async def edited(on: Gallery, inject: str, cell: Cell) -> Came:
    """The same of an edit that shows who has acknowledged."""
    row, delivery = await on.row(outbox.inject_key(1, inject, cell.unit)), await on.delivery(inject, cell)
    assert delivery.acknowledged is not None
    assert row.shown == row.wanted
    assert not row.possible_duplicate
    posts = [message for message in on.said(cell) if "-teks" in message.words]
    looks = tuple("shown" if "Padal" in message.words else "stale" for message in posts)
    return Came(row.state, delivery.state, looks, await on.told(cell))
