"""Every kind of trouble of one recorded run is shown in every form of its report, in both languages."""

import asyncio
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from bot.exercise.forms import Form
from bot.report.account import Account, account
from bot.texts.catalogue import say
from tests.builders import SCENARIO, Play, a_scenario, an_exercise
from tests.report.said import PLAN, SUMMARY, UNITS, finds, said
from tests.report.troubled import recorded

SUMMARIES: Final = (SUMMARY, UNITS)
TABLES: Final = (Form.PDF, Form.XLSX, Form.CSV, Form.HTML)
PICTURES: Final = (PLAN, Form.SVG, Form.SPREAD_SVG)
FORMS: Final = (*SUMMARIES, *PICTURES, *TABLES, Form.DECISIONS_PDF, Form.JSON)

Words = tuple[str, ...]
_NAMES: Mapping[str, Mapping[str, str]] = {
    "id": {"posko": "Posko Ops", "dalmas": "Dalmas Lanjut", "medis": "Medis", "humas": "Sihumas", "dishub": "Dinas"},
    "en": {"posko": "Ops post", "dalmas": "Follow-on", "medis": "Medical", "humas": "Information", "dishub": "Traffic"},
}
_OF_DECISIONS = "the decision log tells of decisions; how the answers went is on its cover"
_OF_TIMES = "this picture is of answer times"
_NOBODY_HAD_IT = "no unit received it"


def expected(language: str) -> Mapping[str, Mapping[str, Words | str]]:
    """By kind of trouble, the words that a form says of it in one row; or, as a sentence, why it says nothing."""

    def t(key: str, **params: object) -> str:
        return say(language, f"report.{key}", **params)

    def drawn(key: str) -> str:
        return f"[{t(key)}]"

    names = _NAMES[language]
    second = "s" if language == "en" else "dtk"
    counts = t("result_rest", late=1, missed=2, open=1)
    pause = t("stopped.pause", n=1, span=f"3 {'min' if language == 'en' else 'mnt'}")
    real = t("stopped.realworld", n=1, span=f"2 {'min' if language == 'en' else 'mnt'}")
    paused, stopped = (t(f"stop.{kind}", span="").strip() for kind in ("pause", "realworld"))
    rain, fainted = "Hujan deras", "Anggota pingsan"
    return {
        "late": {
            SUMMARY: ("⚠ I-02", names["medis"], f"95 {second}", f"35 {second}"),
            UNITS: ("medis: ⚠", "I-02", f"95 {second}"),
            PLAN: ("medis I-02 late",),
            Form.SVG: (drawn("chart.late"),),
            Form.SPREAD_SVG: (drawn("spread.late"),),
            **dict.fromkeys(TABLES, (t("standing.late"), "I-02", names["medis"], "95")),
            Form.DECISIONS_PDF: (counts,),
            Form.JSON: ('deliveries {"inject":"I-02","unit":"medis"', '"outcome":"late","late":true'),
        },
        "missed": {
            SUMMARY: ("✗ I-02", names["dalmas"], f"≥60 {second}"),
            UNITS: ("dalmas: ✗", "I-02", f"≥60 {second}"),
            PLAN: ("dalmas I-02 missed",),
            Form.SVG: (drawn("chart.missed"),),
            Form.SPREAD_SVG: (drawn("spread.missed"),),
            **dict.fromkeys(TABLES, (t("standing.missed"), "I-02", names["dalmas"], "≥60")),
            Form.DECISIONS_PDF: (counts,),
            Form.JSON: ('deliveries {"inject":"I-02","unit":"dalmas"', '"outcome":"missed"'),
        },
        "uncertain whether it arrived": {
            SUMMARY: (t("not_arrived.unsure", unit=names["humas"], injects="I-06"),),
            UNITS: ("humas: ✗", "I-06", "?"),
            PLAN: ("humas I-06 missed unsure",),
            Form.SVG: (drawn("chart.unsure"),),
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, (t("remark.unsure"), "I-06", names["humas"])),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('deliveries {"inject":"I-06","unit":"humas"', '"state":"uncertain"'),
        },
        "sent twice, perhaps": {
            SUMMARY: "what came of it is known: it was answered",
            UNITS: "the message itself says so to the unit",
            PLAN: "what came of it is known: it was answered",
            Form.SVG: "the same",
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, ("C-03", t("standing.in_time"), t("remark.repeat"))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('deliveries {"inject":"C-03","unit":"humas"', '"possible_duplicate":true'),
        },
        "not sent: refused": {
            SUMMARY: (t("not_arrived.failed", unit=names["medis"], injects="I-06"), "Forbidden"),
            UNITS: ("medis: ⊘", "I-06"),
            PLAN: ("medis I-06 failed",),
            Form.SVG: (drawn("chart.failed"),),
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, (t("standing.failed"), "I-06", names["medis"])),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('deliveries {"inject":"I-06","unit":"medis"', '"state":"failed"', "Forbidden"),
        },
        "not sent: the unit never joined": {
            SUMMARY: ("-", names["dishub"], "I-01", t("why.unbound")),
            UNITS: ("dishub: -", "I-01"),
            PLAN: ("dishub I-01 not_sent",),
            Form.SVG: (drawn("chart.failed"),),
            Form.SPREAD_SVG: (drawn("spread.nothing"),),
            **dict.fromkeys(TABLES, (t("standing.not_sent"), "I-01", names["dishub"])),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('deliveries {"inject":"I-01","unit":"dishub"', '"state":"skipped","why":"unbound"'),
        },
        "open at ENDEX": {
            SUMMARY: ("○", names["posko"]),
            UNITS: ("posko: ○", "I-08"),
            PLAN: ("posko I-08 open",),
            Form.SVG: (drawn("chart.open"),),
            Form.SPREAD_SVG: (drawn("spread.open"),),
            **dict.fromkeys(TABLES, (t("unmeasured.open"), "1")),
            Form.DECISIONS_PDF: (counts,),
            Form.JSON: ('deliveries {"inject":"I-08","unit":"posko"', '"outcome":"open"'),
        },
        "answered in a backlog": {
            SUMMARY: (names["humas"], f"≤40 {second}"),
            UNITS: ("humas: ✓", "I-01", f"≤40 {second}"),
            PLAN: ("humas I-01 in_time at most",),
            Form.SVG: (drawn("chart.upper_bound"),),
            Form.SPREAD_SVG: (drawn("spread.upper_bound"),),
            **dict.fromkeys(TABLES, ("I-01", "≤40", t("standing.in_time"), t("remark.upper_bound"))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('deliveries {"inject":"I-01","unit":"humas"', '"acknowledged_exact":false'),
        },
        "answered by radio": {
            SUMMARY: (names["posko"], "radio", "Direktur Sari"),
            UNITS: ("posko: ✓", "C-02", "radio"),
            PLAN: ("posko C-02 in_time at most",),
            Form.SVG: (drawn("chart.upper_bound"),),
            Form.SPREAD_SVG: "it has no time",
            **dict.fromkeys(TABLES, ("C-02", t("standing.in_time"), t("remark.radio"))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('deliveries {"inject":"C-02","unit":"posko"', '"acknowledged_by_radio":true'),
        },
        "pause": {
            SUMMARY: ("⏸", paused, rain),
            UNITS: (pause,),
            PLAN: (paused,),
            Form.SVG: (drawn("chart.pause"),),
            Form.SPREAD_SVG: "taken out of every time that it shows",
            **dict.fromkeys(TABLES, (paused, rain)),
            Form.DECISIONS_PDF: (pause,),
            Form.JSON: ('log {"seq"', '"kind":"paused"', rain),
        },
        "real-world stop": {
            SUMMARY: ("■", stopped, fainted),
            UNITS: (real,),
            PLAN: (stopped,),
            Form.SVG: (drawn("chart.realworld"),),
            Form.SPREAD_SVG: "taken out of every time that it shows",
            **dict.fromkeys(TABLES, (stopped, fainted)),
            Form.DECISIONS_PDF: (real,),
            Form.JSON: ('log {"seq"', '"kind":"realworld"', fainted),
        },
        "skipped by the director": {
            SUMMARY: ("- ", "I-07", t("skipped_why", why="Waktu habis")),
            **dict.fromkeys((UNITS, *PICTURES), _NOBODY_HAD_IT),
            **dict.fromkeys(TABLES, ("I-07", t("skipped_why", why="Waktu habis"))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('injects {"id":"I-07","state":"skipped"', '"why":"Waktu habis"'),
        },
        "skipped by its condition": {
            SUMMARY: ("- ", "I-04", t("skipped_why", why=t("why.condition"))),
            **dict.fromkeys((UNITS, *PICTURES), _NOBODY_HAD_IT),
            **dict.fromkeys(TABLES, ("I-04", t("skipped_why", why=t("why.condition")))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('injects {"id":"I-04","state":"skipped"', '"why":"condition"'),
        },
        "cut off by ENDEX": {
            SUMMARY: ("- I-09",),
            **dict.fromkeys((UNITS, *PICTURES), _NOBODY_HAD_IT),
            **dict.fromkeys(TABLES, ("I-09", t("not_reached"))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('injects {"id":"I-09","state":"skipped"', '"why":"endex"'),
        },
        "branch by a choice": {
            SUMMARY: (t("cause.choice", inject="I-03", option=""),),
            UNITS: ("dalmas: ✓", "C-01"),
            PLAN: ("dalmas C-01",),
            Form.SVG: (drawn("chart.decided"),),
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, ("C-01", "Lapis ganti", t("cause.choice", inject="I-03", option="").strip())),
            Form.DECISIONS_PDF: (t("head.led_to"), "C-01"),
            Form.JSON: ('branches {"inject":"C-01","cause":"choice","because":"I-03","option":"lapis"',),
        },
        "branch by silence": {
            SUMMARY: (t("cause.silence", inject="I-05"),),
            UNITS: ("posko: ✓", "C-02"),
            PLAN: ("posko C-02",),
            Form.SVG: (drawn("chart.undecided"),),
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, ("C-02", "Massa anarkis", t("cause.silence", inject="I-05"))),
            Form.DECISIONS_PDF: (t("head.led_to"), "C-02"),
            Form.JSON: ('branches {"inject":"C-02","cause":"silence","because":"I-05"',),
        },
        "fired by the director": {
            SUMMARY: (t("cause.director"),),
            UNITS: ("humas: ✓", "C-03"),
            PLAN: ("humas C-03",),
            Form.SVG: "bars are named where something went wrong",
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, ("C-03", "Hoaks", t("cause.director"))),
            Form.DECISIONS_PDF: _OF_DECISIONS,
            Form.JSON: ('branches {"inject":"C-03","cause":"director"',),
        },
        "not decided": {
            SUMMARY: (t("undecided", inject="I-05", unit=names["dalmas"]),),
            UNITS: ("dalmas: ✗", t("silent", span=f"≥90 {second}").split("≥", maxsplit=1)[0]),
            PLAN: ("dalmas I-05 in_time undecided",),
            Form.SVG: (drawn("chart.undecided"),),
            Form.SPREAD_SVG: _OF_TIMES,
            **dict.fromkeys(TABLES, (t("decision.silent"), "I-05", names["dalmas"], "≥90")),
            Form.DECISIONS_PDF: (t("head.took"), "≥90", t("decision.silent")),
            Form.JSON: ('decisions {"inject":"I-05","unit":"dalmas"', '"silent":true'),
        },
    }


@cache
def told(language: str) -> Account:
    """The run, kept by one process and read by another."""
    with TemporaryDirectory() as folder:
        return asyncio.run(recorded(Path(folder), language))


def calm(language: str) -> Account:
    """An exercise of one inject, which everybody answers at once."""
    play = Play(an_exercise(a_scenario(injects=[SCENARIO["injects"][0]]), language=language)).startex()
    play.acknowledge(10.5, "I-01", *play.exercise.seats).endex(120)
    return account(play.exercise, play.log)


@cache
def forms(language: str) -> Mapping[str, list[str]]:
    return said(told(language), language)


KINDS: Final = tuple(expected("id"))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("trouble", KINDS)
def test_a_trouble_is_shown_in_every_form_that_it_belongs_in(trouble: str, language: str) -> None:
    shown = expected(language)[trouble]
    assert set(shown) == set(FORMS), "every form shows it, or says why not"
    silent = {
        form: words
        for form, words in shown.items()
        if not isinstance(words, str) and not finds(forms(language)[form], words)
    }
    assert silent == {}


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_of_it_is_found_in_an_exercise_that_went_well(language: str) -> None:
    """The words that are looked for above are not there anyway."""
    well = said(calm(language), language)
    everywhere = {
        (trouble, form)
        for trouble, shown in expected(language).items()
        for form, words in shown.items()
        if not isinstance(words, str) and finds(well[form], words)
    }
    assert everywhere == set()
