"""The summary in words: what it says, that it fits, and that a unit's own holds nothing of the others."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.exercise.conduct import delay, pause
from bot.report.overview import TABLE_COLUMNS
from bot.report.pages import LONGEST_PAGE, PHONE
from bot.report.timeline import MOST_PAGES, summary_pages, unit_pages
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, a_wide_scenario, an_exercise, played
from tests.report.reading import read

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = "</pre><b>&lt;\u202e\n\n" + "🚒\U0001d400W&<" * 30
SEAL = re.compile(r"[0-9a-f]{64}")


def text_of(*pages: str) -> str:
    """What people read."""
    return "\n".join(read(page).text for page in pages)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_played_exercise_reads_as_written_down(language: str) -> None:
    play = played(language)
    pages = summary_pages(play.exercise, language, play.log)
    assert SEAL.sub("SEAL", "\n---\n".join(pages)) + "\n" == (GOLDEN / f"summary.{language}.html").read_text("utf-8")


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_units_summary_reads_as_written_down(language: str) -> None:
    (page,) = unit_pages(played(language).exercise, "dalmas", language)
    assert page + "\n" == (GOLDEN / f"unit.{language}.html").read_text("utf-8")


def test_the_seal_is_printed_whole() -> None:
    play = played()
    assert f"<code>{play.log[-1].hash}</code>" in "\n".join(summary_pages(play.exercise, "id", play.log))
    assert not SEAL.search("\n".join(summary_pages(play.exercise, "id")))


def test_lines_are_short_enough_for_a_phone() -> None:
    play = played()
    lines = text_of(*summary_pages(play.exercise, "id", play.log)).split("\n")
    long = [line for line in lines if len(line) > PHONE + 4]
    prose = ("TERIMA berarti", "Ada: perlu", "⊘ Medis", "■ 09.26", "⏸ 09.11", "- J+00:15")
    assert [line for line in long if not line.startswith(prose) and not SEAL.fullmatch(line)] == []


@pytest.mark.parametrize("units", [1, 15, 60])
def test_the_table_of_units_fits_its_columns(units: int) -> None:
    play = Play(an_exercise(a_wide_scenario(units, 12, unit_name="Polsek Kecamatan Nomor {n}"))).startex().to(900)
    pages = summary_pages(play.endex(900).exercise, "id")
    tables = [table for page in pages for table in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)]
    rows = [row for table in tables for row in table.split("\n")]
    assert len(rows) >= min(units, 40) + 1
    assert {len(row) for row in rows} == {TABLE_COLUMNS}
    assert TABLE_COLUMNS <= 36, "what a phone shows of a monospaced line"


def test_of_many_units_those_with_most_to_mend_come_first() -> None:
    play = Play(an_exercise(a_wide_scenario(50, 1))).startex()
    play.acknowledge(5, "I-000", *(f"u{number}" for number in range(1, 51) if number != 44)).endex(100)
    text = text_of(*summary_pages(play.exercise, "en"))
    table = text[text.index("By unit") :].split("\n")
    assert table[2].startswith("Satuan 44")
    assert "… and 10 more" in table


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_hundred_units_and_two_hundred_injects_with_hostile_names_fit(language: str) -> None:
    scenario = a_wide_scenario(100, 200, unit_name="{n} " + HOSTILE.replace("{", ""), every=61)
    exercise = an_exercise(scenario, name=HOSTILE, language=language)
    play = Play(exercise, trouble={("I-003", "u9"): "failed", ("I-004", "u9"): "uncertain"}).startex()
    for inject in range(200):
        units = [f"u{number}" for number in range(1, 101) if (number + inject) % 7]
        play.acknowledge(inject * 61 + 20, f"I-{inject:03d}", *units[:80])
    play.stand_still(12205, 12210, HOSTILE).endex(12300)
    pages = [*summary_pages(play.exercise, language, play.log), *unit_pages(play.exercise, "u9", language)]
    assert 5 < len(pages) <= 2 * MOST_PAGES
    for page in pages:
        found = read(page)
        assert 0 < found.length <= LONGEST_PAGE
        assert not page.startswith("\n")
        assert "\u202e" not in found.text
    assert len(play.exercise.injects["I-000"].deliveries) == 100


def test_no_line_is_lost_between_pages() -> None:
    play = Play(an_exercise(a_wide_scenario(15, 50))).startex()
    for inject in range(50):
        play.acknowledge(inject * 60 + 7, f"I-{inject:03d}", "u1", "u2", "u3")
    play.endex(3100)
    text = text_of(*summary_pages(play.exercise, "en"))
    heads = re.findall(r"^\d\d:\d\d:\d\d · T\+[\d:]+ · (I-\d+)$", text, re.MULTILINE)
    assert heads == [f"I-{number:03d}" for number in range(50)]
    assert text.count("✓ Satuan 1 6.5 s · Satuan 2 6.5 s\n✓ Satuan 3 6.5 s\n") == 50
    assert "more lines" not in text


@pytest.mark.parametrize("unit", ["posko", "dalmas", "medis", "humas"])
def test_a_units_summary_names_no_other_unit_or_person(unit: str) -> None:
    play = played()
    text = text_of(*unit_pages(play.exercise, unit, "id"))
    for other, seat in play.exercise.seats.items():
        assert not any(leader in text for leader in seat.leaders.values())
        if other != unit:
            assert play.exercise.scenario.units[other].name.in_language("id") not in text
    own = [run.id for run in play.exercise.injects.values() if unit in run.deliveries]
    assert re.findall(r"\b[IC]-\d\d\b", text.split("\n\n")[2]) == own_in_order(play, own)


def own_in_order(play: Play, inject_ids: list[str]) -> list[str]:
    """The injects as they came."""
    return sorted(inject_ids, key=lambda inject: play.exercise.injects[inject].due_at or STARTEX)


def test_what_other_units_do_does_not_change_a_units_summary() -> None:
    pages = []
    summaries = []
    for others in (3, 77):
        play = Play(an_exercise(a_wide_scenario(3, 4, every=100))).startex()
        play.acknowledge(2, "I-000", "u1").acknowledge(others, "I-000", "u2", "u3").acknowledge(170, "I-001", "u1")
        pages.append(unit_pages(play.endex(400).exercise, "u1", "id"))
        summaries.append(summary_pages(play.exercise, "id"))
    assert pages[0] == pages[1]
    assert summaries[0] != summaries[1]


def test_before_startex_there_is_nothing_to_tell() -> None:
    (page,) = summary_pages(an_exercise(), "en")
    assert text_of(page).endswith("PREPARING\n\nSTARTEX has not been given.")
    (page,) = unit_pages(an_exercise(), "posko", "en")
    assert text_of(page).endswith("This unit received no injects.")


def test_an_exercise_under_way_can_be_summed_up_too() -> None:
    play = Play(an_exercise()).startex().acknowledge(10.5, "I-01", "posko").to(30)
    play.take(pause(play.exercise, DIRECTOR, STARTEX + timedelta(seconds=40), "Hujan"))
    text = text_of(*summary_pages(play.exercise, "en"))
    assert "Since 09:00:00 WIB, no ENDEX yet" in text
    assert "Acknowledged in time: 1 of 4\nLate 0 · missed 0 · open 3" in text
    assert "⏸ 09:00:40 · T+00:00:40 · PAUSEX still lasts: Hujan" in text
    assert "· ENDEX" not in text


def test_an_aborted_exercise_says_so() -> None:
    play = Play(an_exercise()).startex()
    play.abort(400, "Hujan badai")
    text = text_of(*summary_pages(play.exercise, "en"))
    assert "\nABORTED\n" in text
    assert "T+00:06:40 · ABORTED\nNot reached:\n- I-03 · I-04 · I-05" in text


def test_units_that_never_joined_are_named_once() -> None:
    exercise = an_exercise(a_wide_scenario(3, 7), unbound=["u2"])
    play = Play(exercise).startex().endex(500)
    text = text_of(*summary_pages(play.exercise, "en"))
    line = "- Satuan 2: not sent: I-000, I-001, I-002, I-003, … and 3 more (not joined)"
    assert text.count(line) == 1


def test_a_decision_taken_late_is_marked_and_gives_its_reason() -> None:
    play = Play(an_exercise()).startex().decide(600 + 300, "I-03", "posko", "pantau", "Massa kecil").endex(1000)
    text = text_of(*summary_pages(play.exercise, "en"))
    assert "⚠ Only watch · 300 s\nReason: Massa kecil" in text
    assert "Decisions: 1 taken · 0 silent" in text


def test_an_exercise_past_midnight_names_the_new_day() -> None:
    play = Play(an_exercise(timezone="Asia/Jayapura")).startex()
    play.take(delay(play.exercise, "I-09", timedelta(hours=16), DIRECTOR, STARTEX))
    play.to(16 * 3600 + 3000).endex(17 * 3600)
    text = text_of(*summary_pages(play.exercise, "en"))
    assert "11:00:00 to 04:00:00 (Tuesday, 17 October 2023) WIT" in text
    assert "\nTuesday, 17 October 2023\n03:50:00 · T+16:50:00 · I-09\n" in text


def test_an_inject_left_out_before_anything_went_out_has_a_place_and_no_day() -> None:
    inject = {"id": "I-1", "at": "1m", "to": ["all"], "text": "Hujan"}
    play = Play(an_exercise(a_scenario(injects=[inject]))).startex().skip(0, "I-1", "Sudah reda").endex(1000)
    assert "T+00:01:00 · I-1 skipped: Sudah reda" in text_of(*summary_pages(play.exercise, "en"))


def test_an_inject_that_asks_nothing_lists_who_was_told() -> None:
    inject = {"id": "I-1", "at": "0s", "to": ["all"], "text": "Hujan", "kind": "information"}
    play = Play(an_exercise(a_scenario(injects=[inject]))).startex().endex(10)
    text = text_of(*summary_pages(play.exercise, "en"))
    assert "No answers were asked for." in text
    assert "→ Ops post · Follow-on · Medical\n→ Information" in text
