"""Words into markup: nothing that anybody wrote is read as markup, and nothing is cut apart."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.standin.entities import parse_html
from bot.wire.rendering.html import (
    Html,
    as_many,
    bold,
    clean,
    cut,
    escape,
    fill,
    filled,
    joined,
    mention,
    one_line,
    shorten,
    visible,
)
from tests.rendering.reading import units

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("<>&\"'{}%\u202e\u2066\u200d\ufe0f\u0301\x00\x07\n\r\t\u2028👩🏽‍🚒العبرית🇮🇩"),
        st.characters(),
    ),
    max_size=4_000,
)


@given(HOSTILE)
def test_words_come_back_from_markup_as_they_were(text: str) -> None:
    words = clean(text)
    assert visible(escape(words)) == words
    assert parse_html(bold(words))[0].strip() == words.strip()


@given(HOSTILE)
def test_clean_words_hold_no_controls_and_no_direction_marks(text: str) -> None:
    for character in clean(text).replace("\n", ""):
        assert unicodedata.category(character) not in {"Cc", "Cs"}
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }


@given(HOSTILE, st.integers(1, 80))
def test_a_name_is_one_line_within_its_length_and_never_empty(text: str, longest: int) -> None:
    name = one_line(text, longest)
    assert "\n" not in name
    assert name.strip("\u2068\u2069 ")
    assert units(name.strip("\u2068\u2069")) <= longest


@pytest.mark.parametrize("nothing", ["", " \n ", "\u202e", "\u200b\u2060", "\u3164", "\u0301\ufe0f"])
def test_a_name_without_ink_is_a_dash(nothing: str) -> None:
    assert one_line(nothing) == "-"


def test_a_name_from_right_to_left_is_set_apart() -> None:
    assert one_line("محمد") == "\u2068محمد\u2069"
    assert one_line("Sari") == "Sari"


def test_a_direction_mark_cannot_turn_a_line_round() -> None:
    assert one_line("Sari\u202egnirB") == "SarignirB"


@given(st.text(max_size=300), st.integers(1, 200))
def test_what_is_shortened_fits_and_begins_as_it_did(text: str, longest: int) -> None:
    short = shorten(text, longest)
    if units(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")) <= longest:
        assert short == text
    else:
        assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= longest
        assert short.endswith("…")
        assert text.startswith(short[:-1])


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("ab 👩🏽‍🚒 cd", 8, "ab…"),
        ("ab🚒🚒", 5, "ab🚒…"),
        ("ae\u0301\u0301bc", 4, "a…"),
        ("abc def", 5, "abc…"),
    ],
)
def test_what_is_seen_as_one_character_is_not_cut_apart(text: str, longest: int, short: str) -> None:
    assert shorten(text, longest) == short


@given(HOSTILE, st.integers(1, 500))
def test_cut_markup_is_whole_markup_that_fits(text: str, longest: int) -> None:
    markup = joined((bold(clean(text)), escape("a & b < c"), mention(7, text)))
    kept = cut(markup, longest)
    shown, _ = parse_html(kept)
    assert units(visible(kept)) <= longest
    assert units(shown) <= longest
    if units(visible(markup)) <= longest:
        assert kept == markup


def test_a_cut_closes_what_it_opened_and_never_splits_an_entity() -> None:
    assert cut(Html("<b>a&amp;b</b><i>cd</i>"), 3) == "<b>a&amp;…</b>"
    assert cut(Html('x <a href="tg://user?id=1">Sari &lt;3</a> y'), 8) == 'x <a href="tg://user?id=1">Sari…</a>'


def test_gaps_are_filled_with_words_escaped_and_markup_kept() -> None:
    assert fill("en", "refused.unknown_inject", inject="<b>&") == "There is no inject &lt;b&gt;&amp;. /next lists them."
    assert fill("en", "refused.unknown_inject", inject=bold("x")) == "There is no inject <b>x</b>. /next lists them."


def test_a_line_that_nothing_fills_is_left_out() -> None:
    whole = filled("en", "notice.skipped", {"inject": "I-01", "by": "Sari", "why": "Rain"})
    assert whole == "I-01 is skipped.\nBy: Sari\nReason: Rain"
    assert (
        filled("en", "notice.skipped", {"inject": "I-01", "by": "", "why": "Rain"}) == "I-01 is skipped.\nReason: Rain"
    )
    assert filled("en", "notice.skipped", {"inject": "I-01"}) == "I-01 is skipped."


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=30)), st.integers(40, 300))
def test_as_many_lines_as_fit_and_the_rest_counted(words: list[str], room: int) -> None:
    shown = as_many([escape(word) for word in words], room, "en")
    assert units(shown) <= room
    kept = shown.split("\n") if shown else []
    if kept != words:
        assert kept[-1] == f"… and {len(words) - len(kept) + 1} more"
        assert kept[:-1] == words[: len(kept) - 1]
