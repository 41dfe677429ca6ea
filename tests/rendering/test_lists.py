"""Lists for the control room."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.exercise.conduct import endex, startex
from bot.messages import Created, NextInjects, ScenarioList, UnitBound, UnitCard, UnitList
from bot.service.preparing import CODES_PER_MESSAGE
from bot.wire.rendering.render import render
from bot.wire.rendering.view import ScenarioEntry
from tests.builders import DIRECTOR, STARTEX, a_scenario, a_wide_scenario, an_exercise
from tests.rendering.reading import labels, lines, rendered, seen, units, view_of

HOW = (
    "Tambahkan bot ke setiap grup satuan lewat tautannya, atau kirim kodenya di grup itu. "
    "Yang memasukkan menjadi pimpinan satuan pertama."
)
CODE = "Ab3_-" * 4 + "xy"
ENTRIES = (
    ScenarioEntry("sispamkota_pemilu", "Simulasi Sispamkota <Pemilu>", 15, 35, timedelta(minutes=90)),
    ScenarioEntry("kecil", "Kecil", 1, 1),
)


def test_the_library_is_listed_with_sizes_and_the_next_step() -> None:
    shown = render(ScenarioList(), replace(view_of(None), scenarios=ENTRIES))
    assert lines(shown) == [
        "Skenario",
        "sispamkota_pemilu",
        "Simulasi Sispamkota <Pemilu>",
        "15 satuan, 35 inject, 1 jam 30 mnt",
        "kecil",
        "Kecil",
        "1 satuan, 1 inject",
        "Latihan baru: /baru SKENARIO [nama]",
    ]
    english = render(ScenarioList(), replace(view_of(None, language="en"), scenarios=ENTRIES))
    assert "15 units, 35 injects, 1 h 30 min" in lines(english)
    assert "1 unit, 1 inject" in lines(english)


def test_an_empty_library_says_how_to_fill_it() -> None:
    assert seen(render(ScenarioList(), view_of(None))).startswith("Belum ada skenario.")


def test_a_new_exercise_comes_with_a_link_and_a_code_for_each_unit() -> None:
    message = Created(exercise=7, codes={"posko": CODE, "medis": CODE[::-1]})
    shown = rendered(message, an_exercise())
    assert lines(shown) == [
        "LATIHAN LATIHAN LATIHAN",
        "Latihan 7: Sispamkota 2023",
        "Skenario: Unjuk rasa di KPU",
        HOW,
        "",
        "Posko Ops",
        f"https://t.me/GeladiBot?startgroup={CODE}",
        f"/join {CODE}",
        "",
        "Medis",
        f"https://t.me/GeladiBot?startgroup={CODE[::-1]}",
        f"/join {CODE[::-1]}",
        "Lihat siapa yang sudah bergabung: /satuan. Mulai: /mulai.",
        "LATIHAN LATIHAN LATIHAN",
    ]
    assert f"<code>/join {CODE}</code>" in shown.text
    assert lines(rendered(message, an_exercise(), language="en"))[1:3] == [
        "Exercise 7: Sispamkota 2023",
        "Scenario: Protest at KPU",
    ]


@pytest.mark.parametrize("language", ["id", "en"])
def test_as_many_codes_as_a_message_takes_fit_with_the_longest_names(language: str) -> None:
    scenario = a_wide_scenario(CODES_PER_MESSAGE, 1, unit_name="{n}" + "<🚒>" * 100)
    exercise = an_exercise(scenario, name="N" * 300)
    message = Created(exercise=7, codes=dict.fromkeys(scenario.units, CODE))
    view = replace(view_of(exercise, language=language), bot_username="B" * 32)
    shown = seen(render(message, view))
    assert units(shown) <= 4_096
    assert shown.count(f"/join {CODE}") == CODES_PER_MESSAGE


def test_units_are_listed_with_chat_leader_and_whether_they_can_be_reached() -> None:
    exercise = an_exercise(unbound=["humas"])
    shut_out = replace(exercise.seats["medis"], unreachable="Forbidden", leaders={})
    exercise = exercise.evolve(seats={**exercise.seats, "medis": shut_out})
    assert lines(rendered(UnitList(exercise=7), exercise))[1:-1] == [
        "Satuan, latihan 7: 3 dari 4 bergabung",
        "✅ Posko Ops",
        "    Grup posko",
        "    Pimpinan: Pimpinan posko",
        "✅ Dalmas Lanjut",
        "    Grup dalmas",
        "    Pimpinan: Pimpinan dalmas",
        "🚫 Medis: TIDAK TERJANGKAU",
        "    Grup medis",
        "    Belum ada pimpinan",
        "⚪ Sihumas: belum bergabung",
    ]
    assert "🚫 Medical: UNREACHABLE" in lines(rendered(UnitList(exercise=7), exercise, language="en"))


def test_many_units_come_in_pages_and_those_that_need_care_first() -> None:
    exercise = an_exercise(a_wide_scenario(1_000, 1), unbound=["u999"])
    shown = rendered(UnitList(exercise=7), exercise)
    assert units(seen(shown)) <= 4_096
    assert lines(shown)[2] == "⚪ Satuan 999: belum bergabung"
    assert labels(shown)[0] == ["Satuan 999", "Satuan 1"]
    assert labels(shown)[-1] == ["2/125 ▶"]
    assert labels(rendered(UnitList(exercise=7, page=1), exercise))[-1] == ["◀ 1/125", "3/125 ▶"]
    last = rendered(UnitList(exercise=7, page=9_999), exercise)
    assert labels(last)[-1] == ["◀ 124/125"]
    assert lines(last)[-4] == "✅ Satuan 1000"


def test_a_units_card_offers_what_can_be_done_about_its_seat() -> None:
    exercise = an_exercise(unbound=["humas"])
    assert labels(rendered(UnitCard(exercise=7, unit="posko"), exercise)) == [["Lepaskan dari grup"]]
    card = rendered(UnitCard(exercise=7, unit="humas"), exercise)
    assert "Kode bergabung berlaku sampai 08.00.00 WIB." in lines(card)
    assert labels(card) == [["Kode baru", "Cabut kode"]]
    later = rendered(UnitCard(exercise=7, unit="humas"), exercise, second=24 * 3_600)
    assert "Tidak ada kode yang berlaku." in lines(later)
    assert labels(later) == [["Kode baru"]]


def test_the_news_of_a_seat_can_be_undone_while_it_is_that_seat() -> None:
    exercise = an_exercise()
    place = exercise.seats["posko"].place
    assert place is not None
    bound = UnitBound(exercise=7, unit="posko", chat="Grup posko", chat_id=place.chat_id, by="Sari")
    assert labels(rendered(bound, exercise)) == [["Batalkan"]]
    moved = rendered(bound.model_copy(update={"chat_id": -9}), exercise)
    assert labels(moved) == []
    assert lines(moved)[-2] == "Tidak berlaku lagi: satuan ini sudah dilepaskan dari grup itu."


def test_many_injects_come_in_pages() -> None:
    exercise = an_exercise(a_wide_scenario(1, 60))
    shown = rendered(NextInjects(exercise=7), exercise)
    assert labels(shown) == [["2/3 ▶"]]
    assert lines(rendered(NextInjects(exercise=7, page=2), exercise))[2].startswith("I-050 ")


def test_a_scenario_without_the_chats_language_is_shown_in_its_own() -> None:
    exercise = an_exercise(a_scenario(title="Hanya Indonesia"))
    message = Created(exercise=7, codes={"posko": CODE})
    assert "Scenario: Hanya Indonesia" in lines(rendered(message, exercise, language="en"))


def test_the_coming_injects_show_both_times_and_the_shelf_stands_apart() -> None:
    begun = startex(an_exercise(), DIRECTOR, STARTEX).exercise
    shown = lines(rendered(NextInjects(exercise=7), begun, language="en"))[1:-1]
    assert shown[0] == "Coming injects"
    assert shown[2] == "I-02 T+00:05:00 · 09:05:00 WIB · Siaga"
    shelf = shown.index("Contingency injects, for /fire ID")
    assert all(line.startswith("I-") for line in shown[1:shelf])
    assert all(line.startswith("C-") for line in shown[shelf + 1 :])


def test_before_startex_the_coming_injects_have_no_time_of_day() -> None:
    shown = lines(rendered(NextInjects(exercise=7), an_exercise(), language="id"))
    assert "I-02 J+00:05:00 · Siaga" in shown


def test_when_nothing_waits_the_list_says_so() -> None:
    over = endex(startex(an_exercise(), DIRECTOR, STARTEX).exercise, DIRECTOR, STARTEX + timedelta(hours=1)).exercise
    assert "Tidak ada lagi yang terjadwal." in lines(rendered(NextInjects(exercise=7), over, language="id"))
