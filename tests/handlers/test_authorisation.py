"""Who may do what, where and when: every deed by everybody, against the contract written out once more."""

from datetime import UTC, datetime
from itertools import product

import pytest

from bot.exercise.enrolment import give_role
from bot.exercise.errors import Refusal
from bot.exercise.model import Exercise, ExerciseState
from bot.exercise.people import Person, Place, Role
from bot.texts.catalogue import LANGUAGES, say
from handlers.authorisation import TABLE, AnonymousPerson, Deed, Standing, require, standing_of
from handlers.request import Request
from tests.builders import CONTROL, DIRECTOR, STARTEX, an_exercise, leader_of

OWNER = Person(1, "Pemilik")
CONTROLLER = Person(2, "Pengendali")
OBSERVER = Person(3, "Peninjau")
SOMEBODY = Person(4, "Seseorang")
UNIT = "dalmas"

SPEC = """
help       C:ODCVS U:ODCVLM E:OS *
whoami     C:ODCVS U:ODCVLM E:OS *
language   C:ODCVS U:ODCVLM E:OS *
join       C:ODCVS U:ODCVLM E:OS *
scenarios  C:ODC            E:O  *
new        C:OD             E:O  *
add_scenario C:OD             E:O  *
units      C:ODCV                *
next       C:ODCV                *
seat       C:OD                  prsw
status     C:ODCV                *
role       C:OD                  *
summary    C:ODCV  U:ODCVLM      *
export     C:ODC                 *
commcheck  C:OD                  p
startex    C:OD                  p
pausex     C:OD                  r
resumex    C:OD                  sw
fire       C:OD                  r
skip       C:OD                  prsw
delay      C:OD                  prsw
say        C:OD                  rsw
resend     C:OD                  r
radio      C:OD                  rsw
note       C:ODC                 *
rate       C:ODC                 *
improve    C:ODC                 *
compare    C:ODC                 *
endex      C:OD                  rsw
abort      C:OD                  prsw
leader     C:OD    U:ODL         prsw
realworld  C:ODCV  U:ODCVLM      rsw
ack                U:ODCVLM      prsw
progress           U:ODCVLM      rsw
decide             U:ODCVLM      rsw
sitrep             U:ODCVLM      rsw
pending            U:ODCVLM      *
hot_wash           U:ODCVLM      e
"""
"""Each deed: who may do it in the control room (C), in a unit's chat (U) and elsewhere (E), and in which states.

Standings: owner, director, controller (C), observer (V), leader, member, stranger. States: preparing, running,
stopped by a pause, stopped by a real event (w), ended, aborted (a); a star is any.
"""
STATES = {
    "p": ExerciseState.PREPARING,
    "r": ExerciseState.RUNNING,
    "s": ExerciseState.PAUSED,
    "w": ExerciseState.REALWORLD,
    "e": ExerciseState.ENDED,
    "a": ExerciseState.ABORTED,
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
        mentioned=None,
        text="",
        at=datetime(2023, 10, 16, tzinfo=UTC),
        exact=True,
    )


def contract() -> dict[str, tuple[dict[str, str], str]]:
    """For each deed its people by place, and its states."""
    read = {}
    for line in SPEC.strip().splitlines():
        deed, *places, states = line.split()
        read[deed] = (dict(place.split(":") for place in places), "".join(STATES) if states == "*" else states)
    return read


def people(run: Exercise, place: str) -> dict[str, Person]:
    """Who can be met at a place; elsewhere no exercise gives anybody a role."""
    match place:
        case "C":
            return {letter: PEOPLE[letter] for letter in "ODCVS"}
        case "U":
            return {**{letter: PEOPLE[letter] for letter in "ODCVM"}, "L": leader_of(run, UNIT)}
        case _:
            return {letter: PEOPLE[letter] for letter in "OS"}


def refusal(deed: Deed, run: Exercise, place: str, person: Person) -> Refusal | None:
    """What the table says to a person who asks for a deed at a place."""
    unit = UNIT if place == "U" else None
    at = {"C": CONTROL, "U": run.seats[UNIT].place or CONTROL, "E": Place(-9)}[place]
    try:
        require(deed, request_of(person, at), {OWNER.id}, None if place == "E" else run, unit)
    except Refusal as refused:
        return refused
    return None


@pytest.mark.parametrize("deed", Deed)
def test_each_deed_is_for_those_places_and_states_that_the_contract_names(deed: Deed) -> None:
    who, when = contract().get(deed.value, ({}, ""))
    wrong = []
    for place, (letter, state) in product("CUE", product("ODCVLMS", STATES)):
        run = exercise().evolve(state=STATES[state])
        person = people(run, place).get(letter)
        if person is None:
            continue
        expected = letter in who.get(place, "") and (place == "E" or state in when)
        refused = refusal(deed, run, place, person)
        if (refused is None) is not expected:
            wrong.append((place, letter, state, refused))
        if refused is not None:
            assert all(say(language, refused.key) for language in LANGUAGES)
    assert not wrong


def test_the_contract_names_every_deed_that_there_is() -> None:
    assert set(contract()) == {deed.value for deed in Deed} == {deed.value for deed in TABLE}


@pytest.mark.parametrize(
    ("deed", "state", "words"),
    [
        (Deed.STARTEX, ExerciseState.RUNNING, "refused.already_started"),
        (Deed.STARTEX, ExerciseState.ENDED, "refused.exercise_over"),
        (Deed.PAUSEX, ExerciseState.PREPARING, "refused.not_started"),
        (Deed.PAUSEX, ExerciseState.PAUSED, "refused.not_running"),
        (Deed.RESUMEX, ExerciseState.RUNNING, "refused.not_paused"),
        (Deed.FIRE, ExerciseState.REALWORLD, "refused.not_running"),
        (Deed.REALWORLD, ExerciseState.PREPARING, "refused.nothing_to_stop"),
    ],
)
def test_a_refusal_says_what_the_state_is(deed: Deed, state: ExerciseState, words: str) -> None:
    refused = refusal(deed, exercise().evolve(state=state), "C", DIRECTOR)
    assert refused is not None
    assert refused.key == words


def test_a_refusal_says_where_it_is_done() -> None:
    assert getattr(refusal(Deed.ACKNOWLEDGE, exercise(), "C", DIRECTOR), "key", "") == "reply.not_allowed"
    assert getattr(refusal(Deed.PAUSEX, exercise(), "U", OWNER), "key", "") == "reply.in_control_only"


@pytest.mark.parametrize("letter", STANDINGS)
def test_a_standing_is_read_from_settings_exercise_and_unit(letter: str) -> None:
    run = exercise()
    person = leader_of(run, UNIT) if letter == "L" else PEOPLE[letter]
    assert standing_of(request_of(person, CONTROL), {OWNER.id}, run, UNIT) is STANDINGS[letter]


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed not in {Deed.HELP, Deed.WHOAMI, Deed.REALWORLD}])
def test_an_anonymous_administrator_is_nobody_in_particular(deed: Deed) -> None:
    with pytest.raises(AnonymousPerson):
        require(deed, request_of(OWNER, CONTROL, anonymous=True), {OWNER.id}, exercise(), UNIT)
