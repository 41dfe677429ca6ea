"""What `geladi check`, `geladi convert` and `geladi schema` promise to whoever types them."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import scenarios
from bot.cli import app
from scenarios.reading import read_scenario

SISPAMKOTA = Path(scenarios.__file__).parent / "library" / "sispamkota_pemilu.yaml"
FORMS = (".yaml", ".xlsx", ".csv")
BROKEN = """\
format: 1
id: broken
title: Broken
units:
  alpha: {name: Alpha}
injects:
  - {id: A-1, at: 1m, to: [nobody], text: Move}
"""
WARNED = BROKEN.replace("at: 1m, to: [nobody]", "to: [alpha]")


def typed(*words: str | Path) -> Result:
    """What comes of ``geladi`` followed by ``words``."""
    return CliRunner().invoke(app, [str(word) for word in words])


def written(folder: Path, name: str, content: str) -> Path:
    """A file ``name`` in ``folder`` with ``content``."""
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


def test_a_clean_scenario_says_nothing_and_ends_with_zero() -> None:
    ended = typed("check", SISPAMKOTA)

    assert (ended.exit_code, ended.output) == (0, "")


def test_an_error_is_told_with_its_line_and_column_and_ends_with_one(tmp_path: Path) -> None:
    file = written(tmp_path, "broken.yaml", BROKEN)

    ended = typed("check", file)

    assert ended.exit_code == 1
    assert re.match(rf"{re.escape(str(file))}:7:\d+: error: .*nobody", ended.stdout)


def test_what_is_wrong_is_said_in_indonesian_where_asked_and_programs_read_the_rest_as_ever(tmp_path: Path) -> None:
    file = written(tmp_path, "broken.yaml", BROKEN)

    english, indonesian = typed("check", file), typed("check", file, "--language", "id")

    assert english.stdout == f"{file}:7:28: error: unknown unit 'nobody'\n"
    assert indonesian.stdout == f"{file}:7:28: error: satuan 'nobody' tidak dikenal\n"
    assert (english.exit_code, indonesian.exit_code) == (1, 1)
    for command in (("convert", file, tmp_path / "out.xlsx"), ("rehearse", file, "--headless")):
        assert english.stdout in typed(*command).stderr
        assert indonesian.stdout in typed(*command, "--language", "id").stderr


def test_what_was_presumed_of_a_foreign_script_is_noted_in_the_language_asked_for(tmp_path: Path) -> None:
    script = written(tmp_path, "naskah.csv", "No;Waktu;Narasi;Pelaksana\n1;08.15;Bus terguling;IGD\n")
    converted = tmp_path / "naskah.yaml"

    assert typed("convert", script, converted).exit_code == 0
    assert "# csv!B2: 08.15 is 0s after STARTEX\n" in converted.read_text(encoding="utf-8")
    assert typed("convert", script, converted, "--language", "id").exit_code == 0
    assert "# csv!B2: 08.15 adalah 0s sesudah STARTEX\n" in converted.read_text(encoding="utf-8")


def test_a_warning_is_told_and_ends_with_zero(tmp_path: Path) -> None:
    file = written(tmp_path, "warned.yaml", WARNED)

    ended = typed("check", file)

    assert ended.exit_code == 0
    assert re.match(rf"{re.escape(str(file))}:7:\d+: warning: .*A-1", ended.stdout)


def test_a_file_that_is_not_there_ends_with_two_and_the_others_are_checked(tmp_path: Path) -> None:
    file = written(tmp_path, "broken.yaml", BROKEN)

    ended = typed("check", tmp_path / "none.yaml", file)

    assert ended.exit_code == 2
    assert "none.yaml: cannot be read" in ended.stderr
    assert "nobody" in ended.stdout


def test_the_load_has_a_line_for_every_unit() -> None:
    ended = typed("check", "--load", SISPAMKOTA)

    scenario = read_scenario(SISPAMKOTA.read_bytes(), SISPAMKOTA.name).scenario
    assert scenario is not None
    assert ended.exit_code == 0
    assert [unit for unit in scenario.units if unit not in ended.stdout] == []


@pytest.mark.parametrize("to", FORMS)
@pytest.mark.parametrize("through", FORMS)
def test_a_scenario_is_the_same_whichever_way_it_was_converted(tmp_path: Path, through: str, to: str) -> None:
    between, last = tmp_path / f"between{through}", tmp_path / f"last{to}"

    assert typed("convert", SISPAMKOTA, between).exit_code == 0
    assert typed("convert", between, last, "--language", "en").exit_code == 0

    original = read_scenario(SISPAMKOTA.read_bytes(), SISPAMKOTA.name).scenario
    assert original is not None
    assert read_scenario(last.read_bytes(), last.name).scenario == original


def test_a_wrong_cell_is_told_by_its_sheet_and_name(tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    typed("convert", written(tmp_path, "warned.yaml", WARNED), file)
    file.write_bytes(file.read_bytes().replace(b"A-1", b"A 1"))

    ended = typed("check", file)

    assert ended.exit_code == 1
    assert re.search(rf"^{re.escape(str(file))}:[^!:]+![A-Z]+\d+: error: ", ended.stdout, re.MULTILINE)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("form", FORMS)
def test_a_template_can_be_had_in_every_form(tmp_path: Path, form: str, language: str) -> None:
    file = tmp_path / f"empty{form}"

    ended = typed("convert", "--template", file, "--language", language)

    assert ended.exit_code == 0
    assert file.stat().st_size > 0


def test_a_scenario_with_errors_is_not_converted(tmp_path: Path) -> None:
    target = tmp_path / "broken.xlsx"

    ended = typed("convert", written(tmp_path, "broken.yaml", BROKEN), target)

    assert ended.exit_code == 1
    assert isinstance(ended.exception, SystemExit)
    assert "nobody" in ended.stderr
    assert not target.exists()


def test_an_unknown_form_to_write_is_refused_by_name(tmp_path: Path) -> None:
    ended = typed("convert", SISPAMKOTA, tmp_path / "plan.docx")

    assert ended.exit_code == 2
    assert "plan.docx" in ended.stderr


def test_the_schema_that_is_printed_is_one() -> None:
    ended = typed("schema")

    assert ended.exit_code == 0
    assert "injects" in json.loads(ended.stdout)["properties"]
