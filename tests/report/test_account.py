"""The account: what every form of the report is made from."""

from datetime import timedelta

from bot.exercise.model import Cause
from bot.report.account import Unmeasured, account
from bot.report.record import record_of
from bot.report.standing import Standing
from tests.builders import Play, played


def test_every_branch_names_what_brought_it() -> None:
    told = account(played().exercise, played().log)
    assert [(branch.run.id, branch.cause, branch.because, branch.option) for branch in told.branches] == [
        ("C-01", Cause.CHOICE, "I-03", "lapis"),
        ("C-02", Cause.SILENCE, "I-05", ""),
        ("C-03", Cause.DIRECTOR, "", ""),
    ]


def test_from_order_to_effect_a_step_counts_before_a_report() -> None:
    told = account(played().exercise, played().log)
    assert [(gap.run.id, gap.delivery.unit, gap.step, gap.taken) for gap in told.hand_overs] == [
        # Ordered at 10.45 of the exercise clock, reported at 14.30 by the wall, three minutes of it a pause.
        ("C-01", "dalmas", "", timedelta(seconds=44)),
        ("I-05", "dalmas", "underway", timedelta(seconds=29.5)),
    ]


def test_what_the_figures_do_not_tell_is_listed() -> None:
    assert account(played().exercise, played().log).unmeasured == [
        Unmeasured("carried_out"),
        Unmeasured("on_the_phone"),
        Unmeasured("elsewhere"),
        Unmeasured("not_arrived", 1),
        Unmeasured("unsure", 1),
        Unmeasured("open", 1),
        Unmeasured("upper_bounds", 1),
    ]


def test_the_slowest_answer_is_found_of_one_unit_and_of_all() -> None:
    told = account(played().exercise, played().log)
    overall, dalmas = told.slowest(), told.slowest("dalmas")
    assert overall is not None
    assert (overall.run.id, overall.delivery.unit, overall.standing) == ("I-02", "medis", Standing.LATE)
    assert dalmas is not None
    assert (dalmas.run.id, dalmas.taken) == ("I-03", timedelta(seconds=25))


def test_an_inject_that_nobody_answered_is_named() -> None:
    play: Play = played()
    assert [run.id for run in account(play.exercise, play.log).unanswered()] == ["I-06", "I-08"]


def test_the_record_tells_decisions_branches_and_people() -> None:
    document = record_of(account(played().exercise, played().log))
    taken, silent = document["decisions"]
    assert (taken["inject"], taken["offered"], taken["option"], taken["seconds"]) == (
        "I-03",
        ["lapis", "pantau"],
        "lapis",
        45.0,
    )
    assert (silent["inject"], silent["option"], silent["silent"]) == ("I-05", None, True)
    assert document["branches"][1] == {
        "inject": "C-02",
        "cause": "silence",
        "because": "I-05",
        "option": None,
        "at": "2023-10-16T02:24:30.500000Z",
    }
    assert document["figures"]["people"] == 4
    assert document["figures"]["injects"]["I-01"]["asked"] == 4
