"""`geladi rehearse --replay` plays back the record that a rehearsal left behind."""

from pathlib import Path

import orjson
import pytest

from tests.acceptance.process import Program
from tests.replay.records import of_the_builders


async def test_a_record_is_played_back_line_by_line(tmp_path: Path) -> None:
    record = orjson.loads(of_the_builders())
    (tmp_path / "record.json").write_bytes(of_the_builders())
    ended = await Program(tmp_path, {}).run("rehearse", "--replay", "record.json", "--headless")
    assert (ended.status, ended.err) == (0, "")
    lines = ended.out.decode().splitlines()
    assert lines[0] == lines[-1] == "LATIHAN LATIHAN LATIHAN"
    assert lines[1] == "TAYANGAN ULANG latihan 7 · Sispamkota 2023 · Senin, 16 Oktober 2023"
    assert lines[2] == "Catatan utuh: rantai dan segelnya cocok."
    assert len(lines) == len(record["log"]) + 5
    acknowledged = [delivery for delivery in record["deliveries"] if delivery["acknowledged_at"]]
    assert acknowledged
    for delivery in acknowledged:
        name = delivery["acknowledged_by"]["name"]
        assert any(f"· {delivery['inject']} · " in line and "diterima" in line and name in line for line in lines)


async def test_an_altered_record_is_played_back_with_every_problem_named(tmp_path: Path) -> None:
    record = orjson.loads(of_the_builders())
    record["deliveries"][0]["sent_at"] = record["exercise"]["startex_at"]
    record["log"][-1]["actor"] = {"id": 7, "name": "Orang lain"}
    (tmp_path / "altered.json").write_bytes(orjson.dumps(record))
    ended = await Program(tmp_path, {}).run("rehearse", "--replay", "altered.json", "--headless")
    assert ended.status == 0
    warnings = [line for line in ended.out.decode().splitlines() if line.startswith("PERINGATAN")]
    assert any(f"entry {len(record['log'])}: is not what was written" in line for line in warnings)
    assert any("delivery of I-01 to posko, sent_at" in line for line in warnings)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"exercise": {"number": 1}, "log": [], "format": 1}', b"\x00" * 100])
async def test_a_file_that_holds_no_record_ends_with_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.json").write_bytes(content)
    ended = await Program(tmp_path, {}).run("rehearse", "--replay", "broken.json", "--headless")
    assert (ended.status, ended.out) == (2, b"")
    (line,) = ended.err.splitlines()
    assert line.startswith("--replay broken.json: ")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [("gladi.yaml", "a scenario"), ("--seed 2", "--seed"), ("--autoplay", "--autoplay"), ("--out files", "--out")],
)
async def test_an_option_that_does_not_go_with_a_replay_is_named(tmp_path: Path, arguments: str, named: str) -> None:
    ended = await Program(tmp_path, {}).run("rehearse", "--replay", "record.json", *arguments.split())
    assert (ended.status, ended.out) == (2, b"")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"{named} does not go with --replay")
