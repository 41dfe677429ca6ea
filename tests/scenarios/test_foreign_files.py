"""Whole scripts in somebody else's layout, as files: they convert with no hand work beyond what the listing says."""

import re
from collections import defaultdict
from datetime import time
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot.cli import app
from scenarios.cells import as_text
from scenarios.csv_form import read_csv
from scenarios.model import Inject, Scenario, Text
from scenarios.reading import read_scenario
from scenarios.text_validation import texts_in

FOLDER = Path(__file__).with_name("foreign")
"""Beside each script: what the conversion lists (.txt) and what it makes (.yaml)."""
FIRST_ROW = {"gladi_korban_massal.xlsx": 6, "river_flood.xlsx": 4, "river_flood.csv": 4}
"""The row after the header of each script."""
SCRIPTS = tuple(FIRST_ROW)
UNDERSTOOD = re.compile(
    r"\d+|(?:Semua|Seluruh) (?:unsur|unit|peserta)|All units|Everyone|Information|Order|Report|Admin"
)
"""Numbers, everybody and kinds have a form of their own in a scenario."""


def typed(*words: str | Path) -> Result:
    """What comes of ``geladi`` followed by ``words``."""
    return CliRunner().invoke(app, [str(word) for word in words])


def converted(script: str, folder: Path) -> tuple[Path, list[str]]:
    """The YAML file that a script becomes, and the lines of the listing."""
    target = folder / "converted.yaml"
    ended = typed("convert", FOLDER / script, target)
    assert ended.exit_code == 0, ended.output
    return target, ended.stderr.replace(f"{FOLDER}/", "").splitlines()


def read(file: Path) -> Scenario:
    scenario = read_scenario(file.read_bytes(), file.name).scenario
    assert scenario is not None
    return scenario


def cells_of(script: str) -> dict[int, list[str]]:
    """What stands in the rows of a script, as its author sees it."""
    file = FOLDER / script
    if file.suffix == ".csv":
        [grid] = read_csv(file.read_bytes())
        return {row.number: [as_text(cell) for cell in row.cells if cell] for row in grid.rows}
    sheet = load_workbook(file).worksheets[0]
    return {
        number: [f"{cell:%H:%M}" if isinstance(cell, time) else str(cell) for cell in row if cell is not None]
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
    }


def plain(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_becomes_the_yaml_that_was_looked_at_and_approved(script: str, tmp_path: Path) -> None:
    file, listing = converted(script, tmp_path)
    assert listing == (FOLDER / f"{script}.txt").read_text(encoding="utf-8").splitlines()
    assert file.read_text(encoding="utf-8") == (FOLDER / f"{script}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_check_finds_in_the_yaml_nothing_but_what_the_listing_said(script: str, tmp_path: Path) -> None:
    file, listing = converted(script, tmp_path)
    ended = typed("check", file)
    assert ended.exit_code == 0
    said = {line.partition(" warning: ")[2] for line in listing}
    found = [line.partition(" warning: ")[2] for line in ended.stdout.splitlines()]
    assert found
    assert set(found) <= said
    assert all(message.startswith("nothing fires ") for message in found)


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_is_listed_of_a_row_stands_as_a_comment_at_its_inject(script: str, tmp_path: Path) -> None:
    file, listing = converted(script, tmp_path)
    comments = defaultdict[str, list[str]](list)
    above: list[str] = []
    for line in StringIO(file.read_text(encoding="utf-8")):
        if line.lstrip().startswith("# "):
            above.append(line.strip()[2:])
        elif begun := re.match(r"  - id: (I-\S+)$", line):
            comments[begun[1]], above = above, []
        elif line.startswith("format:"):
            comments["the whole"], above = above, []
    assert above == []
    listed = [line.removeprefix(f"{script}:").replace(" warning:", "", 1) for line in listing]
    assert sorted(chain.from_iterable(comments.values())) == sorted(
        line for line in listed if "nothing fires" not in line
    )
    for inject, lines in comments.items():
        rows = {re.search(r"![A-Z]+(\d+):", line)[1] for line in lines}  # type: ignore[index]  # each has a place
        assert inject == "the whole" or len(rows) <= 1


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_that_stands_in_a_row_is_lost(script: str, tmp_path: Path) -> None:
    """Each cell is in the YAML: as a value, or in the comment that says what became of it."""
    file, _ = converted(script, tmp_path)
    scenario = read(file)
    texts = [text.in_language("id") for _, text in texts_in(scenario)]
    kept = plain(file.read_text(encoding="utf-8") + " ".join(texts))
    names = {unit.name.in_language("id") for unit in scenario.units.values()}
    rows = cells_of(script)
    for number in range(FIRST_ROW[script], max(rows) + 1):
        for cell in rows.get(number, []):
            are_units = names >= {name.strip() for name in re.split(r"[,;/\n]", cell)}
            assert are_units or plain(cell) in kept or UNDERSTOOD.fullmatch(cell), (number, cell)


def test_the_hospital_is_read_as_its_planner_meant_it(tmp_path: Path) -> None:
    file, _ = converted("gladi_korban_massal.xlsx", tmp_path)
    scenario = read(file)
    assert scenario.title == Text("SKENARIO GLADI PENANGANAN KORBAN MASSAL - RSUD Harapan Sehat, Rabu 14 Oktober 2026")
    assert (len(scenario.injects), len(scenario.units), len(scenario.phases)) == (32, 15, 4)
    shared = [inject for inject in scenario.injects if inject.id.startswith("I-05")]
    assert [inject.to for inject in shared] == [
        ("igd", "triase"),
        ("kamar_operasi", "icu"),
        ("keamanan", "humas"),
        ("laboratorium", "radiologi", "bank_darah"),
    ]
    assert {inject.text.in_language("id").partition("\n")[0] for inject in shared} == {
        "Kode bencana diumumkan. Setiap unit menyiapkan diri."
    }
    assert _minutes(shared) == [12] * 4
    assert _minutes(scenario.injects[-2:]) == [None, 105]
    assert scenario.injects[-1].to == ("all",)


def test_the_flood_is_the_same_from_a_workbook_and_from_csv(tmp_path: Path) -> None:
    from_xlsx = read(converted("river_flood.xlsx", tmp_path)[0])
    from_csv = read(converted("river_flood.csv", tmp_path)[0])
    assert from_xlsx == from_csv
    assert (len(from_csv.injects), len(from_csv.units), len(from_csv.phases)) == (28, 11, 3)
    assert _minutes(from_csv.injects)[:5] == [0, 5, 8, 12, 15]
    assert _minutes(from_csv.injects)[-1] == 115


def _minutes(injects: tuple[Inject, ...] | list[Inject]) -> list[float | None]:
    return [None if inject.at is None else inject.at.total_seconds() / 60 for inject in injects]
