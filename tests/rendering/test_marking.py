"""The marking: first and last, whatever stands between."""

import pytest

from bot.rehearsal.standin.entities import parse_html
from bot.wire.rendering.html import bold, escape
from bot.wire.rendering.marking import LONGEST_CAPTION, LONGEST_TEXT, marked, marked_file
from tests.rendering.reading import MARKING, units


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("longest", [LONGEST_TEXT, LONGEST_CAPTION])
def test_a_body_of_any_length_stays_between_its_marking(language: str, longest: int) -> None:
    shown, _ = parse_html(marked(bold("<🚒> " * 3_000), language, longest))
    assert longest - 2 <= units(shown) <= longest
    first, body, last = shown.split("\n")
    assert first == last == MARKING[language]
    assert body.endswith("…")


def test_a_body_that_fits_is_kept_whole() -> None:
    assert marked(escape("a & b"), "en") == "EXERCISE EXERCISE EXERCISE\na &amp; b\nEXERCISE EXERCISE EXERCISE"


def test_a_file_is_named_after_the_marking() -> None:
    assert marked_file("id", "7.json") == "LATIHAN-7.json"
    assert marked_file("en", "7.json") == "EXERCISE-7.json"
