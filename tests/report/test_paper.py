"""The report on paper, read back from the PDF."""

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from bot.report.account import Account, account
from bot.report.cells import worded
from bot.report.paper.document import MOST_ROWS, decisions_pdf, report_pdf
from bot.report.seals import printed
from bot.report.tables import tables
from bot.report.telling import Telling
from bot.texts.catalogue import say
from tests.builders import Play, a_scenario, an_exercise, played


def pages_of(file: bytes) -> list[str]:
    """The words of each page, however they are broken into lines."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file)).pages]


def words_of(file: bytes) -> str:
    return " ".join(pages_of(file))


def told_of(play: Play) -> Account:
    return account(play.exercise, play.log)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_says_that_it_was_an_exercise_and_which_page_it_is(language: str) -> None:
    pages = pages_of(report_pdf(told_of(played(language)), language))
    for number, page in enumerate(pages, 1):
        assert page.startswith(say(language, "marking"))
        if number > 1:
            assert say(language, "report.doc.page", page=number, pages=len(pages)) in page


def test_the_cover_has_name_result_and_seal() -> None:
    play = played("en")
    cover = pages_of(report_pdf(told_of(play), "en"))[0]
    assert play.exercise.name in cover
    assert "Acknowledged in time: 10 of 14" in cover
    assert say("en", "report.doc.meaning").split(".", maxsplit=1)[0] in cover
    assert printed(play.log).head in cover


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_cell_of_every_table_is_on_paper(language: str) -> None:
    told = told_of(played(language))
    words, telling = re.sub(r"\s", "", words_of(report_pdf(told, language))), Telling.of(told.exercise, language)
    for table in tables(told, language):
        if table.key not in {"overview", "log"}:
            for row in table.rows:
                for column, cell in zip(table.columns, row, strict=True):
                    expected = re.sub(r"\s", "", worded(cell, telling))
                    if (table.key, column) not in {("decisions", "clock"), ("answers", "acknowledged")}:
                        assert expected in words, (table.key, column)


def test_a_decision_stands_with_what_it_was_taken_on() -> None:
    words = words_of(decisions_pdf(told_of(played("en")), "en"))
    card = words[words.index("I-03 ·") : words.index("I-05 ·")]
    for part in ("Massa bertambah", "I-01: STARTEX", "Ops post (Ops chief)", "Pimpinan posko", "Change layers", "45 s"):
        assert part in card
    assert "I-05" not in card[len("I-03 ·") :]


def test_what_people_wrote_is_never_read_as_markup() -> None:
    nasty = '#import "x": * $x^2$ *bold* _it_ `raw` <label> @ref \\ // #panic("no") [a](b) #{1+1}'
    play = Play(replace(an_exercise(a_scenario()), name=nasty)).startex()
    assert "".join(nasty.split()) in "".join(words_of(report_pdf(told_of(play), "id")).split())


def test_the_same_record_gives_the_same_bytes() -> None:
    told = told_of(played())
    assert report_pdf(told, "id") == report_pdf(told, "id")


def test_an_exercise_that_never_began_has_a_report_too() -> None:
    told = account(an_exercise(a_scenario()), ())
    assert len(pages_of(report_pdf(told, "en"))) >= 2
    assert say("en", "report.doc.nothing") in words_of(decisions_pdf(told, "en"))


def test_the_plan_has_lines_to_write_on() -> None:
    words = pages_of(report_pdf(told_of(played("en")), "en"))[-1]
    assert say("en", "report.table.actions") in words
    assert say("en", "report.doc.signed") in words


def test_a_table_too_long_for_paper_says_how_much_is_left_out() -> None:
    play = Play(an_exercise(a_scenario(), language="en")).startex()
    unit = next(iter(play.exercise.seats))
    for number in range(MOST_ROWS + 5):
        play.report(1 + number / 1000, None, unit, f"Report {number}.")
    words = words_of(report_pdf(told_of(play), "en"))
    assert say("en", "report.doc.rest", number=5) in words
    assert f"Report {MOST_ROWS - 1}." in words
    assert f"Report {MOST_ROWS}." not in words
