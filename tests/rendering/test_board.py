"""The board: where the exercise and every unit stand, on a phone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.exercise.conduct import pause, realworld
from bot.messages import Board
from bot.report.names import columns
from bot.wire.rendering.render import render
from bot.wire.rendering.view import Deaf
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, a_wide_scenario, an_exercise, played
from tests.rendering.reading import lines, rendered, seen, units, view_of

BOARD = Board(exercise=7)


def unit_lines(shown: list[str], title: str = "Satuan") -> list[str]:
    return shown[shown.index(title) + 1 : -1]


def test_the_board_shows_the_exercise_and_its_units_at_a_glance() -> None:
    play = Play(an_exercise(unbound=["humas"])).startex()
    play.acknowledge(30, "I-01", "posko").acknowledge(350, "I-02", "dalmas").to(620)
    play.acknowledge(630, "I-03", "posko")
    assert lines(rendered(BOARD, play.exercise, 630)) == [
        "LATIHAN LATIHAN LATIHAN",
        "PAPAN · Latihan 7",
        "Sispamkota 2023",
        "J+00:10:30 · BERJALAN",
        "Pukul 09.10.30 WIB",
        "Fase: Unjuk rasa",
        "Situasi: KUNING",
        "Terakhir: I-03 J+00:10:00",
        "Berikut: I-04 J+00:15:00",
        "Satuan",
        "⏳ Posko Ops · I-03 sisa 1:30",
        "⏳ Dalmas Lanjut · I-03 sisa 0:30",
        "❌ Medis · I-02 tak dijawab",
        "⚪ Sihumas · belum bergabung",
        "LATIHAN LATIHAN LATIHAN",
    ]


def test_the_board_reads_in_english_too() -> None:
    play = Play(an_exercise()).startex().acknowledge(90, "I-01", "posko", "dalmas").to(120)
    assert lines(rendered(BOARD, play.exercise, 120, "en"))[1:] == [
        "BOARD · Exercise 7",
        "Sispamkota 2023",
        "T+00:02:00 · RUNNING",
        "At 09:02:00 WIB",
        "Phase: Opening",
        "Last: I-01 T+00:00:00",
        "Next: I-02 T+00:05:00",
        "Units",
        "🟠 Ops post · I-01 late",
        "🟠 Follow-on · I-01 late",
        "❌ Medical · I-01 missed",
        "❌ Information · I-01 missed",
        "EXERCISE EXERCISE EXERCISE",
    ]


def test_a_unit_that_answered_in_time_has_nothing_beside_its_name() -> None:
    play = Play(an_exercise()).startex().acknowledge(20, "I-01", "posko")
    assert unit_lines(lines(rendered(BOARD, play.exercise, 30)))[0] == "✅ Posko Ops"


def test_a_missed_inject_is_shown_until_the_unit_answers_again() -> None:
    play = Play(an_exercise()).startex().acknowledge(320, "I-02", "dalmas").to(360)
    assert unit_lines(lines(rendered(BOARD, play.exercise, 360)))[1:3] == [
        "✅ Dalmas Lanjut",
        "⏳ Medis · I-02 sisa 0:00",
    ]
    play.to(361)
    assert unit_lines(lines(rendered(BOARD, play.exercise, 361)))[2] == "❌ Medis · I-02 tak dijawab"


def test_an_undecided_decision_is_missed_though_it_was_acknowledged() -> None:
    play = Play(an_exercise()).startex().acknowledge(610, "I-03", "posko").to(800)
    assert unit_lines(lines(rendered(BOARD, play.exercise, 800)))[0] == "❌ Posko Ops · I-03 tak dijawab"


def test_a_unit_that_cannot_be_reached_says_so() -> None:
    exercise = Play(an_exercise(), trouble={("I-01", "medis"): "failed"}).startex().exercise
    shut_out = replace(exercise.seats["dalmas"], unreachable="Forbidden")
    exercise = exercise.evolve(seats={**exercise.seats, "dalmas": shut_out})
    assert unit_lines(lines(rendered(BOARD, exercise, 5)))[1:3] == [
        "🚫 Dalmas Lanjut · tak terjangkau",
        "📵 Medis · I-01 gagal dikirim",
    ]


def test_before_startex_nothing_is_open_and_the_schedule_is_shown() -> None:
    exercise = an_exercise().evolve(scheduled_at=STARTEX)
    shown = lines(rendered(BOARD, exercise, -60))
    assert "J+00:00:00 · PERSIAPAN" in shown
    assert "STARTEX pukul 09.00.00 WIB" in shown
    assert unit_lines(shown) == ["🔹 Posko Ops", "🔹 Dalmas Lanjut", "🔹 Medis", "🔹 Sihumas"]


def test_a_question_that_waits_for_the_director_is_on_the_board() -> None:
    gated = {
        "id": "I-02",
        "at": "1m",
        "to": ["posko"],
        "text": "Lanjut",
        "requires": {"all": [{"inject": "I-01", "acknowledged": True}], "otherwise": "ask"},
    }
    first = {"id": "I-01", "at": "0s", "to": ["posko"], "text": "Siaga", "acknowledge": {"within": "5m"}}
    play = Play(an_exercise(a_scenario(injects=[first, gated]))).startex().to(61)
    shown = lines(rendered(BOARD, play.exercise, 61))
    assert "❓ I-02: kirim atau lewati?" in shown
    assert "Berikut: tidak ada" in shown


def test_a_clock_that_stands_still_says_why() -> None:
    exercise = Play(an_exercise()).startex().to(100).exercise
    at = STARTEX + timedelta(seconds=100)
    paused = pause(exercise, DIRECTOR, at).exercise
    assert "J+00:01:40 · PAUSEX (JEDA)" in lines(rendered(BOARD, paused, 900))
    real = realworld(exercise, DIRECTOR, at).exercise
    assert "J+00:01:40 · BERHENTI: KEJADIAN NYATA" in lines(rendered(BOARD, real, 900))


def test_after_endex_nothing_is_open() -> None:
    shown = lines(rendered(BOARD, played().exercise, 3_000))
    assert "Berikut: tidak ada" in shown
    assert not [line for line in shown if "⏳" in line]


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_phone_of_forty_columns_shows_no_broken_line(language: str) -> None:
    scenario = a_wide_scenario(40, 5, unit_name="Satuan Pengamanan Objek Vital Nasional {n}")
    exercise = (
        Play(an_exercise(scenario, name="Simulasi Sistem Pengamanan Kota Pasuruan 2023")).startex().to(70).exercise
    )
    shown = lines(rendered(BOARD, exercise, 70, language))
    assert len(shown) > 40
    assert all(columns(line) <= 40 for line in shown)


def test_with_many_units_only_those_that_need_attention_are_listed() -> None:
    scenario = a_wide_scenario(60, 2, every=600)
    play = Play(an_exercise(scenario)).startex()
    play.acknowledge(10, "I-000", *[f"u{n}" for n in range(1, 59)]).acknowledge(65, "I-000", "u59").to(70)
    shown = lines(rendered(BOARD, play.exercise, 70))
    title = shown.index("Satuan yang perlu perhatian")
    assert shown[title + 1 : -1] == [
        "✅ 58 · 🟠 1 · ❌ 1",
        "❌ Satuan 60 · I-000 tak dijawab",
        "🟠 Satuan 59 · I-000 terlambat",
    ]


def test_with_many_units_all_in_order_the_board_says_that_none_needs_attention() -> None:
    exercise = an_exercise(a_wide_scenario(60, 2))
    assert lines(rendered(BOARD, exercise))[-3:-1] == ["🔹 60", "Tidak ada."]


def test_a_thousand_silent_units_fit_into_one_message() -> None:
    exercise = Play(an_exercise(a_wide_scenario(1_000, 1, unit_name="Satuan <{n}> & kawan"))).startex().to(70).exercise
    shown = rendered(BOARD, exercise, 70)
    assert units(seen(shown)) <= 4_096
    assert lines(shown)[-2].startswith("… dan ")


def test_the_board_says_so_when_people_are_not_heard() -> None:
    play = Play(an_exercise()).startex().to(120)
    deaf = Deaf(STARTEX + timedelta(seconds=90), "Conflict: terminated by other getUpdates request <b>" + "x" * 200)
    shown = lines(render(BOARD, replace(view_of(play.exercise, 120), deaf=deaf)))
    [warning] = [line for line in shown if "sejak" in line]
    assert "09.01.30 WIB" in warning
    assert "Conflict: terminated" in warning
    assert len(warning) < 250


@pytest.mark.parametrize("name", ["Satuan Dalmas Polres Pasuruan Kota {n}", "{n} Satuan Dalmas Polres Pasuruan Kota"])
def test_a_hundred_units_with_long_names_are_told_apart(name: str) -> None:
    scenario = a_wide_scenario(100, 1, unit_name=name)
    play = Play(an_exercise(scenario, unbound=("u99", "u100"))).startex()
    play.acknowledge(20, "I-000", *[f"u{n}" for n in range(1, 60)]).to(70)
    shown = lines(rendered(BOARD, play.exercise, 70))
    missed = [line for line in shown if line.startswith("❌") and "tak dijawab" in line]
    assert len(missed) == len(set(missed)) == 39
    assert all(columns(line) <= 40 for line in shown)
    assert [line[0] for line in shown[-3:-1]] == ["⚪", "⚪"]
