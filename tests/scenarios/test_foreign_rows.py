"""Odd rows of somebody else's script: merged, numbered twice, headed again, or telling nothing."""

import pytest

from scenarios.cells import Cell
from scenarios.foreign import Foreign, read_foreign
from scenarios.foreign_names import Names, Numbering
from scenarios.grids import Grid, GridRow, Merged, UnreadableFileError
from scenarios.merging import spread

HEAD: list[Cell] = ["No", "Time", "To", "Description", "Type"]


def grid(*rows: list[Cell], merged: tuple[Merged, ...] = ()) -> Grid:
    return Grid("MSEL", [GridRow(number, row) for number, row in enumerate(rows, 1)], merged)


def read(*rows: list[Cell], merged: tuple[Merged, ...] = ()) -> Foreign:
    return read_foreign([grid(HEAD, *rows, merged=merged)], "msel")


def said(foreign: Foreign, index: int) -> list[str]:
    return list(foreign.remarks.get(index, ()))


def test_what_a_merged_cell_says_counts_for_every_row_that_has_words_of_its_own() -> None:
    foreign = read(
        [1, "J+0", "A", "Rain", None],
        [None, None, "B", None, None],
        [None, None, None, None, None],
        [2, "J+5", "C", "Flood", None],
        merged=tuple(Merged(column, 2, 4) for column in (0, 1, 3)),
    )
    injects = foreign.document.data["injects"]
    assert [(inject["id"], inject["to"], inject["text"], inject["at"]) for inject in injects] == [
        ("I-01", ["a"], "Rain", "0s"),
        ("I-01-2", ["b"], "Rain", "0s"),
        ("I-02", ["c"], "Flood", "5m"),
    ]
    assert said(foreign, 1)[0] == "MSEL!A3: A3, B3, D3 merged with the row above, whose words count here too"


def test_merged_cells_that_cover_too_much_are_refused_before_they_cost_anything() -> None:
    areas = tuple(Merged(0, 1, 20_000) for _ in range(50_000))
    with pytest.raises(UnreadableFileError, match="unmerge them"):
        spread(grid(["x"], ["y"], merged=areas))


def test_a_header_that_stands_there_again_is_left_out_and_said() -> None:
    foreign = read([1, "J+0", "A", "Rain", None], HEAD, [2, "J+5", "A", "Flood", None])
    assert [inject["id"] for inject in foreign.document.data["injects"]] == ["I-01", "I-02"]
    assert "MSEL!A3: the header stands here again and is left out" in said(foreign, -1)


def test_a_row_that_tells_nothing_is_left_out_with_what_it_says() -> None:
    foreign = read([1, "J+0", "A", "Rain", None], [2, "J+5", "A", None, "Order"])
    assert len(foreign.document.data["injects"]) == 1
    assert "MSEL!D3: row 3 tells nothing to a unit and is left out: 2 | J+5 | A | Order" in said(foreign, -1)
    assert list(foreign.document.data["units"]) == ["a"]


def test_a_decision_without_options_is_an_order_and_says_so() -> None:
    foreign = read([1, "J+0", "A", "Rain", "Decision"])
    assert "kind" not in foreign.document.data["injects"][0]
    assert said(foreign, 0)[-1] == (
        "MSEL!E2: 'Decision' needs options, which no column holds; it is an order until they are added"
    )


def test_what_is_listed_of_a_row_is_in_the_order_of_its_columns() -> None:
    foreign = read(["x.1", "soon", None, "Rain", "Chaos"])
    assert [line.partition(":")[0] for line in said(foreign, 0)] == ["MSEL!A2", "MSEL!B2", "MSEL!C2", "MSEL!E2"]


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        (["1", "2", "10"], ["I-01", "I-02", "I-10"]),
        (["1", "", "2"], ["I-01", "I-01-2", "I-02"]),
        (["1", "1", "I-01-2"], ["I-01", "I-01-3", "I-01-2"]),
        (["", "", "2"], ["I-01", "I-03", "I-02"]),
        (["A/1", "a 1"], ["A-1", "a-1-2"]),
        (["9" * 20, "9" * 20], ["9" * 16, "9" * 11 + "-2"]),
        (["...", "1"], ["I-02", "I-01"]),
    ],
)
def test_every_inject_has_an_id_of_its_own_and_none_takes_that_of_another_row(
    written: list[str], ids: list[str]
) -> None:
    numbering = Numbering(written)
    assert [numbering.id_for(number) for number in written] == ids


def test_a_name_has_one_slug_in_whatever_case_and_no_two_names_share_one() -> None:
    names = Names()
    assert [names.slug(name) for name in ("IGD", "igd", "I.G.D", "Semua", "All", "é", "—")] == [
        "igd",
        "igd",
        "i_g_d",
        "semua",
        "all_2",
        "e",
        "x",
    ]
    assert names.slug("I-G-D") == "i_g_d_2"


def test_thousands_of_rows_with_one_number_are_named_in_no_time() -> None:
    numbering = Numbering(["1"] * 20_000)
    ids = [numbering.id_for("1") for _ in range(20_000)]
    assert len(set(ids)) == 20_000
    assert max(map(len, ids)) <= 16


def test_times_go_on_from_the_row_above() -> None:
    foreign = read([1, "J+5", "A", "Rain", None], [2, None, "A", "Flood", None])
    assert foreign.document.data["injects"][1]["at"] == "5m"
