"""Corrective actions as people write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exercise import improving
from bot.exercise.errors import Refusal
from bot.exercise.facts import Fact
from bot.exercise.improving import DatePassed, NoSuchDate, NothingToImprove, Plan, UnknownAction, actions_in, planned
from tests.builders import DIRECTOR, STARTEX, an_exercise

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("Latih ulang radio", Plan("Latih ulang radio")),
        ("Latih ulang radio @budi_s", Plan("Latih ulang radio", "@budi_s")),
        ("Latih ulang radio @budi 2026-12-01", Plan("Latih ulang radio", "@budi", date(2026, 12, 1))),
        ("Latih ulang radio 1/12 @budi", Plan("Latih ulang radio", "@budi", date(2026, 12, 1))),
        ("Latih ulang radio 1.12.2027", Plan("Latih ulang radio", "", date(2027, 12, 1))),
        ("Latih ulang radio 1/12/27", Plan("Latih ulang radio", "", date(2027, 12, 1))),
        ("Latih ulang radio @budi 1 Des", Plan("Latih ulang radio", "@budi", date(2026, 12, 1))),
        ("Train radio 1 December 2027", Plan("Train radio", "", date(2027, 12, 1))),
        ("Latih 17 agt", Plan("Latih", "", date(2027, 8, 17))),
        # The next such day: today still is one, yesterday's comes back in a year.
        ("Latih 24/11", Plan("Latih", "", TODAY)),
        ("Latih 23/11", Plan("Latih", "", date(2027, 11, 23))),
        # What looks like neither stays text.
        ("Tambah 2 regu", Plan("Tambah 2 regu")),
        ("Tanya @ posko", Plan("Tanya @ posko")),
        ("Beri @budi dan @sari tugas", Plan("Beri @budi dan @sari tugas")),
    ],
)
def test_an_owner_and_a_date_are_read_from_the_end(words: str, plan: Plan) -> None:
    assert planned(words, TODAY) == plan


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Latih 31/2", NoSuchDate),
        ("Latih 2026-13-01", NoSuchDate),
        ("Latih 30 Feb", NoSuchDate),
        ("Latih 2026-11-23", DatePassed),
        ("Latih 1 Jan 2026", DatePassed),
        ("@budi 1/12", NothingToImprove),
    ],
)
def test_dates_that_are_none_and_actions_that_are_none_are_refused(words: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        planned(words, TODAY)


@given(st.dates(min_value=TODAY, max_value=TODAY + timedelta(days=2_000)))
def test_every_day_to_come_is_read_back_from_its_own_spelling(day: date) -> None:
    assert planned(f"Latih @budi {day.isoformat()}", TODAY) == Plan("Latih", "@budi", day)


def test_actions_keep_their_numbers_when_one_is_taken_back() -> None:
    exercise, facts = an_exercise(), list[Fact]()
    for text in ("satu", "dua", "tiga"):
        facts += improving.add(exercise, Plan(text, due=TODAY), DIRECTOR, STARTEX).facts
    facts += improving.withdraw(exercise, actions_in(facts), 2, DIRECTOR, STARTEX).facts
    assert [(action.number, action.plan.text, action.plan.due) for action in actions_in(facts)] == [
        (1, "satu", TODAY),
        (3, "tiga", TODAY),
    ]
    with pytest.raises(UnknownAction):
        improving.withdraw(exercise, actions_in(facts), 2, DIRECTOR, STARTEX)
