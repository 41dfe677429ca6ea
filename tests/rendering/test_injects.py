"""An inject in its unit's chat, from its arrival to its answers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.buttons import ButtonData, Verb
from bot.exercise.model import Exercise
from bot.exercise.people import Person
from bot.messages import InjectPost
from bot.wire.rendering.render import render
from bot.wire.rendering.rendered import Rendered
from scenarios.library import bundled, read_bundled
from scenarios.model import Scenario, Text
from tests.builders import STARTEX, Play, a_scenario, an_exercise
from tests.rendering.reading import labels, lines, rendered, seen, units, view_of

ORDER = {
    "id": "I-01",
    "at": "2m",
    "to": ["posko"],
    "from": {"id": "Karendalops", "en": "Operations controller"},
    "text": {"id": "Laporkan <kesiapan> & posisi.", "en": "Report readiness & position."},
    "situation": "hijau",
    "location": {"lat": -7.6453, "lon": 112.9075, "name": {"id": "Lapangan", "en": "The field"}},
    "acknowledge": {"within": "90s"},
    "evidence": [{"kind": "photo"}, {"kind": "location", "within": "2m"}],
    "progress": ["underway", "lapis-ganti", "done"],
}
DECISION = {
    "id": "I-02",
    "at": "3m",
    "to": ["posko", "dalmas"],
    "kind": "decision",
    "text": "Keputusan?",
    "acknowledge": {"within": "60s", "by": "leader"},
    "decision": {
        "by": "posko",
        "within": "2m",
        "options": [
            {"id": "a", "text": {"id": "Pisahkan rute", "en": "Separate routes"}, "reason": "required"},
            {"id": "b", "text": "Pantau saja"},
        ],
    },
}
PLAIN = {"id": "I-03", "at": "4m", "to": ["posko"], "kind": "information", "text": "Tahu saja.", "progress": ["ready"]}


def play(*injects: dict[str, Any], language: str = "id") -> Play:
    return Play(an_exercise(a_scenario(injects=list(injects)), language=language)).startex()


def post(played: Play, inject: str = "I-01", unit: str = "posko", language: str = "id", second: float = 0) -> Rendered:
    return rendered(InjectPost(exercise=7, inject=inject, unit=unit), played.exercise, second, language)


def test_an_inject_arrives_with_all_that_it_asks_for() -> None:
    shown = post(play(ORDER).to(130))
    assert lines(shown) == [
        "LATIHAN LATIHAN LATIHAN",
        "I-01 · J+00:02:00 · Karendalops",
        "Situasi HIJAU",
        "Tempat: Lapangan (-7.64530, 112.90750)",
        "",
        "Laporkan <kesiapan> & posisi.",
        "",
        "Jawab dalam 1 mnt 30 dtk.",
        "Balas pesan ini dengan: foto, lokasi (dalam 2 mnt).",
        "LATIHAN LATIHAN LATIHAN",
    ]
    assert "<b>I-01 · J+00:02:00 · Karendalops</b>" in shown.text
    assert labels(shown) == [["TERIMA"]]


def test_an_inject_reads_in_the_language_of_the_chat() -> None:
    shown = post(play(ORDER).to(130), language="en")
    assert lines(shown) == [
        "EXERCISE EXERCISE EXERCISE",
        "I-01 · T+00:02:00 · Operations controller",
        "Situation GREEN",
        "Place: The field (-7.64530, 112.90750)",
        "",
        "Report readiness & position.",
        "",
        "Answer within 1 min 30 s.",
        "Reply to this message with: photo, location (within 2 min).",
        "EXERCISE EXERCISE EXERCISE",
    ]
    assert labels(shown) == [["ACKNOWLEDGE"]]


def test_the_first_button_acknowledges_that_delivery() -> None:
    played = play(ORDER).to(130)
    reference = played.exercise.injects["I-01"].deliveries["posko"].reference
    [[button]] = post(played).buttons
    assert ButtonData.unpack(button.data) == ButtonData(Verb.ACKNOWLEDGE, reference)


def test_an_acknowledged_inject_says_by_whom_and_after_how_long_and_offers_the_steps() -> None:
    played = play(ORDER).acknowledge(143.75, "I-01", "posko")
    shown = post(played)
    assert "✅ Diterima oleh Pimpinan posko · 23 dtk" in lines(shown)
    assert "Jawab dalam 1 mnt 30 dtk." not in lines(shown)
    assert labels(shown) == [["Dilaksanakan", "Lapis ganti"], ["Selesai"]]


def test_a_quick_answer_shows_a_tenth_of_a_second() -> None:
    played = play(ORDER).acknowledge(124.75, "I-01", "posko")
    assert "✅ Acknowledged by Pimpinan posko · 4.2 s" in lines(post(played, language="en"))


def test_a_late_acknowledgement_is_marked_late() -> None:
    played = play(ORDER).acknowledge(240.5, "I-01", "posko")
    assert "✅ Diterima oleh Pimpinan posko · 2 mnt · TERLAMBAT" in lines(post(played))


def test_a_time_that_is_only_an_upper_bound_says_so() -> None:
    played = play(ORDER).acknowledge(140.5, "I-01", "posko", exact=False)
    assert "✅ Diterima oleh Pimpinan posko · paling lama 20 dtk" in lines(post(played))


def test_the_moment_of_a_step_or_a_decision_that_is_only_an_upper_bound_says_so() -> None:
    steps = play(ORDER).acknowledge(143.75, "I-01", "posko").progress(160, "I-01", "posko", "lapis-ganti", exact=False)
    assert "▪ Lapis ganti · ≤ J+00:02:40 · Pimpinan posko" in lines(post(steps))
    decided = play(DECISION).acknowledge(185.5, "I-02", "posko").decide(200.5, "I-02", "posko", "b", exact=False)
    assert any(line.endswith("Pimpinan posko · paling lama 20 dtk") for line in lines(post(decided, "I-02")))


def test_a_reported_step_is_listed_with_its_time_and_no_longer_offered() -> None:
    played = play(ORDER).acknowledge(143.75, "I-01", "posko").progress(160, "I-01", "posko", "lapis-ganti")
    shown = post(played)
    assert "▪ Lapis ganti · J+00:02:40 · Pimpinan posko" in lines(shown)
    assert labels(shown) == [["Dilaksanakan", "Selesai"]]
    data = [ButtonData.unpack(button.data) for row in shown.buttons for button in row]
    assert [each.choice for each in data if each] == ["0", "2"]


def test_the_deciding_unit_gets_an_option_on_each_row_once_it_has_acknowledged() -> None:
    played = play(DECISION).to(185)
    assert labels(post(played, "I-02")) == [["TERIMA"]]
    assert "Pimpinan satuan menjawab dalam 1 mnt." in lines(post(played, "I-02"))
    assert "Pimpinan satuan memutuskan dalam 2 mnt." in lines(post(played, "I-02"))
    played.acknowledge(190, "I-02", "posko")
    shown = post(played, "I-02")
    assert labels(shown) == [["Pisahkan rute"], ["Pantau saja"]]
    data = [ButtonData.unpack(button.data) for row in shown.buttons for button in row]
    assert [(each.verb, each.choice) for each in data if each] == [(Verb.DECIDE, "0"), (Verb.DECIDE, "1")]


def test_another_unit_is_told_who_decides_and_gets_no_option() -> None:
    played = play(DECISION).acknowledge(190, "I-02", "dalmas")
    shown = post(played, "I-02", "dalmas")
    assert "Keputusan ada pada Posko Ops." in lines(shown)
    assert shown.buttons == ()


def test_a_decision_is_shown_with_who_took_it_after_how_long_and_why() -> None:
    played = play(DECISION).acknowledge(190, "I-02", "posko").decide(225.5, "I-02", "posko", "a", "Jalan sempit")
    shown = post(played, "I-02")
    assert lines(shown)[-4:] == [
        "✅ Diterima oleh Pimpinan posko · 9,5 dtk",
        "✅ Keputusan: Pisahkan rute · Pimpinan posko · 45 dtk",
        "Alasan: Jalan sempit",
        "LATIHAN LATIHAN LATIHAN",
    ]
    assert shown.buttons == ()
    assert "✅ Decision: Separate routes · Pimpinan posko · 45 s" in lines(post(played, "I-02", language="en"))


def test_a_late_decision_is_marked_late() -> None:
    played = play(DECISION).acknowledge(190, "I-02", "posko").decide(330.5, "I-02", "posko", "b")
    assert "✅ Keputusan: Pantau saja · Pimpinan posko · 2 mnt 30 dtk · TERLAMBAT" in lines(post(played, "I-02"))


def test_paused_time_does_not_count() -> None:
    played = play(ORDER).to(130)
    played.stand_still(130, 430).acknowledge(433.5, "I-01", "posko")
    assert "✅ Diterima oleh Pimpinan posko · 13 dtk" in lines(post(played))


def test_where_no_acknowledgement_is_asked_the_steps_are_offered_at_once() -> None:
    shown = post(play(PLAIN).to(250), "I-03")
    assert lines(shown)[1:] == [
        "I-03 · J+00:04:00 · Pengendali latihan",
        "Informasi",
        "",
        "Tahu saja.",
        "LATIHAN LATIHAN LATIHAN",
    ]
    assert labels(shown) == [["Siap"]]


@pytest.mark.parametrize("ending", ["endex", "abort"])
def test_nothing_can_be_pressed_when_the_exercise_is_over(ending: str) -> None:
    played = play(ORDER).to(130)
    over = played.endex(140) if ending == "endex" else played.abort(140, "Hujan")
    assert post(over).buttons == ()


def test_a_possible_repeat_says_so_in_either_copy() -> None:
    played = play(ORDER).to(130)
    message = InjectPost(exercise=7, inject="I-01", unit="posko")
    assert "Mungkin terkirim ulang." in lines(render(message, view_of(played.exercise), repeat=True))
    assert "May be a repeat." in lines(render(message, view_of(played.exercise, language="en"), repeat=True))
    assert "Mungkin terkirim ulang." not in lines(render(message, view_of(played.exercise)))
    run = played.exercise.injects["I-01"]
    doubtful = played.exercise.with_delivery(replace(run.deliveries["posko"], possible_duplicate=True))
    assert "Mungkin terkirim ulang." in lines(rendered(message, doubtful))


def test_options_too_long_for_a_button_are_written_out() -> None:
    long = "Kerahkan patroli dan Reskrim, beri tahu KPU dan Bawaslu, lalu hentikan konvoi di Polsek terdekat"
    options = [{"id": "a", "text": long}, {"id": "b", "text": "Pantau"}]
    inject = {**DECISION, "acknowledge": None, "decision": {"by": "posko", "within": "2m", "options": options}}
    shown = post(play(inject).to(185), "I-02")
    assert f"1. {long}" in lines(shown)
    assert "2. Pantau" in lines(shown)
    [[first], [second]] = labels(shown)
    assert first.startswith("1. Kerahkan patroli")
    assert first.endswith("…")
    assert units(first) <= 60
    assert second == "2. Pantau"


def test_an_inject_of_any_length_fits_and_keeps_its_answers() -> None:
    inject = {**ORDER, "text": "🚒<&>" * 3_000}
    shown = post(play(inject).acknowledge(143.75, "I-01", "posko"))
    assert units(seen(shown)) <= 4_096
    assert units(seen(shown)) > 4_000
    assert "✅ Diterima oleh Pimpinan posko · 23 dtk" in lines(shown)
    assert lines(shown)[0] == lines(shown)[-1] == "LATIHAN LATIHAN LATIHAN"


@pytest.mark.parametrize(
    "name", ["<b>Sari</b>&amp;", "Sa\u202eri\nLATIHAN", "محمد", "👩🏽‍🚒" * 500, "x" * 4_000, "\u200b"]
)
def test_whoever_acknowledges_the_message_stays_whole(name: str) -> None:
    played = play(ORDER).to(130)
    played.exercise = _led_by(played.exercise, Person(1001, name))
    played.acknowledge(143.75, "I-01", "posko")
    shown = post(played)
    [line] = [line for line in lines(shown) if line.startswith("✅")]
    assert line.startswith("✅ Diterima oleh ")
    assert line.endswith(" · 23 dtk")
    assert units(line) <= 120


def _led_by(exercise: Exercise, person: Person) -> Exercise:
    seat = replace(exercise.seats["posko"], leaders={person.id: person.name})
    return exercise.evolve(seats={**exercise.seats, "posko": seat})


def _with_canaries(scenario: Scenario) -> Scenario:
    """The scenario with words in the place of its controllers' that stand nowhere else."""
    canary = Text("HANYA-PENGENDALI")
    injects = tuple(inject.model_copy(update={"expect": canary, "notes": canary}) for inject in scenario.injects)
    return scenario.model_copy(update={"injects": injects})


@pytest.mark.parametrize("scenario_id", bundled())
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_controllers_alone_may_know_never_reaches_a_unit(scenario_id: str, language: str) -> None:
    played = Play(an_exercise(_with_canaries(read_bundled(scenario_id)))).startex()
    for second, inject_id in enumerate(tuple(played.exercise.injects), 1):
        if played.exercise.injects[inject_id].open:
            played.fire(second, inject_id)
    posts = 0
    for run in played.exercise.injects.values():
        for unit in run.deliveries:
            shown = rendered(InjectPost(exercise=7, inject=run.id, unit=unit), played.exercise, 10_000, language)
            assert "HANYA-PENGENDALI" not in repr(shown)
            posts += 1
    assert posts >= len(played.exercise.injects)


def test_a_moment_of_the_exercise_clock_is_that_of_the_due_time_not_of_a_delayed_sending() -> None:
    played = play(ORDER).to(130)
    run = played.exercise.injects["I-01"]
    later = replace(run.deliveries["posko"], sent_at=STARTEX + timedelta(seconds=200))
    shown = rendered(InjectPost(exercise=7, inject="I-01", unit="posko"), played.exercise.with_delivery(later), 210)
    assert lines(shown)[1] == "I-01 · J+00:02:00 · Karendalops"
