"""A whole exercise, played in the chats alone at real speed, and its record held against what Telegram saw."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import orjson
import pytest

from bot.rehearsal.standin.journal import MessageEdited
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from scenarios.durations import parse_duration
from tests.acceptance.cast import (
    MARKING,
    PRIVATE,
    SCRIPT,
    SEATED,
    SECRET,
    UNBOUND,
    Cast,
    add_to_library,
    header,
    said_by_bot,
)
from tests.acceptance.process import Program

PAUSE_AT = 6.6
"""Exercise time of the pause: between two injects, and more than a second from either."""
ASKED = "A-7"
"""Its gate is undecided, so it goes out when the director says so."""
OFFSETS = {i["id"]: parse_duration(i["at"]) for i in SCRIPT["injects"] if "at" in i and i["id"] != ASKED}
EXPECTED = {
    ("A-1", "alfa"),
    ("A-1", "bravo"),
    ("A-2", "charlie"),
    ("A-2", PRIVATE),
    ("A-3", "alfa"),
    ("A-4", "charlie"),
    ("A-5", PRIVATE),
    ("A-7", "alfa"),
    *(("A-8", unit) for unit in SEATED),
    ("C-1", "bravo"),
    ("C-2", "charlie"),
}
LATE = {("A-1", "bravo")}
MISSED = {("A-4", "charlie"), ("A-8", "bravo")}


@dataclass(frozen=True)
class Played:
    """When the director did what, as Telegram saw it."""

    began_at: datetime
    paused_at: datetime
    resumed_at: datetime
    fired_at: datetime
    sent_at: datetime
    """When the director had the inject sent about which the bot had asked."""

    def due_at(self, inject: str) -> datetime:
        """When an inject of the script had to come due."""
        stopped = self.resumed_at - self.paused_at if OFFSETS[inject].total_seconds() > PAUSE_AT else timedelta()
        return self.began_at + OFFSETS[inject] + stopped


async def play(cast: Cast) -> Played:
    """The drill from `/new` to its record."""
    director, control = cast.director, cast.control
    await cast.set_up(str(SCRIPT["id"]))
    units = await director.ask(control, "/units", containing=f"Satuan {UNBOUND}")
    assert "Grup alfa" in units.words
    await cast.join_in_private()
    began_at = await cast.startex()
    async with asyncio.TaskGroup() as people:
        for plays in (alfa, bravo, charlie, delta):
            people.create_task(plays(cast))
        await until(began_at, PAUSE_AT)
        paused_at = director.person.say(control, "/pausex hujan").date
        for unit in SEATED:
            await director.see(cast.chats[unit], "PAUSEX")
        await until(paused_at, 2.0)
        resumed_at = director.person.say(control, "/resumex").date
        await until(resumed_at, 1.3)
        fired_at = director.person.say(control, "/fire C-2").date
        question = await director.see(control, lambda m: any(b.data == f"g:1.{ASKED}:send" for b in m.buttons))
        # The director takes a moment, so that being asked about and being sent are told apart in the record.
        await asyncio.sleep(0.5)
        press = director.person.press(control, question, f"g:1.{ASKED}:send")
        await cast.answered(press)
    await director.see(control, first_line("notice.script_done"), timeout_seconds=20)
    await cast.endex()
    await director.see(control, lambda m: file_name(m).endswith(".json"), timeout_seconds=60)
    return Played(began_at, paused_at, resumed_at, fired_at, press.at)


def file_name(message: Message) -> str:
    """What the document of a message is called; empty where it has none."""
    return str((message.content or {}).get("document", {}).get("file_name", ""))


async def alfa(cast: Cast) -> None:
    await cast.acknowledge("A-1", "alfa")
    await cast.acknowledge("A-3", "alfa")
    assert "Maju" in await cast.press("A-3", "alfa", "Maju")
    await cast.acknowledge("A-7", "alfa")
    await cast.acknowledge("A-8", "alfa")


async def bravo(cast: Cast) -> None:
    await cast.acknowledge("A-1", "bravo", after=2.4)
    await cast.acknowledge("C-1", "bravo")


async def charlie(cast: Cast) -> None:
    await cast.acknowledge("A-2", "charlie")
    await cast.acknowledge("C-2", "charlie")
    message = await cast.inject("A-8", "charlie")
    said = cast.leaders["charlie"].say(cast.chats["charlie"], "/ack", reply_to=message)
    cast.presses["A-8", "charlie"] = said.date


async def delta(cast: Cast) -> None:
    await cast.acknowledge("A-2", PRIVATE)
    await cast.press("A-2", PRIVATE, say("id", "progress.underway"))
    cast.leaders[PRIVATE].say(cast.chats[PRIVATE], "/sitrep Jalan terbuka")
    await cast.acknowledge("A-5", PRIVATE)
    await cast.acknowledge("A-8", PRIVATE)


async def until(beginning: datetime, seconds: float) -> None:
    """Let real time pass until so long after ``beginning``."""
    await asyncio.sleep((beginning + timedelta(seconds=seconds) - datetime.now(UTC)).total_seconds())


def first_line(key: str) -> str:
    return say("id", key).splitlines()[0]


def moment(record: Mapping[str, Any], field: str) -> datetime:
    return datetime.fromisoformat(record[field])


def seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()


async def test_an_exercise_is_delivered_acknowledged_and_recorded_as_it_happened(
    program: Program, cast: Cast, url: str, record_property: Callable[[str, object], None]
) -> None:
    await add_to_library(url, SCRIPT, cast.world.clock.now())
    await program.start()
    played = await play(cast)
    async with asyncio.timeout(5):
        assert await program.stop() == 0
    exported = await program.run("export", "1")
    assert exported.status == 0, exported.err
    record = orjson.loads(exported.out)

    hold_the_deliveries(record, cast, played)
    hold_the_answers(record, cast)
    hold_the_figures(record)
    hold_the_words(cast)
    assert record["reports"][0]["text"] == "Jalan terbuka"
    assert record["exercise"]["paused_seconds"] == pytest.approx(seconds(played.resumed_at, played.paused_at), abs=0.2)
    hold_the_files(cast)
    await hold_the_seal(program, cast, exported.out)
    assert cast.world.journal.too_many == 0
    assert cast.world.violations == []
    waited = median(cast.waits)
    record_property("median_seconds_from_press_to_answer", waited)
    print(f"median from press to answer: {waited * 1000:.0f} ms over {len(cast.waits)} presses")  # noqa: T201 - a measurement to read


def hold_the_deliveries(record: Mapping[str, Any], cast: Cast, played: Played) -> None:
    """Each inject once per unit, at its time by the script, in the chat within a second."""
    deliveries = {(d["inject"], d["unit"]): d for d in record["deliveries"]}
    assert len(deliveries) == len(record["deliveries"])
    assert deliveries.keys() - {("A-8", UNBOUND)} == EXPECTED
    assert deliveries["A-8", UNBOUND]["state"] == "skipped"
    startex_at = moment(record["exercise"], "startex_at")
    assert 0 <= seconds(startex_at, played.began_at) < 0.5
    stopped = timedelta(seconds=record["exercise"]["paused_seconds"])
    for inject, unit in sorted(EXPECTED):
        delivery = deliveries[inject, unit]
        (posted_at,) = cast.postings(inject, unit)
        due_at = moment(delivery, "due_at")
        assert delivery["state"] == "sent"
        assert not delivery["possible_duplicate"]
        assert 0 <= seconds(posted_at, due_at) <= 1
        assert abs(seconds(moment(delivery, "sent_at"), posted_at)) < 0.5
        if inject in OFFSETS:
            offset = OFFSETS[inject]
            by_the_script = startex_at + offset + (stopped if offset.total_seconds() > PAUSE_AT else timedelta())
            assert abs(seconds(due_at, by_the_script)) < 0.05
            assert abs(seconds(due_at, played.due_at(inject))) < 0.5
    (fired,) = cast.postings("C-2", "charlie")
    assert 0 <= seconds(fired, played.fired_at) <= 1
    (sent,) = cast.postings(ASKED, "alfa")
    assert 0 <= seconds(sent, played.sent_at) <= 1
    assert {i["id"]: i["state"] for i in record["injects"]}["A-6"] == "skipped"


def hold_the_answers(record: Mapping[str, Any], cast: Cast) -> None:
    """Each acknowledgement at the moment of its press, late and missed ones too, and nobody else's."""
    deliveries = {(d["inject"], d["unit"]): d for d in record["deliveries"]}
    for key, delivery in deliveries.items():
        if key not in cast.presses:
            assert delivery["acknowledged_at"] is None
            continue
        assert 0 <= seconds(moment(delivery, "acknowledged_at"), cast.presses[key]) < 0.5
        assert delivery["acknowledged_exact"]
        assert delivery["acknowledged_by"]["id"] == cast.leaders[key[1]].id
    assert {key for key, delivery in deliveries.items() if delivery["late"]} == LATE
    assert {key for key, delivery in deliveries.items() if delivery["outcome"] == "missed"} == MISSED
    assert deliveries["A-3", "alfa"]["option"] == "maju"
    assert [step["step"] for step in deliveries["A-2", PRIVATE]["progress"]] == ["underway"]


def hold_the_figures(record: Mapping[str, Any]) -> None:
    """The figures are what counting the deliveries gives."""
    told = {None: record["figures"]["overall"], **record["figures"]["units"]}
    for unit, figures in told.items():
        mine = [d for d in record["deliveries"] if unit in {None, d["unit"]} and d["outcome"]]
        taken = sorted(d["latency_seconds"] for d in mine if d["latency_seconds"] is not None)
        assert figures["asked"] == len(mine)
        assert figures["acknowledged"] == len(taken)
        assert figures["late"] == sum(d["late"] for d in mine)
        assert figures["missed"] == sum(d["outcome"] == "missed" for d in mine)
        assert figures["worst_at_least"] is (len(taken) < len(mine))
        if taken and len(taken) == len(mine):
            assert figures["worst_seconds"] == taken[-1]
            assert figures["median_seconds"] == taken[(len(taken) - 1) // 2]
    assert told[None]["asked"] == len(EXPECTED)


def hold_the_words(cast: Cast) -> None:
    """Every message is marked, first line and last; a unit reads its own injects and nothing for controllers."""
    for unit in SEATED:
        said = cast.said(unit)
        own = {inject for inject, to in EXPECTED if to == unit}
        assert {header(message) for message in said} - {""} == own
        for message in said:
            assert SECRET not in message.words
            others = {inject for inject in (ASKED, *OFFSETS, "C-1", "C-2") if inject not in own}
            assert not any(f"{inject}-teks" in message.words for inject in others)
    everywhere = [cast.control, *cast.chats.values()]
    for chat in everywhere:
        begun = False
        for change, message in said_by_bot(cast.world, chat):
            begun = begun or "STARTEX" in message.words
            if begun:
                lines = message.words.splitlines()
                assert (lines[0], lines[-1]) == (MARKING, MARKING), change
        assert begun
    captions = [m for _, m in said_by_bot(cast.world, cast.control) if m.caption]
    assert len(captions) >= 2
    assert any(isinstance(c, MessageEdited) for c, _ in said_by_bot(cast.world, cast.chats["alfa"]))


def hold_the_files(cast: Cast) -> None:
    """With the summary come the report to sign, its tables and the record, each once."""
    sent = [m for _, m in said_by_bot(cast.world, cast.control) if file_name(m)]
    assert [file_name(m) for m in sent] == [
        f"LATIHAN-1-{name}" for name in ("laporan.pdf", "tabel.xlsx", "catatan.json")
    ]
    files = [cast.world.files.get((m.content or {})["document"]["file_id"]) for m in sent]
    beginnings = (b"%PDF", b"PK\x03\x04", b"{")
    assert all(file and file.body.startswith(first) for file, first in zip(files, beginnings, strict=True))


async def hold_the_seal(program: Program, cast: Cast, exported: bytes) -> None:
    """The seal in the control room vouches for the database and for the file; and a file that was changed is told."""
    printed = next(
        found[0] for _, m in said_by_bot(cast.world, cast.control) if (found := re.search(r"\b[0-9a-f]{64}\b", m.words))
    )
    file = program.folder / "record.json"
    file.write_bytes(exported)
    assert orjson.loads(exported)["seal"]["closing"]["head"] == printed
    for target in ("1", str(file)):
        verified = await program.run("export", target, "--verify", "--seal", printed)
        assert (verified.status, verified.err) == (0, "")
        assert b"whole: every entry is what was written" in verified.out
    file.write_bytes(exported.replace(b"Jalan terbuka", b"Jalan tertutup"))
    verified = await program.run("export", str(file), "--verify")
    assert verified.status == 1
    assert b"is not what was written" in verified.out
