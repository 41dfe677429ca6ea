"""Names fit for a narrow line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.report.names import columns, padded, short, unit_labels
from tests.builders import a_scenario


def labels(*names: str, width: int = 16) -> list[str]:
    """The labels of units with these names, whose ids are ``polsek-1`` and so on."""
    units: dict[str, Any] = {f"polsek-{number}": {"name": name} for number, name in enumerate(names, 1)}
    inject = {"id": "I-1", "at": "0s", "to": ["all"], "text": "x"}
    return list(unit_labels(a_scenario(units=units, groups={}, phases=[], injects=[inject]), "id", width).values())


def test_an_explanation_is_left_out() -> None:
    assert labels("Posko Ops (Karendalopsres / Kabag Ops)", "Medis: Dinkes / PSC 119", "Pam TPS + Linmas") == [
        "Posko Ops",
        "Medis",
        "Pam TPS + Linmas",
    ]


def test_a_long_name_is_cut_with_an_ellipsis() -> None:
    assert labels("Peleton Raimas Samapta") == ["Peleton Raimas…"]


def test_names_with_one_beginning_keep_their_ends() -> None:
    assert labels("Polsek Kecamatan Bugul Kidul", "Polsek Kecamatan Bugul Lor") == [
        "Polsek…ul Kidul",
        "Polsek…ugul Lor",
    ]


def test_names_that_are_the_same_are_told_apart_by_id() -> None:
    assert labels("Polsek", "Polsek") == ["polsek-1", "polsek-2"]


def test_wide_characters_count_twice() -> None:
    assert columns("🚒 Damkar") == 9
    assert short("🚒🚒🚒🚒", 5) == "🚒🚒…"
    assert padded("🚒", 4) == "🚒  "


@pytest.mark.parametrize("trick", ["\u202egnilaB", "a\u200bb", "a\nb", "a\x00b", "\ud800"])
def test_a_line_holds_nothing_that_confuses_it(trick: str) -> None:
    assert set(short(f"Satuan {trick} 1", 40)) <= set("Satuan gnilaB ab1")


@given(st.lists(st.text(min_size=1, max_size=60).filter(str.isprintable).filter(str.strip), min_size=1, max_size=30))
def test_no_two_units_have_the_same_label(names: list[str]) -> None:
    found = labels(*names)
    assert len(set(found)) == len(names)
    assert all(1 <= columns(label) <= 16 for label in found)
