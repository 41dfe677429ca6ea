"""Who may do what: every deed by everybody, against what the contract says, written out once more."""

from datetime import UTC, datetime

import pytest

from bot.exercise.enrolment import give_role
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise
from bot.exercise.people import Person, Place, Role
from handlers.authorisation import AnonymousPerson, Deed, Standing, require, standing_of
from handlers.request import Request
from tests.builders import CONTROL, DIRECTOR, STARTEX, an_exercise, leader_of

OWNER = Person(1, "Pemilik")
CONTROLLER = Person(2, "Pengendali")
OBSERVER = Person(3, "Peninjau")
SOMEBODY = Person(4, "Seseorang")
UNIT = "dalmas"

# Standings in the control room: owner, director, controller, observer, stranger.
IN_CONTROL = {
    "help": "ODCVS",
    "whoami": "ODCVS",
    "language": "ODCVS",
    "join": "ODCVS",
    "scenarios": "ODC",
    "new": "OD",
    "units": "ODCV",
    "status": "ODCV",
    "summary": "ODCV",
    "realworld": "ODCV",
    "startex": "OD",
    "pausex": "OD",
    "resumex": "OD",
    "fire": "OD",
    "skip": "OD",
    "delay": "OD",
    "endex": "OD",
    "abort": "OD",
    "role": "OD",
    "leader": "OD",
}
# Standings in a unit's chat: owner, director, controller, observer, leader, member.
IN_UNIT = {
    "help": "ODCVLM",
    "whoami": "ODCVLM",
    "language": "ODCVLM",
    "join": "ODCVLM",
    "ack": "ODCVLM",
    "progress": "ODCVLM",
    "decide": "ODCVLM",
    "sitrep": "ODCVLM",
    "pending": "ODCVLM",
    "summary": "ODCVLM",
    "realworld": "ODCVLM",
    "leader": "ODL",
}
PEOPLE = {"O": OWNER, "D": DIRECTOR, "C": CONTROLLER, "V": OBSERVER, "S": SOMEBODY, "M": SOMEBODY}
STANDINGS = {
    "O": Standing.OWNER,
    "D": Standing.DIRECTOR,
    "C": Standing.CONTROLLER,
    "V": Standing.OBSERVER,
    "L": Standing.LEADER,
}


def exercise() -> Exercise:
    played = an_exercise()
    for person, role in ((CONTROLLER, Role.CONTROLLER), (OBSERVER, Role.OBSERVER)):
        played = give_role(played, person, role, DIRECTOR, STARTEX).exercise
    return played


def request_of(person: Person, place: Place, *, anonymous: bool = False) -> Request:
    return Request(
        update_id=1,
        person=person,
        username=None,
        anonymous=anonymous,
        place=place,
        chat_title="",
        private=False,
        message_id=1,
        reply_to=None,
        reply_author=None,
        text="",
        at=datetime(2023, 10, 16, tzinfo=UTC),
        exact=True,
    )


def allowed(deed: Deed, person: Person, unit: str | None) -> bool:
    run = exercise()
    place = CONTROL if unit is None else run.seats[unit].place or CONTROL
    try:
        require(deed, request_of(person, place), {OWNER.id}, run, unit)
    except Refusal:
        return False
    return True


KNOWN = [deed for deed in Deed if deed.value in {*IN_CONTROL, *IN_UNIT}]


@pytest.mark.parametrize("deed", KNOWN)
def test_each_deed_in_the_control_room_is_for_those_the_contract_names(deed: Deed) -> None:
    may = {letter for letter in "ODCVS" if allowed(deed, PEOPLE[letter], None)}
    assert may == set(IN_CONTROL.get(deed.value, ""))


@pytest.mark.parametrize("deed", [deed for deed in KNOWN if deed.value in IN_UNIT])
def test_each_deed_in_a_units_chat_is_for_those_the_contract_names(deed: Deed) -> None:
    people = {**PEOPLE, "L": leader_of(exercise(), UNIT)}
    assert {letter for letter in "ODCVLM" if allowed(deed, people[letter], UNIT)} == set(IN_UNIT[deed.value])


@pytest.mark.parametrize("deed", [deed for deed in KNOWN if deed.value not in IN_UNIT])
@pytest.mark.parametrize("letter", "LM")
def test_nobody_of_a_unit_steers_the_exercise(deed: Deed, letter: str) -> None:
    person = leader_of(exercise(), UNIT) if letter == "L" else SOMEBODY
    assert not allowed(deed, person, UNIT)


def test_every_deed_of_the_contract_is_known() -> None:
    assert {*IN_CONTROL, *IN_UNIT} == {deed.value for deed in KNOWN}


@pytest.mark.parametrize("letter", STANDINGS)
def test_a_standing_is_read_from_settings_exercise_and_unit(letter: str) -> None:
    run = exercise()
    person = leader_of(run, UNIT) if letter == "L" else PEOPLE[letter]
    assert standing_of(request_of(person, CONTROL), {OWNER.id}, run, UNIT) is STANDINGS[letter]


@pytest.mark.parametrize("deed", [Deed.PAUSEX, Deed.ACKNOWLEDGE, Deed.REALWORLD])
def test_an_anonymous_administrator_is_nobody_in_particular(deed: Deed) -> None:
    with pytest.raises(AnonymousPerson):
        require(deed, request_of(OWNER, CONTROL, anonymous=True), {OWNER.id}, exercise(), UNIT)
