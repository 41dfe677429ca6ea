"""A press counts whatever goes wrong beside it: with the question who presses, or with the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.exercise.facts import FactKind
from bot.rehearsal.standin.faults import Decision, Fault, Refusal
from bot.rehearsal.standin.presses import Press
from bot.store import log, schema
from bot.store.inbox import InboxState
from bot.store.transaction import Transaction
from bot.texts.catalogue import say
from tests.trouble.gallery import SPOILT, TOOK_EFFECT, Cell, Gallery, gallery, impatient

__all__ = ["impatient"]

ANSWER, WHO = "answerCallbackQuery", "getChatMember"
METHODS: Mapping[str, Mapping[str, Any]] = {ANSWER: {}, WHO: {}}
TOO_OLD = "too old to answer"
KICKED = "kicked"
MIGRATED = "migrated"
ASIDE = {**SPOILT, TOO_OLD: Refusal(400, description="Bad Request: query is too old")}


@dataclass(frozen=True)
class Counted:
    """What has come of a press: how often it counts, whether the person saw an answer and the chat who pressed."""

    times: int
    answered: bool
    shown: bool


PROMISED = {
    ANSWER: {fault: Counted(1, fault in TOOK_EFFECT, shown=True) for fault in ASIDE},
    WHO: {
        **{fault: Counted(1, answered=True, shown=True) for fault in SPOILT},
        # The chat hears nothing more of it, or is another one by now; what was pressed in it is on record.
        KICKED: Counted(1, answered=True, shown=False),
        MIGRATED: Counted(1, answered=True, shown=False),
    },
}


def deciding(presses: Mapping[str, Cell]) -> Any:
    """Each request beside a press meets its cell's fault; ``presses`` says whose press an answer is for."""

    def of(cells: Mapping[tuple[str, str], Cell]) -> Decision:
        for cell in cells.values():
            cell.faults = [ASIDE[cell.fault]] if cell.fault in ASIDE else []
        askers = {cell.chat.id: cell for cell in cells.values() if cell.method == WHO}

        def decide(method: str, parameters: Mapping[str, Any]) -> Fault | None:
            cell = None
            if method == WHO:
                cell = askers.get(parameters["chat_id"])
            elif method == ANSWER:
                cell = presses.get(parameters["callback_query_id"])
            return cell.faults.pop(0) if cell and cell.method == method and cell.faults else None

        return decide

    return of


def unfinished(tx: Transaction) -> list[tuple[str, int]]:
    """Updates that were not handled at the first try."""
    of = schema.inbox.c
    rows = tx.read(select(of.state, of.tries).where((of.state != InboxState.DONE) | (of.tries > 0)))
    return [(row.state, row.tries) for row in rows]


def times(tx: Transaction, cell: Cell) -> int:
    """How often the cell's unit has acknowledged."""
    return sum(entry.fact.unit == cell.unit for entry in log.entries(tx, 1, [FactKind.ACKNOWLEDGED]))


@pytest.mark.usefixtures("impatient")
async def test_each_press_counts_once_under_each_fault_beside_it(tmp_path: Path) -> None:
    asked: dict[str, Cell] = {}
    async with gallery(tmp_path, METHODS, PROMISED, deciding(asked)) as on:
        await on.begin()
        await on.quiet()
        presses: dict[str, Press] = {}
        for cell in on.cells.values():
            message = next(message for message in on.said(cell) if "-teks" in message.words)
            press = cell.leader.press(cell.chat, message, say("id", "ack.button"))
            asked[press.query_id], presses[cell.unit] = cell, press
            if cell.fault == KICKED:
                cell.leader.remove_bot(cell.chat)
            elif cell.fault == MIGRATED:
                cell.leader.upgrade_to_supergroup(cell.chat)
        await on.until(lambda tx: all(times(tx, cell) for cell in on.cells.values()))
        await on.until(lambda tx: not unfinished(tx))
        await on.quiet()
        for method, promised in PROMISED.items():
            seen = {fault: await counted(on, on.cells[method, fault], presses) for fault in promised}
            assert seen == promised, method


async def counted(on: Gallery, cell: Cell, presses: Mapping[str, Press]) -> Counted:
    how_often = await on.store.perform(lambda tx: times(tx, cell))
    shown = any("-teks" in message.words and "Padal" in message.words for message in on.said(cell))
    return Counted(how_often, presses[cell.unit].answer is not None, shown)


@pytest.mark.usefixtures("impatient")
async def test_who_takes_a_seat_is_told_when_that_cannot_be_checked_and_takes_it_at_the_next_try(
    tmp_path: Path,
) -> None:
    async with gallery(tmp_path, {WHO: {}}, {WHO: tuple(SPOILT)}, deciding({})) as on:
        for number, cell in enumerate(on.cells.values()):
            await on.unseat(cell, f"kode-{number}")
            cell.leader.say(cell.chat, f"/join kode-{number}")
        refused, _, _ = say("id", "reply.cannot_be_checked", why="|").partition("|")
        for number, cell in enumerate(on.cells.values()):
            told = await on.world.wait_for_message(cell.chat, lambda message: refused in message.words, 30)
            assert "Traceback" not in told.words
            assert (await on.exercise()).seats[cell.unit].place is None
            cell.leader.say(cell.chat, f"/join kode-{number}")
        await on.until(lambda tx: not unfinished(tx) and on.all_seated(tx))
