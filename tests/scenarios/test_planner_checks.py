"""What `geladi check` tells a planner: each mistake on a line of its own with its exact place, and else nothing."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from scenarios.model import load
from scenarios.writing import write_scenario
from scenarios.yaml_document import read_document
from scenarios.yaml_reader import LOCAL

SOUND = """\
format: 1
id: uji
title: {id: Uji, en: Test}
duration: 30m
languages: [id, en]
units:
  posko: {name: Posko}
  dalmas: {name: Dalmas}
injects:
  - id: I-1
    at: 0s
    to: all
    text: {id: Siaga., en: Stand by.}
    acknowledge: 1m
    if_silent: [C-1]
  - id: I-2
    at: 5m
    to: posko
    text: Massa bertambah. Bagaimana?
    kind: decision
    expect: Tambah pasukan sebelum massa tiba
    media: [{photo: peta.png}]
    decision:
      by: posko
      within: 2m
      options:
        - {id: tambah, text: Tambah, then: [C-1]}
        - {id: tahan, text: Tahan}
  - id: I-3
    at: 10m
    to: [posko, dalmas]
    text: Bergerak.
    requires: {any: [{inject: I-2, option: tahan}]}
    acknowledge: 1m
  - id: C-1
    to: posko
    text: Cadangan.
"""
"""Nothing is wrong with it."""
PNG = b"\x89PNG\r\n\x1a\n"


Told = tuple[str, str, str, str]
"""Where a problem stands in the YAML file, in the workbook and in the CSV file, and the rest of its line."""
NO_GATE = "    to: [dalmas]\n    text: Bergerak.\n"
GATED = "    to: [posko, dalmas]\n    text: Bergerak.\n    requires: {any: [{inject: I-2, option: tahan}]}\n"
LAST = "  - id: C-1\n"


def many(count: int, more: str = "") -> dict[str, str]:
    """So many injects for one unit at the same moment."""
    injects = (f"  - {{id: X-{n:02}, at: 20m, to: dalmas, text: x{more}}}\n" for n in range(count))
    return {LAST: "".join(injects) + LAST}


MISTAKES: Mapping[str, tuple[Mapping[str, str], list[Told]]] = {
    "a contingency that nothing fires": (
        {"    if_silent: [C-1]\n": "", "then: [C-1]": "then: [I-3]"},
        [("34:9", "injects!A5", "injects!A19", "warning: nothing fires 'C-1': only the director can, with /fire")],
    ),
    "an option that leads nowhere although its sibling branches": (
        {GATED: NO_GATE},
        [
            (
                "28:11",
                "options!B3",
                "options!B24",
                "warning: option 'tahan' leads nowhere, although others here do, and nothing comes after it",
            )
        ],
    ),
    "a gate that can never be met": (
        {"any: [{inject: I-2, option: tahan}]": "all: [{inject: I-2, option: tahan}, {inject: I-2, option: tambah}]"},
        [
            (
                "33:15",
                "injects!AI4",
                "injects!AI18",
                "warning: this condition can never be met: what it asks for cannot happen",
            )
        ],
    ),
    "a circle of gates": (
        {
            "    if_silent:": "    requires: {any: [{inject: I-3, acknowledged: true}]}\n    if_silent:",
            "{inject: I-2, option: tahan}": "{inject: I-1, acknowledged: true}",
        },
        [
            (
                "15:15",
                "injects!AI2",
                "injects!AI16",
                "warning: this condition can never be met: it goes round in a circle (I-1 -> I-3 -> I-1)",
            ),
            (
                "34:15",
                "injects!AI4",
                "injects!AI18",
                "warning: this condition can never be met: it goes round in a circle (I-3 -> I-1 -> I-3)",
            ),
        ],
    ),
    "a decision without a unit that receives it": (
        {"      by: posko\n": "      by: dalmas\n"},
        [
            (
                "24:11",
                "injects!AF3",
                "injects!AF17",
                "error: 'dalmas' is to decide but does not receive this inject; add it to 'to'",
            )
        ],
    ),
    "more answers than a unit can give within a minute": (
        many(4, ", acknowledge: 5m"),
        [
            (
                "38:5",
                "injects!A8",
                "injects!A22",
                "warning: 'dalmas' is to answer 4 injects within a minute, from 'X-00' on; more than 3 is a lot",
            )
        ],
    ),
    "deadlines that fall together": (
        {
            LAST: "".join(
                f"  - {{id: X-{n}, at: {20 - 2 * n}m, to: dalmas, text: x, acknowledge: {1 + 2 * n}m}}\n"
                for n in range(4)
            )
            + LAST
        },
        [
            (
                "38:5",
                "injects!A8",
                "injects!A22",
                "warning: 4 deadlines of 'dalmas' fall within a minute, from that of 'X-0' on; more than 3 is a lot",
            )
        ],
    ),
    "a text that is too long for a message with its marking": (
        {"text: Bergerak.": f"text: {'x' * 3_797}"},
        [
            (
                "32:11",
                "injects!G4",
                "injects!G18",
                "error: the text has 3,797 characters; with marking and header a Telegram message has room for 3,796",
            )
        ],
    ),
    "a caption that is too long with its marking": (
        {"text: Massa bertambah. Bagaimana?": f"text: {'x' * 725}"},
        [
            (
                "19:11",
                "injects!G3",
                "injects!G17",
                (
                    "error: the text has 725 characters; with marking and header a caption (the inject has media) "
                    "has room for 724"
                ),
            )
        ],
    ),
    "a missing translation": (
        {"text: {id: Siaga., en: Stand by.}": "text: {id: Siaga.}"},
        [("13:5", "injects!H2", "injects!H16", "error: no text in 'en', which 'languages' declares")],
    ),
    "a plan that pacing cannot deliver in time": (
        many(19),
        [
            (
                "53:20",
                "injects!B23",
                "injects!B37",
                (
                    "warning: 'X-18' reaches 'dalmas' about 1m late: Telegram takes 28 messages a second, "
                    "and 18 a minute in one group"
                ),
            )
        ],
    ),
    "a file that is missing": (
        {"peta.png": "denah.png"},
        [("22:21", "injects!Z3", "injects!Z17", "warning: there is no file 'denah.png' beside the scenario")],
    ),
    "a file that is too large": (
        {"peta.png": "besar.png"},
        [
            (
                "22:21",
                "injects!Z3",
                "injects!Z17",
                "error: 'besar.png' has 10,000,001 bytes; as a photo Telegram takes 10 MB",
            )
        ],
    ),
    "a file of the wrong kind": (
        {"photo: peta.png": "video: peta.png"},
        [("22:21", "injects!Z3", "injects!Z17", "error: 'peta.png' is not an MP4 video")],
    ),
    "an expected action that the text gives away": (
        {"Massa bertambah. Bagaimana?": "Tambah  pasukan sebelum massa tiba!"},
        [
            (
                "21:13",
                "injects!N3",
                "injects!N17",
                "warning: 'expect' stands in the text too: the unit is told the answer",
            )
        ],
    ),
    "an end before the last deadline": (
        {"duration: 30m": "duration: 10m30s"},
        [
            (
                "34:18",
                "injects!T4",
                "injects!T18",
                "warning: the deadline of 'I-3' is 11m, after the end: 'duration' is 10m30s",
            )
        ],
    ),
}
FORMS = (".yaml", ".xlsx", ".csv")


def spoilt(name: str) -> str:
    """The sound scenario with a mistake in it."""
    text = SOUND
    for old, new in MISTAKES[name][0].items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def written(text: str, suffix: str) -> bytes:
    """The scenario in ``text`` as a file of that form, whatever is wrong with it."""
    if suffix == ".yaml":
        return text.encode()
    data = read_document(text, LOCAL).data
    assert isinstance(data, dict)
    return write_scenario(load(data), suffix, "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the media of the scenarios."""
    (tmp_path / "peta.png").write_bytes(PNG)
    with (tmp_path / "besar.png").open("wb") as large:
        large.write(PNG)
        large.truncate(10_000_001)
    return tmp_path


def checked(file: Path, *options: str) -> tuple[int, list[str]]:
    """The exit status of the check, and the lines that it printed, without the folder."""
    ended = CliRunner().invoke(app, ["check", *options, str(file)])
    return ended.exit_code, ended.stdout.replace(f"{file.parent}/", "").splitlines()


@pytest.mark.parametrize("suffix", FORMS)
def test_of_a_sound_scenario_nothing_is_told(suffix: str, folder: Path) -> None:
    file = folder / f"naskah{suffix}"
    file.write_bytes(written(SOUND, suffix))
    assert checked(file) == (0, [])


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_exact_place_and_nothing_else(name: str, suffix: str, folder: Path) -> None:
    file = folder / f"naskah{suffix}"
    file.write_bytes(written(spoilt(name), suffix))
    _, lines = MISTAKES[name]
    form = FORMS.index(suffix)
    status = 1 if lines[0][-1].startswith("error") else 0
    assert checked(file) == (status, [f"naskah{suffix}:{line[form]}: {line[-1]}" for line in lines])


def test_how_many_answers_are_too_many_can_be_said(folder: Path) -> None:
    file = folder / "naskah.yaml"
    file.write_text(spoilt("more answers than a unit can give within a minute"))
    assert checked(file, "--per-minute", "4") == (0, [])


def test_the_load_is_shown_with_what_pacing_does_to_each_unit(folder: Path) -> None:
    file = folder / "naskah.yaml"
    file.write_text(spoilt("a plan that pacing cannot deliver in time"))
    _, lines = checked(file, "--load")
    assert lines[1:] == [
        "answers asked of each unit; a column is a minute, from STARTEX to 30m",
        "       |0         10        20        3",
        "posko  |1....1....1....................| 3",
        "dalmas |1.........1....................| 2",
        "injects sent to each unit by the clock, and the latest by which pacing delays one",
        "posko  |    3 | none",
        "dalmas |   21 | 1m (X-18)",
    ]


def test_the_status_is_that_of_the_worst_file(folder: Path) -> None:
    sound, warned, wrong = (folder / f"{name}.yaml" for name in ("sound", "warned", "wrong"))
    sound.write_text(SOUND)
    warned.write_text(spoilt("a contingency that nothing fires"))
    wrong.write_text(spoilt("a missing translation"))

    def status(*files: Path) -> int:
        return CliRunner().invoke(app, ["check", *map(str, files)]).exit_code

    assert status(sound) == 0
    assert status(warned, sound) == 0
    assert status(sound, wrong, warned) == 1
    assert status(wrong, folder / "none.yaml", sound) == 2
    assert status(folder) == 2
