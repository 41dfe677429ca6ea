"""Notices, replies, real emergencies and answers to a press."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exercise.conduct import pause
from bot.messages import Gap, Moment, Notice, Plain, RealWorld, Span
from bot.wire.rendering.notices import toast
from bot.wire.rendering.render import render
from tests.builders import DIRECTOR, STARTEX, Play, an_exercise
from tests.rendering.reading import MARKING, lines, rendered, seen, units, view_of


def test_a_notice_is_marked_and_fills_its_gaps_from_the_exercise() -> None:
    exercise = Play(an_exercise()).startex().exercise
    assert lines(rendered(Notice(exercise=7, key="notice.startex"), exercise))[:2] == [
        "LATIHAN LATIHAN LATIHAN",
        "STARTEX pukul 09.00.00 WIB. Sispamkota 2023 dimulai.",
    ]
    assert lines(rendered(Notice(exercise=7, key="notice.startex"), exercise, language="en"))[1] == (
        "STARTEX at 09:00:00 WIB. Sispamkota 2023 has begun."
    )


@pytest.mark.parametrize(("language", "words"), [("id", "Mungkin terkirim ulang."), ("en", "May be a repeat.")])
def test_a_possible_repeat_of_a_turn_or_an_emergency_says_so_below_its_first_line(language: str, words: str) -> None:
    exercise = Play(an_exercise()).startex().exercise
    for message in (
        Notice(exercise=7, key="notice.startex"),
        RealWorld(exercise=7, who="Sari", where="posko", text="Api", at=STARTEX),
    ):
        once, again = (lines(render(message, view_of(exercise, language=language), repeat=r)) for r in (False, True))
        assert again == [once[0], words, *once[1:]]


def test_a_pause_says_when_on_both_clocks_and_why() -> None:
    exercise = pause(Play(an_exercise()).startex().exercise, DIRECTOR, STARTEX + timedelta(seconds=100)).exercise
    params = {"time": Moment(at=STARTEX + timedelta(seconds=100)), "why": "Hujan <deras>"}
    shown = rendered(Notice(exercise=7, key="notice.pausex", params=params), exercise, 130)
    assert lines(shown) == [
        "LATIHAN LATIHAN LATIHAN",
        "PAUSEX pukul 09.01.40 WIB, waktu latihan J+00:01:40.",
        "Latihan dihentikan sementara. Tetap di tempat sampai ada perintah lanjut. Batas waktu ikut berhenti.",
        "Alasan: Hujan <deras>",
        "LATIHAN LATIHAN LATIHAN",
    ]


def test_a_reason_that_nobody_gave_is_not_mentioned() -> None:
    shown = rendered(Notice(exercise=7, key="notice.pausex", params={"why": ""}), an_exercise())
    assert "Alasan" not in seen(shown)


def test_units_steps_and_roles_may_be_given_by_their_ids() -> None:
    notice = Notice(exercise=7, key="notice.unit_bound", params={"unit": "posko", "chat": "G", "by": "Sari"})
    assert lines(rendered(notice, an_exercise(unbound=["humas"]), language="en"))[1:-1] == [
        "Unit Ops post has joined.",
        "Chat: G",
        "By: Sari",
        "Joined so far: 3 of 4 units.",
    ]
    role = Plain(key="reply.role_given", params={"name": "Sari", "role": "director"})
    assert seen(rendered(role, None)) == "Sari sekarang direktur latihan."
    assert (
        toast("id", "refused.already_marked", {"step": "done", "name": "Sari"}) == "Selesai sudah dilaporkan oleh Sari."
    )


def test_a_span_reads_as_its_gap_wants_it() -> None:
    delayed = Notice(
        exercise=7, key="notice.delayed", params={"inject": "I-01", "span": Span(elapsed=timedelta(minutes=5))}
    )
    assert lines(rendered(delayed, an_exercise()))[1] == "I-01 ditunda 5 mnt."
    resumed = Notice(exercise=7, key="notice.resumex", params={"exercise_time": Span(elapsed=timedelta(minutes=5))})
    assert "J+00:05:00" in seen(rendered(resumed, an_exercise()))


def test_a_reply_is_unmarked_and_may_have_its_own_language() -> None:
    reply = Plain(key="reply.language_set", language="en")
    assert rendered(reply, an_exercise()).text == "The language here is English."


def test_a_real_emergency_cannot_be_read_as_exercise() -> None:
    message = RealWorld(exercise=7, who="Sari", where="posko", text="Anggota pingsan", at=STARTEX)
    assert lines(rendered(message, an_exercise())) == [
        "BUKAN LATIHAN - KEJADIAN NYATA",
        "Dilaporkan oleh: Sari",
        "Dari: Posko Ops",
        "Pukul: 09.00.00 WIB",
        "Laporan: Anggota pingsan",
        "Latihan dihentikan. Ikuti perintah komandan masing-masing.",
        "Hanya direktur latihan yang bisa melanjutkan (/lanjut) atau membatalkan (/batal).",
        "BUKAN LATIHAN - KEJADIAN NYATA",
    ]
    assert lines(rendered(message, an_exercise(), language="en"))[:2] == ["NO DUFF - REAL EVENT", "Reported by: Sari"]


@given(
    st.lists(
        st.sampled_from(["LATIHAN", "latihan", "EXERCISE", "\n", " ", "pingsan", "<b>", "\u202e", "\u3164"]),
        max_size=30,
    ),
    st.text(max_size=4_000),
)
def test_a_real_emergency_is_never_marked_whatever_people_write(parts: list[str], name: str) -> None:
    text = "".join(parts)
    shown = seen(rendered(RealWorld(exercise=7, who=name, where=name, text=text, at=STARTEX), an_exercise()))
    for marking in MARKING.values():
        assert marking not in shown
    assert units(shown) <= 4_096
    assert shown.startswith("BUKAN LATIHAN - KEJADIAN NYATA\n")
    if "pingsan" in text:
        assert "pingsan" in shown


def test_the_marking_that_somebody_wrote_out_of_habit_is_taken_out_of_a_real_emergency() -> None:
    text = "LATIHAN LATIHAN LATIHAN\nAda yang pingsan\nexercise, exercise"
    message = RealWorld(exercise=7, who="Latihan Latihan Latihan", where="posko", text=text, at=STARTEX)
    shown = lines(rendered(message, an_exercise()))
    assert "Laporan: Ada yang pingsan" in shown
    assert "Dilaporkan oleh: -" not in shown
    assert "LATIHAN LATIHAN" not in "\n".join(shown).upper()


def test_a_real_emergency_without_words_has_no_empty_line_for_them() -> None:
    message = RealWorld(exercise=7, who="Sari", where="posko", text=" ", at=STARTEX)
    assert "Laporan" not in seen(rendered(message, an_exercise()))


def test_an_answer_to_a_press_is_plain_words() -> None:
    params: dict[str, Gap] = {"inject": "I-01", "seconds": Span(elapsed=timedelta(seconds=4.24))}
    assert toast("id", "toast.acknowledged", params) == "✅ I-01 diterima · 4,2 dtk"
    assert toast("en", "refused.already_acknowledged", {"inject": "I-01", "name": "<A & B>"}) == (
        "I-01 has been acknowledged by <A & B>."
    )


@pytest.mark.parametrize("key", ["toast.decided", "refused.already_decided", "refused.leader_only"])
@given(name=st.text(max_size=4_000))
def test_an_answer_to_a_press_fits(key: str, name: str) -> None:
    params = {"inject": "I-01", "option": name, "name": name, "leaders": name}
    assert 0 < units(toast("id", key, params)) <= 200


def test_a_message_is_never_empty_whatever_was_left_out() -> None:
    assert toast("en", "refused.unknown_inject", {"inject": ""}) == "There is no inject -. /next lists them."
    assert lines(rendered(Notice(exercise=7, key="notice.reachable"), an_exercise()))[1] == "Satuan - terjangkau lagi."


def test_a_moment_without_an_exercise_is_shown_all_the_same() -> None:
    shown = rendered(Plain(key="notice.scheduled", params={"at": Moment(at=STARTEX)}), None)
    assert lines(shown)[0] == "STARTEX dijadwalkan pukul 09.00.00 WIB."
