"""The figures of one recorded run, taken from its JSON record, are the same in every other form of the report."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest

from bot.exercise.forms import Form
from bot.report.forms import made
from bot.report.telling import Telling
from bot.texts import times
from bot.texts.catalogue import say
from tests.report.said import PLAN, SUMMARY, UNITS, said
from tests.report.troubled import recorded

LANGUAGES = ("id", "en")


@cache
def run(language: str) -> tuple[Mapping[str, list[str]], dict[str, Any], Telling]:
    """What each form says, the record, and the words for it."""
    with TemporaryDirectory() as folder:
        told = asyncio.run(recorded(Path(folder), language))
    document: dict[str, Any] = orjson.loads(made(told, Form.JSON, language))
    return said(told, language), document, Telling.of(told.exercise, language)


def stands(rows: Sequence[str], *cells: str) -> bool:
    """Whether these cells stand side by side in one row."""
    wanted = squeezed("".join(cells))
    return any(wanted in squeezed(row.replace(" | ", "")) for row in rows)


def squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


def counts(figures: Mapping[str, Any]) -> list[str]:
    in_time = figures["acknowledged"] - figures["late"]
    return [str(figures["asked"]), str(in_time), *(str(figures[name]) for name in ("late", "missed", "open"))]


def spans(figures: Mapping[str, Any], telling: Telling | None) -> list[str]:
    """Median, 90 % and worst as people read them, or (without a telling) as spreadsheets hold them."""
    found = []
    for name in ("median", "p90", "worst"):
        seconds, at_least = figures[f"{name}_seconds"], figures[f"{name}_at_least"]
        if telling is not None:
            found.append(telling.bound(seconds, at_least=at_least))
        else:
            number = "" if seconds is None else f"{seconds:.3f}".rstrip("0").rstrip(".")
            found.append("≥" * at_least + number)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_each_units_figures_as_the_record_has_them(language: str) -> None:
    forms, document, telling = run(language)
    for unit in document["units"]:
        figures, name = document["figures"]["units"][unit["id"]], unit["name"]
        asked, in_time, late, missed, _ = counts(figures)
        reminded = str(figures["reminded"])
        median, p90, worst = spans(figures, telling)
        empty = "–" if figures["median_seconds"] is None else ""  # noqa: RUF001 - the dash that paper shows
        for form in (Form.XLSX, Form.CSV):
            cells = (name, *counts(figures), reminded, *spans(figures, None))
            assert stands(forms[form], *cells), (form, name)
        assert stands(forms[Form.HTML], name, *counts(figures), reminded, median, p90, worst), name
        paper = (median or empty, p90 or empty, worst or empty)
        assert stands(forms[Form.PDF], name, *counts(figures), reminded, *paper), name
        assert f"{unit['id']} {in_time}/{asked}" in forms[PLAN]
        if figures["asked"]:
            least = "≥" * figures["median_at_least"]
            shown = f"{least}{figures['median_seconds']:.0f}"
            assert stands(forms[SUMMARY], telling.labels[unit["id"]], asked, in_time, late, missed, shown), name
            result = say(language, "report.result", in_time=in_time, asked=asked)
            assert f"{unit['id']}: {result}" in forms[UNITS]
            drawn = forms[Form.SPREAD_SVG]
            place = drawn.index(f"[{telling.labels[unit['id']]}]")
            assert drawn[place + 1 : place + 3] == [f"[{median}]", f"[{p90}]"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_the_figures_of_all_units_as_the_record_has_them(language: str) -> None:
    forms, document, telling = run(language)
    figures = document["figures"]["overall"]
    asked, in_time, late, missed, still_open = counts(figures)
    median, p90, _ = spans(figures, telling)
    result = say(language, "report.result", in_time=in_time, asked=asked)
    rest = say(language, "report.result_rest", late=late, missed=missed, open=still_open)
    spread = say(language, "report.times", median=median, p90=p90)
    for form in (SUMMARY, PLAN, Form.PDF, Form.DECISIONS_PDF):
        assert stands(forms[form], result), form
        assert stands(forms[form], rest), form
    for form in (SUMMARY, Form.PDF, Form.DECISIONS_PDF):
        assert stands(forms[form], spread), form
    assert f"[{result}]" in forms[Form.SVG]
    assert f"[{rest}]" in forms[Form.SVG]
    values = dict(zip(("asked", "in_time", "late", "missed", "open"), counts(figures), strict=True))
    for form in (Form.XLSX, Form.CSV, Form.HTML):
        shown = spans(figures, telling if form is Form.HTML else None)
        for key, value in {**values, **dict(zip(("median", "p90", "worst"), shown, strict=True))}.items():
            assert stands(forms[form], say(language, f"report.item.{key}"), value), (form, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_has_the_decisions_the_stops_and_the_seal_as_the_record_has_them(language: str) -> None:
    forms, document, _ = run(language)
    taken = sum(decision["option"] is not None for decision in document["decisions"])
    silent = sum(decision["silent"] for decision in document["decisions"])
    words = say(language, "report.decisions_result", taken=taken, silent=silent)
    head = document["seal"]["closing"]["head"]
    stopped = {
        kind: times.span(timedelta(seconds=document["exercise"][f"{kind}_seconds"]), language)
        for kind in ("paused", "realworld")
    }
    for form in (SUMMARY, Form.PDF, Form.DECISIONS_PDF):
        assert stands(forms[form], words), form
        assert stands(forms[form], head), form
        assert stands(forms[form], say(language, "report.stopped.pause", n=1, span=stopped["paused"])), form
        assert stands(forms[form], say(language, "report.stopped.realworld", n=1, span=stopped["realworld"])), form
    for form in (Form.XLSX, Form.CSV, Form.HTML):
        assert stands(forms[form], say(language, "report.item.decided"), str(taken)), form
        assert stands(forms[form], say(language, "report.item.silent"), str(silent)), form
        assert stands(forms[form], say(language, "report.item.seal"), head), form
    for form in (Form.SVG, Form.SPREAD_SVG):
        assert stands(forms[form], head), form
    seconds = document["exercise"]["paused_seconds"]
    assert stands(forms[Form.CSV], say(language, "report.item.pause"), f"{seconds:.0f}")
    for inject in document["branches"]:
        for form in (Form.PDF, Form.XLSX, Form.CSV, Form.HTML):
            assert any(inject["inject"] in row for row in forms[form])
