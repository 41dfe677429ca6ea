"""Questions, reminders and escalations."""

from datetime import timedelta

import pytest

from bot.buttons import ButtonData, Verb
from bot.exercise.conduct import delay
from bot.messages import ConfirmStartex, Escalation, GateQuestion, ReasonPrompt, Reminder
from tests.builders import DIRECTOR, STARTEX, Play, a_scenario, a_wide_scenario, an_exercise
from tests.rendering.reading import labels, lines, rendered, seen, units

FIRST = {
    "id": "I-01",
    "at": "0s",
    "to": ["posko", "medis"],
    "kind": "decision",
    "text": "Bagaimana?",
    "acknowledge": {"within": "60s"},
    "decision": {
        "by": "posko",
        "within": "2m",
        "options": [{"id": "a", "text": {"id": "Setuju", "en": "Agree"}}, {"id": "b", "text": "Tolak"}],
    },
}
GATED = {
    "id": "I-02",
    "at": "1m",
    "to": ["posko", "medis"],
    "from": "Korlap",
    "text": "Lanjut <sekarang>",
    "requires": {
        "all": [{"inject": "I-01", "acknowledged": True}, {"inject": "I-01", "option": "a"}],
        "otherwise": "ask",
    },
}


def gated() -> Play:
    return (
        Play(an_exercise(a_scenario(injects=[FIRST, GATED]))).startex().acknowledge(10, "I-01", "posko", "medis").to(61)
    )


def test_startex_with_units_missing_names_them_and_asks() -> None:
    message = ConfirmStartex(exercise=7, unbound=("humas", "medis"))
    shown = rendered(message, an_exercise(unbound=["humas", "medis"]))
    assert lines(shown)[1:-1] == [
        "2 satuan belum bergabung dan tidak akan menerima apa pun:",
        "• Sihumas",
        "• Medis",
        "Beri STARTEX sekarang juga?",
    ]
    assert labels(shown) == [["Ya, STARTEX", "Belum"]]
    data = [ButtonData.unpack(button.data) for button in shown.buttons[0]]
    assert data == [ButtonData(Verb.STARTEX, "7", "yes"), ButtonData(Verb.STARTEX, "7", "no")]


def test_a_scheduled_startex_is_asked_for_with_its_time() -> None:
    message = ConfirmStartex(exercise=7, unbound=("humas",), scheduled_at=STARTEX)
    shown = lines(rendered(message, an_exercise(unbound=["humas"]), language="en"))
    assert shown[1:-1] == [
        "1 unit has not joined and will receive nothing:",
        "• Information",
        "Set STARTEX for 09:00:00 WIB all the same?",
    ]


def test_a_thousand_missing_units_fit_into_the_question() -> None:
    scenario = a_wide_scenario(1_000, 1)
    shown = rendered(ConfirmStartex(exercise=7, unbound=tuple(scenario.units)), an_exercise(scenario))
    assert units(seen(shown)) <= 4_096
    assert lines(shown)[-2] == "Beri STARTEX sekarang juga?"


def test_a_reason_is_asked_of_the_leader_by_name_with_the_reply_box_open() -> None:
    message = ReasonPrompt(exercise=7, inject="I-03", unit="posko", option="pantau", by_id=55, by_name="<Sari>")
    shown = rendered(message, an_exercise())
    assert lines(shown)[1] == "<Sari>, I-03: “Pantau saja” meminta alasan. Balas pesan ini dengan alasannya."
    assert '<a href="tg://user?id=55">&lt;Sari&gt;</a>' in shown.text
    assert shown.force_reply


def test_a_gate_asks_with_the_inject_and_its_condition_in_words() -> None:
    shown = rendered(GateQuestion(exercise=7, inject="I-02"), gated().exercise, 61)
    assert lines(shown)[1:-1] == [
        "I-02 · J+00:01:00 · Korlap",
        "Untuk: Posko Ops, Medis",
        "Lanjut <sekarang>",
        "Syarat, semuanya:",
        "✓ I-01 diterima semua satuannya",
        "? I-01: dipilih “Setuju”",
        "Kirim atau lewati?",
    ]
    assert labels(shown) == [["Kirim", "Lewati"]]
    data = [ButtonData.unpack(button.data) for button in shown.buttons[0]]
    assert data == [ButtonData(Verb.GATE, "7.I-02", "send"), ButtonData(Verb.GATE, "7.I-02", "skip")]
    assert "? I-01: “Agree” chosen" in lines(
        rendered(GateQuestion(exercise=7, inject="I-02"), gated().exercise, 61, "en")
    )


def test_an_answered_gate_shows_what_became_of_it_and_has_no_buttons() -> None:
    question = GateQuestion(exercise=7, inject="I-02")
    later = STARTEX + timedelta(seconds=70)
    put_off = delay(gated().exercise, "I-02", timedelta(minutes=5), DIRECTOR, later).exercise
    for exercise, outcome in (
        (gated().fire(70, "I-02").exercise, "✅ Dikirim pukul 09.01.10 WIB."),
        (gated().skip(70, "I-02").exercise, "⏭ Dilewati."),
        (put_off, "⏱ Ditunda ke J+00:06:10."),
        (gated().endex(70).exercise, "⏭ Dilewati."),
    ):
        shown = rendered(question, exercise, 80)
        assert lines(shown)[-2] == outcome
        assert shown.buttons == ()


def test_a_reminder_counts_the_seconds_left_and_alerts_the_leaders() -> None:
    exercise = gated().exercise
    decide = Reminder(exercise=7, inject="I-01", unit="posko", decision=True)
    shown = rendered(decide, exercise, 90.5)
    assert lines(shown)[1:-1] == ["Posko Ops: I-01 belum diputuskan, sisa 30 dtk.", "Pimpinan posko"]
    assert '<a href="tg://user?id=1001">Pimpinan posko</a>' in shown.text
    acknowledge = Reminder(exercise=7, inject="I-01", unit="medis")
    assert lines(rendered(acknowledge, exercise, 45.5, "en"))[1] == "Medical: I-01 not answered, 15 s left."


def test_a_reminder_that_comes_too_late_does_not_count_below_nothing() -> None:
    shown = rendered(Reminder(exercise=7, inject="I-01", unit="medis"), gated().exercise, 61)
    assert lines(shown)[1] == "Medis: I-01 belum dijawab, waktu habis."


def test_an_escalation_says_who_is_silent_since_when_and_whom_to_call() -> None:
    silent = Play(an_exercise(a_scenario(injects=[FIRST, GATED]))).startex().to(61)
    shown = rendered(Escalation(exercise=7, inject="I-01", unit="posko"), silent.exercise, 90.5)
    assert labels(shown) == [["Kirim ulang", "Sudah via radio"]]
    assert lines(shown)[1:-1] == [
        "❗ Posko Ops: I-01 melewati batas waktu, belum dijawab.",
        "Lewat 30 dtk.",
        "I-01 · J+00:00:00 · Pengendali latihan",
        "Pimpinan satuan: Pimpinan posko",
    ]
    decision = Escalation(exercise=7, inject="I-01", unit="posko", decision=True)
    assert lines(rendered(decision, gated().exercise, 150.5, "en"))[1:3] == [
        "❗ Ops post: I-01 is past its deadline, not decided.",
        "Over by 30 s.",
    ]


def test_an_escalation_that_has_been_answered_says_how_and_has_no_buttons() -> None:
    play = gated()
    shown = rendered(Escalation(exercise=7, inject="I-01", unit="posko"), play.exercise, 90.5, "en")
    assert lines(shown)[1:-1] == [
        "Ops post: I-01 has been answered.",
        "I-01 · T+00:00:00 · Exercise control",
        "✅ Acknowledged by Pimpinan posko · 9.5 s",
    ]
    assert shown.buttons == ()


def test_the_leaders_are_called_by_name_once_the_time_is_up() -> None:
    silent = Play(an_exercise(a_scenario(injects=[FIRST, GATED]))).startex().to(61)
    near = rendered(Reminder(exercise=7, inject="I-01", unit="medis"), silent.exercise, 45.5)
    assert "tg://user" not in near.text
    over = rendered(Reminder(exercise=7, inject="I-01", unit="medis", overdue=True), silent.exercise, 61)
    assert lines(over)[1:-1] == ["Medis: I-01 belum dijawab, waktu habis.", "Pimpinan medis"]
    assert '<a href="tg://user?id=1003">' in over.text


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_time_left_stands_still_while_the_exercise_does(language: str) -> None:
    play = gated()
    play.stand_still(61, 661)
    reminder = Reminder(exercise=7, inject="I-01", unit="posko", decision=True)
    assert lines(rendered(reminder, play.exercise, 690.5, language))[1].endswith(
        "sisa 30 dtk." if language == "id" else "30 s left."
    )
