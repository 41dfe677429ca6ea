"""What holds for every kind of message: marking, length, buttons, and words that were meant to be markup."""

from dataclasses import replace
from typing import get_args

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.exercise.facts import Fact, FactKind
from bot.exercise.forms import Form
from bot.exercise.model import Exercise
from bot.messages import (
    ActionList,
    Board,
    CommCheck,
    CommCheckResult,
    Comparison,
    ComparisonChart,
    ConfirmEnd,
    ConfirmStartex,
    Created,
    Escalation,
    EvidenceReminder,
    GateQuestion,
    HeldQuestion,
    Help,
    HotWashPost,
    HotWashPrompt,
    HotWashResult,
    InDoubt,
    InjectCard,
    InjectPart,
    InjectPost,
    Message,
    NextInjects,
    Notice,
    Overdue,
    Plain,
    PublicSummary,
    RealWorld,
    ReasonPrompt,
    RecordFile,
    Reminder,
    ScenarioCard,
    ScenarioFile,
    ScenarioList,
    ScenarioOffer,
    ScenarioProblems,
    SentFiles,
    Summary,
    SummaryChart,
    UnitBound,
    UnitCard,
    UnitList,
    UnitReport,
    UnitSummary,
)
from bot.report.timeline import summary_pages
from bot.wire.bundle import Bundle
from bot.wire.rendering.html import clean
from bot.wire.rendering.render import render
from bot.wire.rendering.summaries import form_of
from bot.wire.rendering.view import ScenarioEntry, View
from scenarios.model import EvidenceKind, dump
from tests.builders import STARTEX, Play, a_scenario, an_exercise, leader_of, log_of
from tests.rendering.reading import MARKING, lines, seen, units, view_of

FILES = {
    Form.JSON: {"id": "LATIHAN-7-catatan.json", "en": "EXERCISE-7-record.json"},
    Form.XLSX: {"id": "LATIHAN-7-tabel.xlsx", "en": "EXERCISE-7-tables.xlsx"},
    Form.CSV: {"id": "LATIHAN-7-tabel-csv.zip", "en": "EXERCISE-7-tables-csv.zip"},
    Form.PDF: {"id": "LATIHAN-7-laporan.pdf", "en": "EXERCISE-7-report.pdf"},
    Form.DECISIONS_PDF: {"id": "LATIHAN-7-keputusan.pdf", "en": "EXERCISE-7-decisions.pdf"},
    Form.HTML: {"id": "LATIHAN-7-laporan.html", "en": "EXERCISE-7-report.html"},
    Form.PNG: {"id": "LATIHAN-7-grafik.png", "en": "EXERCISE-7-chart.png"},
    Form.SVG: {"id": "LATIHAN-7-grafik.svg", "en": "EXERCISE-7-chart.svg"},
    Form.SPREAD_PNG: {"id": "LATIHAN-7-waktu-jawaban.png", "en": "EXERCISE-7-answer-times.png"},
    Form.SPREAD_SVG: {"id": "LATIHAN-7-waktu-jawaban.svg", "en": "EXERCISE-7-answer-times.svg"},
}
OFFER = ScenarioOffer(
    scenario="unjuk-rasa",
    document=orjson.dumps(dump(a_scenario())).decode(),
    replaces=True,
    findings=(f"7:3: warning: {'x' * 900}",) * 10,
    number_of_findings=12,
)
MESSAGES: tuple[Message, ...] = (
    Notice(exercise=7, key="notice.endex"),
    Help(name="Sari", exercise=7, standing="director"),
    Created(exercise=7, codes={"posko": "x" * 22}),
    UnitList(exercise=7),
    UnitCard(exercise=7, unit="posko"),
    UnitBound(exercise=7, unit="posko", chat="Grup", chat_id=-2001, by="Sari"),
    NextInjects(exercise=7),
    InjectCard(exercise=7, inject="I-05"),
    ConfirmStartex(exercise=7, unbound=("humas",)),
    ConfirmEnd(exercise=7, turn="endex"),
    CommCheck(exercise=7, unit="posko", round=1),
    CommCheckResult(exercise=7),
    HotWashPost(exercise=7, unit="dalmas"),
    HotWashPrompt(exercise=7, unit="dalmas", question="well", by_id=1, by_name="Sari"),
    HotWashPrompt(exercise=7, unit="dalmas", question="coordination"),
    HotWashResult(exercise=7),
    ActionList(exercise=7),
    Comparison(exercise=7, runs=(7, 8)),
    ComparisonChart(exercise=7, runs=(7, 8)),
    InjectPost(exercise=7, inject="I-03", unit="posko"),
    InjectPart(exercise=7, inject="I-03", unit="posko", number=2),
    ReasonPrompt(exercise=7, inject="I-03", unit="posko", option="pantau", by_id=1, by_name="Sari"),
    Reminder(exercise=7, inject="I-03", unit="posko"),
    EvidenceReminder(exercise=7, inject="I-03", unit="posko", kind=EvidenceKind.PHOTO),
    Escalation(exercise=7, inject="I-03", unit="posko"),
    InDoubt(exercise=7, inject="I-03", unit="posko"),
    Overdue(exercise=7, inject="I-03", issued=True),
    GateQuestion(exercise=7, inject="I-04"),
    HeldQuestion(exercise=7, injects=("I-04", "I-05")),
    Board(exercise=7),
    Summary(exercise=7),
    UnitReport(exercise=7, unit="posko", inject="I-03", by="Sari", at=STARTEX, kind="text", text="Aman"),
    UnitReport(exercise=7, unit="posko", by="Sari", at=STARTEX, kind="photo", file="x", what="more"),
    UnitSummary(exercise=7, unit="posko"),
    SummaryChart(exercise=7),
    SummaryChart(exercise=7, spread=True),
    PublicSummary(exercise=7),
    SentFiles(exercise=7),
    *(RecordFile(exercise=7, form=form) for form in Form),
)
UNMARKED: tuple[Message, ...] = (
    Plain(key="reply.unknown_command"),
    RealWorld(exercise=7, who="Sari", where="posko", text="Api", at=STARTEX),
    ScenarioList(),
    ScenarioCard(scenario="unjuk-rasa"),
    ScenarioFile(scenario="unjuk-rasa"),
    OFFER,
    OFFER.model_copy(update={"answer": "yes", "answered_by": "Sari"}),
    ScenarioProblems(problems=("7:3: error: x",) * 12),
)
NAMES = st.one_of(
    st.text(max_size=4_000),
    st.sampled_from(
        ["<b>&amp;</b><script>", "{unit}{0}%s", "\u202eSari\u2066", "محمد علي", "👩🏽‍🚒" * 600, "x" * 4_000, ""]
    ),
)


def exercise_of(name: str) -> Exercise:
    """An exercise in which everything that people may name is called ``name``."""
    legible = clean(name) or "-"
    words = {"name": legible, "leader": legible}
    scenario = a_scenario(title=legible, units=dict.fromkeys(("posko", "dalmas", "medis", "humas"), words))
    exercise = an_exercise(scenario)
    seats = {
        unit: replace(seat, chat_title=name, leaders=dict.fromkeys(seat.leaders, name), unreachable="")
        for unit, seat in exercise.seats.items()
    }
    play = Play(exercise.evolve(name=name, seats=seats)).startex().acknowledge(611, "I-03", "posko")
    return play.exercise


def view(exercise: Exercise, language: str) -> View:
    entries = (ScenarioEntry("a", exercise.name, 1, 1),)
    leader = leader_of(exercise, "dalmas")
    checked = (
        Fact(STARTEX, FactKind.COMMCHECK, leader, detail={"units": list(exercise.seats)}),
        Fact(STARTEX, FactKind.COMMCHECK_ANSWERED, leader, unit="dalmas"),
        Fact(STARTEX, FactKind.HOT_WASH, detail={"units": list(exercise.seats), "open_seconds": 3_600}),
        Fact(STARTEX, FactKind.HOT_WASH_RATED, leader, unit="dalmas", detail={"rating": 4}),
        Fact(
            STARTEX,
            FactKind.HOT_WASH_ANSWERED,
            leader,
            unit="dalmas",
            detail={"question": "well", "text": exercise.name},
        ),
        Fact(STARTEX, FactKind.IMPROVEMENT, leader, detail={"text": exercise.name, "owner": "@sari", "due": None}),
    )
    return replace(
        view_of(exercise, 700, language),
        scenarios=entries,
        scenario=exercise.scenario,
        file=b"{}",
        bundle=Bundle(b"PK", 3, 1),
        compared=(exercise, exercise.evolve(number=8)),
        log=log_of(checked, exercise),
    )


def test_every_kind_of_message_is_tried() -> None:
    kinds = get_args(get_args(Message)[0])
    assert {type(message) for message in (*MESSAGES, *UNMARKED)} == set(kinds)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.type)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_message_of_an_exercise_begins_and_ends_with_the_marking(message: Message, language: str) -> None:
    shown = lines(render(message, view(exercise_of("Sari"), language)))
    assert shown[0] == shown[-1] == MARKING[language]
    assert len(shown) > 2
    assert all(shown[1:2])


@pytest.mark.parametrize("message", UNMARKED, ids=lambda message: message.type)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_no_exercise_is_never_marked(message: Message, language: str) -> None:
    shown = seen(render(message, view(exercise_of("Sari"), language)))
    assert shown
    assert not any(marking in shown for marking in MARKING.values())


@pytest.mark.parametrize("message", [*MESSAGES, *UNMARKED], ids=lambda message: message.type)
@pytest.mark.parametrize(("language", "words"), [("id", "Mungkin terkirim ulang."), ("en", "May be a repeat.")])
def test_whatever_its_chat_may_have_already_says_so_once(message: Message, language: str, words: str) -> None:
    there = view(exercise_of("Sari"), language)
    once, again = (lines(render(message, there, repeat)) for repeat in (False, True))
    assert words not in once
    assert again.count(words) == 1
    assert [line for line in again if line != words] == once
    unmarked = message in UNMARKED and not isinstance(message, RealWorld)
    assert again.index(words) == 0 if unmarked else again.index(words) > 0


def test_help_in_a_chat_without_exercise_is_not_marked() -> None:
    assert MARKING["id"] not in seen(render(Help(name="Sari"), view_of(None)))


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (SummaryChart(exercise=7), {"id": "LATIHAN-7-grafik.png", "en": "EXERCISE-7-chart.png"}),
        (
            SummaryChart(exercise=7, spread=True),
            {"id": "LATIHAN-7-waktu-jawaban.png", "en": "EXERCISE-7-answer-times.png"},
        ),
        *((RecordFile(exercise=7, form=form), name) for form, name in FILES.items()),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
def test_files_carry_the_marking_in_their_names(message: Message, name: dict[str, str], language: str) -> None:
    shown = render(message, view(exercise_of("Sari"), language))
    assert shown.file_name == name[language]
    assert b"{}" in (shown.photo, shown.document)


@pytest.mark.parametrize("message", [RecordFile(exercise=7, form=Form.PDF), SummaryChart(exercise=7)])
def test_a_file_that_cannot_be_made_says_where_else_it_can(message: RecordFile | SummaryChart) -> None:
    shown = seen(render(message, view_of(an_exercise(), language="en")))
    assert f"geladi export 7 --format {form_of(message)}" in shown


def test_a_file_too_large_for_telegram_is_not_tried() -> None:
    shown = render(RecordFile(exercise=7), replace(view_of(an_exercise()), file=bytes(50_000_001)))
    assert shown.document is None
    assert "geladi export 7 --format json" in seen(shown)


def test_a_message_of_an_exercise_cannot_be_shown_without_it() -> None:
    with pytest.raises(ValueError, match="without its exercise"):
        render(Board(exercise=7), view_of(None))


def test_a_page_that_is_no_more_shows_the_last_one() -> None:
    exercise = exercise_of("Sari")
    last = len(summary_pages(exercise, "id")) - 1
    shown = render(Summary(exercise=7, page=last), view(exercise, "id"))
    assert render(Summary(exercise=7, page=99), view(exercise, "id")) == shown


FAST = tuple(message for message in (*MESSAGES, *UNMARKED) if not isinstance(message, ComparisonChart | SummaryChart))


@given(name=NAMES, message=st.sampled_from(FAST), language=st.sampled_from(["id", "en"]), repeat=st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_people_are_called_a_message_is_whole_and_fits(
    name: str, message: Message, language: str, repeat: bool
) -> None:
    shown = render(_by(message, name), view(exercise_of(name.encode("utf-8", "ignore").decode()), language), repeat)
    text = seen(shown)
    limit = 1_024 if shown.document or shown.photo or shown.medium else 4_096
    assert 0 < units(text) <= limit
    for row in shown.buttons:
        assert row
        for button in row:
            assert len(button.data.encode()) <= 64
            assert 0 < units(button.label) <= 64


def _by(message: Message, name: str) -> Message:
    name = name.encode("utf-8", "ignore").decode()
    match message:
        case Help():
            return message.model_copy(update={"name": name})
        case RealWorld():
            return message.model_copy(update={"who": name, "where": name, "text": name})
        case UnitReport():
            return message.model_copy(update={"by": name, "text": name})
        case ReasonPrompt():
            return message.model_copy(update={"by_name": name})
        case _:
            return message


@pytest.mark.parametrize("number", [1, 2_147_483_647])
def test_what_a_button_carries_fits_with_the_longest_ids(number: int) -> None:
    inject = {
        "id": "X" * 16,
        "at": "1s",
        "to": ["posko"],
        "text": "?",
        "acknowledge": {"within": "1m"},
        "requires": {"any": [{"inject": "Y", "acknowledged": True}], "otherwise": "ask"},
    }
    waited = {"id": "Y", "at": "0s", "to": ["posko"], "text": "?", "acknowledge": {"within": "1m"}}
    play = Play(an_exercise(a_scenario(injects=[waited, inject]), number=number)).startex().to(2)
    run = play.exercise.injects["Y"]
    long = play.exercise.with_delivery(replace(run.deliveries["posko"], reference="r" * 12))
    for message in (
        GateQuestion(exercise=number, inject="X" * 16),
        ConfirmStartex(exercise=number, unbound=()),
        InjectPost(exercise=number, inject="Y", unit="posko"),
    ):
        shown = render(message, view_of(long, 2))
        assert shown.buttons
        assert all(len(button.data.encode()) <= 64 for row in shown.buttons for button in row)


def test_two_chats_of_one_exercise_may_speak_two_languages() -> None:
    exercise = Play(an_exercise(language="id")).startex().exercise
    post = InjectPost(exercise=7, inject="I-01", unit="posko")
    assert seen(render(post, view_of(exercise, language="en"))).startswith(MARKING["en"])
    assert seen(render(post, view_of(exercise, language="id"))).startswith(MARKING["id"])
