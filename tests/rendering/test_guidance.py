"""Help: by standing, with the next sensible step."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.exercise.conduct import pause, realworld
from bot.exercise.model import Exercise
from bot.messages import Help
from bot.wire.rendering.guidance import COMMANDS
from tests.builders import DIRECTOR, STARTEX, Play, an_exercise
from tests.rendering.reading import lines, rendered, seen, units

AT = STARTEX + timedelta(seconds=30)


def running() -> Exercise:
    return Play(an_exercise()).startex().to(30).exercise


def step(standing: str, exercise: Exercise | None, unit: str | None = None) -> str:
    message = Help.model_validate({"name": "Sari", "exercise": 7, "standing": standing, "unit": unit})
    [line] = [line for line in lines(rendered(message, exercise, 30)) if line.startswith("Langkah berikut: ")]
    return line.removeprefix("Langkah berikut: ")


def test_a_stranger_is_told_how_to_join_without_marking() -> None:
    assert lines(rendered(Help(name="Sari"), None)) == [
        "Geladi, bot latihan",
        "Sari: belum terdaftar",
        "Langkah berikut: minta kode kepada direktur latihan, lalu kirim /gabung KODE di grup satuan.",
        "Perintah:",
        "/gabung KODE - grup ini menjadi satuan",
        "/bahasa id|en - bahasa di sini",
        "/whoami - siapa saya di sini",
        "/bantuan - pesan ini",
    ]


def test_a_leader_is_told_what_waits_in_the_chats_language() -> None:
    message = Help(name="Sari", exercise=7, standing="leader", unit="posko")
    assert lines(rendered(message, running(), 30, "en"))[:6] == [
        "EXERCISE EXERCISE EXERCISE",
        "Geladi, the exercise bot",
        "Sari: unit leader",
        "Exercise 7: Sispamkota 2023, RUNNING",
        "Unit: Ops post",
        "Next step: I-01 is waiting: press ACKNOWLEDGE, or send /ack.",
    ]


def test_the_directors_next_step_follows_the_exercise() -> None:
    assert step("owner", None).startswith("/skenario")
    assert "3 dari 4 satuan" in step("director", an_exercise(unbound=["humas"]))
    assert "/mulai" in step("director", an_exercise())
    assert "09.00.00 WIB" in step("director", an_exercise().evolve(scheduled_at=STARTEX))
    assert step("director", running()).startswith("/papan")
    assert step("director", pause(running(), DIRECTOR, AT).exercise).startswith("/lanjut")
    assert "/batal" in step("director", realworld(running(), DIRECTOR, AT).exercise)
    assert step("director", Play(an_exercise()).startex().endex(30).exercise).startswith("/ringkasan")


def test_a_units_next_step_follows_the_exercise() -> None:
    assert step("member", None).startswith("minta kode")
    assert step("member", an_exercise(), "posko") == "tunggu STARTEX."
    assert step("member", running(), "posko").startswith("I-01 menunggu jawaban")
    answered = Play(an_exercise()).startex().acknowledge(20, "I-01", "posko").exercise
    assert step("leader", answered, "posko") == "tidak ada yang menunggu jawaban."
    assert step("leader", pause(running(), DIRECTOR, AT).exercise, "posko").startswith("tetap di tempat")
    assert step("leader", Play(an_exercise()).startex().abort(30, "x").exercise, "posko").startswith(
        "latihan sudah selesai"
    )


def test_an_observer_is_shown_the_board_and_then_the_results() -> None:
    assert step("observer", running()).startswith("/papan")
    assert step("controller", Play(an_exercise()).startex().endex(30).exercise).startswith("/ringkasan")


def test_only_those_who_steer_are_offered_startex() -> None:
    assert {standing for standing, commands in COMMANDS.items() if "startex" in commands} == {"owner", "director"}


@pytest.mark.parametrize("standing", sorted(COMMANDS))
@pytest.mark.parametrize("language", ["id", "en"])
def test_help_is_complete_and_fits(standing: str, language: str) -> None:
    message = Help.model_validate({"name": "<b>" * 2_000, "exercise": 7, "standing": standing})
    shown = rendered(message, replace(running(), name="N" * 4_000), 30, language)
    assert units(seen(shown)) <= 4_096
    commands = [line for line in lines(shown) if line.startswith("/")]
    assert len(commands) == len(COMMANDS[standing])
    assert len(set(commands)) == len(commands)
