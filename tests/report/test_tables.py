"""The report's tables, and the spreadsheets made of them."""

import csv
import zipfile
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot.exercise.figures import Figures
from bot.report.account import Account, account
from bot.report.csv_form import report_csv
from bot.report.tables import Seconds, Table, tables
from bot.report.xlsx import report_xlsx
from tests.builders import Play, a_scenario, an_exercise, played

FORMULA = '=HYPERLINK("http://nowhere.invalid","Klik")'


def told() -> Account:
    play = played()
    return account(play.exercise, play.log)


def a_table(key: str, language: str = "id") -> Table:
    return next(table for table in tables(told(), language) if table.key == key)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_row_has_a_cell_for_each_head(language: str) -> None:
    for table in tables(told(), language):
        assert len(table.columns) == len(table.heads)
        assert all(len(row) == len(table.heads) for row in table.rows)
        assert all(table.heads)


def test_every_kind_of_trouble_is_in_a_table() -> None:
    answers, exceptions = a_table("answers", "en"), a_table("exceptions", "en")
    assert {"in time", "late", "missed", "open", "sending failed"} <= set(answers.column("standing"))
    remarks = ", ".join(str(remark) for remark in answers.column("remark"))
    assert "at most" in remarks
    assert "arrival not certain" in remarks
    assert set(exceptions.column("standing")) == {
        "missed",
        "late",
        "sending failed",
        "arrival not certain",
        "not decided",
    }
    events = a_table("timeline", "en").column("event")
    assert events[0] == "STARTEX"
    assert "I-03" in events
    assert any("PAUSEX" in str(event) for event in events)
    assert any("REAL EVENT" in str(event) for event in events)
    causes = a_table("timeline", "en").column("cause")
    assert any(str(cause).startswith("skipped") for cause in causes)
    assert a_table("branches").column("inject") == ["C-01", "C-02", "C-03"]


def test_the_numbers_are_those_of_the_account() -> None:
    numbers: Figures = told().overall
    units = a_table("units")
    assert sum(int(str(cell)) for cell in units.column("asked")) == numbers.asked
    assert sum(int(str(cell)) for cell in units.column("missed")) == numbers.missed
    told_of = a_table("overview", "en")
    overview = dict(zip(told_of.column("item"), told_of.column("value"), strict=True))
    assert overview["Answers asked"] == numbers.asked
    assert overview["Late"] == numbers.late
    assert overview["Exercise time"] == timedelta(minutes=30)


def test_a_bound_is_never_told_as_a_time() -> None:
    took = dict(zip(a_table("exceptions").column("inject"), a_table("exceptions").column("took"), strict=True))
    assert took["I-05"] == Seconds(90.0, "≥")


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_workbook_says_what_the_tables_say(language: str) -> None:
    book = load_workbook(BytesIO(report_xlsx(told(), language)))
    zone = ZoneInfo(told().exercise.timezone)
    for table, sheet in zip(tables(told(), language), book.worksheets, strict=True):
        assert sheet.title == table.title[:31]
        assert sheet.freeze_panes == "A3"
        assert sheet.auto_filter.ref is not None
        marked, heads, *rows = sheet.iter_rows()
        assert marked[0].value == "LATIHAN LATIHAN LATIHAN" if language == "id" else "EXERCISE EXERCISE EXERCISE"
        assert tuple(cell.value for cell in heads) == table.heads
        assert len(rows) == len(table.rows)
        for written, meant in zip(rows, table.rows, strict=True):
            for cell, value in zip(written, meant, strict=True):
                if isinstance(value, datetime):
                    told_at = value.astimezone(zone).replace(tzinfo=None)
                    assert isinstance(cell.value, datetime)
                    assert abs(cell.value - told_at) < timedelta(milliseconds=2)
                elif isinstance(value, Seconds):
                    assert cell.value == pytest.approx(value.seconds, abs=0.001)
                    assert value.bound in str(cell.number_format)
                elif isinstance(value, timedelta):
                    assert cell.value == value or cell.number_format == "[h]:mm:ss"
                else:
                    assert (cell.value or "") == (value or "")


def test_the_csv_files_say_what_the_tables_say() -> None:
    with zipfile.ZipFile(BytesIO(report_csv(told(), "en"))) as archive:
        names = archive.namelist()
        assert [name.partition("-")[2] for name in names] == [f"{table.key}.csv" for table in tables(told(), "en")]
        for name, table in zip(names, tables(told(), "en"), strict=True):
            heads, *rows = csv.reader(StringIO(archive.read(name).decode("utf-8-sig")))
            assert tuple(heads) == table.heads
            assert len(rows) == len(table.rows)
    assert report_csv(told(), "en") == report_csv(told(), "en")


def test_what_people_write_never_runs_in_a_spreadsheet() -> None:
    play = Play(an_exercise(a_scenario())).startex()
    play.report(12, "I-01", "posko", FORMULA).report(13, "I-01", "medis", "+62 812").endex(60)
    hostile = account(play.exercise, play.log)
    sheet = load_workbook(BytesIO(report_xlsx(hostile, "en")))["Reports"]
    words = [row[-1] for row in sheet.iter_rows(min_row=3)]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in words] == [
        (FORMULA, "s", True),
        ("+62 812", "s", True),
    ]
    with zipfile.ZipFile(BytesIO(report_csv(hostile, "en"))) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("reports.csv"))
        rows = list(csv.reader(StringIO(archive.read(name).decode("utf-8-sig"))))
    assert [row[-1] for row in rows[1:]] == [f"'{FORMULA}", "'+62 812"]
