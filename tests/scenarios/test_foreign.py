"""What somebody else's spreadsheet is met with: what can be mapped is, and nothing is guessed silently."""

from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
from openpyxl import Workbook

from scenarios.cells import Cell
from scenarios.model import Kind, Text
from scenarios.moments import read_moment
from scenarios.reading import read_scenario
from scenarios.writing import write_scenario
from scenarios.yaml_reader import read_yaml

FLOOD: list[list[Cell]] = [
    ["SKENARIO GLADI BANJIR"],
    [],
    [
        "No",
        "Waktu",
        "Narasi Kejadian",
        "Unsur Pelaksana",
        "Uraian Kegiatan",
        "Pelapor",
        "Isi Laporan",
        "Penerima",
        "Perintah",
    ],
    ["TAHAP I: PERINGATAN DINI"],
    [
        1,
        "08.00 WIB",
        "Hujan lebat tiga hari.",
        "Pusdalops BPBD",
        "Memantau air",
        "Petugas pos duga air",
        "Siaga 2",
        "Kalaksa",
        None,
    ],
    [
        2,
        "08.15 WIB",
        "Air naik ke Siaga 1.",
        "Kelurahan; Babinsa/Bhabinkamtibmas",
        "Membunyikan kentongan",
        None,
        None,
        None,
        "Siapkan warga",
    ],
    [3, None, "Sekolah dipulangkan.", "Sekolah", None, None, None, None, None],
    [4, "setelah air surut", "Warga kembali.", "Semua unsur", None, None, None, None, None],
]
HOSPITAL = (
    "Seq;Description;Time;To;From;Inject type;Delivery method;Expected action\r\n"
    '1;"Bus crash, 30 casualties";J+0;"ED\nSecurity";Dispatcher;Information;Radio;Report capacity\r\n'
    "2;First casualties arrive;J+15;ED, Triage;Wasit;Order;Phone;Open areas\r\n"
    "3;Power fails;H+01.30;All;;Chaos;;\r\n"
)


def workbook(rows: list[list[Cell]]) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Skenario"
    for row in rows:
        sheet.append(row)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_flood_script_in_its_own_layout_converts_without_hand_work() -> None:
    checked = read_scenario(workbook(FLOOD), "gladi banjir.xlsx")
    scenario = checked.scenario
    assert scenario is not None
    assert (scenario.id, scenario.title) == ("gladi_banjir", Text("SKENARIO GLADI BANJIR"))
    assert list(scenario.units) == ["pusdalops_bpbd", "kelurahan", "babinsa", "bhabinkamtibmas", "sekolah"]
    assert [phase.title for phase in scenario.phases] == [Text("TAHAP I: PERINGATAN DINI")]
    first, second, third, last = scenario.injects
    assert (first.id, first.at, first.sender) == ("I-01", timedelta(0), Text("Petugas pos duga air"))
    assert first.expect == Text("Memantau air")
    assert (second.to, second.at) == (("kelurahan", "babinsa", "bhabinkamtibmas"), timedelta(minutes=15))
    assert second.text == Text("Air naik ke Siaga 1.\n\nPerintah: Siapkan warga")
    assert (third.at, last.at, last.to) == (timedelta(minutes=15), None, ("all",))


def test_what_could_not_be_mapped_is_listed_row_by_row_and_stands_in_the_yaml_at_its_inject() -> None:
    checked = read_scenario(workbook(FLOOD), "gladi banjir.xlsx")
    assert checked.scenario is not None
    told = [problem.located("f") for problem in checked.problems]
    assert "f:Skenario!G5: warning: Isi Laporan: Siaga 2 (has no place in a scenario)" in told
    assert "f:Skenario!B7: warning: no time is given; it goes with the row above" in told
    assert "f:Skenario!B8: warning: 'setelah air surut' is no time that can be read; it waits for the director" in told
    text = write_scenario(checked.scenario, ".yaml", "id", checked.remarks).decode()
    before_first, before_second = text.partition("- id: I-01")[0], text.partition("- id: I-02")[0]
    assert "# Skenario!G5: Isi Laporan: Siaga 2 (has no place in a scenario)\n" in before_first
    assert "# Skenario!I6: Perintah: put below the text\n" in before_second.removeprefix(before_first)
    assert read_yaml(text.encode()).scenario == checked.scenario


def test_a_hospital_script_in_english_with_offsets_converts_without_hand_work() -> None:
    checked = read_scenario(HOSPITAL.encode(), "msel.csv")
    scenario = checked.scenario
    assert scenario is not None
    assert [unit.name for unit in scenario.units.values()] == [Text("ED"), Text("Security"), Text("Triage")]
    assert [inject.at for inject in scenario.injects] == [
        timedelta(0),
        timedelta(minutes=15),
        timedelta(hours=1, minutes=30),
    ]
    assert [inject.kind for inject in scenario.injects] == [Kind.INFORMATION, Kind.ORDER, Kind.ORDER]
    assert scenario.injects[0].to == ("ed", "security")
    assert any("'Chaos' is no kind of inject" in problem.message for problem in checked.problems)
    assert any("Delivery method: Radio" in remark for remark in checked.remarks[0])


def test_a_file_without_a_known_header_is_refused() -> None:
    checked = read_scenario(workbook([["a", "b"], [1, 2]]), "f.xlsx")
    assert checked.scenario is None
    assert "this is no scenario" in checked.problems[0].message


@pytest.mark.parametrize(
    ("cell", "minutes", "is_clock"),
    [
        ("08.15 WIB", 495, True),
        ("pukul 08:15", 495, True),
        ("0815 hrs", 495, True),
        ("8:15 pm", 1_215, True),
        ("08.15 - 08.30 WIB", 495, True),
        (time(8, 15), 495, True),
        (datetime(2023, 10, 16, 8, 15), 495, True),  # noqa: DTZ001 - spreadsheets know no zone
        (8.15, 495, True),
        ("J+15", 15, False),
        ("H+01.30", 90, False),
        ("T+00:15:00", 15, False),
        ("J+1 jam", 60, False),
        ("15 menit", 15, False),
        ("5m", 5, False),
        (timedelta(minutes=5), 5, False),
    ],
)
def test_a_time_is_read_in_every_way_that_scripts_write_it(cell: Cell, minutes: int, is_clock: bool) -> None:
    moment = read_moment(cell)
    assert moment is not None
    assert (moment.span, moment.is_clock) == (timedelta(minutes=minutes), is_clock)


@pytest.mark.parametrize("cell", ["setelah itu", "H+1", "25.00", 15, "08.75", "-5", None])
def test_what_tells_no_time_is_not_guessed(cell: Cell) -> None:
    assert read_moment(cell) is None
