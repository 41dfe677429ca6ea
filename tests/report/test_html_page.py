"""The report as one HTML page: what stands in the file."""

import json
import re
from html.parser import HTMLParser

import pytest

from bot.report.account import Account, account
from bot.report.cells import worded
from bot.report.html_page.elements import document, element
from bot.report.html_page.page import MOST_ROWS, report_html
from bot.report.seals import printed
from bot.report.tables import tables
from bot.report.telling import Telling
from tests.builders import Play, a_wide_scenario, an_exercise, played


def told() -> Account:
    play = played()
    return account(play.exercise, play.log)


class Words(HTMLParser):
    """The words of a page as a reader has them, without style, script and data; and the addresses that it names."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.cells: list[str] = []
        self.words = ""
        self.data = ""
        self.addresses: list[str] = []
        self._tag = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        if tag in {"td", "th"}:
            self.cells.append("")
        if dict(attrs).get("id") == "data":
            self._tag = "data"
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag == "data":
            self.data += data
        elif self._tag not in {"style", "script"}:
            self.words += data
        if self._tag in {"td", "th"}:
            self.cells[-1] += data


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_says_what_the_tables_say(language: str) -> None:
    page = Words(report_html(told(), language))
    telling = Telling.of(told().exercise, language)
    shown = [table for table in tables(told(), language) if table.key != "log" and table.rows]
    assert {"exceptions", "units", "decisions", "branches", "unmeasured"} <= {table.key for table in shown}
    for table in shown:
        assert table.title in page.words
        for row in table.rows:
            for cell in row:
                assert any(words.startswith(worded(cell, telling)) for words in page.cells)


def test_the_timeline_holds_every_answer_with_its_words() -> None:
    page = Words(report_html(told(), "en"))
    timeline = json.loads(page.data)["timeline"]
    (answers,) = (table for table in tables(told(), "en") if table.key == "answers")
    assert len(timeline["bars"]) == len(answers.rows)
    for bar, row in zip(timeline["bars"], answers.rows, strict=True):
        assert timeline["injects"][bar["inject"]][0] == row[0]
        assert timeline["units"][bar["unit"]][1] == row[1]
        assert 0 <= bar["from"] <= bar["to"] <= 1
    assert {stop[0] for stop in timeline["ground"]["stops"]} == {"pause", "realworld"}
    assert [phase[0] for phase in timeline["ground"]["phases"]] == ["Opening", "Protest", "End"]


@pytest.mark.parametrize(("language", "marking"), [("id", "LATIHAN " * 3), ("en", "EXERCISE " * 3)])
def test_the_marking_is_first_and_last_and_the_seal_is_there(language: str, marking: str) -> None:
    page = Words(report_html(told(), language))
    words = page.words.split("·", 1)[1].strip()
    assert words.count(marking.strip()) == 2
    assert words.endswith(marking.strip())
    assert printed(told().entries).head in words


def test_nothing_in_the_file_is_outside_of_it() -> None:
    made = report_html(told(), "id")
    page = Words(made)
    assert all(address.startswith("data:") for address in page.addresses)
    policy = re.search(rb'Content-Security-Policy"[^>]*content="([^"]*)"|content="([^"]*)"[^>]*Content-Security', made)
    assert policy is not None
    words = (policy[1] or policy[2]).decode()
    assert words.startswith("default-src 'none'; ")
    assert "unsafe" not in words
    assert "http" not in words


def test_the_same_exercise_gives_the_same_page() -> None:
    assert report_html(told(), "id") == report_html(told(), "id")


def test_very_long_tables_say_what_they_leave_out() -> None:
    play = Play(an_exercise(a_wide_scenario(120, 10))).startex().endex(700)
    page = Words(report_html(account(play.exercise, play.log), "en"))
    assert MOST_ROWS < 120 * 10
    assert "200 more" in page.words


def test_an_exercise_before_startex_has_a_page() -> None:
    play = Play(an_exercise())
    assert "Summary of exercise 7" in Words(report_html(account(play.exercise, play.log), "en")).words


def test_whatever_is_put_into_the_tree_stays_text() -> None:
    # Within the quotes of an attribute, HTML reads < as a character like any other.
    made = document(element("p", "<b>&\x00", element("i", "x"), "</p>", title='"><script>')).decode()
    assert made == (
        '<!DOCTYPE html>\n<p title="&quot;&gt;<script&gt;">&lt;b&gt;&amp;\N{REPLACEMENT CHARACTER}<i>x</i>'
        "&lt;/p&gt;</p>\n"
    )
