"""The catalogues: complete in both languages, and plain about what they do not hold."""

from string import Formatter

import pytest

from bot.texts.catalogue import LANGUAGES, MissingGapError, UnknownTextError, count, find, forms, keys, say, template

KEYS = sorted(keys("id") | keys("en"))


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_a_text_is_said_in_the_language_asked_for() -> None:
    assert say("id", "ack.button") == "TERIMA"
    assert say("en", "ack.button") == "ACKNOWLEDGE"


def test_another_language_is_answered_in_indonesian() -> None:
    assert say("jv", "ack.button") == "TERIMA"


def test_gaps_are_filled_by_name() -> None:
    assert say("en", "refused.unknown_inject", inject="I-99") == "There is no inject I-99. /next lists them."


def test_what_fills_a_gap_is_not_read_as_a_gap() -> None:
    assert say("en", "refused.unknown_inject", inject="{unit}{0}") == "There is no inject {unit}{0}. /next lists them."


def test_numbers_take_the_form_of_the_language() -> None:
    assert [count("en", "count.units", n) for n in (0, 1, 2)] == ["0 units", "1 unit", "2 units"]
    assert [count("id", "count.units", n) for n in (1, 15)] == ["1 satuan", "15 satuan"]


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(UnknownTextError, match=r"ack\.buton"):
        say("id", "ack.buton")
    with pytest.raises(UnknownTextError, match=r"ack\.button"):
        count("id", "ack.button", 2)
    with pytest.raises(UnknownTextError, match=r"count\.units"):
        template("id", "count.units")
    with pytest.raises(UnknownTextError, match=r"no\.such"):
        forms("id", "no.such")
    assert find("id", "no.such") is None


def test_a_gap_that_nothing_fills_is_named() -> None:
    with pytest.raises(MissingGapError, match=r"refused\.unknown_inject: inject"):
        say("id", "refused.unknown_inject", injekt="I-01")


def test_every_text_is_there_in_both_languages() -> None:
    assert keys("id") == keys("en")


@pytest.mark.parametrize("key", KEYS)
def test_every_text_has_the_same_gaps_in_both_languages(key: str) -> None:
    found = {language: {frozenset(gaps(form)) for form in forms(language, key)} for language in LANGUAGES}
    assert found["id"] == found["en"]
    assert len(found["id"]) == 1


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_frayed(language: str, key: str) -> None:
    for form in forms(language, key):
        assert form
        for line in form.split("\n"):
            assert line == line.strip()
            assert "  " not in line


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith(("toast.", "refused."))])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_to_a_press_fits_with_long_names(language: str, key: str) -> None:
    text = template(language, key)
    longest = {gap: "N" * (16 if gap == "inject" else 64) for gap in gaps(text)}
    assert len(text.format_map(longest)) <= 200


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith(("notice.", "reply.", "help."))])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_leaves_room_for_what_fills_it(language: str, key: str) -> None:
    assert len(template(language, key)) <= 1024
