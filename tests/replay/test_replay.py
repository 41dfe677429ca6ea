"""A replay shows what the record says: every delivery and every answer, in its chat, at its moment."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson
import pytest

from bot.rehearsal.replay.replay import Replay
from bot.rehearsal.standin.chats import Chat
from bot.rehearsal.standin.journal import MessageEdited, MessageSent
from bot.rehearsal.standin.messages import Message
from bot.texts.catalogue import say
from scenarios.model import load
from tests.replay.records import of_a_drill, of_the_builders, replay_of

DRILLS = (6, 10, 12)
"""Seeds of drills with injects held and let go, doubt, what was not sent, a real emergency and a pause."""
RECORDS = ["builders", *DRILLS]


def content(name: str | int) -> bytes:
    return of_a_drill(name) if isinstance(name, int) else of_the_builders()


def said_by_the_bot(chat: Chat) -> Iterator[Message]:
    return (message for message in chat.messages.values() if message.sender and message.sender.first_name == "Geladi")


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)


def shown_at(replay: Replay, unit: str, moment: str) -> list[str]:
    """What came into a unit's chat, or changed there, at exactly that moment."""
    key = replay.scene.chat(unit).id
    return [
        change.message.words
        for change in replay.scene.world.changes.history
        if isinstance(change, MessageSent | MessageEdited) and change.chat_id == key and change.at == at(moment)
    ]


def has(found: list[str], *words: str) -> bool:
    return any(all(word in text for word in words) for text in found)


def expected_answers(delivery: dict[str, Any], script: Any) -> Iterator[tuple[str, str]]:
    """Each answer of a delivery: its moment, and words that show it."""
    if delivery["acknowledged_at"]:
        yield delivery["acknowledged_at"], f"oleh {delivery['acknowledged_by']['name']}"
    for mark in delivery["progress"]:
        yield mark["at"], mark["by"]["name"]
    if delivery["option"]:
        options = script.inject(delivery["inject"]).decision.options
        words = next(option.text.in_language("id") for option in options if option.id == delivery["option"])
        yield delivery["option_at"], words
        if delivery["reason"]:
            yield delivery["option_at"], delivery["reason"]


def first_copy(record: dict[str, Any], inject: str, unit: str) -> str:
    """The moment from which the log knows of the inject's message in the unit's chat."""
    told = (line for line in record["log"] if line["kind"] in {"sent", "uncertain"})
    return next(str(line["at"]) for line in told if (line["inject"], line["unit"]) == (inject, unit))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", RECORDS)
def test_every_delivery_and_every_answer_is_in_its_chat_at_its_moment(name: str | int) -> None:
    record = orjson.loads(content(name))
    replay = replay_of(content(name))
    script = load(record["script"])
    assert (replay.misfits, replay.recorded.problems) == ([], [])
    seen = 0
    for delivery in record["deliveries"]:
        inject, unit = delivery["inject"], delivery["unit"]
        if delivery["sent_at"] is None:
            continue
        seen += 1
        assert has(shown_at(replay, unit, delivery["sent_at"]), f"{inject} · J+"), delivery
        for moment, words in expected_answers(delivery, script):
            # An answer may overtake the word that its message is there, without which a replay has nothing to show.
            shown = shown_at(replay, unit, max(moment, first_copy(record, inject, unit), key=at))
            assert has(shown, f"{inject} · J+", words), (moment, words, delivery)
    assert seen
    for report in record["reports"]:
        shown = shown_at(replay, report["unit"], report["at"])
        assert has(shown, report["text"]), report


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", RECORDS)
def test_a_chat_has_as_many_copies_as_may_have_arrived_and_in_the_log_s_order(name: str | int) -> None:
    record = orjson.loads(content(name))
    replay = replay_of(content(name))
    sent = [entry for entry in record["log"] if entry["kind"] in {"sent", "uncertain"}]
    for unit in {entry["unit"] for entry in sent}:
        expected = [(entry["inject"], at(entry["at"])) for entry in sent if entry["unit"] == unit]
        headed = [
            (message.words.splitlines()[1].partition(" · ")[0], message.date)
            for message in said_by_the_bot(replay.scene.chat(unit))
            if " · J+" in message.words.splitlines()[1]
        ]
        assert headed == expected


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", RECORDS)
def test_everything_but_a_real_emergency_and_people_s_own_words_carries_the_marking(name: str | int) -> None:
    replay = replay_of(content(name))
    marking = say("id", "marking")
    people = set(replay.scene.people)
    for chat in replay.scene.world.chats.values():
        for message in chat.messages.values():
            if message.service or (message.sender and message.sender.id in people):
                continue
            lines = message.words.splitlines()
            ends = {lines[0], lines[-1]}
            assert ends in ({marking}, {replay.title}), message.words


def test_every_turn_of_the_exercise_is_told_in_every_chat() -> None:
    record = orjson.loads(of_the_builders())
    replay = replay_of(of_the_builders())
    turns = {"startex", "paused", "realworld", "resumed", "endex"}
    moments = [entry["at"] for entry in record["log"] if entry["kind"] in turns]
    assert len(moments) == 6
    for unit in replay.scene.drill.units:
        assert all(shown_at(replay, unit, moment) for moment in moments)
    stopped = next(entry["at"] for entry in record["log"] if entry["kind"] == "realworld")
    assert has(shown_at(replay, "medis", stopped), "Anggota pingsan", replay.title)


def test_the_control_room_has_the_board_as_it_was() -> None:
    record = orjson.loads(of_the_builders())
    replay = replay_of(of_the_builders())
    control = replay.scene.drill.control
    (board,) = (message for message in said_by_the_bot(control) if message.words.splitlines()[1].startswith("PAPAN"))
    assert board.date == at(next(entry["at"] for entry in record["log"] if entry["kind"] == "startex"))
    changes = [
        change
        for change in replay.scene.world.changes.history
        if isinstance(change, MessageEdited) and change.message.message_id == board.message_id
        if change.chat_id == control.id
    ]
    assert len(changes) > 10
    for kind, words in (("paused", "PAUSEX"), ("realworld", "KEJADIAN NYATA"), ("endex", "ENDEX")):
        moment = next(entry["at"] for entry in record["log"] if entry["kind"] == kind)
        (then,) = (change.message.words for change in changes if change.at == at(moment))
        assert words in then


def test_what_went_wrong_is_marked_where_it_went_wrong() -> None:
    replay = replay_of(of_the_builders())
    words = {unit: "\n".join(m.words for m in replay.scene.chat(unit).messages.values()) for unit in ("medis", "humas")}
    assert say("id", "replay.uncertain") in words["humas"]
    assert "I-06 · " in words["medis"]
    assert "bot was kicked" in words["medis"]
    assert "TERLAMBAT" in "\n".join(replay.lines)


def test_what_was_done_and_observed_in_the_control_room_is_said_there_by_whoever_did_it() -> None:
    replay = replay_of(of_the_builders())
    own = [
        message.words
        for message in replay.scene.drill.control.messages.values()
        if message.sender is not None and message.sender.first_name == "Direktur Sari"
    ]
    assert own == ["I-07 · dilewati: Waktu habis", "I-03 · Posko Ops · catatan: Perintah jelas", own[2]]
    assert "nilai: S Agak lambat" in own[2]
    summary = list(said_by_the_bot(replay.scene.drill.control))[-1].words
    assert orjson.loads(of_the_builders())["seal"]["head"] in summary or "I-09" in summary


def test_the_log_is_told_entry_by_entry_with_both_clocks() -> None:
    record = orjson.loads(of_the_builders())
    replay = replay_of(of_the_builders())
    told = [m.words.splitlines()[1] for m in replay.scene.log.messages.values() if m.sender and not m.service]
    lines = told[1:-1]
    assert len(lines) == len(record["log"])
    assert "09.00.00 WIB · J+00:00:00 · STARTEX · Direktur Sari" in lines
    # Three minutes of pause are not in the exercise's time.
    acknowledged = "09.14.10 WIB · J+00:11:10 · C-01 · Dalmas Lanjut · diterima: "
    assert any(line.startswith(acknowledged) for line in lines)


def test_every_chat_begins_with_what_it_is() -> None:
    replay = replay_of(of_the_builders())
    assert replay.title == "TAYANGAN ULANG latihan 7 · Sispamkota 2023 · Senin, 16 Oktober 2023"
    for chat in replay.scene.world.chats.values():
        first = next(iter(chat.messages.values()))
        assert replay.title in first.words
        assert chat.pinned == [first.message_id]


def test_a_record_from_before_records_held_the_script_is_told_without_the_words() -> None:
    record = orjson.loads(of_the_builders())

    def forget(document: dict[str, Any]) -> None:
        del document["script"]

    replay = replay_of(of_the_builders(), forget)
    assert replay.misfits == []
    for delivery in record["deliveries"]:
        if delivery["sent_at"]:
            shown = shown_at(replay, delivery["unit"], delivery["sent_at"])
            assert has(shown, f"{delivery['inject']} · J+", say("id", "replay.no_text"))
    late = [line for line in replay.lines if "TERLAMBAT" in line]
    assert len(late) == sum(delivery["late"] for delivery in record["deliveries"])


def test_an_entry_that_was_altered_is_named_and_the_rest_is_told() -> None:
    def meddle(document: dict[str, Any]) -> None:
        entry = next(entry for entry in document["log"] if entry["kind"] == "acknowledged")
        entry["actor"]["name"] = "Orang lain"

    replay = replay_of(of_the_builders(), meddle)
    assert "PERINGATAN" in replay.warning
    assert "is not what was written" in replay.warning
    for chat in replay.scene.world.chats.values():
        assert replay.warning in next(iter(chat.messages.values())).words
    assert len(replay.scene.log.messages) > len(replay.recorded.entries)


def test_an_entry_that_cannot_have_been_is_named_and_the_rest_is_told() -> None:
    def meddle(document: dict[str, Any]) -> None:
        entry = next(entry for entry in document["log"] if entry["kind"] == "decided")
        entry["inject"] = "I-99"

    replay = replay_of(of_the_builders(), meddle)
    (misfit,) = replay.misfits
    assert any(f"Entri {misfit} tidak cocok" in line for line in replay.lines)
    assert replay.exercise.state == "ended"
