"""Steering the script: putting off, sending and leaving out, and the word that the script is done."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bot.exercise.facts import Change
from bot.messages import Notice
from bot.service import running
from bot.service.recording import record
from bot.store import exercises, outbox
from bot.store.store import Store
from bot.texts.catalogue import say
from tests.builders import STARTEX, Play, a_scenario, an_exercise
from tests.steering.conftest import QUIET, Floor, opened


async def test_an_inject_that_is_put_off_is_told_with_its_new_time(floor: Floor) -> None:
    told = await floor.ask("/tunda a-2 90s", "A-2")
    assert "J+02:01:30" in told.words
    assert (await floor.exercise()).injects["A-2"].at == timedelta(hours=2, seconds=90)
    await floor.ask("/delay semua 1m", "1 mnt")
    coming = await floor.ask("/berikut", "J+02:02:30")
    assert "C-1" in coming.words


async def test_other_white_space_than_the_plain_space_parts_words_too(floor: Floor) -> None:
    told = await floor.ask("/tunda\N{NO-BREAK SPACE}a-2\N{NO-BREAK SPACE}90s", "A-2")
    assert "J+02:01:30" in told.words
    told = await floor.ask("/lewati\ta-2\thujan deras", "A-2")
    assert "hujan deras" in told.words


async def test_what_cannot_be_put_off_is_explained(floor: Floor) -> None:
    before = (await floor.exercise()).injects
    for command, words in {
        "/delay": "/tunda I-07 5m",
        "/delay A-2": "/tunda I-07 5m",
        "/delay A-2 -5m": "/tunda I-07 5m",
        "/delay A-2 0s": "/tunda I-07 5m",
        "/delay all -5m": "/tunda I-07 5m",
        "/delay A-1 5m": say("id", "refused.not_open", inject="A-1"),
        "/delay C-1 5m": say("id", "refused.not_planned", inject="C-1"),
        "/delay X-1 5m": "X-1",
    }.items():
        assert words in (await floor.ask(command)).words, command
    assert (await floor.exercise()).injects == before
    await floor.ask("/skip A-2 hujan", "hujan")
    assert say("id", "refused.nothing_planned") in (await floor.ask("/delay all 5m")).words


async def test_the_director_is_reminded_of_endex_twice_and_no_more(tmp_path: object) -> None:
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/geladi.db")
    await store.open()
    injects = [{"id": "I-01", "at": "0s", "to": ["posko"], "text": "Isi"}]
    begun = Play(an_exercise(a_scenario(injects=injects))).startex()
    prepared = an_exercise(a_scenario(injects=injects))
    await store.perform(lambda tx: exercises._insert_exercise(tx, prepared))
    await store.perform(lambda tx: record(tx, Change(begun.exercise, tuple(begun.facts))))
    references = count(1)

    async def said(minute: float) -> list[str]:
        at = STARTEX + timedelta(minutes=minute)
        await store.perform(lambda tx: running.advance(tx, 7, at, lambda: f"r{next(references)}"))
        rows = await store.perform(outbox.open_rows)
        keys = [row.message.key for row in rows if isinstance(row.message, Notice)]
        return [key for key in keys if key in {"notice.script_done", "notice.endex_due"}]

    assert await said(1) == ["notice.script_done"]
    assert await said(10.9) == ["notice.script_done"]
    assert await said(11) == ["notice.script_done", "notice.endex_due"]
    assert await said(12) == ["notice.script_done", "notice.endex_due"]
    assert await said(31.5) == ["notice.script_done", "notice.endex_due", "notice.endex_due"]
    assert await said(300) == ["notice.script_done", "notice.endex_due", "notice.endex_due"]
    await store.close()


async def test_the_director_reads_one_inject_with_its_notes(tmp_path: Path) -> None:
    scenario: dict[str, Any] = dict(QUIET)
    secrets = {"expect": "Kendaraan siap.", "notes": "Jangan dibantu."}
    scenario["injects"] = [{**scenario["injects"][0], **secrets}]
    async with opened(tmp_path, scenario) as floor:
        told = await floor.ask("/berikut a-1")
        assert "Diharapkan: Kendaraan siap." in told.words
        assert "Catatan pengendali: Jangan dibantu." in told.words
        wrong = await floor.ask("/next Z-9")
        assert "Z-9" in wrong.words
