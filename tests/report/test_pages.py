"""Lines put into messages."""

from bot.report.pages import LONGEST_PAGE, Line, Style, paged, utf16_units, wrapped
from tests.report.reading import read


def rest(number: int) -> Line:
    """The last line where pages do not suffice."""
    return Line(f"{number} more")


def test_markup_is_made_last_and_text_cannot_break_out() -> None:
    lines = [Line("<b>& co", Style.BOLD), Line("x < y"), Line("a & b", Style.TABLE), Line("c", Style.TABLE)]
    assert paged(lines, 1, rest) == ("<b>&lt;b&gt;&amp; co</b>\nx &lt; y\n<pre>a &amp; b\nc</pre>",)


def test_a_page_is_as_full_as_it_may_be() -> None:
    line = "x" * 38
    pages = paged([Line(line)] * 500, 10, rest)
    assert [len(read(page).lines) for page in pages] == [100, 100, 100, 100, 100]
    assert all(utf16_units(page) <= LONGEST_PAGE for page in pages)


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    pages = paged([Line("\U0001d400" * 300)] * 12, 10, rest)
    assert [len(read(page).lines) for page in pages] == [6, 6]


def test_escapes_do_not_count() -> None:
    pages = paged([Line("&" * 390)] * 9, 10, rest)
    assert len(pages) == 1


def test_a_heading_goes_with_the_line_below_it() -> None:
    lines = [Line("x" * 388) for _ in range(10)]
    first, second = paged([*lines, Line(), Line("Head", Style.BOLD, heading=True), Line("y" * 100)], 10, rest)
    assert "Head" not in first
    assert second == f"<b>Head</b>\n{'y' * 100}"


def test_a_table_that_goes_on_repeats_its_header() -> None:
    rows = [Line(f"{number:38d}", Style.TABLE) for number in range(150)]
    pages = paged([Line("Head".ljust(38), Style.TABLE, heading=True), *rows], 10, rest)
    assert len(pages) == 2
    assert [read(page).lines[0].strip() for page in pages] == ["Head", "Head"]
    assert [int(line) for page in pages for line in read(page).lines[1:]] == list(range(150))


def test_what_finds_no_room_is_counted() -> None:
    pages = paged([Line("x" * 38)] * 500, 2, rest)
    assert len(pages) == 2
    shown = [line for page in pages for line in read(page).lines]
    assert shown[-1] == f"{500 - (len(shown) - 1)} more"
    assert all(utf16_units(page) <= LONGEST_PAGE for page in pages)


def test_a_line_without_end_is_cut() -> None:
    (page,) = paged([Line("x" * 10_000)], 10, rest)
    assert len(page) == 400
    assert page.endswith("…")


def test_entries_stand_side_by_side_on_a_phones_line() -> None:
    lines = wrapped("✓", ["Posko Ops 10 dtk", "Medis 9 dtk", "Dalmas Lanjut 10 dtk"])
    assert [line.text for line in lines] == ["✓ Posko Ops 10 dtk · Medis 9 dtk", "✓ Dalmas Lanjut 10 dtk"]
