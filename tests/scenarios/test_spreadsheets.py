"""What spreadsheets promise: nothing is lost, everything wrong is told with its cell, and a planner is helped."""

import csv
from collections.abc import Callable
from datetime import time, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario, Text, load
from scenarios.reading import Checked, read_scenario
from scenarios.writing import write_scenario, write_template
from tests.scenarios.strategies import scenarios

FORMS = (".xlsx", ".csv")


def small(**keys: Any) -> Scenario:
    document = {
        "format": 1,
        "id": "x",
        "title": "x",
        "units": {"a": {"name": "A"}},
        "injects": [{"id": "I-1", "to": "a", "text": "Lapor.", "at": "1m", "acknowledge": "1m"}],
        **keys,
    }
    return load(document)


def errors(checked: Checked) -> list[str]:
    return [problem.located("f") for problem in checked.problems if problem.severity == "error"]


def edited(scenario: Scenario, edit: Callable[[Workbook], None], language: str = "en") -> Checked:
    """The workbook of a scenario, edited by hand and read again."""
    workbook = load_workbook(BytesIO(write_scenario(scenario, ".xlsx", language)))
    edit(workbook)
    file = BytesIO()
    workbook.save(file)
    return read_scenario(file.getvalue(), "f.xlsx")


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("language", ["id", "en"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scenario=scenarios())
def test_nothing_is_lost_on_the_way_into_a_spreadsheet_and_back(scenario: Scenario, suffix: str, language: str) -> None:
    checked = read_scenario(write_scenario(scenario, suffix, language), f"f{suffix}")
    assert errors(checked) == []
    assert checked.scenario == scenario
    assert list(checked.scenario.units) == list(scenario.units)
    assert list(checked.scenario.groups) == list(scenario.groups)


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("scenario_id", bundled())
def test_a_bundled_scenario_comes_back_from_a_spreadsheet_without_a_problem(scenario_id: str, suffix: str) -> None:
    checked = read_scenario(write_scenario(read_bundled(scenario_id), suffix, "id"), f"f{suffix}")
    assert checked.problems == ()
    assert checked.scenario == read_bundled(scenario_id)


ODD = [
    "=1+1",
    "+62 811",
    "-",
    "@x",
    "'=1",
    "''",
    "\tx",
    "a\r\nb",
    "x\ry",
    "_x000D_",
    "\ufffe\uffff",
    " x ",
    "x\n",
    '"q"',
]


@pytest.mark.parametrize("suffix", FORMS)
@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_kept(words: str, suffix: str) -> None:
    scenario = small(title=f"{words}.", description=words)
    assert read_scenario(write_scenario(scenario, suffix, "en"), f"f{suffix}").scenario == scenario


def test_no_cell_of_what_is_written_runs_as_a_formula() -> None:
    scenario = small(title='=HYPERLINK("http://x")', description="@SUM(1)")
    workbook = load_workbook(BytesIO(write_scenario(scenario, ".xlsx", "en")))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    text = write_scenario(scenario, ".csv", "en").decode("utf-8-sig")
    assert not [cell for row in csv.reader(StringIO(text)) for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_formula_that_a_planner_typed_is_text() -> None:
    def type_formula(workbook: Workbook) -> None:
        workbook["injects"]["E2"] = "=A2&B2"

    checked = edited(small(), type_formula)
    assert checked.scenario is not None
    assert checked.scenario.injects[0].text == Text("=A2&B2")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_workbook_is_one_that_a_planner_would_want(language: str) -> None:
    data = write_scenario(read_bundled("sispamkota_pemilu"), ".xlsx", language)
    workbook = load_workbook(BytesIO(data))
    assert {"exercise", "units", "phases", "injects", "options", "conditions"} <= set(workbook.sheetnames)
    assert ("penjelasan" if language == "id" else "help") in workbook.sheetnames
    injects = workbook["injects"]
    assert injects.freeze_panes == "B2"
    headers = {str(cell.value): get_column_letter(number) for number, cell in enumerate(injects[1], 1)}
    kind = headers["jenis" if language == "id" else "kind"]
    lists = {str(each.sqref).rstrip("0123456789"): each.formula1 for each in injects.data_validations.dataValidation}
    assert lists[f"{kind}2:{kind}"] == '"order,information,report,decision,admin"'
    assert sum("phases!" in str(formula) for formula in lists.values()) == 1
    assert sum("situations!" in str(formula) for formula in lists.values()) == 1
    assert sum("units!" in str(formula) for formula in lists.values()) == 1
    words = injects[f"{headers['teks (id)' if language == 'id' else 'text (id)']}2"]
    assert words.alignment.wrap_text
    assert injects.column_dimensions[headers["teks (id)" if language == "id" else "text (id)"]].width >= 40
    rules = [rule for area in injects.conditional_formatting for rule in area.rules]
    assert len({rule.dxf.fill.bgColor.rgb for rule in rules}) == 5


def headers(workbook: Workbook, sheet: str) -> list[str]:
    return [str(cell.value) for cell in workbook[sheet][1]]


def test_a_text_has_the_columns_that_its_words_need() -> None:
    both = small(languages=["id", "en"], units={"a": {"name": {"id": "Satu", "en": "One"}, "leader": "Kabag"}})
    mixed = small(languages=["id", "en"], units={"a": {"name": {"id": "Satu", "en": "One"}}, "b": {"name": "Dua"}})
    titles = headers(load_workbook(BytesIO(write_scenario(both, ".xlsx", "en"))), "units")
    assert titles[:3] == ["id", "name (id)", "name (en)"]
    assert "leader" in titles
    assert headers(load_workbook(BytesIO(write_scenario(mixed, ".xlsx", "en"))), "units")[:2] == ["id", "name"]


def test_a_row_is_high_enough_for_its_words() -> None:
    """Not every program finds the height of a row with wrapped words by itself."""
    text = "Satu baris.\n" + "kata " * 30
    workbook = load_workbook(BytesIO(write_scenario(small(description=text), ".xlsx", "id")))
    keys = [cell.value for cell in workbook["exercise"]["A"]]
    rows = {key: workbook["exercise"].row_dimensions[number].height for number, key in enumerate(keys, 1)}
    assert rows["description"] == 4 * 15
    assert rows["title"] is None
    assert workbook["injects"].print_title_rows == "$1:$1"


def test_the_template_opens_where_the_filling_in_begins_and_offers_the_units_that_will_be_there() -> None:
    empty, full = (
        load_workbook(BytesIO(data)) for data in (write_template(".xlsx", "en"), write_scenario(small(), ".xlsx", "en"))
    )
    assert (empty.active, full.active) == (empty["exercise"], full["injects"])
    for workbook, offered in ((empty, "units!$A$2:$A$5001"), (full, "lists!$A$1:$A$5001")):
        [receivers] = [each for each in workbook["injects"].data_validations.dataValidation if "C2" in each.sqref]
        assert (receivers.formula1, receivers.showErrorMessage) == (offered, False)
    assert [cell.value for cell in full["lists"]["A"]] == ["all", "a"]


def test_times_that_a_spreadsheet_program_made_of_them_are_read() -> None:
    def type_times(workbook: Workbook) -> None:
        workbook["injects"]["B2"] = time(0, 5, 30)
        workbook["injects"]["L2"] = timedelta(seconds=90)

    checked = edited(small(), type_times)
    assert checked.problems == ()
    assert checked.scenario is not None
    [inject] = checked.scenario.injects
    assert inject.at == timedelta(minutes=5, seconds=30)
    assert inject.acknowledge is not None
    assert inject.acknowledge.within == timedelta(seconds=90)


def test_every_mistake_is_told_with_its_cell() -> None:
    def spoil(workbook: Workbook) -> None:
        workbook["units"]["A2"] = "Posko!"
        workbook["injects"]["B2"] = 90
        workbook["injects"]["C2"] = "a, dalmas"
        workbook["injects"]["F2"] = "ordr"
        workbook["options"]["A2"] = "I-9"
        workbook["options"]["B2"] = "x"
        workbook["injects"]["A4"] = "I-3"

    told = errors(edited(small(), spoil))
    for place in ("units!A2", "injects!B2", "injects!F2", "options!A2", "injects!A4"):
        assert [line for line in told if line.startswith(f"f:{place}: error: ")], (place, told)
    told = errors(edited(small(), lambda workbook: workbook["injects"].__setitem__("C2", "a, dalmas")))
    assert told == ["f:injects!C2: error: unknown unit 'dalmas'"]


def test_a_column_or_a_sheet_that_is_not_read_is_told() -> None:
    def add(workbook: Workbook) -> None:
        workbook.create_sheet("Budget")["A1"] = "x"
        workbook["units"].cell(1, 9, "Telepon")

    checked = edited(small(), add)
    assert [problem.located("f") for problem in checked.problems] == [
        "f:units!I1: warning: the column 'Telepon' is not part of a scenario and is not read",
        "f:Budget!A1: warning: the sheet 'Budget' is not read",
    ]
    assert checked.scenario == small()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_excel_in_either_locale_writes_it(delimiter: str, mark: str) -> None:
    scenario = small(title="Gladi, dua; tiga", description="baris\nbaris")
    rows = list(csv.reader(StringIO(write_scenario(scenario, ".csv", "en").decode("utf-8-sig"))))
    width = max(map(len, rows))
    file = StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([*row, *[""] * (width - len(row))] for row in rows)
    assert read_scenario((mark + file.getvalue()).encode(), "f.csv").scenario == scenario


def test_a_mistake_in_csv_is_told_with_the_row_of_the_file() -> None:
    text = write_scenario(small(), ".csv", "en").decode("utf-8-sig").replace("1m,a", "1x,a")
    row = 1 + next(i for i, line in enumerate(text.splitlines()) if line.startswith("I-1"))
    [told] = errors(read_scenario(text.encode(), "f.csv"))
    assert told.startswith(f"f:injects!B{row}: error: 'at': '1x' is no duration")


@pytest.mark.parametrize("suffix", [".yaml", *FORMS])
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_template_asks_for_nothing_but_what_is_to_be_filled_in(suffix: str, language: str) -> None:
    checked = read_scenario(write_template(suffix, language), f"f{suffix}")
    if suffix == ".yaml":
        assert checked.problems == ()
    else:
        assert checked.scenario is None


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_template_is_for_a_scenario_in_the_language_of_its_explanations(language: str) -> None:
    workbook = load_workbook(BytesIO(write_template(".xlsx", language)))
    assert {row[0].value: row[1].value for row in workbook["exercise"].iter_rows()}["languages"] == language
    assert f"languages: [{language}]" in write_template(".yaml", language).decode()


def test_what_is_typed_into_the_template_is_wrapped() -> None:
    for sheet in load_workbook(BytesIO(write_template(".xlsx", "id"))):
        if sheet.sheet_state == "visible":
            assert sheet.column_dimensions["B" if sheet.max_column > 1 else "A"].alignment.wrap_text


def test_a_template_filled_in_by_hand_is_a_scenario() -> None:
    workbook = load_workbook(BytesIO(write_template(".xlsx", "id")))
    for row in workbook["exercise"].iter_rows(min_row=2):
        row[1].value = {"id": "banjir", "title": "Gladi banjir"}.get(str(row[0].value), row[1].value)
    workbook["units"]["A2"], workbook["units"]["B2"] = "posko", "Posko"
    for column, value in zip("ABCE", ("I-01", "00:05:00", "all", "Lapor."), strict=True):
        workbook["injects"][f"{column}2"] = value
    file = BytesIO()
    workbook.save(file)
    checked = read_scenario(file.getvalue(), "f.xlsx")
    assert checked.problems == ()
    assert checked.scenario is not None
    assert checked.scenario.units["posko"].name == Text("Posko")
