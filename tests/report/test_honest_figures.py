"""The figures claim nothing that is not known: each promise of the report by itself."""

from datetime import timedelta
from typing import Any

import pytest
from scipy.stats import CensoredData, ecdf

from bot.exercise.answers import acknowledge
from bot.exercise.figures import figures
from bot.exercise.survival import Bound
from bot.report.account import Account, account
from bot.report.chart import chart_svg
from bot.report.chart_plan import Plan
from bot.report.spans import Span, SpanKind
from bot.report.tables import Seconds, Table, tables
from bot.report.timeline import summary_pages, unit_pages
from bot.texts.catalogue import say
from tests.builders import STARTEX, Play, a_scenario, a_wide_scenario, an_exercise, leader_of, played


def told_of(play: Play) -> Account:
    return account(play.exercise, play.log)


def a_table(play: Play, key: str) -> Table:
    return next(table for table in tables(told_of(play), "en") if table.key == key)


def a_drill(*injects: dict[str, Any]) -> Play:
    """An exercise of these injects alone, begun."""
    return Play(an_exercise(a_scenario(injects=list(injects)))).startex()


def test_asked_in_time_late_missed_and_open_are_kept_apart_and_add_up() -> None:
    told = told_of(played())
    for numbers in (told.overall, *told.by_unit.values(), *told.by_inject.values()):
        assert numbers.asked == numbers.acknowledged + numbers.missed + numbers.open
        assert numbers.late <= numbers.acknowledged
    units = a_table(played(), "units")
    counts = zip(*(units.column(key) for key in ("asked", "in_time", "late", "missed", "open")), strict=True)
    assert all(row[0] == sum(int(str(cell)) for cell in row[1:]) for row in counts)


def test_one_that_never_came_counts_as_at_least_its_deadline_as_kaplan_and_meier_have_it() -> None:
    play = Play(an_exercise(a_wide_scenario(10, 1))).startex()
    taken = {"u1": 5.0, "u2": 9.0, "u3": 20.0, "u4": 31.0, "u5": 44.0, "u6": 58.0}
    for unit, seconds in taken.items():
        play.acknowledge(0.5 + seconds, "I-000", unit)
    play.endex(0.5 + 60)
    numbers = figures(play.exercise)
    judge = ecdf(CensoredData(uncensored=list(taken.values()), right=[60.0] * 4)).cdf
    median = min(float(at) for at in judge.quantiles if judge.evaluate(at) >= 0.5 - 1e-9)
    assert (numbers.median_seconds, numbers.median_at_least) == (median, False) == (44.0, False)
    # Of the answers given alone, the median would have been 20 s: those who kept silent would have helped.
    assert (numbers.p90_seconds, numbers.p90_at_least) == (60.0, True)
    assert (numbers.worst_seconds, numbers.worst_at_least) == (60.0, True)


@pytest.mark.parametrize("real", [False, True])
def test_what_the_exercise_stood_still_counts_in_no_time(*, real: bool) -> None:
    steps = {"kind": "order", "acknowledge": {"within": "5m"}, "progress": ["done"], "evidence": [{"kind": "text"}]}
    plays = [a_drill({"id": "I-1", "at": "0s", "to": ["medis"], "text": "x", **steps}) for _ in range(2)]
    still = 600
    plays[1].stand_still(10, 10 + still, real=real)
    for play, later in zip(plays, (0, still), strict=True):
        play.acknowledge(later + 30.5, "I-1", "medis").progress(later + 60.5, "I-1", "medis", "done")
        play.report(later + 90.5, "I-1", "medis", "Selesai").endex(later + 200)
    for key in ("units", "answers", "spans", "hand_overs", "evidence", "reports"):
        straight, stopped = (
            [cell for row in a_table(play, key).rows for cell in row if isinstance(cell, Seconds)] for play in plays
        )
        assert straight == stopped, key
        assert straight, key


def test_a_time_known_only_as_an_upper_bound_is_marked_everywhere() -> None:
    play = Play(an_exercise(a_wide_scenario(1, 1))).startex().acknowledge(30.5, "I-000", "u1", exact=False).endex(90)
    (took,) = a_table(play, "answers").column("took")
    assert took == Seconds(30.0, "≤")
    assert a_table(play, "answers").column("remark") == ["at most"]
    assert "≤30 s" in "".join(summary_pages(play.exercise, "en", play.log))
    assert "≤30 s" in "".join(unit_pages(play.exercise, "u1", "en"))
    assert ("upper_bounds", 1) in {(each.key, each.number) for each in told_of(play).unmeasured}


def test_a_decision_and_a_step_known_only_as_upper_bounds_are_marked_everywhere() -> None:
    decision = {"by": "medis", "within": "2m", "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}
    inject = {"id": "I-1", "at": "0s", "to": ["medis"], "text": "x", "kind": "decision", "decision": decision}
    play = a_drill({**inject, "acknowledge": {"within": "2m"}, "progress": ["done"]}).acknowledge(10.5, "I-1", "medis")
    play.decide(30.5, "I-1", "medis", "a", exact=False).progress(60.5, "I-1", "medis", "done", exact=False).endex(90)
    assert a_table(play, "decisions").column("took") == [Seconds(30.0, "≤")]
    for pages in (summary_pages(play.exercise, "en", play.log), unit_pages(play.exercise, "medis", "en")):
        assert "◆" in "".join(pages)
        assert "A · ≤30 s" in "".join(pages)
    assert "≤60 s" in "".join(unit_pages(play.exercise, "medis", "en"))
    (bar,) = Plan(play.exercise, "en", 1400).bars
    assert bar.diamond is not None
    assert (bar.at_most, bar.diamond.at_most) == (False, True)
    assert say("en", "report.chart.upper_bound").encode() in chart_svg(play.exercise, "en")


def span(play: Play, kind: SpanKind) -> Span:
    return next(span for span in told_of(play).spans if span.kind is kind)


def test_a_decision_that_was_not_taken_is_in_the_times_of_decisions() -> None:
    found = span(played(), SpanKind.DECISION)
    assert (found.asked, found.came) == (2, 1)
    assert found.median == Bound(45.0)
    assert found.worst == Bound(90.0, at_least=True)


def test_the_time_of_evidence_runs_until_all_of_it_is_there() -> None:
    asked = {"evidence": [{"kind": "text"}, {"kind": "photo"}]}
    play = a_drill({"id": "I-1", "at": "0s", "to": ["medis", "humas", "posko"], "text": "x", **asked})
    play.report(20.5, "I-1", "medis", "Aman").report(30.5, "I-1", "humas", "Aman")
    play.report(50.5, "I-1", "medis", "", kind="photo").endex(200.5)
    found = span(play, SpanKind.EVIDENCE)
    assert (found.asked, found.came) == (3, 1)
    assert found.worst == Bound(200.0, at_least=True)
    evidence = a_table(play, "evidence")
    assert evidence.column("missing") == ["text, photo", "", "photo"]
    assert evidence.column("took") == [None, Seconds(50.0), Seconds(30.0)]
    assert a_table(play, "reports").column("took") == [Seconds(20.0), Seconds(30.0), Seconds(50.0)]


def test_a_report_that_answers_no_inject_has_no_time() -> None:
    play = Play(an_exercise()).startex().report(20, None, "posko", "Hujan").endex(60)
    assert a_table(play, "reports").column("took") == [None]


def test_from_order_to_effect_counts_the_last_step_and_those_who_never_got_there() -> None:
    inject = {"id": "I-1", "at": "0s", "to": ["medis", "humas"], "text": "x", "progress": ["underway", "done"]}
    play = a_drill({**inject, "acknowledge": {"within": "60s"}})
    play.acknowledge(2, "I-1", "medis", "humas").progress(10.5, "I-1", "medis", "underway")
    play.progress(40.5, "I-1", "medis", "done").progress(15.5, "I-1", "humas", "underway").endex(300.5)
    found = span(play, SpanKind.EFFECT)
    assert (found.asked, found.came, found.median) == (2, 1, Bound(40.0))
    assert found.worst == Bound(300.0, at_least=True)


def test_reminders_that_were_needed_are_counted_by_unit() -> None:
    inject = {"id": "I-1", "at": "0s", "to": ["medis", "humas"], "text": "x"}
    play = a_drill({**inject, "acknowledge": {"within": "60s", "remind": "30s"}})
    play.acknowledge(10, "I-1", "medis").acknowledge(50, "I-1", "humas").endex(100)
    told = told_of(play)
    assert {unit: told.by_unit[unit].reminded for unit in ("medis", "humas")} == {"medis": 0, "humas": 1}


@pytest.mark.parametrize(("language", "words"), [("id", "belum tentu dilaksanakan"), ("en", "not carried out")])
def test_the_chat_says_what_a_tap_proves_and_what_it_does_not(language: str, words: str) -> None:
    play = played(language)
    assert words in "".join(summary_pages(play.exercise, language, play.log))
    assert words in "".join(unit_pages(play.exercise, "posko", language))


def test_what_was_not_measured_is_in_the_tables_with_how_often() -> None:
    unmeasured = a_table(played(), "unmeasured")
    assert len(unmeasured.rows) == len(told_of(played()).unmeasured) >= 3
    assert "a tap means read, not done" in str(unmeasured.rows[0][0])


def test_an_answer_that_came_before_telegram_confirmed_the_sending_took_no_time_and_not_less() -> None:
    play = Play(an_exercise(a_wide_scenario(1, 1)), travel=5.0).startex()
    early = STARTEX + timedelta(seconds=2)
    play.take(acknowledge(play.exercise, "I-000", "u1", leader_of(play.exercise, "u1"), early))
    play.endex(100)
    assert a_table(play, "answers").column("took") == [Seconds(0.0)]
