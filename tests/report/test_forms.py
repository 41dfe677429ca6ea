"""Every form that `geladi export` names can be had."""

import pytest

from bot.exercise.forms import Form
from bot.report.account import account
from bot.report.forms import made
from tests.builders import played

BEGINNINGS = {
    "json": b"{",
    "xlsx": b"PK",
    "csv": b"PK",
    "html": b"<!DOCTYPE html>",
    "pdf": b"%PDF",
    "decisions-pdf": b"%PDF",
    "png": b"\x89PNG",
    "svg": b"<?xml",
    "spread-png": b"\x89PNG",
    "spread-svg": b"<?xml",
}


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_form_is_made_and_is_what_it_says(form: Form, language: str) -> None:
    play = played(language)
    assert made(account(play.exercise, play.log), form, language).startswith(BEGINNINGS[form.value])


def test_the_pictures_are_not_one_and_the_same() -> None:
    play = played()
    told = account(play.exercise, play.log)
    assert len({made(told, Form(form), "id") for form in ("png", "svg", "spread-png", "spread-svg")}) == 4
